// One file of sound: a single recording without a label, to be predicted.
#include "refrain/data/sound_file.h"

#include "refrain/data/reader.h"
#include "refrain/data/readers/recordings.h"

namespace refrain::data {
namespace {

int recognise_sound_file(const Source& source, const ReadSpec&) {
  return is_sound(source.text) ? 100 : 0;
}

Dataset read_one(const Source& source, const ReadSpec&) {
  SoundFile file = decode_sound(source.text, source.path);
  Dataset out;
  out.streams.push_back({"sound", StreamKind::kSound, 0, {}});
  Sample& sample = out.samples.emplace_back();
  sample.id = source.path;
  sample.line = 1;
  sample.streams.emplace_back(std::move(file.sound));
  warn_of_sounds(source.path, file.cancelled ? 1 : 0, file.peak > kLoud ? 1 : 0, out);
  if (file.channels > 1) {
    out.remarks.push_back(source.path + ": several channels were mixed down to one");
  }
  return out;
}

}  // namespace

Reader sound_file_reader() { return {recognise_sound_file, read_one, Takes::kSound}; }

}  // namespace refrain::data

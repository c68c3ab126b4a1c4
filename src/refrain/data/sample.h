// The data of a task: samples with named streams (one for most data; several where channels were
// divided, texts stand in several columns, or series and texts belong together), a label, a group
// that a split never divides (patient, machine, speaker), and lineage. Recordings become series
// before the training (data/front_end.h).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "refrain/data/tuned_layers.h"

namespace refrain::data {

// A series: `steps` rows of `channels` values, row-major [T,F]; NaN is a missing value.
struct Series {
  int steps = 0;
  int channels = 0;
  std::vector<float> values;
};

// A recording of one channel: `rate` samples a second, as a rule within [-1, 1].
struct Sound {
  int rate = 0;
  std::vector<float> samples;

  bool operator==(const Sound&) const = default;
};

// A text is UTF-8, as it stood in the file.
using Value = std::variant<Series, std::string, Sound>;

enum class StreamKind { kSeries, kText, kSound };

class FrontEnd;
struct RawText;  // data/raw_text.h

struct StreamInfo {
  std::string name;  // "series", "text", "sound", or the column's name
  StreamKind kind = StreamKind::kSeries;
  int channels = 0;                        // series only
  std::vector<std::string> channel_names;  // series only; may be empty
  bool from_sound = false;                 // series only: made of recordings
  // Series only: the numbers of its channels in the file, counted from 1, where the channels of a
  // file were divided into streams (data/streams.h); else empty.
  std::vector<int> places = {};
  bool from_text = false;  // series only: an encoder's states of texts
  TunedLayers tuned = {};  // of that encoder, above these states
};

// The target of a sample. It may have several parts (a class and tags); the task chooses which of
// them is learned.
struct Target {
  std::string label;  // as written; empty where the file has none
  // Shares of the labels, which add up to 1, if augmentation mixed several samples; else empty.
  std::vector<std::pair<std::string, double>> shares;
  // The label as numbers, one a column of the target; NaN is missing. Empty where nobody asked.
  std::vector<double> numbers;
  // One a step or word of the first stream, where steps have labels of their own; else empty.
  std::vector<std::string> tags;
};

struct Sample : Target {
  std::string id;            // from the file, or the sample's number counted from 1
  std::string group;         // empty where there is none
  std::int64_t source = -1;  // index of the sample it was made from (augmentation), -1 = original
  std::int64_t line = 0;     // line in the file, counted from 1
  double weight = 1;         // in the loss
  std::vector<Value> streams;
  std::shared_ptr<const Sound> recording;  // the recording behind the first stream; null: none
  std::shared_ptr<const std::string> text = {};  // the text that an encoder has read, likewise
  // Where a network tunes layers of that encoder: the mean of the states that the encoder as it is
  // gives the text, which simple methods read. Else null.
  std::shared_ptr<const std::vector<float>> mean_state = {};
  // The text that the words of the first stream were cut from; null where the file had words.
  std::shared_ptr<const RawText> raw = {};
  // What reading took off the words (numbers of characters' places in a word), one after the other:
  // samples of equal words may differ in it as they were written.
  std::string taken_off = {};
  bool censored = false;  // a life that ended before the failure: its label is a lower bound
  bool in_words = false;  // the first stream is words of the file, with one blank between
};

// The text of the first stream, also where an encoder has made a series of it; null: there is none.
inline const std::string* text_of(const Sample& sample) {
  if (sample.text != nullptr) return sample.text.get();
  return sample.streams.empty() ? nullptr : std::get_if<std::string>(&sample.streams.front());
}

// The streams as a reader gives them, before an encoder.
inline std::vector<StreamInfo> as_read(std::vector<StreamInfo> streams) {
  for (auto& stream : streams) {
    if (!stream.from_text) continue;
    stream.kind = StreamKind::kText;
    stream.channels = 0;
    stream.from_text = false;
    stream.tuned = {};
  }
  return streams;
}

// The names of a table's columns (or of the keys of JSON Lines). Models keep them and match new
// files by name. All empty for formats without names.
struct Columns {
  std::string format;               // the reader's name
  std::vector<std::string> names;   // all of them, in the file's order
  std::vector<std::string> values;  // a column a step (wide) or a channel (long), as they are read;
                                    // of recordings the one with their paths
  std::string label, text, id, group, time;  // "" = none
  std::string tag = {};  // CoNLL columns have one without names too, by its number

  bool named() const { return !names.empty() || !tag.empty(); }
};

struct Dataset {
  std::string path;
  std::string format;         // the reader's name
  std::string series_layout;  // JSON Lines of series: "steps" or "channels", as found; else empty
  bool has_labels = false;
  bool has_tags = false;   // every sample has tags, one a word or step
  std::string tag_scheme;  // as found: "bio", ..., "plain" (no spans); "" = no tags
  bool measured = false;   // the file says that its labels are numbers
  // Samples are units that run to failure, or windows of these (data/life_windows.h); a label is
  // the life that remains at the end.
  bool lives = false;
  std::vector<std::string> settings;  // channels that tell the operating condition
  std::shared_ptr<const FrontEnd>
      front;                          // the front end that made series of recordings; null: none
  std::string encoder;                // the digest of what made series of texts; "": nothing
  std::vector<std::string> remarks;   // the reader's, for the log
  std::vector<std::string> warnings;  // the reader's, shown even where remarks are not
  std::vector<std::string> not_read;  // columns or keys that play no part
  std::string likely_group;           // a column or key that may be the group, where none was named
  Columns columns;
  // [channels of all series] What was subtracted of their values before they became single
  // precision, which would not keep their changes; empty: nothing.
  std::vector<double> offset;
  std::vector<StreamInfo> streams;
  std::vector<Sample> samples;
};

}  // namespace refrain::data

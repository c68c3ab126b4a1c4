#include "refrain/data/sound_file.h"

#include <fmt/format.h>
#include <sndfile.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <memory>
#include <vector>

#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/signature.h"

namespace refrain::data {
namespace {

constexpr int kMostSoundChannels = 64;
constexpr std::uintmax_t kMostBytes = std::uintmax_t{1} << 30;
constexpr const char* kConvert = "make a WAV of it, for example with ffmpeg -i FILE out.wav";
constexpr std::size_t kBlock = 1 << 14;  // values read at a time

[[noreturn]] void refuse_sound(const std::string& path, const std::string& what,
                               const std::string& hint = "replace the file, or leave it out") {
  throw Error(Code::kData, fmt::format("{}: {}", path, what), hint);
}

// Bytes in memory as libsndfile wants to see a file.
struct Memory {
  std::string_view bytes;
  std::string* written = nullptr;
  sf_count_t at = 0;

  sf_count_t size() const {
    return static_cast<sf_count_t>(written != nullptr ? written->size() : bytes.size());
  }
};

Memory& memory(void* data) { return *static_cast<Memory*>(data); }

sf_count_t get_size(void* data) { return memory(data).size(); }

sf_count_t tell(void* data) { return memory(data).at; }

sf_count_t seek(sf_count_t offset, int whence, void* data) {
  Memory& m = memory(data);
  const sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? m.at : m.size();
  m.at = std::clamp<sf_count_t>(from + offset, 0, m.size());
  return m.at;
}

sf_count_t read_bytes(void* out, sf_count_t count, void* data) {
  Memory& m = memory(data);
  count = std::clamp<sf_count_t>(count, 0, m.size() - m.at);
  if (count > 0) {
    std::memcpy(out, m.bytes.data() + m.at, static_cast<std::size_t>(count));
  }
  m.at += count;
  return count;
}

sf_count_t write_bytes(const void* in, sf_count_t count, void* data) {
  Memory& m = memory(data);
  const auto end = static_cast<std::size_t>(m.at + count);
  if (m.written->size() < end) m.written->resize(end);
  std::memcpy(m.written->data() + m.at, in, static_cast<std::size_t>(count));
  m.at += count;
  return count;
}

struct Closer {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using File = std::unique_ptr<SNDFILE, Closer>;

File open(Memory& bytes, int mode, SF_INFO& info) {
  SF_VIRTUAL_IO io{get_size, seek, read_bytes, write_bytes, tell};
  return File(sf_open_virtual(&io, mode, &info, &bytes));
}

std::uint64_t little_endian(std::string_view bytes, std::size_t at, int count) {
  std::uint64_t value = 0;
  for (int i = count - 1; i >= 0; --i) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
  }
  return value;
}

// A WAV file whose data end before they should; libsndfile reads what is there and says nothing.
// 0 and the largest size are what programs write that do not know it yet.
void refuse_cut_wav(std::string_view bytes, const std::string& path) {
  if (!bytes.starts_with("RIFF")) return;
  for (std::size_t at = 12; at + 8 <= bytes.size();) {
    const std::uint64_t size = little_endian(bytes, at + 4, 4);
    const std::uint64_t left = bytes.size() - at - 8;
    if (bytes.substr(at, 4) == "data") {
      if (size <= left || size >= 0x7fffff00) return;
      refuse_sound(
          path, fmt::format("truncated: the header promises {} bytes of sound, {} are there", size,
                            left));
    }
    at += 8 + size + size % 2;
  }
}

void check_head(const SF_INFO& info, const std::string& path) {
  if (info.samplerate < kLeastRate || info.samplerate > kMostRate) {
    refuse_sound(path, fmt::format("{} Hz is no sample rate; it must be in [{}, {}]",
                                   info.samplerate, kLeastRate, kMostRate));
  }
  if (info.channels < 1 || info.channels > kMostSoundChannels) {
    refuse_sound(
        path, fmt::format("{} channels; there must be 1 to {}", info.channels, kMostSoundChannels));
  }
}

// Adds the mean of each frame's channels; returns the mean energy of the channels.
double mix_down(const std::vector<float>& frames, std::size_t count, int channels,
                std::vector<float>& out) {
  double energy = 0;
  for (std::size_t f = 0; f < count; ++f) {
    float sum = 0;
    for (int c = 0; c < channels; ++c) {
      const float value =
          frames[f * static_cast<std::size_t>(channels) + static_cast<std::size_t>(c)];
      sum += value;
      energy += static_cast<double>(value) * static_cast<double>(value);
    }
    out.push_back(sum / static_cast<float>(channels));
  }
  return energy / channels;
}

// True if the mean of the channels holds less than a thousandth of their energy.
bool is_cancelled(const std::vector<float>& mixed, double energy) {
  double left = 0;
  for (const float x : mixed) left += static_cast<double>(x) * static_cast<double>(x);
  return energy > 0 && left < 1e-3 * energy;
}

std::vector<float> read_frames(SNDFILE* file, const SF_INFO& info, const std::string& path,
                               bool& cancelled) {
  double energy = 0;
  std::vector<float> out, block(kBlock / static_cast<std::size_t>(info.channels) *
                                static_cast<std::size_t>(info.channels));
  const auto frames = static_cast<sf_count_t>(block.size()) / info.channels;
  for (;;) {
    const sf_count_t got = sf_readf_float(file, block.data(), frames);
    if (got <= 0) break;
    energy += mix_down(block, static_cast<std::size_t>(got), info.channels, out);
    if (out.size() > kLongestSound) {
      refuse_sound(path,
                   fmt::format("more than {} samples; the longest recording accepted has so many",
                               kLongestSound),
                   "cut it into shorter ones");
    }
  }
  cancelled = info.channels > 1 && is_cancelled(out, energy);
  return out;
}

// Other kinds of recordings, by their names.
[[noreturn]] void refuse_kind(std::string_view bytes, const std::string& path) {
  const BinaryKind kind = binary_kind(bytes);
  refuse_sound(path,
               kind.sound ? fmt::format("this is {}, and neither WAV, FLAC nor OGG", kind.name)
                          : "this is neither WAV, FLAC nor OGG",
               kConvert);
}

// libsndfile has no words for some faults.
std::string fault_of_open() {
  const std::string text = sf_strerror(nullptr);
  const bool empty = text.find("Unspecified") != std::string::npos || text == "No Error.";
  return empty ? "its coding is not known" : text;
}

bool ends_with(std::string_view text, std::string_view ending) { return text.ends_with(ending); }

}  // namespace

bool is_sound(std::string_view bytes) {
  const bool riff =
      bytes.starts_with("RIFF") || bytes.starts_with("RIFX") || bytes.starts_with("RF64");
  return (riff && bytes.size() >= 12 && bytes.substr(8, 4) == "WAVE") ||
         bytes.starts_with("fLaC") || bytes.starts_with("OggS");
}

bool has_sound_name(std::string_view path) {
  static constexpr std::array kEndings = {".wav", ".flac", ".ogg", ".oga"};
  const std::string name = lower(path);
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](const char* ending) { return ends_with(name, ending); });
}

SoundFile decode_sound(std::string_view bytes, const std::string& path) {
  if (bytes.empty()) refuse_sound(path, "the file is empty");
  if (!is_sound(bytes)) refuse_kind(bytes, path);
  refuse_cut_wav(bytes, path);
  Memory source{bytes};
  SF_INFO info{};
  const File file = open(source, SFM_READ, info);
  if (file == nullptr) {
    refuse_sound(path, fmt::format("the recording cannot be read ({})", fault_of_open()), kConvert);
  }
  check_head(info, path);
  SoundFile out{{info.samplerate, {}}, info.channels};
  out.sound.samples = read_frames(file.get(), info, path, out.cancelled);
  const auto& samples = out.sound.samples;
  // FLAC and OGG know how long they are; where they do not, all that could be read is all.
  const bool known = info.frames > 0 && info.frames < std::numeric_limits<sf_count_t>::max();
  const auto promised = static_cast<std::uint64_t>(known ? info.frames : 0);
  if (samples.size() < promised) {
    refuse_sound(
        path, fmt::format("truncated: {} of {} samples could be read", samples.size(), promised));
  }
  if (samples.empty()) {
    const bool unfinished = bytes.size() > 4096;
    refuse_sound(path,
                 unfinished
                     ? "a recording whose header says 0 samples, though more bytes follow: it was "
                       "not finished"
                     : "a recording without any samples",
                 unfinished ? kConvert : "replace the file, or leave it out");
  }
  if (!std::all_of(samples.begin(), samples.end(), [](float x) { return std::isfinite(x); })) {
    refuse_sound(path, "it holds values that are no numbers");
  }
  for (const float x : samples) out.peak = std::max(out.peak, std::fabs(x));
  return out;
}

SoundFile read_sound(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(path, ignored) &&
      std::filesystem::file_size(path, ignored) > kMostBytes) {
    refuse_sound(path, fmt::format("more than {} MiB", kMostBytes >> 20),
                 "cut it into shorter ones");
  }
  return decode_sound(base::read_file(path).bytes, path);
}

std::string wav_bytes(const Sound& sound) {
  std::string out;
  Memory target{{}, &out};
  SF_INFO info{};
  info.samplerate = sound.rate;
  info.channels = 1;
  info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
  File file = open(target, SFM_WRITE, info);
  if (file == nullptr) {
    throw Error(Code::kInternal,
                fmt::format("no WAV at {} Hz: {}", sound.rate, sf_strerror(nullptr)));
  }
  sf_command(file.get(), SFC_SET_CLIPPING, nullptr, SF_TRUE);
  const auto count = static_cast<sf_count_t>(sound.samples.size());
  const bool whole = sf_writef_float(file.get(), sound.samples.data(), count) == count;
  file.reset();
  if (!whole) throw Error(Code::kInternal, "a WAV file could not be written");
  return out;
}

}  // namespace refrain::data

// Files of sound: WAV, FLAC and OGG, recognised by their first bytes. Several channels are mixed
// down to their mean. What a header claims is not trusted: a recording is read in blocks, and what
// is cut short or has no end is refused. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "refrain/data/sample.h"

namespace refrain::data {

inline constexpr std::size_t kLongestSound = std::size_t{1} << 26;  // samples: 23 min at 48 kHz

inline constexpr int kLeastRate = 100, kMostRate = 768'000;  // samples a second

struct SoundFile {
  Sound sound;
  int channels = 1;        // in the file
  bool cancelled = false;  // the channels are each other's opposite: their mean is next to nothing
  float peak = 0;          // the largest absolute value
};

// True if these are the first bytes of a file of sound.
bool is_sound(std::string_view bytes);

// True if a path ends as files of sound do: .wav, .flac, .ogg, .oga, in any case.
bool has_sound_name(std::string_view path);

// Throws data, naming the path: truncated, no samples, no usable rate or number of channels, values
// that are no numbers, more than kLongestSound samples, any other content.
SoundFile decode_sound(std::string_view bytes, const std::string& path);

// Reads and decodes; throws io as well.
SoundFile read_sound(const std::string& path);

// The recording as the bytes of a WAV file of 16 bits; what is beyond [-1, 1] is clipped. Throws
// internal where libsndfile fails.
std::string wav_bytes(const Sound& sound);

}  // namespace refrain::data

// All that an inspection keeps of a file: statistics and marks of its samples, in memory that is
// bounded but for 40 bytes a sample. It is filled piece by piece, in the order of the file.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "refrain/data/sample.h"
#include "refrain/inspect/channel.h"
#include "refrain/inspect/text.h"

namespace refrain::inspect {

struct Sounds {
  Reservoir seconds, loudness, silence;  // s, dB below full scale, share of quiet 20 ms pieces
  Noted clipped, silent;
  std::map<int, std::int64_t> rates;

  void add(const data::Sound& sound, std::int64_t number, std::int64_t line);
};

struct Stream {
  std::string name;
  data::StreamKind kind = data::StreamKind::kSeries;
  std::vector<Channel> channels;  // series
  Reservoir steps;                // series
  Noted one_step;
  Texts texts;
  Sounds sounds;
};

// What tells a sample from others (data/content.h, data/near_copies.h).
struct Mark {
  std::uint64_t content = 0;  // equal contents, equal keys
  std::uint64_t bare = 0;     // of texts; 0 = none
  std::uint64_t group = 0;    // 0 = none
  std::int64_t line = 0;
  std::int32_t label = 0;  // its number in Profile::label_names
};

struct Profile {
  std::string path, format;
  std::string name;  // the path, or as much of it as tells the files apart: for sentences
  std::int64_t samples = 0;
  std::vector<Stream> streams;
  std::vector<Mark> marks;
  std::vector<std::string> label_names;  // in the order of their first sample
  std::vector<std::int64_t> label_count;
  std::map<std::string, std::int32_t> label_number;
  std::int64_t unlabelled = 0;
  std::int64_t label_changes = 0;  // from one sample to the next
  bool labelled = false, tagged = false;
  bool lives = false;          // units that run to failure, or stop before
  bool number_labels = false;  // learned as numbers; the caller says so
  Reservoir target;            // of labels that are numbers
  std::map<std::string, std::int64_t> tags;
  std::map<std::uint64_t, std::string> groups;  // by their keys
  std::int64_t without_group = 0;
  std::string likely_group;           // a column that may be the group
  std::vector<std::string> alike;     // labels or groups that may be one
  std::string encoding = "utf-8";     // as it was read
  std::string encoding_remark;        // why not as UTF-8
  std::vector<std::string> warnings;  // the reader's

  void add(const data::Dataset& piece);
};

}  // namespace refrain::inspect

// Reading pairs of texts: a source and its target (translation, spelling, pronunciation, ...). Read
// are two parallel files (the path is FILE,FILE), lines "source TAB target", CSV and TSV with a
// header, and JSON Lines; to predict, also lines of sources alone. The target is kept as
// Sample::label, the source as the one stream. One more format is one file in pairs/ and one line
// in pairs/pair_reader_list.cc.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/base/log.h"
#include "refrain/data/reader.h"

namespace refrain::data {

// Words of a source or target: those between blanks; a Chinese character counts as one.
inline constexpr int kMostPairWords = 10'000;
std::size_t pair_words(std::string_view text);

// False for blanks of any kind, control and invisible characters.
bool has_visible(std::string_view text);

struct PairsWanted {
  // NOLINTNEXTLINE(google-explicit-constructor): read_pairs(path, spec, true, log)
  PairsWanted(bool with_replies, const Columns* columns = nullptr)
      : replies(with_replies), trained(columns) {}

  bool replies;            // each source must have a target
  const Columns* trained;  // of the training file: where the options name no column and this file
                           // has those of training, they are taken; null: none
};

struct PairFile {
  std::string path;  // as the user wrote it, for messages; its extension tells the format
  std::string bytes;
};

// The files that a path names: two where it is FILE,FILE and no file has the whole name.
std::vector<std::string> pair_paths(const std::string& path);

// Throws io (missing file), data (all bad rows with file, line and what to do; files of different
// length; wrong encoding; no sample) or usage.
Dataset read_pairs(const std::string& path, const ReadSpec& spec, const PairsWanted& wanted,
                   const base::Log& log);

// Reads one file, or two parallel ones, that are in memory.
Dataset read_pairs_from(std::vector<PairFile> files, const ReadSpec& spec,
                        const PairsWanted& wanted, const base::Log& log);

}  // namespace refrain::data

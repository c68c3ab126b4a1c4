// The interface of a reader of pairs, and what these readers share. A new format is one file in
// pairs/ and one line in pair_reader_list.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/base/registry.h"
#include "refrain/data/pairs.h"

namespace refrain::data {

struct PairInput {
  const Source& source;
  const Source* targets;  // the second of two parallel files; null: there is one file
  const ReadSpec& spec;
  const PairsWanted& wanted;
};

struct PairReader {
  // How surely this input is of the reader's format: 0 = no, 100 = beyond doubt.
  int (*recognise)(const PairInput&);
  // Throws data with all that is wrong. Path and format are filled in afterwards.
  Dataset (*read)(const PairInput&);
};
const base::Registry<PairReader>& pair_readers();

// One pair as it stands in the file.
struct PairRow {
  std::int64_t line = 0;
  std::string_view source, target;
  std::string id = {}, group = {};
  // For messages: the columns of source and target, from 1; 0 = none.
  std::int64_t source_column = 0, target_column = 0;
};

// Gathers the pairs of one input, trims them and checks each side.
class PairCollector {
 public:
  explicit PairCollector(const PairInput& input);

  // Without places where there are two files: then messages name file and line by themselves.
  Problems& problems() { return problems_; }
  void add(const PairRow& row);
  // Throws data with all problems and the hint, or where there is no pair.
  Dataset finish(const std::string& hint);

 private:
  void check(const PairRow& row, bool target);

  const PairInput& input_;
  Problems problems_;
  Dataset dataset_;
};

// Source, target, id and group by their numbers from 0; kNoColumn = not there.
struct PairColumns {
  int source = -1, target = -1, id = -1, group = -1;
};

// The usual names of sources and of targets, those that are tried first in front; in lower case.
const std::vector<std::string_view>& source_names();
const std::vector<std::string_view>& target_names();
// "en", "pt-BR" or "german".
bool is_language_name(std::string_view name);

// True if these cells name a source and a target: they hold usual names of both, or two languages.
bool names_a_pair(const std::vector<std::string>& names);

// Finds the columns by the options, by training, by their usual names, or as the other one of two.
// Throws data where the options name none that is there, or where it is unclear which ones hold the
// pairs.
PairColumns find_pair_columns(const PairInput& input, const std::vector<std::string>& names);

// Reads a table with a header; TSV and CSV alike.
Dataset read_pair_table(const PairInput& input);

}  // namespace refrain::data

// Columns of numbers that hold no values of a series: row numbers, and the label once more as a
// number. A model that reads them scores well and has learnt nothing.
#pragma once

#include <string>
#include <vector>

#include "refrain/data/reader.h"

namespace refrain::data {

// One row's numbers in the columns that are looked at, NaN where there is none, and its label.
class ValueWatch {
 public:
  // `names` of the columns, in the order in which add() gets their values.
  explicit ValueWatch(std::vector<std::string> names);

  void add(const std::vector<double>& values, const std::string& label);

  // Places in `names` of the columns that count the rows, and of those that tell the label; the
  // latter only where they are few beside the others.
  std::vector<std::size_t> counters() const;
  std::vector<std::size_t> twins() const;

 private:
  struct Column {
    bool whole = true, twin = true;
    std::vector<double> seen;      // all its values, while they are whole numbers
    std::vector<double> of_label;  // its value for each label
  };

  std::vector<std::string> names_;
  std::vector<Column> columns_;
  std::vector<std::string> labels_;
  std::vector<std::size_t> rows_;  // of each label
  std::size_t count_ = 0;
};

// The columns of a table that are no values of a series.
struct NotValues {
  std::vector<int> columns;
  std::vector<std::string> warnings;  // a sentence on each kind, with the file's path
};

// Looks at all rows of a table: `names` of its columns, which of them are `values`, and the column
// of the label.
NotValues find_not_values(const Source& source, const ReadSpec& spec,
                          const std::vector<std::string>& names, const std::vector<int>& values,
                          int label);

// "v0, v1, v10, v2": numbers of one stem that neither rise nor fall all along; a sentence for the
// warning, "" where all is well.
std::string numbers_out_of_order(const std::vector<std::string>& names);

}  // namespace refrain::data

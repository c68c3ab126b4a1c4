// New files by the names that the training file had: which columns are the values, what is new and
// what lacks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "refrain/data/readers/columns.h"

namespace refrain::data {

// The columns of the values where the training file was of this format too: in its order, then
// those that continue their numbers (v8 and v9 behind v0 to v7). Nothing where it was not, or where
// some are not there.
std::optional<std::vector<int>> trained_values(const Header& header, const std::string& format,
                                               const std::vector<int>& taken);

// Throws data where the training file was of this format too and some of its values are not there,
// naming them and those that are new.
void require_trained_values(const Header& header, const std::string& format,
                            const std::vector<int>& taken);

// Throws data where the training file was of this format too and had a text in another column than
// any that is there.
void require_trained_text(const Header& header, const std::string& format);

// Whether these cells are the header of a table such as the training file was: it names values or
// the text; `label`: or the label alone.
bool names_trained_columns(const Expected& expected, const std::vector<std::string>& cells,
                           bool label);

// The columns that play a part.
struct ColumnParts {
  int label = kNoColumn, text = kNoColumn, id = kNoColumn, group = kNoColumn, time = kNoColumn;
  int tag = kNoColumn;
};
// What a dataset keeps of its header; `format` is put in by read().
Columns remembered_columns(const std::vector<std::string>& names, const ColumnParts& parts,
                           const std::vector<int>& values);

// Remarks on what a dataset's names have that was not there in training. Only where both are of one
// format.
void remark_on_new_columns(const Expected& expected, Dataset& dataset);

}  // namespace refrain::data

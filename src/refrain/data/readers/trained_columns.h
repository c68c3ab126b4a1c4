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

// True if these cells are the header of a table like the training file: they name values or the
// text, or, with `label`, the label alone.
bool names_trained_columns(const Expected& expected, const std::vector<std::string>& cells,
                           bool label);

// The columns that play a part.
struct ColumnParts {
  int label = kNoColumn, text = kNoColumn, id = kNoColumn, group = kNoColumn, time = kNoColumn;
  int tag = kNoColumn;
};
// Returns the part of the header that a dataset keeps; read() adds `format`.
Columns remembered_columns(const std::vector<std::string>& names, const ColumnParts& parts,
                           const std::vector<int>& values);

// Remarks on what a dataset's names have that was not there in training. Only where both are of one
// format.
void remark_on_new_columns(const Expected& expected, Dataset& dataset);

}  // namespace refrain::data

// Assigns the columns of a table to their roles: by an option, or by their usual names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "refrain/data/reader.h"
#include "refrain/data/readers/table.h"

namespace refrain::data {

inline constexpr int kNoColumn = -1;

enum class Role { kLabel, kText, kId, kSeriesId, kGroup, kTime, kSentence, kWord, kTag };

// The column names of a file, and the form of the training file (null: none).
struct Header {
  std::string path;
  std::vector<std::string> names;
  const Expected* expected = nullptr;
};

// The column that `given` names (exactly, or else without regard to case), or where it is empty the
// one that played this role in training, or else the first of the role's usual names that was no
// value in training; kNoColumn where there is none of those. "y" beside "x" and "z" is no label.
// Throws data where the column named by `given` is missing, or where one is there twice.
int find_column(const Header& header, Role role, const std::string& given);

// The columns that --text-column names, with commas between them; usage that one is named twice.
std::vector<std::string> text_columns(const ReadSpec& spec);
[[noreturn]] void refuse_twice(const std::string& text_column);

// True if a column that was found by its usual name "y" is an axis and no label: it stands beside
// "x", and holds fractions or changes within an id (kNoColumn: a row is a sample).
bool is_axis(const TableHead& head, int label, int id);

// True if a role has this name among its usual ones; those of tables with one word a row do not
// count.
bool is_usual_name(const std::string& name);

// For a file without groups: records the first column whose name suggests a group ("patient",
// "Speaker_ID"), except for the columns `taken`. Adds a remark if that column is among the values
// of the series.
void suspect_group(const std::vector<std::string>& names, const std::vector<int>& taken,
                   Dataset& out, const std::vector<int>& values = {});

// For messages: "a, b, c", at most 12, then how many there are in all.
std::string list_columns(const std::vector<std::string>& names);

// The cell of a column that may not be there.
inline std::string cell_text(const std::vector<std::string_view>& cells, int column) {
  return column == kNoColumn ? std::string() : std::string(cells[static_cast<std::size_t>(column)]);
}

}  // namespace refrain::data

// Finds evidence against reading a file by its look alone: the catch-all formats (lines `label
// text`, texts without a known column) are refused if the content is something else.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "refrain/data/readers/table.h"

namespace refrain::data {

// The kind of a file that is no data: markup, JSON, a log, source code, lines of numbers; "" if
// nothing suggests one. `hint` names the remedy.
struct Likeness {
  std::string name;
  std::string hint;
};
// `numbers`: whether a word and a number a line are no data either.
Likeness likeness_of(std::string_view text, bool numbers = true);

// True if a word looks like a label: letters, digits and the signs that names have within.
bool is_plain_label(std::string_view word);

// "2024-01-31", "3/1/2024 10:00", "01.03.2024", "10:00:05", "10:00 AM".
bool is_date_or_clock(std::string_view cell);

// "a.wav", "x/y.mp3": the ending of a file of sound, also of kinds that are not read.
bool is_sound_path(std::string_view cell);

// "sub/a.csv", "x.txt", "C:\a.json": the name of some file.
bool is_file_name(std::string_view cell);

// True if `is` holds for nine of ten filled cells of the column.
bool mostly(const TableHead& head, int column, bool (*is)(std::string_view));

}  // namespace refrain::data

// Lines "source TAB target" without header, where quotes are characters like others; further
// columns need --text-column and --target as numbers. Where the first line names the columns, the
// file is read as a table.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "refrain/base/error.h"
#include "refrain/data/pairs/pair_reader.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/lines.h"

namespace refrain::data {
namespace {

std::vector<std::string_view> cells_at_tabs(std::string_view line) {
  std::vector<std::string_view> out;
  for (bool more = true; more;) {
    more = line.find('\t') != std::string_view::npos;
    out.push_back(trim(take_until(line, '\t')));
  }
  return out;
}

int recognise_tab_lines(const PairInput& input) {
  constexpr int kLooked = 20;
  if (input.targets != nullptr) return 0;
  Lines lines(input.source.text);
  Line line;
  int count = 0, tabs = 0;
  for (; count < kLooked && lines.next_filled(line); ++count) {
    tabs += trim(line.text).find('\t') != std::string_view::npos ? 1 : 0;
  }
  const bool extension = input.source.extension == "tsv" || input.source.extension == "tab";
  return 10 * tabs >= 9 * count ? 85 : extension ? 80 : 0;
}

bool is_column_number(const std::string& name) {
  return !name.empty() && name.size() < 5 &&
         std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The first line names the columns: they are those of a pair, or what the options or training name.
bool begins_with_names(const PairInput& input, const std::vector<std::string>& cells) {
  if (names_a_pair(cells)) return true;
  const Columns none;
  const Columns& trained = input.wanted.trained != nullptr ? *input.wanted.trained : none;
  for (const auto* name : {&input.spec.text_column, &input.spec.target, &input.spec.group,
                           &input.spec.id, &trained.text, &trained.label}) {
    const auto same = [&](const std::string& cell) { return lower(cell) == lower(*name); };
    if (name->empty() || is_column_number(*name)) continue;
    if (std::any_of(cells.begin(), cells.end(), same)) return true;
  }
  return false;
}

// The number of the column that an option gives, from 0.
int numbered_column(const PairInput& input, const std::vector<std::string>& cells,
                    const std::string& given, const char* option) {
  if (given.empty()) return kNoColumn;
  const auto width = static_cast<int>(cells.size());
  const int number = is_column_number(given) ? std::stoi(given) : 0;
  if (number >= 1 && number <= width) return number - 1;
  throw Error(Code::kData,
              fmt::format("{}:1: no column {} ({}): the line has no names, and {} column{}",
                          input.source.path, shown(given), option, width, width == 1 ? "" : "s"),
              "give the number of the column, from 1, or begin the file with a line of names");
}

[[noreturn]] void ask_for_columns(const PairInput& input, const Line& line, std::size_t width) {
  throw Error(
      Code::kData,
      fmt::format("{}:{}: {} columns and no names of columns: which hold source and target?",
                  input.source.path, line.number, width),
      "give their numbers, such as --text-column 1 --target 2, or begin the file with a "
      "line of names, such as source TAB target");
}

PairColumns find_numbered(const PairInput& input, const std::vector<std::string>& cells,
                          const Line& line) {
  const ReadSpec& spec = input.spec;
  PairColumns out{numbered_column(input, cells, spec.text_column, "--text-column"),
                  numbered_column(input, cells, spec.target, "--target"),
                  numbered_column(input, cells, spec.id, "--id"),
                  numbered_column(input, cells, spec.group, "--group")};
  const Columns* trained = input.wanted.trained;
  const bool as_trained = trained != nullptr && cells.size() > 2 &&
                          is_column_number(trained->text) && is_column_number(trained->label);
  if (as_trained && out.source == kNoColumn) {
    out.source = numbered_column(input, cells, trained->text, "--text-column");
  }
  if (as_trained && out.target == kNoColumn) {
    out.target = numbered_column(input, cells, trained->label, "--target");
  }
  const bool two = cells.size() <= 2 && out.id == kNoColumn && out.group == kNoColumn;
  if (two && out.source == kNoColumn) out.source = out.target == 0 ? 1 : 0;
  if (two && cells.size() == 2 && out.target == kNoColumn) out.target = 1 - out.source;
  const bool lacking = out.source == kNoColumn || (input.wanted.replies && out.target == kNoColumn);
  if (lacking && cells.size() > 2) ask_for_columns(input, line, cells.size());
  if (out.source == out.target) {
    throw Error(Code::kUsage, "--text-column and --target name one column", "name two columns");
  }
  return out;
}

std::string wrong_width(std::size_t width, std::size_t wanted) {
  if (width == 1) return "no tab: the target is not there";
  return wanted == 2 ? fmt::format("{} columns instead of two, source and target", width)
                     : fmt::format("{} columns, but the first line has {}", width, wanted);
}

Dataset read_numbered(const PairInput& input, const PairColumns& columns, std::size_t width) {
  PairCollector collector(input);
  Lines lines(input.source.text);
  Line line;
  while (lines.next_filled(line)) {
    auto cells = cells_at_tabs(line.text);
    const bool fewer = !input.wanted.replies && cells.size() < width &&
                       cells.size() > static_cast<std::size_t>(columns.source);
    if (cells.size() != width && !fewer) {
      collector.problems().add(line.number, 0, wrong_width(cells.size(), width));
      continue;
    }
    cells.resize(width);
    const auto cell = [&](int column) {
      return column == kNoColumn ? std::string_view() : cells[static_cast<std::size_t>(column)];
    };
    collector.add({line.number, cell(columns.source), cell(columns.target),
                   std::string(cell(columns.id)), std::string(cell(columns.group)),
                   columns.source + 1, columns.target + 1});
  }
  return collector.finish(
      "each line is the source, one tab, then the target; a text of more than 10,000 words is cut "
      "into sentences before");
}

Dataset read_tab_pairs(const PairInput& input) {
  Lines lines(input.source.text);
  Line line;
  lines.next_filled(line);
  const auto first = cells_at_tabs(line.text);
  const std::vector<std::string> cells(first.begin(), first.end());
  if (begins_with_names(input, cells)) return read_pair_table(input);
  std::size_t width = std::max<std::size_t>(cells.size(), input.wanted.replies ? 2 : 1);
  if (!input.wanted.replies && width == 1) width = 2;
  const std::vector<std::string> padded = [&] {
    auto out = cells;
    out.resize(width);
    return out;
  }();
  const PairColumns columns = find_numbered(input, padded, line);
  Dataset out = read_numbered(input, columns, width);
  if (width == 2) return out;
  const auto number_of = [](int column) {
    return column == kNoColumn ? std::string() : std::to_string(column + 1);
  };
  out.columns.text = number_of(columns.source);
  out.columns.label = number_of(columns.target);
  out.columns.id = number_of(columns.id);
  out.columns.group = number_of(columns.group);
  return out;
}

}  // namespace

PairReader tsv_pairs() { return {recognise_tab_lines, read_tab_pairs}; }

}  // namespace refrain::data

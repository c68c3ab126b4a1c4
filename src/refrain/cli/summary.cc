#include "refrain/cli/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "refrain/cli/screen.h"

namespace refrain::cli {

using namespace api;

namespace {

constexpr std::size_t kLargestTable = 20;  // rows; of a larger one the worst are shown
constexpr std::size_t kShown = 12;         // of a larger one
constexpr std::size_t kWidestEntry = 60;   // columns; a longer one ends in "..."

// As wide as its widest entry, up to `most` columns.
std::size_t width_of(const std::vector<std::string>& entries, std::size_t most) {
  std::size_t width = 5;
  for (const auto& entry : entries) width = std::max(width, std::min(columns_of(entry), most));
  return width;
}

constexpr double kNoScore = 1e300;

double worth(const Table::Row& row) {
  double out = kNoScore;
  for (const auto& cell : row.cells) {
    if (const auto* s = std::get_if<Score>(&cell); s != nullptr && !std::isnan(s->value)) {
      out = s->value;  // of precision, recall, F1 the last
    }
  }
  return out;
}

bool has_scores(const Table& table) {
  return std::any_of(table.rows.begin(), table.rows.end(),
                     [](const Table::Row& row) { return worth(row) < kNoScore; });
}

// The rows with the lowest scores, or the first ones, where there are too many to show.
Table folded_table(Table table) {
  if (table.rows.size() <= kLargestTable) return table;
  const std::size_t all = table.rows.size();
  const char* which = has_scores(table) ? "lowest" : "first";
  std::stable_sort(table.rows.begin(), table.rows.end(),
                   [](const auto& a, const auto& b) { return worth(a) < worth(b); });
  table.rows.resize(kShown);
  table.title += fmt::format("{}the {} {} of {} are shown; --json has all",
                             table.title.empty() ? "" : "; ", kShown, which, all);
  return table;
}

// A large matrix of counts as its largest entries beside the diagonal.
std::string largest_entries(const Table& table) {
  struct Entry {
    double count;
    std::size_t row, column;
  };
  std::vector<Entry> list;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      const auto* count = std::get_if<double>(&table.rows[r].cells[c]);
      if (r != c && count != nullptr && *count > 0) list.push_back({*count, r, c});
    }
  }
  std::stable_sort(list.begin(), list.end(),
                   [](const Entry& a, const Entry& b) { return a.count > b.count; });
  std::string out = fmt::format(
      "most frequent confusions, of {} (true class, prediction, samples)\n", list.size());
  for (std::size_t i = 0; i < std::min(kShown, list.size()); ++i) {
    const auto& e = list[i];
    out += fmt::format(" {}  {}  {:g}\n", left_in(cut_to(table.rows[e.row].name, 24), 24),
                       left_in(cut_to(table.columns[e.column], 24), 24), e.count);
  }
  return list.empty() ? "" : out;
}

std::string shown(const Table& whole) {
  const bool matrix = whole.form == Table::Form::kMatrix;
  if (matrix && whole.rows.size() > kShown) return largest_entries(whole);
  const Table table = folded_table(whole);
  const std::size_t most = matrix ? 14 : 24;
  std::vector<std::string> names = {table.row};
  for (const auto& row : table.rows) names.push_back(row.name);
  const std::size_t first = width_of(names, most);
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    std::vector<std::string> entries = {table.columns[c]};
    for (const auto& row : table.rows) entries.push_back(cell_text(row.cells[c]));
    widths.push_back(matrix ? first : width_of(entries, kWidestEntry));
  }
  const char* gap = matrix ? " " : "  ";
  std::string out = table.title.empty() ? "" : table.title + "\n";
  const auto name = [&](const std::string& text) {
    const std::string cut = cut_to(text, most);
    return " " + (matrix ? right_in(cut, first) : left_in(cut, first));
  };
  const auto add = [&](std::size_t c, const std::string& text, bool left) {
    out +=
        gap + (left ? left_in(text, widths[c]) : right_in(cut_to(text, kWidestEntry), widths[c]));
  };
  const auto is_score = [&](std::size_t c) {
    return !table.rows.empty() && std::holds_alternative<Score>(table.rows[0].cells[c]);
  };
  out += name(table.row);
  for (std::size_t c = 0; c < widths.size(); ++c) {
    add(c, matrix ? cut_to(table.columns[c], most) : table.columns[c], is_score(c));
  }
  for (const auto& row : table.rows) {
    out += "\n" + name(row.name);
    for (std::size_t c = 0; c < widths.size(); ++c) add(c, cell_text(row.cells[c]), is_score(c));
  }
  return out + "\n";
}

std::string shown(const Sentences& s) {
  std::string out;
  for (const auto& line : s.lines) out += line + "\n";
  return out;
}

// All groups share the width of their names.
std::string shown(const ScoreGroups& scores) {
  std::size_t width = 18;
  for (const auto& group : scores.groups) {
    for (const auto& [name, score] : group.rows) width = std::max(width, columns_of(name));
  }
  std::string out;
  for (const auto& group : scores.groups) {
    if (!group.title.empty()) out += group.title + "\n";
    for (const auto& [name, score] : group.rows) {
      out += left_in(name, width) + " " + score_text(score, scores.fixed) + "\n";
    }
    for (const auto& note : group.notes) out += note + "\n";
  }
  return out;
}

// A page of text draws none.
std::string shown(const Curves&) { return ""; }

}  // namespace

std::string text_of(const Table& table) { return shown(table); }

std::string summary(const std::vector<Section>& sections) {
  std::string out;
  for (const auto& section : sections) {
    if (section.detail) continue;
    const auto text =
        std::visit([](const auto& content) { return shown(content); }, section.content);
    if (!text.empty()) out += (out.empty() ? "" : "\n") + text;
  }
  return out;
}

}  // namespace refrain::cli

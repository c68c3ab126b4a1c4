#include "refrain/cli/summary.h"

#include <fmt/format.h>

#include <algorithm>

namespace refrain::cli {

using namespace api;

namespace {

constexpr std::size_t kLargestTable = 12;  // classes; a larger confusion matrix is left to --json

// At most so many bytes of a label, whole characters.
std::string shortened(const std::string& label, std::size_t most) {
  if (label.size() <= most) return label;
  while (most > 0 && (static_cast<unsigned char>(label[most]) & 0xC0) == 0x80) --most;
  return label.substr(0, most);
}

// As wide as its longest entry, up to `most` bytes.
std::size_t width_of(const std::vector<std::string>& entries, std::size_t most) {
  std::size_t width = 5;
  for (const auto& entry : entries) width = std::max(width, std::min(entry.size(), most));
  return width;
}

std::string shown(const Table& table) {
  if (table.rows.size() > kLargestTable) return "";
  const bool matrix = table.form == Table::Form::kMatrix;
  const std::size_t most = matrix ? 14 : 24;
  std::vector<std::string> names = {table.row};
  for (const auto& row : table.rows) names.push_back(row.name);
  const std::size_t first = width_of(names, most);
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    std::vector<std::string> entries = {table.columns[c]};
    for (const auto& row : table.rows) entries.push_back(cell_text(row.cells[c]));
    widths.push_back(matrix ? first : width_of(entries, 40));
  }
  const char* gap = matrix ? " " : "  ";
  std::string out = table.title.empty() ? "" : table.title + "\n";
  const auto name = [&](const std::string& text) {
    return matrix ? fmt::format(" {:>{}}", shortened(text, most), first)
                  : fmt::format(" {:<{}}", shortened(text, most), first);
  };
  const auto add = [&](std::size_t c, const std::string& text, bool left) {
    out += left ? fmt::format("{}{:<{}}", gap, text, widths[c])
                : fmt::format("{}{:>{}}", gap, shortened(text, 40), widths[c]);
  };
  const auto is_score = [&](std::size_t c) {
    return !table.rows.empty() && std::holds_alternative<Score>(table.rows[0].cells[c]);
  };
  out += name(table.row);
  for (std::size_t c = 0; c < widths.size(); ++c) {
    add(c, matrix ? shortened(table.columns[c], most) : table.columns[c], is_score(c));
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
    for (const auto& [name, score] : group.rows) width = std::max(width, name.size());
  }
  std::string out;
  for (const auto& group : scores.groups) {
    if (!group.title.empty()) out += group.title + "\n";
    for (const auto& [name, score] : group.rows) {
      out += fmt::format("{:<{}} {}\n", name, width, score_text(score, scores.fixed));
    }
    for (const auto& note : group.notes) out += note + "\n";
  }
  return out;
}

// A page of text draws none.
std::string shown(const Curves&) { return ""; }

}  // namespace

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

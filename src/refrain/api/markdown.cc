#include "refrain/api/markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace refrain::api {
namespace {

constexpr std::size_t kMostPoints = 20;  // of a curve

// Text as it is, not as marks; line breaks become blanks.
std::string plain(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) {
      out += ' ';
      continue;
    }
    if (std::string("\\`*_[]<>|#&~").find(c) != std::string::npos) out += '\\';
    out += c;
  }
  return out;
}

// "per_class" -> "Per class".
std::string heading(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  if (!name.empty()) name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  return name;
}

using Cells = std::vector<std::string>;

std::string row_of(const Cells& cells) {
  std::string out = "|";
  for (const auto& cell : cells) out += " " + plain(cell) + " |";
  return out + "\n";
}

// The first row is the header.
std::string grid(const std::vector<Cells>& rows) {
  std::string out = row_of(rows.front()) + "|";
  for (std::size_t i = 0; i < rows.front().size(); ++i) out += " --- |";
  out += "\n";
  for (std::size_t i = 1; i < rows.size(); ++i) out += row_of(rows[i]);
  return out + "\n";
}

std::string lines_of(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += "- " + plain(line) + "\n";
  return lines.empty() ? "" : out + "\n";
}

std::string body(const Sentences& s) { return lines_of(s.lines); }

std::string body(const ScoreGroups& scores) {
  std::string out;
  for (const auto& group : scores.groups) {
    if (!group.title.empty()) out += plain(group.title) + "\n\n";
    std::vector<Cells> rows = {{"", "score"}};
    for (const auto& [name, s] : group.rows) rows.push_back({name, score_text(s, scores.fixed)});
    if (rows.size() > 1) out += grid(rows);
    out += lines_of(group.notes);
  }
  return out;
}

std::string body(const Table& table) {
  Cells head = {table.row};
  head.insert(head.end(), table.columns.begin(), table.columns.end());
  std::vector<Cells> rows = {head};
  for (const auto& row : table.rows) {
    rows.push_back({row.name});
    for (const auto& cell : row.cells) rows.back().push_back(cell_text(cell));
  }
  return (table.title.empty() ? "" : plain(table.title) + "\n\n") + grid(rows);
}

std::string body(const Curves& curves) {
  std::string out;
  for (const auto& curve : curves.curves) {
    std::vector<Cells> rows = {{curves.x, curve.name}};
    const std::size_t n = curve.x.size(), shown = std::min(n, kMostPoints);
    for (std::size_t k = 0; k < shown; ++k) {
      const std::size_t i = shown == n ? k : k * (n - 1) / (shown - 1);
      rows.push_back({fmt::format("{:g}", curve.x[i]), fmt::format("{:.4g}", curve.y[i])});
    }
    out += grid(rows);
  }
  return out;
}

}  // namespace

std::string markdown(const std::vector<Section>& sections) {
  std::string out;
  for (const auto& section : sections) {
    out += "## " + plain(heading(section.name)) + "\n\n";
    out += std::visit([](const auto& content) { return body(content); }, section.content);
  }
  return out;
}

}  // namespace refrain::api

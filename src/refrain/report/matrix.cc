#include "refrain/report/matrix.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "refrain/report/escape.h"
#include "refrain/report/page.h"

namespace refrain::report {
namespace {

constexpr std::size_t kLongestName = 24;

// A cell of which `share` of the row's samples are.
std::string cell_of(std::size_t truth, std::size_t predicted, int count, double share) {
  if (count == 0) return "<td class=\"zero\">0</td>";
  return fmt::format(
      "<td class=\"{}\" style=\"--heat:{:.2f}\"><button type=\"button\" aria-pressed=\"false\" "
      "data-truth=\"{}\" data-predicted=\"{}\">{}</button></td>",
      truth == predicted ? "right" : "wrong", 0.08 + 0.42 * share, truth, predicted, count);
}

}  // namespace

std::string matrix(const Matrix& m) {
  std::string out =
      paragraph({"Rows: true class. Columns: answer. Choose a cell to see its samples.",
                 "行：真实类别；列：模型的回答。点击单元格可查看其中的样本。"},
                "quiet") +
      "<div class=\"wide\" tabindex=\"0\" role=\"group\" data-label-en=\"Confusion matrix\" "
      "data-label-zh=\"混淆矩阵\" aria-label=\"Confusion matrix\"><table class=\"matrix\">"
      "<thead><tr><td></td>";
  for (const auto& name : m.names) {
    out += "<th scope=\"col\"><bdi>" + escaped(name, kLongestName) + "</bdi></th>";
  }
  out += "</tr></thead>\n<tbody>\n";
  for (std::size_t t = 0; t < m.names.size(); ++t) {
    const auto& row = m.counts[t];
    const int all = std::accumulate(row.begin(), row.end(), 0);
    out += "<tr><th scope=\"row\"><bdi>" + escaped(m.names[t], kLongestName) + "</bdi></th>";
    for (std::size_t p = 0; p < row.size(); ++p) {
      out += cell_of(t, p, row[p], static_cast<double>(row[p]) / std::max(1, all));
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n<div id=\"browser\" class=\"browser\" hidden></div>\n";
}

}  // namespace refrain::report

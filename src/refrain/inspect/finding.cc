#include "refrain/inspect/finding.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace refrain::inspect {

const char* name_of(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    default:
      return "note";
  }
}

std::string lines_text(const std::vector<std::int64_t>& lines, std::size_t most) {
  if (lines.empty()) return "";
  const auto end = lines.begin() + static_cast<std::ptrdiff_t>(std::min(most, lines.size()));
  return fmt::format("line{} {}{}", lines.size() == 1 ? "" : "s",
                     fmt::join(lines.begin(), end, ", "), lines.size() > most ? ", ..." : "");
}

std::string counted(std::int64_t count, const std::string& noun) {
  if (count == 1) return "1 " + noun;
  const bool hissing = noun.ends_with("s");
  return fmt::format("{} {}{}", count, noun, hissing ? "es" : "s");
}

void sort_findings(std::vector<Finding>& findings) {
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return static_cast<int>(a.severity) < static_cast<int>(b.severity);
  });
}

}  // namespace refrain::inspect

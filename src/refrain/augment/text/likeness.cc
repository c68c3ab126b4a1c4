#include "refrain/augment/text/likeness.h"

#include <algorithm>
#include <unordered_map>

#include "refrain/data/tokenise.h"

namespace refrain::augment {
namespace {

std::unordered_map<std::u32string, int> grams(const std::u32string& text, std::size_t n) {
  std::unordered_map<std::u32string, int> counts;
  for (std::size_t i = 0; i + n <= text.size(); ++i) ++counts[text.substr(i, n)];
  return counts;
}

}  // namespace

std::string normalised(std::string_view text) {
  std::string out;
  for (const auto& token : data::tokenise(text, true)) {
    if (!out.empty()) out += ' ';
    out += token;
  }
  return out;
}

double likeness(std::string_view a, std::string_view b) {
  const std::u32string one = data::code_points(normalised(a));
  const std::u32string other = data::code_points(normalised(b));
  if (one == other) return 1;
  const std::size_t n = std::min<std::size_t>({3, one.size(), other.size()});
  if (n == 0) return 0;
  const auto have = grams(one, n);
  int common = 0;
  for (const auto& [gram, count] : grams(other, n)) {
    const auto found = have.find(gram);
    if (found != have.end()) common += std::min(found->second, count);
  }
  return 2.0 * common / static_cast<double>(one.size() + other.size() - 2 * n + 2);
}

}  // namespace refrain::augment

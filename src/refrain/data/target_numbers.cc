#include "refrain/data/target_numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "refrain/data/reader.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/number.h"

namespace refrain::data {

std::vector<double> numbers_of(const std::string& label) {
  std::vector<double> out;
  std::string_view rest = label;
  for (auto word = take_word(rest); !word.empty(); word = take_word(rest)) {
    const Number number = parse_number(word);
    out.push_back(number.kind == NumberKind::kFinite ? number.value
                                                     : std::numeric_limits<double>::quiet_NaN());
  }
  return out;
}

void read_numbers(Dataset& dataset) {
  Problems problems(dataset.path);
  std::size_t wanted = 0;
  for (auto& sample : dataset.samples) {
    sample.numbers = numbers_of(sample.label);
    const bool all =
        !sample.numbers.empty() && std::none_of(sample.numbers.begin(), sample.numbers.end(),
                                                [](double x) { return std::isnan(x); });
    if (wanted == 0) wanted = sample.numbers.size();
    if (!all) {
      problems.add(sample.line, 0,
                   sample.label.empty()
                       ? "no target"
                       : fmt::format("the target '{}' is not a number", sample.label));
    } else if (sample.numbers.size() != wanted) {
      problems.add(sample.line, 0,
                   fmt::format("{} numbers to predict, but the first sample has {}",
                               sample.numbers.size(), wanted));
    }
  }
  problems.throw_if_any("is --target right? Classes are learned with --task classify");
}

NumberLabels number_labels(const Dataset& dataset) {
  NumberLabels out;
  std::set<double> seen;
  for (const auto& sample : dataset.samples) {
    const Number number = parse_number(sample.label);
    if (number.kind != NumberKind::kFinite) return {};
    out.whole = out.whole && number.value == std::floor(number.value);
    seen.insert(number.value);
  }
  out.all = !dataset.samples.empty();
  out.different = static_cast<int>(seen.size());
  return out;
}

}  // namespace refrain::data

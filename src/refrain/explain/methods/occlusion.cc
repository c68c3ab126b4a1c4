#include "refrain/explain/methods/list.h"

namespace refrain::explain {

Attribution occlusion(const Case& of) {
  const auto n = static_cast<std::size_t>(of.subject.size());
  std::vector<data::Sample> samples = {of.subject.sample()};
  for (std::size_t p = 0; p < n; ++p) {
    std::vector<bool> hidden(n);
    hidden[p] = true;
    samples.push_back(of.subject.without(hidden));
  }
  const auto values = of.question.values(std::move(samples), of.column);
  Attribution out;
  for (std::size_t p = 0; p < n; ++p) out.score.push_back(values[0] - values[p + 1]);
  return out;
}

}  // namespace refrain::explain

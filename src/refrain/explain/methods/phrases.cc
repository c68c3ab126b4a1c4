#include <algorithm>

#include "refrain/explain/methods/list.h"

namespace refrain::explain {
namespace {

constexpr std::size_t kLongestPhrase = 3;  // words

struct Phrase {
  std::size_t begin = 0, end = 0;
};

// All runs of one to three words of one text.
std::vector<Phrase> phrases_of(const std::vector<Part>& parts) {
  std::vector<Phrase> out;
  for (std::size_t first = 0; first < parts.size(); ++first) {
    for (std::size_t size = 1; size <= kLongestPhrase && first + size <= parts.size(); ++size) {
      if (parts[first + size - 1].stream != parts[first].stream) break;
      out.push_back({first, first + size});
    }
  }
  return out;
}

}  // namespace

Attribution phrases(const Case& of) {
  const auto& parts = of.subject.parts();
  if (of.subject.words(0).empty() && !parts.empty()) {
    throw Error(Code::kUnsupported, "phrases are of texts",
                "choose occlusion, rescaled or shapley");
  }
  const auto runs = phrases_of(parts);
  std::vector<data::Sample> samples = {of.subject.sample()};
  for (const auto& run : runs) {
    std::vector<bool> hidden(parts.size());
    std::fill(hidden.begin() + static_cast<std::ptrdiff_t>(run.begin),
              hidden.begin() + static_cast<std::ptrdiff_t>(run.end), true);
    samples.push_back(of.subject.without(hidden));
  }
  const auto values = of.question.values(std::move(samples), of.column);
  Attribution out;
  out.score.resize(parts.size());
  std::vector<double> count(parts.size());
  for (std::size_t r = 0; r < runs.size(); ++r) {
    const auto size = static_cast<double>(runs[r].end - runs[r].begin);
    for (std::size_t p = runs[r].begin; p < runs[r].end; ++p) {
      out.score[p] += (values[0] - values[r + 1]) / size;
      ++count[p];
    }
  }
  for (std::size_t p = 0; p < parts.size(); ++p) out.score[p] /= count[p];
  return out;
}

}  // namespace refrain::explain

#include "refrain/api/inside/explaining.h"

#include <algorithm>
#include <cmath>

namespace refrain::api {
namespace {

constexpr std::size_t kMostChecked = 20;

void put_parts(const explain::Subject& subject, const std::vector<double>& score, Explanation& e) {
  for (std::size_t p = 0; p < score.size(); ++p) {
    const explain::Part& part = subject.parts()[p];
    const auto& words = subject.words(part.stream);
    e.parts.push_back({part.stream, part.channel, part.begin, part.end,
                       words.empty() ? "" : words[static_cast<std::size_t>(part.begin)], score[p]});
  }
}

}  // namespace

ExplainScoring::ExplainScoring(const ExplainChoice& choice, std::string method)
    : choice_(choice), method_(explain::methods().at(method)) {}

explain::Case ExplainScoring::of(const explain::Question& question, const explain::Subject& subject,
                                 int column) const {
  return {question, subject, column, static_cast<std::uint64_t>(choice_.seed), choice_.draws};
}

void ExplainScoring::put(const explain::Case& of, const explain::Question* random, Explanation& e) {
  if (of.subject.size() == 0) return;
  const explain::Attribution found = method_.explain(of);
  e.promised = found.promised;
  e.sum = found.sum;
  put_parts(of.subject, found.score, e);
  const bool checks = choice_.checks && checked_.size() < kMostChecked;
  if (!checks || of.subject.size() < 2) return;
  checked_.push_back(explain::check(of, method_, found.score, random));
}

void ExplainScoring::judge(Explanations& out) const {
  for (const auto& e : out.samples) {
    if (e.promised == 0) continue;
    out.completeness_error =
        std::max(out.completeness_error,
                 std::abs(e.sum - e.promised) / std::max(0.01, std::abs(e.promised)));
  }
  if (!choice_.checks) return;
  const explain::Verdict v = explain::judge(checked_);
  const auto score = [](const explain::Gain& g) { return Score{g.value, g.low, g.high}; };
  out.checks =
      Explanations::Checks{score(v.deletion), score(v.insertion),     v.stability,
                           v.randomised,      v.mean.share,           v.mean.deletion,
                           v.mean.insertion,  v.mean.random_deletion, v.mean.random_insertion,
                           v.against};
  if (checked_.empty()) out.checks->against.push_back("no sample has two parts to compare");
}

}  // namespace refrain::api

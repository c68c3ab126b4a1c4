#include "refrain/forecast/shared.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/at.h"

namespace refrain::forecast {
namespace {

using base::at;

Lesson lesson_of(const data::Histories& h, const Parts& parts, const std::vector<int>& ends) {
  Lesson out;
  for (std::size_t s = 0; s < h.series.size(); ++s) {
    out.series.push_back({past_of(h.series[s], parts.known_end[s]), ends[s], {}});
  }
  for (const Origin& o : parts.inner) out.series[at(o.series)].held_out.push_back(o.at);
  return out;
}

}  // namespace

std::vector<double> past_of(const data::History& h, int origin) {
  const std::span<const double> all(h.value.data(), at(origin));
  const bool any = std::any_of(all.begin(), all.end(), [](double x) { return std::isfinite(x); });
  return any ? without_gaps(all) : std::vector<double>{0};
}

SharedFit learn_shared(const std::string& method, const data::Histories& h, const Parts& parts,
                       const Plan& plan, int threads) {
  Lesson lesson = lesson_of(h, parts, parts.train_end);
  lesson.window = plan.window;
  lesson.threads = threads;
  return simple_methods().at(method).learn(lesson, {plan.horizon, plan.seasons}, nullptr);
}

SharedFit learn_again(const std::string& method, const data::Histories& h, const Parts& parts,
                      const Plan& plan, const SharedFit& chosen) {
  if (parts.fixed || parts.inner.empty()) return chosen;
  const Lesson lesson = lesson_of(h, parts, parts.known_end);
  return simple_methods().at(method).learn(lesson, {plan.horizon, plan.seasons}, &chosen);
}

}  // namespace refrain::forecast

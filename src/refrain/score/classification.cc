#include "refrain/score/classification.h"

#include <algorithm>
#include <cmath>

#include "refrain/score/metrics.h"

namespace refrain::score {
namespace {

bool all_usable(const std::vector<double>& list) {
  return std::all_of(list.begin(), list.end(), [](double x) { return std::isfinite(x) && x >= 0; });
}

bool all_within(const std::vector<int>& list, int low, int end) {
  return std::all_of(list.begin(), list.end(), [&](int k) { return k >= low && k < end; });
}

}  // namespace

void Classification::check() const {
  const std::size_t n = size(), C = static_cast<std::size_t>(std::max(0, classes));
  demand(predicted.size() == n, "as many predictions as truths are needed");
  demand(probability.empty() || probability.size() == n * C,
         "each sample needs a probability for each class");
  check_weights();
  demand(all_within(truth, -1, classes), "a truth is no class");
  demand(all_within(predicted, 0, classes), "a prediction is no class");
  demand(all_usable(probability), "a probability is negative or not finite");
}

bool Classification::same_samples(const Answers& other) const {
  const auto* c = dynamic_cast<const Classification*>(&other);
  return c != nullptr && classes == c->classes && truth == c->truth && same_weights(other) &&
         probability.empty() == c->probability.empty();
}

NamedMetrics Classification::metrics() const { return usable_metrics(!probability.empty()); }

std::unique_ptr<Weigher> Classification::weigher(bool order) const {
  return std::make_unique<Weighted>(Prepared(*this, order));
}

std::unique_ptr<Answers> Classification::followed_by(const Answers& other) const {
  const auto& next = dynamic_cast<const Classification&>(other);
  auto both = std::make_unique<Classification>(*this);
  const auto append = [](auto& to, const auto& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  append(both->truth, next.truth);
  append(both->predicted, next.predicted);
  append(both->probability, next.probability);
  both->append_weights(next);
  return both;
}

std::unique_ptr<Answers> Classification::clone() const {
  return std::make_unique<Classification>(*this);
}

std::optional<std::vector<bool>> Classification::right() const {
  std::vector<bool> out(size());
  for (std::size_t i = 0; i < size(); ++i) out[i] = truth[i] == predicted[i];
  return out;
}

double Classification::work() const { return static_cast<double>(size()) * classes; }

}  // namespace refrain::score

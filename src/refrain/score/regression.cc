#include "refrain/score/regression.h"

#include <algorithm>
#include <cmath>

#include "refrain/score/errors.h"

namespace refrain::score {
namespace {

bool all_finite(const std::vector<double>& list) {
  return std::all_of(list.begin(), list.end(), [](double x) { return std::isfinite(x); });
}

}  // namespace

std::size_t Regression::size() const {
  return width > 0 ? truth.size() / static_cast<std::size_t>(width) : 0;
}

void Regression::check() const {
  demand(width > 0, "a regression has at least one column");
  demand(truth.size() == size() * static_cast<std::size_t>(width),
         "each sample needs a truth in each column");
  demand(predicted.size() == truth.size(), "as many predictions as truths are needed");
  demand(low.size() == high.size() && (low.empty() || low.size() == truth.size()),
         "each prediction needs both ends of its interval");
  demand(columns.empty() || columns.size() == static_cast<std::size_t>(width),
         "each column needs a name, or none has one");
  check_weights();
  demand(all_finite(truth), "a truth is not finite");
  demand(all_finite(predicted), "a prediction is not finite");
  demand(all_finite(low) && all_finite(high), "an end of a prediction interval is not finite");
  demand(std::equal(low.begin(), low.end(), high.begin(), std::less_equal<>()),
         "a prediction interval ends before it begins");
}

bool Regression::same_samples(const Answers& other) const {
  const auto* r = dynamic_cast<const Regression*>(&other);
  return r != nullptr && width == r->width && truth == r->truth && same_weights(other) &&
         has_intervals() == r->has_intervals();
}

NamedMetrics Regression::metrics() const {
  NamedMetrics out;
  for (const auto& item : regression_metrics().items()) {
    const bool of_intervals = item.name == "coverage" || item.name == "interval_width";
    if (has_intervals() || !of_intervals) out.push_back(item);
  }
  return out;
}

std::unique_ptr<Weigher> Regression::weigher(bool order) const {
  return std::make_unique<WeightedErrors>(*this, order);
}

std::unique_ptr<Answers> Regression::followed_by(const Answers& other) const {
  const auto& next = dynamic_cast<const Regression&>(other);
  auto both = std::make_unique<Regression>(*this);
  const auto append = [](auto& to, const auto& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  append(both->truth, next.truth);
  append(both->predicted, next.predicted);
  append(both->low, next.low);
  append(both->high, next.high);
  both->append_weights(next);
  return both;
}

std::unique_ptr<Answers> Regression::clone() const { return std::make_unique<Regression>(*this); }

double Regression::work() const { return static_cast<double>(truth.size()); }

}  // namespace refrain::score

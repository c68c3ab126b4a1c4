// Exponential smoothing whose form AICc chooses (Hyndman and others 2002; Hyndman, Athanasopoulos
// 2021).
#include <algorithm>
#include <cmath>

#include "refrain/forecast/simple/ets_model.h"
#include "refrain/forecast/simple/methods.h"
#include "refrain/forecast/simple/season.h"

namespace refrain::forecast {
namespace {

constexpr int kLongestEtsSeason = 24;  // of a state each; longer ones become indices
constexpr size_t kEtsValues = 400;     // the last ones of a longer series tell enough

double mean_size(std::span<const double> values) {
  double sum = 0;
  for (double v : values) sum += std::abs(v);
  return sum > 0 ? sum / double(values.size()) : 1;
}

// The best model for one past; its state continues.
struct EtsModel {
  SeasonalIndices indices;
  double scale = 1;
  EtsFit fit;

  bool found() const { return std::isfinite(fit.aicc); }
  // Behind `steps` values.
  std::vector<double> path(const EtsState& state, size_t steps, int horizon) const {
    std::vector<double> out = ets_path(fit.form, fit.rates, state, horizon);
    for (size_t h = 0; h < out.size(); ++h) out[h] = indices.with(out[h] * scale, steps + h);
    return out;
  }
};

EtsModel ets_model(std::span<const double> past, const Wanted& wanted) {
  EtsModel out;
  const bool as_states = wanted.season() <= kLongestEtsSeason;
  if (!as_states) out.indices = tested_indices(past, wanted.season());
  std::vector<double> values = without_season(past, out.indices);
  out.scale = mean_size(values);
  for (double& v : values) v /= out.scale;
  const auto recent = std::span<const double>(values).last(std::min(values.size(), kEtsValues));
  out.fit = choose_ets(recent, as_states ? wanted.season() : 1, wanted.horizon);
  return out;
}

}  // namespace

std::vector<double> ets_forecast(std::span<const double> past, const Wanted& wanted) {
  const EtsModel model = ets_model(past, wanted);
  if (!model.found()) return naive2_forecast(past, wanted);
  return model.path(model.fit.last, past.size(), wanted.horizon);
}

// Later origins keep form, rates, indices and scale; the states go on with the values that came.
std::vector<std::vector<double>> ets_along(std::span<const double> values,
                                           std::span<const size_t> origins, const Wanted& wanted) {
  const EtsModel model = ets_model(values.first(origins.front()), wanted);
  EtsState state = model.fit.last;
  bool runs = model.found();
  size_t done = origins.front();
  std::vector<std::vector<double>> out;
  for (size_t origin : origins) {
    std::vector<double> came;
    for (; runs && done < origin; ++done) {
      came.push_back(model.indices.without(values[done], done) / model.scale);
    }
    runs = runs &&
           (came.empty() || std::isfinite(run_ets(model.fit.form, model.fit.rates, came, state)));
    out.push_back(runs ? model.path(state, origin, wanted.horizon)
                       : ets_forecast(values.first(origin), wanted));
  }
  return out;
}

}  // namespace refrain::forecast

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

}  // namespace

std::vector<double> ets_forecast(std::span<const double> past, const Wanted& wanted) {
  const bool as_states = wanted.season() <= kLongestEtsSeason;
  const SeasonalIndices indices =
      as_states ? SeasonalIndices{} : tested_indices(past, wanted.season());
  std::vector<double> values = without_season(past, indices);
  const double scale = mean_size(values);
  for (double& v : values) v /= scale;
  const auto recent = std::span<const double>(values).last(std::min(values.size(), kEtsValues));
  const EtsFit fit = choose_ets(recent, as_states ? wanted.season() : 1, wanted.horizon);
  if (!std::isfinite(fit.aicc)) return naive2_forecast(past, wanted);
  std::vector<double> out = ets_path(fit.form, fit.rates, fit.last, wanted.horizon);
  for (size_t h = 0; h < out.size(); ++h) out[h] = indices.with(out[h] * scale, past.size() + h);
  return out;
}

}  // namespace refrain::forecast

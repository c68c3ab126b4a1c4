// The functions behind simple_methods(), each as SimpleMethod::forecast wants it, for values of
// ordinary size: simple.cc brings huge and tiny ones to such a size first.
#pragma once

#include <span>
#include <vector>

#include "refrain/forecast/simple/simple.h"

namespace refrain::forecast {

std::vector<double> naive_forecast(std::span<const double> past, const Wanted& wanted);
std::vector<double> seasonal_naive_forecast(std::span<const double> past, const Wanted& wanted);
std::vector<double> drift_forecast(std::span<const double> past, const Wanted& wanted);
std::vector<double> mean_forecast(std::span<const double> past, const Wanted& wanted);
std::vector<double> naive2_forecast(std::span<const double> past, const Wanted& wanted);
std::vector<double> theta_forecast(std::span<const double> past, const Wanted& wanted);
std::vector<double> ets_forecast(std::span<const double> past, const Wanted& wanted);
std::vector<double> seasonal_ar_forecast(std::span<const double> past, const Wanted& wanted);
std::vector<std::vector<double>> ets_along(std::span<const double> values,
                                           std::span<const size_t> origins, const Wanted& wanted);
std::vector<std::vector<double>> seasonal_ar_along(std::span<const double> values,
                                                   std::span<const size_t> origins,
                                                   const Wanted& wanted);
std::vector<double> linear_window_forecast(std::span<const double> past, const Wanted& wanted);
SharedFit linear_window_learn(const Lesson& lesson, const Wanted& wanted, const SharedFit* chosen);
std::vector<double> linear_window_learned(std::span<const double> past, const Wanted& wanted,
                                          const SharedFit& fit);

}  // namespace refrain::forecast

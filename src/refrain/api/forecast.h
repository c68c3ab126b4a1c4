// Forecasters: models of `refrain train --task forecast`. Standard library only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "refrain/api/hooks.h"
#include "refrain/api/options.h"
#include "refrain/api/report.h"

namespace refrain::api {

// One step of a forecast.
struct ForecastStep {
  std::string id;    // of the series
  std::string time;  // as the file writes times, or the step's number
  double prediction = 0;
  std::vector<double> quantiles;  // of Forecaster::quantiles()
};

class Forecaster {
 public:
  // Throws io or data: missing, damaged, of another kind, or failing its self-test.
  static Forecaster load(const std::string& path);
  static Forecaster from_bytes(const std::string& bytes, const std::string& path);
  ~Forecaster();
  Forecaster(Forecaster&&) noexcept;
  Forecaster& operator=(Forecaster&&) noexcept;

  int horizon() const;
  const std::vector<double>& quantiles() const;  // levels, ascending

  // Continues every series of the file behind its last value, step by step. `options` supplies how
  // to read the file and the number of threads. `plot`, if any, becomes the same as a picture
  // (fan_chart.h): SVG.
  std::vector<ForecastStep> predict(const std::string& data, const Options& options,
                                    const Hooks& hooks, std::string* plot = nullptr) const;
  // Scores the ends of the series of a file, of which the model is told nothing: with --origins
  // several of each.
  Report evaluate(const std::string& data, const Options& options, const Hooks& hooks) const;

  void save(const std::string& path) const;
  std::string bytes() const;
  std::string describe() const;  // JSON: seasons, weights, receipt, what was set
  // Keeps what the caller set, in words of its own: the file has it, and describe() gives it back.
  void keep_given(const std::string& given);

  struct Impl;
  explicit Forecaster(std::unique_ptr<Impl> impl);
  const Impl& impl() const { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// Fits a forecaster to all values of a file's series: none is held out for a score.
Forecaster fit_forecaster(const std::string& data, const Options& options, const Hooks& hooks);

// Names of the options that forecasts take.
std::vector<std::string> forecast_option_names();

// True if the file is a forecaster, even a damaged one; false if it cannot be read.
bool is_forecaster(const std::string& path);

}  // namespace refrain::api

// What is asked of a forecaster about the end of a history: a step of the forecast, or the mean of
// them, as the last steps and covariates change.
#pragma once

#include <string>
#include <vector>

#include "refrain/explain/question.h"
#include "refrain/forecast/forecaster.h"

namespace refrain::explain {

// Column 0 is the mean of the forecast steps, column k step k.
class ForecastQuestion : public Question {
 public:
  // Of series number `series`, whose last `window` steps may change.
  ForecastQuestion(const forecast::Forecaster& model, const data::Histories& histories, int series,
                   int window, int threads);

  // The last steps as a sample of one series: the value, covariates that are known for the future,
  // those known up to now. With the former, the steps that are forecast stand behind, in which all
  // else is missing.
  data::Sample sample() const;
  std::vector<std::string> channels() const;
  std::vector<std::string> times() const;  // of the steps of that sample

  std::vector<double> values(std::vector<data::Sample> samples, int column) const override;
  std::vector<double> forecast() const;  // the steps

 private:
  const data::History& history() const;
  data::History changed(const data::Sample& sample) const;
  int ahead() const;  // steps of the sample behind the last value

  const forecast::Forecaster& model_;
  const data::Histories& histories_;
  int series_, window_, threads_;
};

// As many last steps as the model reads, or shows a few seasons, at most `steps`.
int window_read(const forecast::Forecaster& model, std::size_t steps);

}  // namespace refrain::explain

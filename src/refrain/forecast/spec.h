// The options of a forecast that are its own, and with those of networks and training what a fit
// needs to know.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "refrain/base/fields.h"
#include "refrain/nn/encoder.h"
#include "refrain/optim/optimiser.h"
#include "refrain/train/spec.h"

namespace refrain::forecast {

constexpr int kAuto = 0;        // chosen from the data (plan.h)
constexpr int kAutoSteps = -1;  // likewise, where 0 has a meaning of its own

struct ForecastSpec {
  int horizon = kAuto;
  std::string season = "auto";
  std::string known, past, fixed;
  int window = kAuto;
  int linear_steps = kAutoSteps;
  std::string transform = "auto";
  std::string level = "auto";
  std::string spread = "auto";
  std::string distribution = "quantile";
  std::string decoding = "direct";
  std::string quantiles = "0.05,0.1,0.25,0.5,0.75,0.9,0.95";
  bool holdout = true;
  int origins = 1;
  int stride = kAuto;
  std::string split;
};
base::Fields<ForecastSpec> forecast_fields();

struct Settings {
  ForecastSpec forecast;
  nn::EncoderSpec encoder;
  train::TrainSpec train;
  optim::OptimSpec optim;
  std::string model = "network";  // or a simple method
  std::string preset = "auto";
  int ensemble = kAuto;
  std::string blend;   // simple methods beside the networks, with commas; "auto" = the usual ones
  bool refit = true;   // once it is known how long, train on the newest values too
  double seconds = 0;  // for the networks; 0 = as it takes
  std::set<std::string> given;  // names of options that a choice by the data leaves alone
};

// "24,168" -> 24, 168; "none" and "1" -> nothing. Throws Error(usage) where it is no list of
// numbers of steps.
std::vector<int> parse_seasons(const std::string& text);
// Ascending, within (0, 1), 0.5 always among them. Throws Error(usage).
std::vector<double> parse_quantiles(const std::string& text);

// Steps for training, for validation and for the score, of --split; empty where it is empty. Throws
// Error(usage).
std::vector<int> parse_parts(const std::string& text);

}  // namespace refrain::forecast

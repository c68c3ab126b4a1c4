// The network of a forecast: segments -> (linear, ReLU ->) recurrent layers -> last state -> all
// steps of the horizon at once, for each quantile; beside it a linear path from the last steps, so
// that the recurrent part learns what a linear one cannot (Lai et al. 2018, LSTNet; quantiles of a
// recurrent network: Wen et al. 2017).
#pragma once

#include <string>
#include <vector>

#include "refrain/forecast/heads/head.h"
#include "refrain/forecast/smoothed.h"
#include "refrain/forecast/window.h"
#include "refrain/nn/recurrent_stack.h"

namespace refrain::forecast {

// The settled form of a network, as a model keeps it.
struct NetworkForm {
  WindowForm window;
  nn::EncoderSpec encoder;
  bool embed = false;             // segments go through a linear layer with ReLU first
  std::vector<double> quantiles;  // ascending; one of 0.5 alone is the median
  std::string head = "quantile";  // of heads()
  // Steps that are forecast, window.horizon of them at a time (rolling.h); 0 = these are all.
  int horizon = 0;
  std::vector<std::string> series;  // ascending: ids with smoothing coefficients of their own

  bool smooths() const { return window.level == Level::kSmoothing; }
  int steps() const { return horizon > 0 ? horizon : window.horizon; }
  bool rolls() const { return steps() > window.horizon; }

  int levels() const { return static_cast<int>(quantiles.size()); }
  int outputs() const { return window.horizon * heads().at(head).width(levels()); }
};

// A window: which series, and how many of its values lie before the forecast.
struct Origin {
  int series = 0, at = 0;
};

// Windows ready for a network. Its memory is used again by the next ones.
struct WindowBatch {
  data::Batch batch;  // its size and keys
  tensor::StepTable table;
  std::vector<real> rows;     // [N, row_width] in the table's order
  std::vector<real> side;     // [B, side_width]
  std::vector<real> targets;  // [B, horizon * Head::targets]: each step's as often as asked for
  std::vector<real> units;    // [B] the spread of each window
  std::vector<real> weights;  // [B] of the windows in the loss
  std::vector<Scaling> scaling;
  SmoothedBatch smoothed;    // where the form smooths
  std::vector<int> lengths;  // scratch
  std::vector<real> scratch;
};

// Without `ends` [series] there are no targets.
void fill(const Windows& windows, const NetworkForm& form, const std::vector<Origin>& origins,
          const std::vector<int>* ends, WindowBatch& out);

class ForecastNetwork {
 public:
  explicit ForecastNetwork(NetworkForm form);

  const NetworkForm& form() const { return form_; }
  nn::ParamSet& params() { return params_; }
  const nn::ParamSet& params() const { return params_; }

  // [B, outputs] in batch order, scaled: step by step, the numbers of a step side by side.
  tape::Var forward(nn::Context& context, const WindowBatch& batch) const;
  // The share of a batch's loss whose windows weigh `total_weight` [1].
  tape::Var loss(nn::Context& context, const WindowBatch& batch, double total_weight) const;

 private:
  // [B, window + horizon] the level and season of each step; absent where the form has none.
  tape::Var smoothed(nn::Context& context, const WindowBatch& batch) const;

  NetworkForm form_;
  const Head* head_;
  std::vector<real> levels_;  // [horizon * quantiles]
  nn::ParamSet params_;
  nn::RecurrentStack stack_;
  int smooth_shared_ = -1, smooth_series_ = -1;
  int embed_w_ = -1, embed_b_ = -1, out_w_ = -1, out_b_ = -1, side_w_ = -1;
};

// Values, not scaled numbers, of the steps that a network says at once.
struct Said {
  std::vector<double> quantiles;  // [window.horizon, quantiles], those of a step ascending
  std::vector<double> middle;     // [window.horizon] what is fed back
};
std::vector<Said> say(const ForecastNetwork& network, const Windows& windows,
                      const std::vector<Origin>& origins);

// Values, not scaled numbers: [steps, quantiles] of each origin, quantiles in ascending order.
std::vector<std::vector<double>> predict(const ForecastNetwork& network, const Windows& windows,
                                         const std::vector<Origin>& origins, int threads);

}  // namespace refrain::forecast

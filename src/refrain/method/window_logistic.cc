// Labels of the steps of series: each channel around a step (the values 0, 1, 2, 4 and 8 steps
// away, mean and deviation of two windows), standardised on the training part, then multinomial
// logistic regression. On small sets its strength is chosen by 3-fold cross-validation; of large
// ones every k-th step is learned from.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "refrain/base/at.h"
#include "refrain/base/threads.h"
#include "refrain/data/words.h"
#include "refrain/method/channel_scale.h"
#include "refrain/method/inner_folds.h"
#include "refrain/method/list.h"
#include "refrain/method/logistic.h"
#include "refrain/method/tagged.h"

namespace refrain::method {
namespace {

using base::at;

constexpr std::array<int, 9> kOffsets = {-8, -4, -2, -1, 0, 1, 2, 4, 8};
constexpr std::array<int, 2> kHalves = {8, 32};  // of the windows, in steps
constexpr int kOfChannel = static_cast<int>(kOffsets.size() + 2 * kHalves.size());
constexpr std::array<double, 3> kWindowStrengths = {1.0, 0.1, 10.0};  // the first wins ties
constexpr int kMostEntries = 6'000'000;                               // of the rows of all steps
constexpr int kFewRows = 5000;                                        // the strength is chosen
constexpr int kWindowFolds = 3;

// Sums of the values and squares before each step.
struct Sums {
  std::vector<double> values{0}, squares{0};

  Sums(const float* x, int steps) {
    for (int t = 0; t < steps; ++t) {
      const double value = static_cast<double>(x[t]);
      values.push_back(values.back() + value);
      squares.push_back(squares.back() + value * value);
    }
  }

  void add_window(int first, int end, std::vector<double>& row) const {
    const double count = end - first;
    const double mean = (values[at(end)] - values[at(first)]) / count;
    const double variance = (squares[at(end)] - squares[at(first)]) / count - mean * mean;
    row.push_back(mean);
    row.push_back(std::sqrt(std::max(0.0, variance)));
  }
};

// The rows of every `stride`-th of the first `steps` steps.
SparseRows rows_of(const Channels& series, int steps, int stride) {
  SparseRows rows;
  rows.columns = series.channels * kOfChannel;
  std::vector<Sums> sums;
  for (int c = 0; c < series.channels; ++c) sums.emplace_back(series[c], series.steps);
  for (int t = 0; t < steps; t += stride) {
    for (int c = 0; c < series.channels; ++c) {
      for (const int offset : kOffsets) {
        const int place = std::clamp(t + offset, 0, series.steps - 1);
        rows.value.push_back(static_cast<double>(series[c][place]));
      }
      for (const int half : kHalves) {
        sums[at(c)].add_window(std::max(0, t - half), std::min(series.steps, t + half + 1),
                               rows.value);
      }
    }
    for (int k = 0; k < rows.columns; ++k) rows.column.push_back(k);
    rows.begin.push_back(rows.value.size());
  }
  return rows;
}

// Rows of some samples and their labels.
struct LabelledRows {
  SparseRows rows;
  std::vector<int> tags;

  void add(const SparseRows& more, const std::vector<int>& of_steps, int stride) {
    rows.columns = more.columns;
    const std::size_t before = rows.value.size();
    rows.column.insert(rows.column.end(), more.column.begin(), more.column.end());
    rows.value.insert(rows.value.end(), more.value.begin(), more.value.end());
    for (std::size_t i = 1; i < more.begin.size(); ++i)
      rows.begin.push_back(before + more.begin[i]);
    for (std::size_t t = 0; t < of_steps.size(); t += at(stride)) tags.push_back(of_steps[t]);
  }
};

class WindowLogistic : public Method {
 public:
  void fit(const Training& training) override {
    check_tags(training);
    auto series = channels_of(training.samples, training.threads);
    scale_.fit(series);
    std::int64_t steps = 0;
    for (auto& one : series) {
      one = scale_.of(one);
      steps += one.steps;
    }
    const std::int64_t entries = steps * series[0].channels * kOfChannel;
    const int stride = static_cast<int>(1 + entries / kMostEntries);
    std::vector<int> all(series.size());
    std::iota(all.begin(), all.end(), 0);
    const auto rows = rows_at(training, series, stride, all);
    const int classes = static_cast<int>(training.tag_names.size());
    const double strength = rows.rows.size() <= kFewRows ? choose(training, series) : 1.0;
    model_ = fit_logistic(rows.rows, {rows.tags, classes}, strength, nullptr);
    model_.columns = series[0].channels * kOfChannel;
  }

  std::vector<double> predict(const data::Subset& view, int threads) const override {
    const auto series = channels_of(view, threads);
    if (series[0].channels != scale_.channels()) {
      throw Error(Code::kData, "other channels than in training");
    }
    std::vector<std::vector<double>> parts(series.size());
    base::parallel_for(view.size(), threads, [&](int i) {
      const auto scaled = scale_.of(series[at(i)]);
      const int steps = std::min(scaled.steps, data::step_count(view[i]));
      parts[at(i)] = model_.predict(rows_of(scaled, steps, 1));
    });
    std::vector<double> out;
    for (const auto& part : parts) out.insert(out.end(), part.begin(), part.end());
    return out;
  }

  void archive(Archive& file) override {
    scale_.archive(file);
    model_.archive(file);
    file.require(model_.columns == scale_.channels() * kOfChannel);
  }

 private:
  using Counts = std::array<int, kWindowStrengths.size()>;

  static LabelledRows rows_at(const Training& training, const std::vector<Channels>& series,
                              int stride, const std::vector<int>& places) {
    LabelledRows out;
    for (const int i : places) {
      const auto& tags = training.tags[at(i)];
      out.add(rows_of(series[at(i)], static_cast<int>(tags.size()), stride), tags, stride);
    }
    return out;
  }

  static double choose(const Training& training, const std::vector<Channels>& series) {
    const auto folds = inner_folds(training, kWindowFolds, kFewRows);
    std::vector<Counts> right(folds.size());
    const int classes = static_cast<int>(training.tag_names.size());
    base::parallel_for(static_cast<int>(folds.size()), training.threads, [&](int f) {
      const auto train = rows_at(training, series, 1, folds[at(f)].train);
      const auto held_out = rows_at(training, series, 1, folds[at(f)].held_out);
      for (std::size_t k = 0; k < kWindowStrengths.size(); ++k) {
        const auto model =
            fit_logistic(train.rows, {train.tags, classes}, kWindowStrengths[k], nullptr);
        right[at(f)][k] = count_right(model.predict(held_out.rows), {held_out.tags, classes});
      }
    });
    Counts total{};
    for (const auto& fold : right) {
      for (std::size_t k = 0; k < total.size(); ++k) total[k] += fold[k];
    }
    const auto best = std::max_element(total.begin(), total.end()) - total.begin();
    return kWindowStrengths[static_cast<std::size_t>(best)];
  }

  ChannelScale scale_;
  Logistic model_;
};

}  // namespace

std::unique_ptr<Method> make_window_logistic() { return std::make_unique<WindowLogistic>(); }

}  // namespace refrain::method

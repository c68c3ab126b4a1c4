#include "refrain/score/forecasting.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace refrain::score {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// The contribution of each window to a metric: a weighted mean of numbers, where they are known.
struct ForecastWeigher : Weigher {
  enum Part {
    kMase,
    kSmape,
    kSquaredScaled,
    kNaive2Mase,
    kNaive2Smape,
    kPinball,
    kSize,
    kInside,
    kWidth,
    kMse,
    kMae,
    kAbsolute,
    kSquare,
    kParts
  };

  void reweigh(const std::vector<double>& factor) override {
    for (std::size_t i = 0; i < weight.size(); ++i) weight[i] = own[i] * factor[i];
  }
  // Over the windows that have a number; 0 if there are none.
  double mean(Part part) const {
    double sum = 0, total = 0;
    for (std::size_t i = 0; i < weight.size(); ++i) {
      const double x = of[part][i];
      if (std::isnan(x)) continue;
      sum += weight[i] * x;
      total += weight[i];
    }
    return total > 0 ? sum / total : 0;
  }
  double share(Part part, Part whole) const {
    const double w = mean(whole);
    return w > 0 ? mean(part) / w : 0;
  }

  std::vector<double> own, weight;
  std::vector<double> of[kParts];  // [n]
};

using W = ForecastWeigher;

double owa(const W& w) {
  return (w.share(W::kMase, W::kNaive2Mase) + w.share(W::kSmape, W::kNaive2Smape)) / 2;
}

// Mean of the pinball losses of a step, twice.
double pinball(const Forecasts& f, double truth, const double* quantiles) {
  double sum = 0;
  for (std::size_t q = 0; q < f.levels.size(); ++q) {
    const double gap = truth - quantiles[q];
    sum += std::max(f.levels[q] * gap, (f.levels[q] - 1) * gap);
  }
  return 2 * sum / static_cast<double>(f.levels.size());
}

// The quantiles of one window.
void add_quantiles(const Forecasts& f, std::size_t i, W& w) {
  const auto H = static_cast<std::size_t>(f.horizon), Q = f.levels.size();
  double loss = 0, size = 0, inside = 0, width = 0, steps = 0;
  for (std::size_t h = 0; h < H; ++h) {
    const double y = f.truth[i * H + h];
    if (std::isnan(y)) continue;
    const double* q = f.quantiles.data() + (i * H + h) * Q;
    loss += pinball(f, y, q);
    size += std::fabs(y);
    inside += y >= q[0] && y <= q[Q - 1] ? 1 : 0;
    width += q[Q - 1] - q[0];
    steps += 1;
  }
  const double unit = f.naive_error[i];
  w.of[W::kPinball].push_back(loss / steps);
  w.of[W::kSize].push_back(size / steps);
  w.of[W::kInside].push_back(inside / steps);
  w.of[W::kWidth].push_back(unit > 0 ? width / steps / unit : kNone);
}

void add_window(const Forecasts& f, std::size_t i, W& w) {
  const auto H = static_cast<std::size_t>(f.horizon);
  const auto e = window_errors(f.truth.data() + i * H, f.predicted.data() + i * H, f.horizon);
  const auto over = [](double x, double unit) { return unit > 0 ? x / unit : kNone; };
  w.of[W::kMase].push_back(over(e.absolute, f.naive_error[i]));
  w.of[W::kSmape].push_back(e.smape);
  w.of[W::kSquaredScaled].push_back(std::sqrt(over(e.square, f.naive_square[i])));
  w.of[W::kMse].push_back(over(e.square, f.deviation[i] * f.deviation[i]));
  w.of[W::kMae].push_back(over(e.absolute, f.deviation[i]));
  w.of[W::kAbsolute].push_back(e.absolute);
  w.of[W::kSquare].push_back(e.square);
  if (!f.naive2_mase.empty()) {
    w.of[W::kNaive2Mase].push_back(f.naive_error[i] > 0 ? f.naive2_mase[i] : kNone);
    w.of[W::kNaive2Smape].push_back(f.naive2_smape[i]);
  }
  if (f.has_quantiles()) add_quantiles(f, i, w);
}

Metric mean_of(W::Part part, bool root = false) {
  const double infinite = std::numeric_limits<double>::infinity();
  return {{0, infinite, true},
          metric_of<W>(
              [part, root](const W& w) { return root ? std::sqrt(w.mean(part)) : w.mean(part); }),
          Needs::kNumbers};
}

Metric share_of(double high, bool smaller, double (*of)(const W&)) {
  return {{0, high, smaller}, metric_of<W>(of), Needs::kNumbers};
}

template <class List>
bool all_good(const List& list, bool (*good)(double)) {
  return std::all_of(list.begin(), list.end(), good);
}

}  // namespace

WindowErrors window_errors(const double* truth, const double* predicted, int horizon) {
  WindowErrors e;
  for (int h = 0; h < horizon; ++h) {
    if (std::isnan(truth[h])) continue;
    const double gap = std::fabs(truth[h] - predicted[h]);
    const double size = std::fabs(truth[h]) + std::fabs(predicted[h]);
    e.absolute += gap;
    e.square += gap * gap;
    e.smape += size > 0 ? 200 * (gap / size) : 0;
    ++e.steps;
  }
  if (e.steps == 0) return e;
  e.absolute /= e.steps;
  e.square /= e.steps;
  e.smape /= e.steps;
  return e;
}

const base::Registry<Metric>& forecast_metrics() {
  static const double infinite = std::numeric_limits<double>::infinity();
  static const base::Registry<Metric> list(
      "metric",
      {{"mase", "mean absolute error over that of the seasonal naive method in the history",
        mean_of(W::kMase)},
       {"smape", "symmetric mean absolute percentage error, 0 to 200",
        share_of(200, true, [](const W& w) { return w.mean(W::kSmape); })},
       {"rmsse", "root mean squared error over that of the seasonal naive method in the history",
        mean_of(W::kSquaredScaled)},
       {"owa", "mean of mase and smape, each over that of Naive2", share_of(infinite, true, owa)},
       {"weighted_quantile_loss", "quantile loss over the size of the truths, twice, of all levels",
        share_of(infinite, true, [](const W& w) { return w.share(W::kPinball, W::kSize); })},
       {"coverage", "share of steps whose value lies between the outer quantiles",
        share_of(1, false, [](const W& w) { return w.mean(W::kInside); })},
       {"interval_width", "distance of the outer quantiles, in units of mase", mean_of(W::kWidth)},
       {"mae", "mean absolute error", mean_of(W::kAbsolute)},
       {"rmse", "square root of the mean squared error", mean_of(W::kSquare, true)},
       {"mae_scaled", "mean absolute error, in deviations of the training part", mean_of(W::kMae)},
       {"mse_scaled", "mean squared error, in deviations of the training part", mean_of(W::kMse)}});
  return list;
}

std::size_t Forecasts::size() const {
  return horizon > 0 ? truth.size() / static_cast<std::size_t>(horizon) : 0;
}

void Forecasts::check() const {
  const auto finite = [](double x) { return std::isfinite(x); };
  const auto unit = [](double x) { return std::isfinite(x) && x >= 0; };
  demand(horizon > 0, "a forecast has at least one step");
  const std::size_t n = size(), H = static_cast<std::size_t>(horizon), Q = levels.size();
  demand(truth.size() == n * H, "each window needs all its steps");
  demand(predicted.size() == truth.size(), "as many forecasts as truths are needed");
  demand(quantiles.size() == n * H * Q, "each step needs all quantiles");
  demand(naive_error.size() == n && naive_square.size() == n && deviation.size() == n,
         "each window needs its scales");
  demand(
      naive2_mase.size() == naive2_smape.size() && (naive2_mase.empty() || naive2_mase.size() == n),
      "each window needs both errors of Naive2, or none has them");
  check_weights();
  demand(all_good(predicted, finite) && all_good(quantiles, finite), "a forecast is not finite");
  demand(all_good(naive_error, unit) && all_good(naive_square, unit) && all_good(deviation, unit),
         "a scale is no size");
  demand(all_good(naive2_mase, unit) && all_good(naive2_smape, unit),
         "an error of Naive2 is no size");
  demand(all_good(truth, [](double x) { return !std::isinf(x); }), "a truth is infinite");
  demand(!without_truth(), "a window has no truth");
  for (std::size_t i = 0; i + 1 < quantiles.size(); ++i) {
    demand((i + 1) % Q == 0 || quantiles[i] <= quantiles[i + 1], "quantiles cross");
  }
}

bool Forecasts::without_truth() const {
  const auto missing = [](double y) { return std::isnan(y); };
  for (auto at = truth.begin(); at != truth.end(); at += horizon) {
    if (std::all_of(at, at + horizon, missing)) return true;
  }
  return false;
}

Forecasts Forecasts::by_steps() const {
  Forecasts out;
  out.levels = levels;
  const auto H = static_cast<std::size_t>(horizon), Q = levels.size();
  const auto block = static_cast<std::size_t>(std::max(1.0, std::round(std::sqrt(horizon) / 2)));
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (std::isnan(truth[i])) continue;
    const std::size_t w = i / H;
    const WindowErrors naive2{naive2_mase.empty() ? 0 : naive2_mase[w], 0,
                              naive2_smape.empty() ? 0 : naive2_smape[w], 1};
    out.truth.push_back(truth[i]);
    out.predicted.push_back(predicted[i]);
    out.quantiles.insert(out.quantiles.end(),
                         quantiles.begin() + static_cast<std::ptrdiff_t>(i * Q),
                         quantiles.begin() + static_cast<std::ptrdiff_t>((i + 1) * Q));
    out.naive_error.push_back(naive_error[w]);
    out.naive_square.push_back(naive_square[w]);
    out.deviation.push_back(deviation[w]);
    if (!naive2_mase.empty()) {
      out.naive2_mase.push_back(naive2.absolute);
      out.naive2_smape.push_back(naive2.smape);
    }
    if (!weight.empty()) out.weight.push_back(weight[w]);
    out.group.push_back(static_cast<int>((w * H + i % H) / block));
  }
  out.words = {"blocks of neighbouring steps", ""};
  return out;
}

bool Forecasts::same_samples(const Answers& other) const {
  const auto* f = dynamic_cast<const Forecasts*>(&other);
  const auto equal = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  return f != nullptr && horizon == f->horizon &&
         std::equal(truth.begin(), truth.end(), f->truth.begin(), f->truth.end(), equal) &&
         same_weights(other);
}

NamedMetrics Forecasts::metrics() const {
  NamedMetrics out;
  for (const auto& item : forecast_metrics().items()) {
    const bool of_quantiles = item.name == "weighted_quantile_loss" || item.name == "coverage" ||
                              item.name == "interval_width";
    if (of_quantiles && !has_quantiles()) continue;
    if (item.name == "owa" && naive2_mase.empty()) continue;
    out.push_back(item);
  }
  return out;
}

std::unique_ptr<Weigher> Forecasts::weigher(bool) const {
  check();
  auto w = std::make_unique<ForecastWeigher>();
  w->own = weight.empty() ? std::vector<double>(size(), 1.0) : weight;
  w->weight = w->own;
  for (std::size_t i = 0; i < size(); ++i) add_window(*this, i, *w);
  for (auto& part : w->of) part.resize(size(), kNone);
  return w;
}

std::unique_ptr<Answers> Forecasts::followed_by(const Answers& other) const {
  const auto& next = dynamic_cast<const Forecasts&>(other);
  auto both = std::make_unique<Forecasts>(*this);
  const auto append = [](auto& to, const auto& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  append(both->truth, next.truth);
  append(both->predicted, next.predicted);
  append(both->quantiles, next.quantiles);
  append(both->naive_error, next.naive_error);
  append(both->naive_square, next.naive_square);
  append(both->deviation, next.deviation);
  append(both->naive2_mase, next.naive2_mase);
  append(both->naive2_smape, next.naive2_smape);
  both->append_weights(next);
  return both;
}

std::unique_ptr<Answers> Forecasts::clone() const { return std::make_unique<Forecasts>(*this); }

double Forecasts::work() const {
  return static_cast<double>(truth.size() * std::max<std::size_t>(1, levels.size()));
}

}  // namespace refrain::score

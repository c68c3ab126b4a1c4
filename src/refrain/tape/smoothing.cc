#include "refrain/tape/smoothing.h"

#include <algorithm>
#include <cmath>

namespace refrain::tape {
namespace {

constexpr int kSeasonsLookedAt = 2;  // of a window, for the season it starts with

// One window while it is smoothed. `level` [window + 1]: before the first step, then after each.
// `season` [window + m]: in force at each step.
struct SmoothedWindow {
  const real* x;
  double *level, *season;
  int window, horizon, m;
  int first;  // value that is there; `window`: none is

  bool seasonal() const { return m > 1 && window - first >= kSeasonsLookedAt * m; }
  bool there(int t) const { return !std::isnan(static_cast<double>(x[t])); }
  double value(int t) const { return static_cast<double>(x[t]); }
  // The place in `season` that a step of the window, or of the horizon behind it, has.
  int place(int step) const { return step < window ? step : window + (step - window) % m; }
};

double mean_of(const SmoothedWindow& w, int begin, int end) {
  double sum = 0, n = 0;
  for (int t = begin; t < end; ++t) {
    if (w.there(t)) sum += w.value(t), n += 1;
  }
  return n > 0 ? sum / n : 0;
}

void start(const SmoothedWindow& w) {
  std::fill_n(w.season, w.window + w.m, 0.0);
  std::fill_n(w.level, w.window + 1, 0.0);
  if (w.first == w.window) return;
  if (!w.seasonal()) {
    w.level[w.first] = w.value(w.first);
    return;
  }
  w.level[w.first] = mean_of(w, w.first, w.first + w.m);
  for (int i = 0; i < w.m; ++i) {
    double sum = 0, n = 0;
    for (int k = 0; k < kSeasonsLookedAt; ++k) {
      const int begin = w.first + k * w.m;
      if (!w.there(begin + i)) continue;
      sum += w.value(begin + i) - mean_of(w, begin, begin + w.m);
      n += 1;
    }
    w.season[w.first + i] = n > 0 ? sum / n : 0;
  }
}

void smooth_window(const SmoothedWindow& w, double a, double g) {
  start(w);
  const bool seasonal = w.seasonal();
  for (int t = w.first; t < w.window; ++t) {
    const double S = w.season[t], before = w.level[t];
    w.level[t + 1] = w.there(t) ? a * (w.value(t) - S) + (1 - a) * before : before;
    if (!seasonal) continue;
    w.season[t + w.m] = w.there(t) ? g * (w.value(t) - w.level[t + 1]) + (1 - g) * S : S;
  }
}

struct CoefficientSlopes {
  double a = 0, g = 0;
};

// From the slopes by the last level and by each place of `season`, which it adds to.
CoefficientSlopes smooth_back(const SmoothedWindow& w, double a, double g, double by_level,
                              double* by_season) {
  CoefficientSlopes out;
  const bool seasonal = w.seasonal();
  for (int t = w.window - 1; t >= w.first; --t) {
    const double S = w.season[t], later = seasonal ? by_season[t + w.m] : 0;
    if (!w.there(t)) {
      by_season[t] += later;
      continue;
    }
    out.g += later * (w.value(t) - w.level[t + 1] - S);
    by_level -= g * later;
    out.a += by_level * (w.value(t) - S - w.level[t]);
    by_season[t] += (1 - g) * later - a * by_level;
    by_level *= 1 - a;
  }
  return out;
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

}  // namespace

Var smooth(Tape& tape, Var numbers, const Smoothing& o) {
  const Tensor c = tape.value(numbers);
  require_columns("smooth", c, 2);
  const int B = c.rows(), K = o.window + o.horizon, m = std::max(1, o.season);
  const Var y = tape.result({B, K}, {numbers});
  const auto width = static_cast<std::size_t>(o.window + m);
  auto* windows = tape.arena().array<SmoothedWindow>(static_cast<std::size_t>(B));
  for (int b = 0; b < B; ++b) {
    SmoothedWindow& w = windows[b];
    w = {o.values + static_cast<std::ptrdiff_t>(b) * o.window,
         tape.arena().array<double>(static_cast<std::size_t>(o.window) + 1),
         tape.arena().array<double>(width),
         o.window,
         o.horizon,
         m,
         0};
    while (w.first < w.window && !w.there(w.first)) ++w.first;
    smooth_window(w, sigmoid(static_cast<double>(c.row(b)[0])),
                  sigmoid(static_cast<double>(c.row(b)[1])));
    for (int k = 0; k < K; ++k) {
      tape.value(y).row(b)[k] = static_cast<real>(w.level[w.window] + w.season[w.place(k)]);
    }
  }

  auto* by_season = tape.arena().array<double>(width);
  tape.on_backward(
      y, [c, windows, by_season, width, dy = tape.gradient(y), dc = tape.gradient(numbers)] {
        for (int b = 0; b < dy.rows(); ++b) {
          const SmoothedWindow& w = windows[b];
          double by_level = 0;
          std::fill_n(by_season, width, 0.0);
          for (int k = 0; k < w.window + w.horizon; ++k) {
            const double d = static_cast<double>(dy.row(b)[k]);
            by_level += d;
            by_season[w.place(k)] += d;
          }
          const double a = sigmoid(static_cast<double>(c.row(b)[0]));
          const double g = sigmoid(static_cast<double>(c.row(b)[1]));
          const CoefficientSlopes slopes = smooth_back(w, a, g, by_level, by_season);
          dc.row(b)[0] += static_cast<real>(slopes.a * a * (1 - a));
          dc.row(b)[1] += static_cast<real>(slopes.g * g * (1 - g));
        }
      });
  return y;
}

Var add_chosen(Tape& tape, Var x, Var from, const int* index, real factor) {
  const Tensor in = tape.value(x);
  const Tensor chosen = tape.value(from);
  const Var y = tape.result(in.shape, {x, from});
  const Tensor out = tape.value(y);
  for (std::size_t i = 0; i < in.count(); ++i) {
    out.data[i] = in.data[i] + (index[i] < 0 ? 0 : factor * chosen.data[index[i]]);
  }

  tape.on_backward(
      y, [dy = tape.gradient(y), dx = tape.gradient(x), df = tape.gradient(from), index, factor] {
        for (std::size_t i = 0; i < dy.count(); ++i) {
          if (dx.data != nullptr) dx.data[i] += dy.data[i];
          if (df.data != nullptr && index[i] >= 0) df.data[index[i]] += factor * dy.data[i];
        }
      });
  return y;
}

}  // namespace refrain::tape

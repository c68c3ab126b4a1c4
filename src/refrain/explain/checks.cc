#include "refrain/explain/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "refrain/base/rng.h"

namespace refrain::explain {
namespace {

constexpr int kRandomOrders = 10, kResamples = 1000;
constexpr double kStable = 0.7;   // a lower rank correlation of two seeds is not stable
constexpr double kUnmoved = 0.8;  // a higher one with random weights shows the data, not the model

std::vector<double> sizes(std::vector<double> x) {
  for (double& v : x) v = std::abs(v);
  return x;
}

// By a bootstrap over samples.
Gain gain_of(const std::vector<double>& x) {
  Gain out;
  const auto n = static_cast<double>(x.size());
  out.value = out.low = out.high = std::accumulate(x.begin(), x.end(), 0.0) / n;
  if (x.size() < 2) return out;
  base::Rng rng = base::Rng(1).fork("gain");
  std::vector<double> draws;
  for (int d = 0; d < kResamples; ++d) {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += x[rng.below(x.size())];
    draws.push_back(sum / n);
  }
  std::sort(draws.begin(), draws.end());
  out.low = draws[kResamples / 40];
  out.high = draws[kResamples - 1 - kResamples / 40];
  return out;
}

void add(std::vector<double>& sum, const std::vector<double>& x, double share) {
  sum.resize(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) sum[i] += share * x[i];
}

Curves mean_curves(const std::vector<Checked>& samples) {
  Curves out;
  const double share = 1.0 / static_cast<double>(samples.size());
  for (const Checked& s : samples) {
    out.share = s.curves.share;
    add(out.deletion, s.curves.deletion, share);
    add(out.insertion, s.curves.insertion, share);
    add(out.random_deletion, s.curves.random_deletion, share);
    add(out.random_insertion, s.curves.random_insertion, share);
  }
  return out;
}

template <class Of>
std::vector<double> each(const std::vector<Checked>& samples, const Of& of) {
  std::vector<double> out;
  for (const Checked& s : samples) out.push_back(of(s));
  return out;
}

void find_faults(Verdict& v) {
  if (!(v.deletion.low > 0) && !(v.insertion.low > 0)) {
    v.against.push_back(fmt::format(
        "the parts with the highest scores change the answer no sooner than parts at random: "
        "{:.2f} [{:.2f}, {:.2f}] when they are taken out",
        v.deletion.value, v.deletion.low, v.deletion.high));
  }
  if (v.stability < kStable) {
    v.against.push_back(
        fmt::format("another seed orders the parts otherwise (rank correlation {:.2f}): draw more",
                    v.stability));
  }
  if (v.randomised && *v.randomised > kUnmoved) {
    v.against.push_back(fmt::format(
        "a model with random weights gets almost the same scores (rank correlation {:.2f}): they "
        "show the data rather than the model",
        *v.randomised));
  }
}

}  // namespace

Checked check(const Case& of, const MethodEntry& method, const std::vector<double>& score,
              const Question* random) {
  Checked out;
  out.curves = curves(of, score, kRandomOrders);
  if (method.draws) {
    Case other = of;
    other.seed += 1;
    out.stability = rank_correlation(score, method.explain(other).score);
  }
  if (random != nullptr) {
    const Case other{*random, of.subject, of.column, of.seed, of.draws};
    out.randomised = rank_correlation(sizes(score), sizes(method.explain(other).score));
  }
  return out;
}

Verdict judge(const std::vector<Checked>& samples) {
  Verdict out;
  if (samples.empty()) return out;
  out.deletion = gain_of(each(samples, [](const auto& s) { return s.curves.deletion_gain(); }));
  out.insertion = gain_of(each(samples, [](const auto& s) { return s.curves.insertion_gain(); }));
  const auto n = static_cast<double>(samples.size());
  const auto stability = each(samples, [](const auto& s) { return s.stability; });
  out.stability = std::accumulate(stability.begin(), stability.end(), 0.0) / n;
  const auto random = each(samples, [](const auto& s) { return s.randomised.value_or(0); });
  if (samples.front().randomised) {
    out.randomised = std::accumulate(random.begin(), random.end(), 0.0) / n;
  }
  out.mean = mean_curves(samples);
  find_faults(out);
  return out;
}

}  // namespace refrain::explain

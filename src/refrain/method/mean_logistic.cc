// The mean of an encoder's states (mean_states.h), then multinomial logistic regression whose
// penalty is chosen by the log loss of five inner folds. The rows are dense, so that products with
// packed weights carry the work.
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "refrain/base/at.h"
#include "refrain/base/threads.h"
#include "refrain/kernels/product.h"
#include "refrain/method/inner_folds.h"
#include "refrain/method/lbfgs.h"
#include "refrain/method/list.h"
#include "refrain/method/mean_states.h"
#include "refrain/method/number_ridge.h"
#include "refrain/tensor/arena.h"

namespace refrain::method {
namespace {

using base::at;

// Times the number of samples, the inverse of the penalty on squared weights.
constexpr std::array<double, 7> kStateStrengths = {0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0};
constexpr int kStateFolds = 5, kMostStatesInFolds = 2000;
constexpr LbfgsLimits kStateLimits{100, 2e-5, 8};

// Dense rows [n,H] with the class of each.
struct StateRows {
  std::vector<real> x;
  std::vector<int> target;
  int columns = 0, classes = 0;

  int size() const { return static_cast<int>(target.size()); }
  StateRows pick(const std::vector<int>& places) const {
    StateRows out{{}, at_places(target, places), columns, classes};
    for (const int i : places) {
      const auto row = x.begin() + static_cast<std::ptrdiff_t>(i) * columns;
      out.x.insert(out.x.end(), row, row + columns);
    }
    return out;
  }
};

// Probabilities [n,C] of x [n,H], weights [H+1,C] with the offsets last.
std::vector<double> probabilities_of(const std::vector<real>& x, int n, int H,
                                     const std::vector<double>& weight) {
  const int C = static_cast<int>(weight.size()) / (H + 1);
  const std::vector<real> w(weight.begin(), weight.end());
  tensor::Arena arena;
  real* packed = arena.array<real>(kernels::packed_size(H, C));
  kernels::pack({w.data(), H, C, C, 1}, packed);
  std::vector<real> score(at(n) * at(C));
  kernels::product({.a = x.data(),
                    .a_stride = H,
                    .rows = n,
                    .K = H,
                    .N = C,
                    .packed = packed,
                    .bias = w.data() + at(H) * at(C),
                    .c = score.data(),
                    .c_stride = C});
  std::vector<double> out(score.size());
  for (int i = 0; i < n; ++i) {
    const real* row = score.data() + at(i) * at(C);
    double* p = out.data() + at(i) * at(C);
    const real most = *std::max_element(row, row + C);
    double sum = 0;
    for (int c = 0; c < C; ++c) sum += p[c] = std::exp(static_cast<double>(row[c] - most));
    for (int c = 0; c < C; ++c) p[c] /= sum;
  }
  return out;
}

double log_loss_of(const std::vector<double>& probability, const std::vector<int>& target,
                   std::size_t classes) {
  double loss = 0;
  for (std::size_t i = 0; i < target.size(); ++i) {
    loss -= std::log(std::max(probability[i * classes + at(target[i])], 1e-12));
  }
  return loss;
}

// Mean log loss with the penalty, and its gradient.
double state_loss(const StateRows& rows, double penalty, const std::vector<double>& weight,
                  std::vector<double>& gradient) {
  const int H = rows.columns, C = rows.classes, n = rows.size();
  const auto probability = probabilities_of(rows.x, n, H, weight);
  const double loss = log_loss_of(probability, rows.target, at(C)) / n;
  std::vector<real> d(probability.begin(), probability.end());
  for (int i = 0; i < n; ++i) d[at(i) * at(C) + at(rows.target[at(i)])] -= 1;
  std::vector<real> sums(weight.size());
  kernels::outer_product({.a = rows.x.data(),
                          .a_stride = H,
                          .a_index = nullptr,
                          .b = d.data(),
                          .b_stride = C,
                          .b_index = nullptr,
                          .rows = n,
                          .Ka = H,
                          .Nb = C,
                          .c = sums.data(),
                          .c_stride = C});
  kernels::add_column_sums(d.data(), C, n, C, sums.data() + at(H) * at(C));
  double squares = 0;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    gradient[i] = static_cast<double>(sums[i]) / n;
    if (i >= at(H) * at(C)) continue;  // offsets are free
    gradient[i] += penalty * weight[i];
    squares += weight[i] * weight[i];
  }
  return loss + 0.5 * penalty * squares;
}

void fit_states(const StateRows& rows, double strength, std::vector<double>& weight) {
  weight.resize((at(rows.columns) + 1) * at(rows.classes));
  const double penalty = 1 / (strength * rows.size());
  minimise([&](const std::vector<double>& w,
               std::vector<double>& gradient) { return state_loss(rows, penalty, w, gradient); },
           kStateLimits, weight);
}

class MeanLogistic : public Method {
 public:
  void fit(const Training& training) override {
    StateRows rows{mean_states(training.samples, training.threads), training.targets, 0,
                   training.classes};
    scale_.fit(rows.x, rows.size());
    rows.columns = scale_.columns();
    fit_states(rows, choose(training, rows), weight_);
  }

  std::vector<double> predict(const data::Subset& view, int threads) const override {
    auto x = mean_states(view, threads);
    scale_.apply(x, view.size());
    return probabilities_of(x, view.size(), scale_.columns(), weight_);
  }

  void archive(Archive& file) override {
    scale_.archive(file);
    file.list("weight", weight_);
    file.require(weight_.size() == (at(scale_.columns()) + 1) * at(file.width()));
  }

 private:
  using Losses = std::array<double, kStateStrengths.size()>;

  static double choose(const Training& training, const StateRows& rows) {
    const auto folds = inner_folds(training, kStateFolds, kMostStatesInFolds);
    std::vector<Losses> loss(folds.size());
    base::parallel_for(static_cast<int>(folds.size()), training.threads, [&](int f) {
      const auto train = rows.pick(folds[at(f)].train);
      const auto held_out = rows.pick(folds[at(f)].held_out);
      std::vector<double> weight;  // from the strongest penalty on, each starts at the last
      for (std::size_t k = 0; k < kStateStrengths.size(); ++k) {
        fit_states(train, kStateStrengths[k], weight);
        const auto p = probabilities_of(held_out.x, held_out.size(), rows.columns, weight);
        loss[at(f)][k] = log_loss_of(p, held_out.target, at(rows.classes));
      }
    });
    Losses total{};
    for (const auto& fold : loss) {
      for (std::size_t k = 0; k < total.size(); ++k) total[k] += fold[k];
    }
    if (folds.empty()) return kStateStrengths[2];
    return kStateStrengths[at(
        static_cast<int>(std::min_element(total.begin(), total.end()) - total.begin()))];
  }

  StateScale scale_;
  std::vector<double> weight_;  // [H+1,C]
};

class MeanRidge : public Method {
 public:
  void fit(const Training& training) override {
    auto y = numbers_.fit(training);
    auto x = mean_states(training.samples, training.threads);
    scale_.fit(x, training.samples.size());
    const DenseRidgeRows rows(std::move(x), scale_.columns(), training.threads);
    ridge_.fit(rows, {std::move(y), families_of(training), training.width, training.seed});
  }

  std::vector<double> predict(const data::Subset& view, int threads) const override {
    auto x = mean_states(view, threads);
    scale_.apply(x, view.size());
    auto out = ridge_.predict(x, threads);
    numbers_.restore(out);
    return out;
  }

  void archive(Archive& file) override {
    numbers_.archive(file);
    file.part("states");
    scale_.archive(file);
    file.part("");
    ridge_.archive(file);
    file.require(ridge_.columns() == scale_.columns());
  }

 private:
  NumberScale numbers_;
  StateScale scale_;
  NumberRidge ridge_;
};

}  // namespace

std::unique_ptr<Method> make_mean_logistic() { return std::make_unique<MeanLogistic>(); }
std::unique_ptr<Method> make_mean_ridge() { return std::make_unique<MeanRidge>(); }

}  // namespace refrain::method

#include "refrain/method/logistic.h"

#include <algorithm>
#include <cmath>

#include "refrain/method/lbfgs.h"

namespace refrain::method {
namespace {

constexpr LbfgsLimits kLimits{100, 2e-5, 8};

// score[classes] = x W + b of one row.
void scores(const SparseRows& rows, int row, const std::vector<double>& weight,
            std::vector<double>& score) {
  const std::size_t classes = score.size();
  const double* b = weight.data() + static_cast<std::size_t>(rows.columns) * classes;
  std::copy(b, b + classes, score.begin());
  const auto i = static_cast<std::size_t>(row);
  for (std::size_t k = rows.begin[i]; k < rows.begin[i + 1]; ++k) {
    const double* w = weight.data() + static_cast<std::size_t>(rows.column[k]) * classes;
    for (std::size_t c = 0; c < classes; ++c) score[c] += rows.value[k] * w[c];
  }
}

// Applies softmax in place; returns the logarithm of the sum of exponentials.
double softmax(std::vector<double>& score) {
  const double most = *std::max_element(score.begin(), score.end());
  double sum = 0;
  for (double& s : score) {
    s = std::exp(s - most);
    sum += s;
  }
  for (double& s : score) s /= sum;
  return most + std::log(sum);
}

class Loss {
 public:
  Loss(const SparseRows& rows, const LogisticTargets& targets, double strength)
      : rows_(rows), targets_(targets), penalty_(1.0 / (strength * std::max(1, rows.size()))) {}

  double operator()(const std::vector<double>& weight, std::vector<double>& gradient) const {
    const auto classes = static_cast<std::size_t>(targets_.classes);
    const std::size_t penalised = static_cast<std::size_t>(rows_.columns) * classes;
    double squares = 0;
    for (std::size_t i = 0; i < penalised; ++i) {
      gradient[i] = penalty_ * weight[i];
      squares += weight[i] * weight[i];
    }
    std::fill(gradient.begin() + static_cast<std::ptrdiff_t>(penalised), gradient.end(), 0.0);
    std::vector<double> score(classes);
    double loss = 0;
    for (int i = 0; i < rows_.size(); ++i) loss += add_row(i, weight, score, gradient);
    return loss / rows_.size() + 0.5 * penalty_ * squares;
  }

 private:
  double add_row(int row, const std::vector<double>& weight, std::vector<double>& score,
                 std::vector<double>& gradient) const {
    scores(rows_, row, weight, score);
    const auto target = static_cast<std::size_t>(targets_.target[static_cast<std::size_t>(row)]);
    const double of_target = score[target];
    const double loss = softmax(score) - of_target;
    score[target] -= 1.0;
    const std::size_t classes = score.size();
    for (double& d : score) d /= rows_.size();
    const auto i = static_cast<std::size_t>(row);
    for (std::size_t k = rows_.begin[i]; k < rows_.begin[i + 1]; ++k) {
      double* g = gradient.data() + static_cast<std::size_t>(rows_.column[k]) * classes;
      for (std::size_t c = 0; c < classes; ++c) g[c] += rows_.value[k] * score[c];
    }
    double* b = gradient.data() + static_cast<std::size_t>(rows_.columns) * classes;
    for (std::size_t c = 0; c < classes; ++c) b[c] += score[c];
    return loss;
  }

  const SparseRows& rows_;
  LogisticTargets targets_;
  double penalty_;
};

}  // namespace

SparseRows SparseRows::pick(const std::vector<int>& rows) const {
  SparseRows out;
  out.columns = columns;
  for (const int row : rows) {
    const auto from = static_cast<std::ptrdiff_t>(begin[static_cast<std::size_t>(row)]);
    const auto to = static_cast<std::ptrdiff_t>(begin[static_cast<std::size_t>(row) + 1]);
    out.column.insert(out.column.end(), column.begin() + from, column.begin() + to);
    out.value.insert(out.value.end(), value.begin() + from, value.begin() + to);
    out.begin.push_back(out.column.size());
  }
  return out;
}

void Logistic::archive(Archive& file, int known_classes) {
  file.number("columns", columns, 0, 1 << 30);
  file.list("weight", weight);
  classes = known_classes;
  file.require(weight.size() ==
               (static_cast<std::size_t>(columns) + 1) * static_cast<std::size_t>(classes));
}

std::vector<double> Logistic::predict(const SparseRows& rows) const {
  std::vector<double> out, score(static_cast<std::size_t>(classes));
  for (int i = 0; i < rows.size(); ++i) {
    scores(rows, i, weight, score);
    softmax(score);
    out.insert(out.end(), score.begin(), score.end());
  }
  return out;
}

Logistic fit_logistic(const SparseRows& rows, const LogisticTargets& targets, double strength,
                      const Logistic* start) {
  const std::size_t size =
      (static_cast<std::size_t>(rows.columns) + 1) * static_cast<std::size_t>(targets.classes);
  Logistic model{rows.columns, targets.classes, std::vector<double>(size)};
  if (start != nullptr && start->weight.size() == size) model.weight = start->weight;
  if (rows.size() > 0) minimise(Loss(rows, targets, strength), kLimits, model.weight);
  return model;
}

int count_right(const std::vector<double>& probability, const LogisticTargets& targets) {
  int right = 0;
  const auto classes = static_cast<std::ptrdiff_t>(targets.classes);
  for (std::size_t i = 0; i < targets.target.size(); ++i) {
    const auto row = probability.begin() + static_cast<std::ptrdiff_t>(i) * classes;
    right += std::max_element(row, row + classes) - row == targets.target[i] ? 1 : 0;
  }
  return right;
}

}  // namespace refrain::method

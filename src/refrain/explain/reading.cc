#include "refrain/explain/reading.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "refrain/explain/pass.h"

namespace refrain::explain {
namespace {

constexpr int kMostBeginnings = 30;
constexpr int kPowerSteps = 100;

using Row = std::vector<double>;

data::Sample beginning_of(const Subject& subject, int steps) {
  if (!subject.words(0).empty()) {
    std::vector<bool> hidden(static_cast<std::size_t>(subject.size()), false);
    for (std::size_t p = static_cast<std::size_t>(steps); p < hidden.size(); ++p) hidden[p] = true;
    return subject.without(hidden);
  }
  data::Sample out = subject.sample();
  auto& series = std::get<data::Series>(out.streams.front());
  series.steps = steps;
  series.values.resize(static_cast<std::size_t>(steps) * static_cast<std::size_t>(series.channels));
  return out;
}

const task::Network* first_network(const task::Model& model) {
  for (const auto& m : model.members) {
    const task::Network* network = m.learner->network();
    if (network != nullptr && network->features().streams().size() == 1) return network;
  }
  return nullptr;
}

// The states of the last recurrent layer, a row a step.
std::vector<Row> states_of(const task::Network& network, const data::Dataset& d) {
  const Pass pass(network, network.encode_unlabelled(d, {0}).front(), network.params());
  std::vector<Row> out;
  for (const auto& [name, var] : pass.look().seen) {
    if (!name.starts_with("encoder.")) continue;
    const tensor::Tensor t = pass.tape().value(var);
    out.clear();
    for (int r = 0; r < t.rows(); ++r) out.emplace_back(t.row(r), t.row(r) + t.columns());
  }
  return out;
}

double product(const Row& a, const Row& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

double length(const Row& a) { return std::sqrt(product(a, a)); }

// The direction along which the rows vary most, of length 1 (power iteration); its largest number
// is positive. Zeros where nothing varies.
Row main_axis(const std::vector<Row>& rows) {
  const std::size_t width = rows.empty() ? 0 : rows.front().size();
  Row axis(width, 0.0);
  for (std::size_t k = 0; k < width; ++k) axis[k] = 1.0 + 0.01 * static_cast<double>(k % 7);
  for (int i = 0; i < kPowerSteps; ++i) {
    Row next(width, 0.0);
    for (const Row& row : rows) {
      const double share = product(row, axis);
      for (std::size_t k = 0; k < width; ++k) next[k] += share * row[k];
    }
    const double size = length(next);
    if (!(size > 0)) return Row(width, 0.0);
    for (std::size_t k = 0; k < width; ++k) axis[k] = next[k] / size;
  }
  const auto largest = std::max_element(
      axis.begin(), axis.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
  if (largest != axis.end() && *largest < 0) {
    for (double& x : axis) x = -x;
  }
  return axis;
}

void centre(std::vector<Row>& rows) {
  if (rows.empty()) return;
  Row mean(rows.front().size(), 0.0);
  for (const Row& row : rows) {
    for (std::size_t k = 0; k < mean.size(); ++k)
      mean[k] += row[k] / static_cast<double>(rows.size());
  }
  for (Row& row : rows) {
    for (std::size_t k = 0; k < mean.size(); ++k) row[k] -= mean[k];
  }
}

std::vector<double> along(const std::vector<Row>& rows, const Row& axis) {
  std::vector<double> out;
  for (const Row& row : rows) out.push_back(product(row, axis));
  return out;
}

// Each row less what lies along the axis.
void take_off(std::vector<Row>& rows, const Row& axis) {
  for (Row& row : rows) {
    const double share = product(row, axis);
    for (std::size_t k = 0; k < row.size(); ++k) row[k] -= share * axis[k];
  }
}

}  // namespace

Beginnings beginnings(const ModelQuestion& question, const data::Sample& sample) {
  Beginnings out;
  const Subject subject(sample, {0, false});
  const int all = subject.size() == 0 ? 0 : subject.steps(0);
  std::vector<data::Sample> cut;
  for (int k = 1; k <= std::min(all, kMostBeginnings); ++k) {
    const int steps = static_cast<int>(std::int64_t{all} * k / std::min(all, kMostBeginnings));
    out.steps.push_back(steps);
    cut.push_back(beginning_of(subject, steps));
  }
  if (cut.empty()) return out;
  const auto numbers = question.answers(std::move(cut));
  out.answer.resize(numbers.size() / out.steps.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    out.answer[i % out.answer.size()].push_back(numbers[i]);
  }
  return out;
}

std::vector<StatePath> state_paths(const ModelQuestion& question,
                                   const std::vector<data::Sample>& samples) {
  std::vector<StatePath> out(samples.size());
  const task::Network* network = first_network(question.model());
  if (network == nullptr) return out;
  std::vector<Row> all;
  std::vector<std::size_t> first = {0};  // row of each sample
  for (std::size_t i = 0; i < samples.size(); ++i) {
    auto states = states_of(*network, question.dataset({samples[i]}));
    for (std::size_t t = 0; t < states.size(); ++t) {
      Row gap = states[t];
      for (std::size_t k = 0; t > 0 && k < gap.size(); ++k) gap[k] -= states[t - 1][k];
      out[i].size.push_back(length(states[t]));
      out[i].speed.push_back(length(gap));
    }
    all.insert(all.end(), states.begin(), states.end());
    first.push_back(all.size());
  }
  centre(all);
  const Row one = main_axis(all);
  const auto x = along(all, one);
  take_off(all, one);
  const auto y = along(all, main_axis(all));
  const auto part = [&](const std::vector<double>& of, std::size_t i) {
    return std::vector<double>(of.begin() + static_cast<std::ptrdiff_t>(first[i]),
                               of.begin() + static_cast<std::ptrdiff_t>(first[i + 1]));
  };
  for (std::size_t i = 0; i < samples.size(); ++i) {
    out[i].first_axis = part(x, i);
    out[i].second_axis = part(y, i);
  }
  return out;
}

}  // namespace refrain::explain

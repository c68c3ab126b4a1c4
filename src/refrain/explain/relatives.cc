#include "refrain/explain/relatives.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "refrain/base/threads.h"
#include "refrain/explain/pass.h"

namespace refrain::explain {
namespace {

constexpr std::size_t kMedianOf = 2000;  // distances of which the unit is the median

// What one network makes of samples: the vector below the head [n,V], probabilities [n,C].
struct Rows {
  std::size_t n = 0, width = 0, classes = 0;
  std::vector<double> vector, probability;
};

Rows rows_of(const task::Network& network, const data::Dataset& d, int threads) {
  std::vector<int> all(d.samples.size());
  std::iota(all.begin(), all.end(), 0);
  const auto encoded = network.encode_unlabelled(d, all);
  std::vector<std::vector<double>> vectors(all.size()), outputs(all.size());
  base::parallel_for(static_cast<int>(all.size()), threads, [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    const Pass pass(network, encoded[at], network.params());
    for (const auto& [name, var] : pass.look().seen) {
      if (name != "vector") continue;
      const tensor::Tensor t = pass.tape().value(var);
      vectors[at].assign(t.data, t.data + t.count());
    }
    const tensor::Tensor output = pass.output();
    outputs[at].assign(output.data, output.data + output.count());
    network.goal().finish(outputs[at].data());
  });
  Rows out;
  out.n = all.size();
  for (std::size_t i = 0; i < out.n; ++i) {
    out.vector.insert(out.vector.end(), vectors[i].begin(), vectors[i].end());
    out.probability.insert(out.probability.end(), outputs[i].begin(), outputs[i].end());
  }
  out.width = out.n == 0 ? 0 : vectors.front().size();
  out.classes = out.n == 0 ? 0 : outputs.front().size();
  return out;
}

double distance(const Rows& a, std::size_t i, const Rows& b, std::size_t k) {
  double sum = 0;
  for (std::size_t v = 0; v < a.width; ++v) {
    const double gap = a.vector[i * a.width + v] - b.vector[k * b.width + v];
    sum += gap * gap;
  }
  return std::sqrt(sum);
}

// The median distance of neighbours in a fixed order of the training samples.
double usual_distance(const Rows& training) {
  std::vector<double> all;
  for (std::size_t i = 0; i < std::min(training.n, kMedianOf); ++i) {
    all.push_back(distance(training, i, training, (i * 7 + 3) % training.n));
  }
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::nth_element(all.begin(), middle, all.end());
  return all.empty() || *middle <= 0 ? 1 : *middle;
}

// The product of two gradients of the head's weights and biases: that of what is wrong with the
// probabilities, times that of the vectors and 1. Of an answer, the class that was decided counts
// as its label.
double influence(const Rows& a, std::size_t i, int decided, const Rows& b, std::size_t k,
                 int label) {
  double wrong = 0, alike = 1;
  for (std::size_t c = 0; c < a.classes; ++c) {
    const double mine = a.probability[i * a.classes + c] - (static_cast<int>(c) == decided ? 1 : 0);
    const double its = b.probability[k * b.classes + c] - (static_cast<int>(c) == label ? 1 : 0);
    wrong += mine * its;
  }
  for (std::size_t v = 0; v < a.width; ++v) {
    alike += a.vector[i * a.width + v] * b.vector[k * b.width + v];
  }
  return wrong * alike;
}

std::vector<Relative> first_of(const std::vector<double>& value, int count, bool largest) {
  std::vector<int> order(value.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    const double x = value[static_cast<std::size_t>(a)], y = value[static_cast<std::size_t>(b)];
    return largest ? x > y : x < y;
  });
  std::vector<Relative> out;
  for (int i = 0; i < std::min<int>(count, static_cast<int>(order.size())); ++i) {
    out.push_back({order[static_cast<std::size_t>(i)],
                   value[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])]});
  }
  return out;
}

int label_of(const task::Model& model, const data::Sample& sample) {
  const auto& classes = model.goal->classes();
  const auto found = std::find(classes.begin(), classes.end(), sample.label);
  return found == classes.end() ? -1 : static_cast<int>(found - classes.begin());
}

void require_networks(const task::Model& model) {
  const bool any = std::any_of(model.members.begin(), model.members.end(), [](const auto& m) {
    return m.learner->network() != nullptr && m.weight > 0;
  });
  if (!any) {
    throw Error(Code::kUnsupported, "no member of the model is a network",
                "only networks have vectors of samples: leave --train out");
  }
  if (model.goal->classes().empty()) {
    throw Error(Code::kUnsupported, "influence is for models of classes", "leave --train out");
  }
}

// Sums over the networks, [samples][training].
struct Sums {
  std::vector<std::vector<double>> distance, influence;
};

void add(const task::Network& network, double weight, const data::Dataset& samples,
         const data::Dataset& training, const std::vector<int>& labels, int threads, Sums& sums) {
  const Rows own = rows_of(network, samples, threads), other = rows_of(network, training, threads);
  if (own.width == 0 || other.width == 0) {
    throw Error(Code::kUnsupported, "a network of several streams has no single vector",
                "leave --train out");
  }
  const double unit = usual_distance(other);
  base::parallel_for(static_cast<int>(own.n), threads, [&](int s) {
    const auto i = static_cast<std::size_t>(s);
    const auto row = own.probability.begin() + static_cast<std::ptrdiff_t>(i * own.classes);
    const int decided = static_cast<int>(
        std::max_element(row, row + static_cast<std::ptrdiff_t>(own.classes)) - row);
    for (std::size_t k = 0; k < other.n; ++k) {
      sums.distance[i][k] += weight * distance(own, i, other, k) / unit;
      sums.influence[i][k] += weight * influence(own, i, decided, other, k, labels[k]);
    }
  });
}

}  // namespace

std::vector<Relatives> relatives(const task::Model& model, const data::Dataset& samples,
                                 const data::Dataset& training, int count, int threads) {
  require_networks(model);
  std::vector<int> labels;
  for (const auto& sample : training.samples) labels.push_back(label_of(model, sample));
  const std::vector<double> zeros(training.samples.size());
  Sums sums{std::vector(samples.samples.size(), zeros), std::vector(samples.samples.size(), zeros)};
  double total = 0;
  for (const auto& m : model.members) total += m.learner->network() != nullptr ? m.weight : 0;
  for (const auto& m : model.members) {
    const task::Network* network = m.learner->network();
    if (network == nullptr || m.weight == 0) continue;
    add(*network, m.weight / total, samples, training, labels, threads, sums);
  }
  std::vector<Relatives> out;
  for (std::size_t i = 0; i < samples.samples.size(); ++i) {
    auto& effect = sums.influence[i];
    double most = 1e-12;
    for (const double e : effect) most = std::max(most, std::abs(e));
    for (double& e : effect) e /= most;
    out.push_back({first_of(sums.distance[i], count, false), first_of(effect, count, true),
                   first_of(effect, count, false)});
  }
  return out;
}

}  // namespace refrain::explain

// Methods that look into networks by their gradients. Where a model has several networks their maps
// are averaged by weight; other members have no gradient and no part in it.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "refrain/base/rng.h"
#include "refrain/explain/methods/list.h"
#include "refrain/explain/pass.h"

namespace refrain::explain {
namespace {

constexpr int kFirstSteps = 64, kMostSteps = 1024;  // on the way from the blank input
constexpr double kCompleteEnough = 2e-3;
constexpr int kNoises = 32;
constexpr double kNoise = 0.15;  // of the range of the input

// Numbers [T,F] of what a network reads.
struct Map {
  std::vector<double> cells;
  int rows = 0, columns = 0;
  double promised = 0;  // value of the input less that of the blank one
};

using Outputs = std::vector<std::pair<std::size_t, double>>;

// A network with a sample in front of it. The input can be shrunk towards the blank one: zeros for
// series, which are training means, and zero vectors for words.
class Probe {
 public:
  Probe(const task::Network& network, const data::Dataset& dataset, Outputs outputs)
      : network_(network), outputs_(std::move(outputs)) {
    const std::vector<int> first = {0};
    sample_ = network.encode_unlabelled(dataset, first).front();
    const auto& features = network.features();
    const auto& stream = features.streams().front();
    if (stream.kind == data::StreamKind::kSeries && features.masked(0)) {
      values_ = static_cast<std::size_t>(features.inputs(0) - stream.channels);
    }
  }

  struct Seen {
    std::vector<double> input, gradient;
    int rows = 0, columns = 0;
    double value = 0;
  };

  // At `share` of the way from the blank input to the sample; noise where there is an `rng`.
  Seen at(double share, base::Rng* rng = nullptr, double deviation = 0) const {
    Pass::Alter alter;
    if (share != 1 || rng != nullptr) {
      alter = [&](const tensor::Tensor& input) { shrink(input, share, rng, deviation); };
    }
    Pass pass(network_, sample_, network_.params(), alter);
    return seen_by(pass);
  }

 private:
  void shrink(const tensor::Tensor& input, double share, base::Rng* rng, double deviation) const {
    const auto columns = static_cast<std::size_t>(input.columns());
    for (std::size_t i = 0; i < input.count(); ++i) {
      if (i % columns >= values_) continue;  // a mark of what is missing
      input.data[i] *= static_cast<real>(share);
      if (rng != nullptr) input.data[i] += static_cast<real>(deviation * rng->normal());
    }
  }

  Seen seen_by(Pass& pass) const {
    Seen out;
    for (const auto& [at, weight] : outputs_) {
      out.value += weight * static_cast<double>(pass.output().data[at]);
    }
    const tensor::Tensor input = pass.input();
    out.rows = static_cast<int>(input.rows());
    out.columns = static_cast<int>(input.columns());
    out.input.assign(input.data, input.data + input.count());
    const tensor::Tensor gradient = pass.gradient(outputs_);
    out.gradient.assign(gradient.data, gradient.data + gradient.count());
    return out;
  }

  const task::Network& network_;
  Outputs outputs_;
  data::EncodedSample sample_;
  std::size_t values_ = std::numeric_limits<std::size_t>::max();  // columns that may be shrunk
};

double range_of(const std::vector<double>& x) {
  const auto [least, most] = std::minmax_element(x.begin(), x.end());
  return x.empty() ? 0 : *most - *least;
}

Map saliency_map(const Probe& probe, const Case&) {
  const auto seen = probe.at(1);
  Map out{seen.gradient, seen.rows, seen.columns};
  for (double& cell : out.cells) cell = std::abs(cell);
  return out;
}

Map input_gradient_map(const Probe& probe, const Case&) {
  const auto seen = probe.at(1);
  Map out{seen.gradient, seen.rows, seen.columns};
  for (std::size_t i = 0; i < out.cells.size(); ++i) out.cells[i] *= seen.input[i];
  return out;
}

// The sum over midpoints of `steps` equal pieces of the way.
Map integrated(const Probe& probe, int steps) {
  const auto whole = probe.at(1), blank = probe.at(0);
  Map out{std::vector<double>(whole.input.size()), whole.rows, whole.columns,
          whole.value - blank.value};
  for (int s = 0; s < steps; ++s) {
    const auto seen = probe.at((s + 0.5) / steps);
    for (std::size_t i = 0; i < out.cells.size(); ++i) out.cells[i] += seen.gradient[i] / steps;
  }
  for (std::size_t i = 0; i < out.cells.size(); ++i) {
    out.cells[i] *= whole.input[i] - blank.input[i];
  }
  return out;
}

// Twice as many pieces until the scores add up.
Map integrated_map(const Probe& probe, const Case& of) {
  int steps = of.draws > 0 ? of.draws : kFirstSteps;
  Map out = integrated(probe, steps);
  const auto gap = [](const Map& m) {
    const double sum = std::accumulate(m.cells.begin(), m.cells.end(), 0.0);
    return std::abs(sum - m.promised) / std::max(1e-9, std::abs(m.promised));
  };
  while (of.draws == 0 && gap(out) > kCompleteEnough && steps < kMostSteps) {
    out = integrated(probe, steps *= 2);
  }
  return out;
}

Map smooth_map(const Probe& probe, const Case& of) {
  base::Rng rng = base::Rng(of.seed).fork("smooth");
  const auto own = probe.at(1);
  Map out{std::vector<double>(own.input.size()), own.rows, own.columns};
  const int noises = of.draws > 0 ? of.draws : kNoises;
  for (int n = 0; n < noises; ++n) {
    const auto seen = probe.at(1, &rng, kNoise * range_of(own.input));
    for (std::size_t i = 0; i < out.cells.size(); ++i) out.cells[i] += seen.gradient[i] / noises;
  }
  for (double& cell : out.cells) cell = std::abs(cell);
  return out;
}

Map attention_map(const task::Network& network, const data::EncodedSample& sample) {
  const Pass pass(network, sample, network.params());
  for (const auto& [name, var] : pass.look().seen) {
    if (name != "pooling") continue;
    const tensor::Tensor weights = pass.tape().value(var);
    Map out{std::vector<double>(static_cast<std::size_t>(weights.rows())),
            static_cast<int>(weights.rows()), 1};
    const auto heads = static_cast<std::size_t>(weights.columns());
    for (std::size_t i = 0; i < weights.count(); ++i) {
      out.cells[i / heads] += weights.data[i] / static_cast<double>(heads);
    }
    return out;
  }
  if (pass.look().attention.empty()) {
    throw Error(Code::kUnsupported, "the network has no attention",
                "train with --pooling attention, or choose another method");
  }
  const auto& a = pass.look().attention.back();
  Map out{std::vector<double>(static_cast<std::size_t>(a.steps)), a.steps, 1};
  const auto T = static_cast<std::size_t>(a.steps);
  const double share = 1.0 / (a.heads * a.steps);
  for (std::size_t i = 0; i < static_cast<std::size_t>(a.heads) * T * T; ++i) {
    out.cells[i % T] += share * static_cast<double>(a.weights[i]);
  }
  return out;
}

// Adds the cells that belong to each part.
void add_to_parts(const Map& map, const Subject& subject, double weight, Attribution& out) {
  const int steps = subject.steps(0), channels = subject.channels(0);
  const bool words = !subject.words(0).empty();
  if (words && map.rows != steps) {
    throw Error(Code::kUnsupported, "the network reads other pieces of the text than its words",
                "choose occlusion or shapley");
  }
  std::vector<double> cells(static_cast<std::size_t>(steps) * static_cast<std::size_t>(channels));
  for (int r = 0; r < map.rows; ++r) {
    const int t = static_cast<int>(std::int64_t{r} * steps / map.rows);
    for (int f = 0; f < map.columns; ++f) {
      const double value = map.cells[static_cast<std::size_t>(r * map.columns + f)];
      if (words || map.columns == 1) {
        for (int c = 0; c < channels; ++c)
          cells[static_cast<std::size_t>(t * channels + c)] += value / channels;
      } else {
        cells[static_cast<std::size_t>(t * channels + f % channels)] += value;
      }
    }
  }
  for (std::size_t p = 0; p < subject.parts().size(); ++p) {
    const Part& part = subject.parts()[p];
    for (int t = part.begin; t < part.end; ++t) {
      for (int c = 0; c < channels; ++c) {
        if (part.channel >= 0 && part.channel != c) continue;
        out.score[p] += weight * cells[static_cast<std::size_t>(t * channels + c)];
      }
    }
  }
}

template <class MapOf>
Attribution of_networks(const Case& of, const MapOf& map_of) {
  const ModelQuestion* question = of.question.of_members();
  if (question == nullptr) {
    throw Error(Code::kUnsupported,
                "gradients of forecasts are not told: the level and the scale "
                "of a window follow its values",
                "choose occlusion or shapley");
  }
  const task::Model& model = question->model();
  const auto dataset = question->dataset({of.subject.sample()});
  if (dataset.streams.size() > 1 || dataset.streams.front().from_text) {
    throw Error(Code::kUnsupported, "gradients are for models of one stream without --encoder",
                "choose occlusion or shapley");
  }
  double total = 0;
  for (const auto& m : model.members) total += m.learner->network() != nullptr ? m.weight : 0;
  if (total == 0) {
    throw Error(Code::kUnsupported, "no member of the model is a network",
                "choose occlusion or shapley");
  }
  Attribution out;
  out.score.resize(static_cast<std::size_t>(of.subject.size()));
  for (const auto& m : model.members) {
    const task::Network* network = m.learner->network();
    if (network == nullptr || m.weight == 0) continue;
    const Map map = map_of(*network, dataset);
    add_to_parts(map, of.subject, m.weight / total, out);
    if (map.promised == 0) continue;
    out.promised += m.weight / total * map.promised;
    out.sum += m.weight / total * std::accumulate(map.cells.begin(), map.cells.end(), 0.0);
  }
  return out;
}

template <class MapOf>
Attribution by_gradients(const Case& of, const MapOf& map_of) {
  return of_networks(of, [&](const task::Network& network, const data::Dataset& dataset) {
    return map_of(Probe(network, dataset, of.question.of_members()->outputs(of.column)), of);
  });
}

}  // namespace

Attribution saliency(const Case& of) { return by_gradients(of, saliency_map); }
Attribution input_gradient(const Case& of) { return by_gradients(of, input_gradient_map); }
Attribution integrated_gradients(const Case& of) { return by_gradients(of, integrated_map); }
Attribution smooth_gradient(const Case& of) { return by_gradients(of, smooth_map); }

Attribution attention(const Case& of) {
  return of_networks(of, [&](const task::Network& network, const data::Dataset& dataset) {
    const std::vector<int> first = {0};
    return attention_map(network, network.encode_unlabelled(dataset, first).front());
  });
}

}  // namespace refrain::explain

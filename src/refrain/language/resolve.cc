#include "refrain/language/resolve.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace refrain::language {
namespace {

constexpr int kFewUnits = 4000;  // one softmax is as fast up to this many units

struct Size {
  int hidden, layers;
};

// The sizes that come into question, small ones first.
std::vector<Size> sizes_for(bool characters) {
  if (characters)
    return {{96, 1}, {128, 1}, {192, 1}, {256, 1}, {384, 1}, {512, 1}, {512, 2}, {768, 2}};
  return {{64, 1}, {100, 1}, {150, 1}, {200, 2}, {300, 2}, {400, 2}, {650, 2}};
}

// The largest size that the text has words for: more only learns it by heart.
std::size_t largest_size(double units, std::size_t sizes) {
  std::size_t size = 0;
  for (double enough = 30'000; units >= enough && size + 1 < sizes; enough *= 2.2) ++size;
  return size;
}

double cluster_cost(const std::vector<double>& before, const std::vector<int>& cuts) {
  const double V = static_cast<double>(before.size()) - 1, all = before.back();
  double cost = cuts.front() + static_cast<double>(cuts.size());
  for (std::size_t k = 0; k < cuts.size(); ++k) {
    const auto begin = static_cast<std::size_t>(cuts[k]);
    const double end = k + 1 < cuts.size() ? cuts[k + 1] : V;
    const double share = (before[static_cast<std::size_t>(end)] - before[begin]) / all;
    cost += share * (end - cuts[k]);
  }
  return cost;
}

// Passes that a training of this size is worth: small texts need many.
double passes_wanted(double units, bool characters) {
  return std::clamp((characters ? 2e7 : 1.2e7) / std::max(1.0, units), 3.0, 60.0);
}

void resolve_sizes(const Circumstances& c, const Units& units, const std::vector<double>& counts,
                   LanguageSpec& spec, NetworkForm& form) {
  NetworkSpec& n = spec.network;
  const bool characters = units.kind() == UnitKind::kCharacter;
  const auto sizes = sizes_for(characters);
  const auto put = [&](const Size& size) {
    form.spec = n;
    if (n.hidden == kAuto) form.spec.hidden = size.hidden;
    if (n.layers == kAuto) form.spec.layers = size.layers;
    if (n.embedding_dim == kAuto) {
      const int most = characters ? std::min(64, form.vocabulary) : form.spec.hidden;
      form.spec.embedding_dim = std::min(form.spec.hidden, most);
    }
  };
  std::size_t at = largest_size(c.units, sizes.size());
  put(sizes[at]);
  const double rate = kOperationsPerSecond * std::min(c.threads, 2);
  const double least_passes = characters ? 4 : 5;
  while (c.seconds > 0 && at > 0 &&
         operations_of(form, counts) * c.units * least_passes > rate * c.seconds) {
    put(sizes[--at]);
  }
  n = form.spec;
}

// Few enough streams that a pass has 600 updates, and a short training 800.
int choose_streams(double units, double passes, int bptt) {
  const double windows = std::min(units / 600, units * passes / 800) / bptt;
  return static_cast<int>(std::clamp(windows, 4.0, 64.0));
}

void resolve_drops(double passes, bool characters, LanguageSpec& spec) {
  NetworkSpec& n = spec.network;
  // The more often the same text is read, the more must be held back.
  const double drop = std::clamp((characters ? 0.025 : 0.04) * passes, 0.05, 0.5);
  if (n.dropout == kAutoShare) n.dropout = drop;
  if (n.input_dropout == kAutoShare) n.input_dropout = drop / 2;
  if (n.weight_drop == kAutoShare) n.weight_drop = passes < 10 ? 0 : drop / 2;
  if (n.embedding_dropout == kAutoShare) n.embedding_dropout = passes < 10 ? 0 : drop / 10;
}

}  // namespace

std::vector<int> choose_clusters(const std::vector<double>& counts) {
  std::vector<double> before(counts.size() + 1);
  std::partial_sum(counts.begin(), counts.end(), before.begin() + 1);
  const int V = static_cast<int>(counts.size());
  std::vector<int> best = {V / 2};
  if (before.back() <= 0) return best;
  for (int first = V / 40 + 1; first < V; first += V / 40 + 1) {
    const std::vector<int> one = {first};
    if (cluster_cost(before, one) < cluster_cost(before, best)) best = one;
    for (int second = first + V / 20 + 1; second < V; second += V / 20 + 1) {
      const std::vector<int> two = {first, second};
      if (cluster_cost(before, two) < 0.9 * cluster_cost(before, best)) best = two;
    }
  }
  return best;
}

double operations_of(const NetworkForm& form, const std::vector<double>& counts) {
  const auto& s = form.spec;
  const double gates = kernels::cells().at(s.cell).gates, H = s.hidden, E = s.embedding_dim;
  const double recurrent = gates * H * (E + H + (s.layers - 1) * 2 * H);
  double words = form.vocabulary;
  if (!form.clusters.empty()) {
    std::vector<double> before(counts.size() + 1);
    std::partial_sum(counts.begin(), counts.end(), before.begin() + 1);
    words = cluster_cost(before, form.clusters);
  }
  const double ways = s.bidirectional ? 2 : 1;
  return 6 * ways * (recurrent + words * (form.tied ? E : H));
}

NetworkForm resolve(const Circumstances& c, const Units& units, const std::vector<double>& counts,
                    LanguageSpec& spec) {
  const bool characters = units.kind() == UnitKind::kCharacter;
  NetworkForm form;
  form.vocabulary = units.size();
  form.tied = spec.network.tied == "yes" || (spec.network.tied == "auto" && !characters);
  const bool adaptive = spec.network.softmax == "adaptive" ||
                        (spec.network.softmax == "auto" && form.vocabulary >= kFewUnits);
  if (adaptive && form.vocabulary >= 8) form.clusters = choose_clusters(counts);
  resolve_sizes(c, units, counts, spec, form);
  auto& t = spec.train;
  auto& bptt = spec.reading.bptt;
  if (bptt == kAuto) bptt = characters ? 64 : 35;
  const double operations = operations_of(form, counts) * c.units;
  double passes = t.epochs > 0 ? t.epochs : passes_wanted(c.units, characters);
  if (c.seconds > 0)
    passes = kOperationsPerSecond * std::min(c.threads, 2) * c.seconds / operations;
  double& zero = spec.reading.zero_state;
  if (zero == kAutoShare) zero = characters ? 0.002 : 0.02;  // a window of words is shorter
  if (t.batch_size == 0) t.batch_size = choose_streams(c.units, passes, bptt);
  if (t.epochs == 0) t.epochs = std::max(1, static_cast<int>(std::lround(passes)));
  resolve_drops(passes, characters, spec);
  if (spec.optim.lr == optim::kAutoRate) {
    const double by_size = spec.network.hidden < 256 ? 0.004 : 0.003;
    spec.optim.lr = spec.optim.optimiser == "sgd" ? 20 : by_size;
  }
  form.spec = spec.network;
  return form;
}

}  // namespace refrain::language

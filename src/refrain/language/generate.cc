#include "refrain/language/generate.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace refrain::language {

int choose_unit(const std::vector<double>& log_p, const Generation& o, int without, double draw) {
  std::vector<int> order;
  for (int v = 0; v < static_cast<int>(log_p.size()); ++v) {
    if (v != without) order.push_back(v);
  }
  const auto likelier = [&](int a, int b) {
    const double x = log_p[static_cast<std::size_t>(a)], y = log_p[static_cast<std::size_t>(b)];
    return x != y ? x > y : a < b;
  };
  if (order.empty()) return 0;
  std::sort(order.begin(), order.end(), likelier);
  if (o.temperature <= 0) return order.front();
  const double most = log_p[static_cast<std::size_t>(order.front())];
  std::vector<double> p;
  for (const int v : order) {
    p.push_back(std::exp((log_p[static_cast<std::size_t>(v)] - most) / o.temperature));
  }
  const double all = std::accumulate(p.begin(), p.end(), 0.0);
  std::size_t kept = 0;
  double mass = 0;
  while (kept < p.size() && (kept == 0 || mass < o.top_p * all)) mass += p[kept++];
  double left = draw * mass;
  for (std::size_t i = 0; i < kept; ++i) {
    left -= p[i];
    if (left < 0) return order[i];
  }
  return order[kept - 1];
}

std::string generate(const Source& source, const Generation& o) {
  const LanguageNetwork& network = *source.network;
  const Units& units = source.units;
  std::vector<int> prompt = units.encode(o.prompt);
  // The prompt is the beginning of a line unless it ends with one.
  const bool open = !o.prompt.empty() && o.prompt.back() != '\n';
  if (open && units.kind() != UnitKind::kCharacter && !prompt.empty()) prompt.pop_back();
  std::vector<real> state(network.carried_count(1)), next(state.size());
  std::vector<double> log_p;
  tape::Tape tape;
  const auto read = [&](int id) {
    network.next(tape, id, {state.data(), next.data()}, log_p);
    state.swap(next);
  };
  read(units.mark());
  for (const int id : prompt) read(id);
  base::Rng rng = base::Rng(static_cast<std::uint64_t>(o.seed)).fork("generate");
  std::vector<int> text = prompt;
  for (int i = 0; i < o.length; ++i) {
    if (o.stop != nullptr && o.stop->load(std::memory_order_relaxed)) break;
    if (source.blend) source.blend->mix(text, log_p);
    text.push_back(choose_unit(log_p, o, units.unknown(), rng.uniform()));
    read(text.back());
  }
  const std::string whole = units.decode(text), before = units.decode(prompt);
  return whole.substr(std::min(before.size(), whole.size()));
}

}  // namespace refrain::language

#include <algorithm>
#include <cmath>
#include <numeric>

#include "refrain/base/rng.h"
#include "refrain/explain/methods/list.h"

namespace refrain::explain {
namespace {

constexpr int kUsualDraws = 20;
constexpr double kImportant = 0.25;    // share of the largest score of a run of steps
constexpr std::size_t kSmoothed = 10;  // runs are smoothed over this share of them

// Players of the game: groups of parts that appear together.
using Players = std::vector<std::vector<std::size_t>>;

struct Game {
  const Case& of;
  const Players& players;
  int draws = 0;
  const char* stream = "";  // of random numbers
};

std::vector<std::size_t> shuffled(std::size_t n, base::Rng& rng) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
  return order;
}

// Players appear in the blank sample one after the other in a random order, and in its reverse:
// what the value gains when a player appears is its share, averaged over orders.
Attribution play(const Game& game) {
  base::Rng rng = base::Rng(game.of.seed).fork(game.stream);
  const std::size_t n = game.players.size();
  Attribution out;
  out.score.resize(n);
  std::vector<std::size_t> order;
  for (int draw = 0; draw < game.draws; ++draw) {
    if (draw % 2 == 0) {
      order = shuffled(n, rng);
    } else {
      std::reverse(order.begin(), order.end());
    }
    std::vector<bool> hidden(static_cast<std::size_t>(game.of.subject.size()), true);
    std::vector<data::Sample> samples = {game.of.subject.without(hidden)};
    for (const std::size_t player : order) {
      for (const std::size_t part : game.players[player]) hidden[part] = false;
      samples.push_back(game.of.subject.without(hidden));
    }
    const auto values = game.of.question.values(std::move(samples), game.of.column);
    for (std::size_t i = 0; i < n; ++i) {
      out.score[order[i]] += (values[i + 1] - values[i]) / game.draws;
    }
    out.promised = values.back() - values.front();
  }
  out.sum = std::accumulate(out.score.begin(), out.score.end(), 0.0);
  return out;
}

// Parts of one run of steps, or of one channel, as a player each; which one a part belongs to.
struct Grouping {
  Players players;
  std::vector<std::size_t> of_part;
};

template <class Same>
Grouping group(const std::vector<Part>& parts, const Same& same) {
  Grouping out;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    std::size_t g = 0;
    while (g < out.players.size() && !same(parts[out.players[g].front()], parts[p])) ++g;
    if (g == out.players.size()) out.players.emplace_back();
    out.players[g].push_back(p);
    out.of_part.push_back(g);
  }
  return out;
}

std::vector<double> smoothed(const std::vector<double>& x) {
  const std::size_t reach = x.size() / kSmoothed / 2;
  std::vector<double> out;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::size_t first = i < reach ? 0 : i - reach, end = std::min(x.size(), i + reach + 1);
    double sum = 0;
    for (std::size_t k = first; k < end; ++k) sum += x[k];
    out.push_back(sum / static_cast<double>(end - first));
  }
  return out;
}

double largest(const std::vector<double>& x) {
  double out = 0;
  for (const double v : x) out = std::max(out, std::abs(v));
  return out;
}

}  // namespace

Attribution shapley(const Case& of) {
  Players each;
  for (int p = 0; p < of.subject.size(); ++p) each.push_back({static_cast<std::size_t>(p)});
  return play({of, each, of.draws > 0 ? of.draws : kUsualDraws, "shapley"});
}

// First the runs of steps, with all channels; then each channel within the runs that matter. A part
// has the score of its channel, less in runs that matter less, and speaks against the answer where
// one of both does.
Attribution rescaled(const Case& of) {
  const auto& parts = of.subject.parts();
  const int draws = of.draws > 0 ? of.draws : kUsualDraws;
  const Grouping runs = group(parts, [](const Part& a, const Part& b) {
    return a.stream == b.stream && a.begin == b.begin && a.end == b.end;
  });
  if (runs.players.size() == parts.size()) return shapley(of);
  const auto run = smoothed(play({of, runs.players, draws, "runs"}).score);
  Grouping channels = group(parts, [](const Part& a, const Part& b) {
    return a.stream == b.stream && a.channel == b.channel;
  });
  const double most = largest(run);
  for (auto& player : channels.players) {
    std::erase_if(
        player, [&](std::size_t p) { return std::abs(run[runs.of_part[p]]) < kImportant * most; });
  }
  const auto channel = play({of, channels.players, draws, "channels"}).score;
  Attribution out;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const double a = run[runs.of_part[p]], b = channel[channels.of_part[p]];
    const double size = most > 0 ? std::abs(a * b) / most : 0;
    out.score.push_back(a < 0 || b < 0 ? -size : size);
  }
  return out;
}

}  // namespace refrain::explain

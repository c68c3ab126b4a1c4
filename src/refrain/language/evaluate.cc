#include "refrain/language/evaluate.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "refrain/base/threads.h"

namespace refrain::language {
namespace {

constexpr int kWindow = 128, kStreamsAtOnce = 16;

// Where the streams begin; all read `length` units, and each scores those that the one before it
// did not.
struct Cuts {
  std::vector<int> begin;
  int length = 0;
};

Cuts cut_streams(int n, const Evaluation& how) {
  const int most = std::max(1, n / (4 * std::max(1, how.warm_up)));
  const int S = std::clamp(how.streams, 1, most);
  Cuts cuts;
  cuts.length = (n + (S - 1) * how.warm_up + S - 1) / S;
  for (int s = 0; s < S; ++s) {
    const auto last = static_cast<std::int64_t>(n - cuts.length);
    cuts.begin.push_back(S == 1 ? 0 : static_cast<int>(last * s / (S - 1)));
  }
  return cuts;
}

// Streams [first, first + count) of the cuts, from their beginnings to their ends.
class Reader {
 public:
  Reader(const LanguageNetwork& network, const std::vector<int>& text, int way, int mark)
      : network_(network), text_(text), way_(way), mark_(mark) {}

  void read(const Cuts& cuts, int first, int count, std::vector<double>& out) {
    data::Batch batch;
    batch.B = count;
    batch.key.assign(static_cast<std::size_t>(count), 0);
    std::vector<real> start(network_.carried_count(count)), end(start.size());
    for (int from = 0; from < cuts.length; from += kWindow) {
      const int T = std::min(kWindow, cuts.length - from);
      fill(cuts, first, count, from, T);
      tape_.reset(false);
      nn::Context context{tape_, network_.params(), nullptr, false, base::Rng(0), batch};
      const nn::CarriedStates carried{start.data(), end.data()};
      network_.loss(
          context, {ids_.data(), target_.data(), &table_.steps(), way_, 1, carried, found_.data()});
      for (int b = 0; b < count; ++b) keep(cuts, first + b, b, from, T, count, out);
      start.swap(end);
    }
  }

 private:
  int unit(int place) const {
    if (place < 0) return mark_;
    const auto n = static_cast<int>(text_.size());
    return text_[static_cast<std::size_t>(way_ == 0 ? place : n - 1 - place)];
  }

  void fill(const Cuts& cuts, int first, int count, int from, int T) {
    const auto N = static_cast<std::size_t>(T) * static_cast<std::size_t>(count);
    ids_.resize(N);
    target_.resize(N);
    found_.resize(N);
    table_.assign(std::vector<int>(static_cast<std::size_t>(count), T));
    for (std::size_t n = 0; n < N; ++n) {
      const int t = static_cast<int>(n) / count, b = static_cast<int>(n) % count;
      const int place = cuts.begin[static_cast<std::size_t>(first + b)] + from + t;
      ids_[n] = unit(place - 1);
      target_[n] = unit(place);
    }
  }

  // Stream s, column b of the window, scores what lies behind the end of the stream before it.
  void keep(const Cuts& cuts, int s, int b, int from, int T, int count, std::vector<double>& out) {
    const int begin = cuts.begin[static_cast<std::size_t>(s)];
    const int scored = s == 0 ? 0 : cuts.begin[static_cast<std::size_t>(s - 1)] + cuts.length;
    for (int t = 0; t < T; ++t) {
      const int place = begin + from + t;
      if (place < scored) continue;
      out[static_cast<std::size_t>(place)] = found_[static_cast<std::size_t>(t * count + b)];
    }
  }

  const LanguageNetwork& network_;
  const std::vector<int>& text_;
  int way_, mark_;
  tape::Tape tape_;
  tensor::StepTable table_;
  std::vector<int> ids_, target_;
  std::vector<double> found_;
};

}  // namespace

std::vector<double> surprises(const LanguageNetwork& network, const std::vector<int>& text, int way,
                              const Evaluation& how) {
  std::vector<double> out(text.size());
  if (text.empty()) return out;
  const Cuts cuts = cut_streams(static_cast<int>(text.size()), how);
  const int S = static_cast<int>(cuts.begin.size());
  const int groups = (S + kStreamsAtOnce - 1) / kStreamsAtOnce;
  const auto work = [&](int g) {
    const int first = S * g / groups, end = S * (g + 1) / groups;
    Reader(network, text, way, how.mark).read(cuts, first, end - first, out);
  };
  base::parallel_for(groups, how.threads, std::cref(work));
  return out;
}

Mean mean_over_blocks(const std::vector<double>& numbers, int seed) {
  constexpr std::size_t kMostBlocks = 400, kLeastBlocks = 20, kLeastLength = 50;
  constexpr int kDraws = 2000;
  Mean out;
  const std::size_t n = numbers.size();
  if (n == 0) return out;
  out.value = std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(n);
  const std::size_t blocks = std::min(n, std::clamp(n / kLeastLength, kLeastBlocks, kMostBlocks));
  std::vector<double> sum(blocks), size(blocks);
  for (std::size_t i = 0; i < n; ++i) {
    sum[i * blocks / n] += numbers[i];
    size[i * blocks / n] += 1;
  }
  base::Rng rng = base::Rng(static_cast<std::uint64_t>(seed)).fork("blocks");
  std::vector<double> draws;
  for (int d = 0; d < kDraws; ++d) {
    double total = 0, count = 0;
    for (std::size_t i = 0; i < blocks; ++i) {
      const auto b = static_cast<std::size_t>(rng.below(blocks));
      total += sum[b];
      count += size[b];
    }
    draws.push_back(total / count);
  }
  std::sort(draws.begin(), draws.end());
  out.low = draws[kDraws / 40];
  out.high = draws[kDraws - 1 - kDraws / 40];
  return out;
}

}  // namespace refrain::language

#include "refrain/nn/ctc_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace refrain::nn {
namespace {

constexpr double kImpossible = -std::numeric_limits<double>::infinity();

double log_add(double a, double b) {
  const double most = std::max(a, b), least = std::min(a, b);
  return least == kImpossible ? most : most + std::log1p(std::exp(least - most));
}

// Natural logarithms of the softmax of a row.
std::vector<double> log_softmax(const real* row, int count) {
  std::vector<double> out(row, row + count);
  const double most = *std::max_element(out.begin(), out.end());
  double sum = 0;
  for (const double x : out) sum += std::exp(x - most);
  for (double& x : out) x -= most + std::log(sum);
  return out;
}

// log p of the paths so far that write a prefix, by what they end with.
struct Prefix {
  double blank = kImpossible, symbol = kImpossible;
  double added = 0;  // by the model and the bonus
  double log_p() const { return log_add(blank, symbol); }
  double score() const { return log_p() + added; }
};

// Sorted, so that equal scores have one order.
using Prefixes = std::map<std::vector<int>, Prefix>;

class PrefixBeam {
 public:
  explicit PrefixBeam(const CtcSearch& o) : o_(o) {
    Prefix nothing;
    nothing.blank = 0;
    kept_.emplace(std::vector<int>{}, nothing);
  }

  void step(const std::vector<double>& log_p) {
    Prefixes next;
    const std::vector<int> extending = symbols_that_extend(log_p);
    for (const auto& [symbols, prefix] : kept_) {
      Prefix& same = at(next, symbols, prefix.added);
      const auto blank = static_cast<std::size_t>(o_.blank);
      same.blank = log_add(same.blank, prefix.log_p() + log_p[blank]);
      if (!symbols.empty()) {
        const double again = log_p[static_cast<std::size_t>(symbols.back())];
        same.symbol = log_add(same.symbol, prefix.symbol + again);
      }
      for (const int k : extending) {
        extend(symbols, prefix, k, log_p[static_cast<std::size_t>(k)], next);
      }
    }
    kept_ = std::move(next);
    prune();
  }

  std::vector<CtcSequence> best() const {
    std::vector<CtcSequence> out;
    for (const auto& [symbols, prefix] : kept_) {
      const double end = o_.end ? o_.model_weight * o_.end(symbols) : 0;
      out.push_back({symbols, prefix.log_p(), prefix.score() + end});
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.score > b.score; });
    if (static_cast<int>(out.size()) > o_.best) out.resize(static_cast<std::size_t>(o_.best));
    return out;
  }

 private:
  // Without a model, a symbol matters where it is among the likeliest of the step, one more than
  // prefixes are kept (for the symbol that is there again), or where it leads to a prefix that is
  // kept. The others would be dropped at once.
  std::vector<int> symbols_that_extend(const std::vector<double>& log_p) const {
    const auto p = [&](int k) { return log_p[static_cast<std::size_t>(k)]; };
    std::vector<int> out;
    for (int k = 0; k < static_cast<int>(log_p.size()); ++k) {
      if (k != o_.blank) out.push_back(k);
    }
    const int few = o_.beam + 1;
    if (o_.model || static_cast<int>(out.size()) <= few) return out;
    std::nth_element(out.begin(), out.begin() + few, out.end(),
                     [&](int a, int b) { return p(a) != p(b) ? p(a) > p(b) : a < b; });
    out.resize(static_cast<std::size_t>(few));
    for (const auto& entry : kept_) {
      if (!entry.first.empty()) out.push_back(entry.first.back());
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

  static Prefix& at(Prefixes& list, const std::vector<int>& symbols, double added) {
    const auto [place, fresh] = list.try_emplace(symbols);
    if (fresh) place->second.added = added;
    return place->second;
  }

  // A symbol like the last one begins anew behind a blank only.
  void extend(const std::vector<int>& symbols, const Prefix& prefix, int symbol, double log_p,
              Prefixes& next) const {
    const bool again = !symbols.empty() && symbols.back() == symbol;
    const double before = again ? prefix.blank : prefix.log_p();
    if (before == kImpossible) return;
    auto longer = symbols;
    longer.push_back(symbol);
    const auto known = next.find(longer);
    double added = 0;
    if (known == next.end()) {
      added = prefix.added + o_.bonus;
      if (o_.model) added += o_.model_weight * o_.model(symbols, symbol);
    }
    Prefix& to = at(next, longer, added);
    to.symbol = log_add(to.symbol, before + log_p);
  }

  void prune() {
    if (static_cast<int>(kept_.size()) <= o_.beam) return;
    std::vector<double> scores;
    for (const auto& entry : kept_) scores.push_back(entry.second.score());
    std::nth_element(scores.begin(), scores.begin() + (o_.beam - 1), scores.end(),
                     std::greater<>());
    const double least = scores[static_cast<std::size_t>(o_.beam - 1)];
    // Of equal ones those stay that come first.
    const auto above =
        std::count_if(scores.begin(), scores.end(), [&](double x) { return x > least; });
    auto room = o_.beam - above;
    for (auto entry = kept_.begin(); entry != kept_.end();) {
      const double score = entry->second.score();
      const bool stays = score > least || (score == least && room-- > 0);
      entry = stays ? std::next(entry) : kept_.erase(entry);
    }
  }

  const CtcSearch& o_;
  Prefixes kept_;
};

// The likeliest symbol at each step, merged.
CtcSequence likeliest_path(const tensor::Tensor& scores, int blank) {
  CtcSequence out;
  int before = blank;
  for (int t = 0; t < scores.rows(); ++t) {
    const auto log_p = log_softmax(scores.row(t), scores.columns());
    const auto best = std::max_element(log_p.begin(), log_p.end());
    const int symbol = static_cast<int>(best - log_p.begin());
    out.log_p += *best;
    if (symbol != before && symbol != blank) out.symbols.push_back(symbol);
    before = symbol;
  }
  out.score = out.log_p;
  return out;
}

}  // namespace

std::vector<CtcSequence> ctc_search(const tensor::Tensor& scores, const CtcSearch& options) {
  if (options.beam <= 1) return {likeliest_path(scores, options.blank)};
  PrefixBeam beam(options);
  for (int t = 0; t < scores.rows(); ++t) beam.step(log_softmax(scores.row(t), scores.columns()));
  return beam.best();
}

}  // namespace refrain::nn

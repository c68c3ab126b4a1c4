#include "refrain/nn/beam_search.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "refrain/base/rng.h"
#include "refrain/kernels/elementwise.h"

namespace refrain::nn {
namespace {

constexpr double kLeast = std::numeric_limits<double>::min();  // a probability

// A symbol behind a hypothesis.
struct Continuation {
  int from, symbol;
  double log_p;
};

// A symbol and its probability behind one hypothesis.
struct Next {
  real p;
  int symbol;
};

bool is_likelier(const Next& a, const Next& b) {
  return a.p != b.p ? a.p > b.p : a.symbol < b.symbol;
}

bool is_likelier(const Continuation& a, const Continuation& b) {
  if (a.log_p != b.log_p) return a.log_p > b.log_p;
  return a.from != b.from ? a.from < b.from : a.symbol < b.symbol;
}

bool is_better(const Hypothesis& a, const Hypothesis& b) {
  return a.score != b.score ? a.score > b.score : a.symbols < b.symbols;
}

class Beam {
 public:
  Beam(std::span<const Voice> voices, const BeamOptions& o)
      : o_(o),
        vocabulary_(voices.front().decoder->vocabulary()),
        steps_(static_cast<std::size_t>(voices.front().source.rows())),
        going_(1),
        rng_(o.draws) {
    for (const auto& voice : voices) {
      streams_.emplace_back(*voice.decoder).begin(voice.source, o.beam);
      heads_.push_back(static_cast<std::size_t>(voice.decoder->spec().heads));
    }
  }

  std::vector<Hypothesis> run() {
    for (int length = 0; length < o_.longest && !is_decided(length); ++length) step();
    for (Hypothesis& h : going_) {  // cut off
      if (static_cast<int>(ended_.size()) >= o_.best) break;
      h.ended = false;
      h.score = score(h, h.symbols.size());
      ended_.push_back(std::move(h));
    }
    std::stable_sort(ended_.begin(), ended_.end(), is_better);
    const auto equal = [](const Hypothesis& a, const Hypothesis& b) {
      return a.symbols == b.symbols && a.ended == b.ended;
    };
    ended_.erase(std::unique(ended_.begin(), ended_.end(), equal), ended_.end());
    if (static_cast<int>(ended_.size()) > o_.best) ended_.resize(static_cast<std::size_t>(o_.best));
    return std::move(ended_);
  }

 private:
  // `length` counts the end.
  double score(const Hypothesis& h, std::size_t length) const {
    double out = h.log_p / length_normaliser(static_cast<double>(length), o_.length_power);
    if (o_.coverage <= 0) return out;
    for (std::size_t u = 0; u < steps_; ++u) {
      double sum = 0;
      for (std::size_t at = u; at < h.weights.size(); at += steps_) {
        sum += static_cast<double>(h.weights[at]);
      }
      out += o_.coverage * std::log(std::clamp(sum, 1e-6, 1.0));
    }
    return out;
  }

  // Nothing that goes on can be better than what has ended, since log p only falls.
  bool is_decided(int length) const {
    if (going_.empty()) return true;
    if (length == 0 || o_.temperature > 0 || static_cast<int>(ended_.size()) < o_.best)
      return false;
    std::vector<double> scores;
    for (const auto& h : ended_) scores.push_back(h.score);
    std::nth_element(scores.begin(), scores.begin() + (o_.best - 1), scores.end(),
                     std::greater<>());
    const double most = going_.front().log_p / length_normaliser(o_.longest + 1, o_.length_power);
    return most <= scores[static_cast<std::size_t>(o_.best - 1)];
  }

  void step() {
    std::vector<int> symbols;
    for (const auto& h : going_) symbols.push_back(h.symbols.empty() ? o_.mark : h.symbols.back());
    const real* p = say(symbols);
    std::vector<Hypothesis> next;
    std::vector<int> from;
    for (const auto& c : o_.temperature > 0 ? drawn(p) : continuations(p)) {
      Hypothesis h = going_[static_cast<std::size_t>(c.from)];
      h.log_p = c.log_p;
      add_weights(c.from, h);
      if (c.symbol == o_.mark) {
        h.score = score(h, h.symbols.size() + 1);
        ended_.push_back(std::move(h));
        continue;
      }
      h.symbols.push_back(c.symbol);
      next.push_back(std::move(h));
      from.push_back(c.from);
    }
    for (DecoderStream& s : streams_) s.keep(from.data(), static_cast<int>(from.size()));
    going_ = std::move(next);
  }

  // The step of all hypotheses by all voices -> their mean probabilities [going,vocabulary].
  const real* say(const std::vector<int>& symbols) {
    for (DecoderStream& s : streams_) s.step(symbols.data());
    if (streams_.size() == 1) return streams_.front().probabilities();
    mean_.assign(symbols.size() * static_cast<std::size_t>(vocabulary_), real{0});
    for (const DecoderStream& s : streams_) {
      kernels::add_scaled(s.probabilities(), real{1} / static_cast<real>(streams_.size()),
                          mean_.size(), mean_.data());
    }
    return mean_.data();
  }

  // The likeliest ones, as many as go on; ends come on top, where they are among the first.
  std::vector<Continuation> continuations(const real* p) const {
    const auto wanted = 2 * static_cast<std::size_t>(o_.beam);
    std::vector<Continuation> all;
    std::vector<Next> next;
    for (int k = 0; k < static_cast<int>(going_.size()); ++k, p += vocabulary_) {
      find_likeliest(p, wanted, next);
      for (const Next& n : next) {
        const double log_p = std::log(std::max(static_cast<double>(n.p), kLeast));
        all.push_back({k, n.symbol, going_[static_cast<std::size_t>(k)].log_p + log_p});
      }
    }
    keep_first(wanted, all);
    std::vector<Continuation> out;
    int going = 0;
    for (std::size_t i = 0; i < all.size() && going < o_.beam; ++i) {
      out.push_back(all[i]);
      going += all[i].symbol == o_.mark ? 0 : 1;
    }
    return out;
  }

  // One symbol behind each hypothesis; at first all hypotheses are one.
  std::vector<Continuation> drawn(const real* p) {
    const int each = going_.front().symbols.empty() ? o_.beam : 1;
    std::vector<Continuation> out;
    std::vector<double> mass(static_cast<std::size_t>(vocabulary_));
    for (int k = 0; k < static_cast<int>(going_.size()); ++k, p += vocabulary_) {
      double sum = 0;
      for (std::size_t v = 0; v < mass.size(); ++v) {
        mass[v] = sum += std::pow(static_cast<double>(p[v]), 1 / o_.temperature);
      }
      for (int i = 0; i < each; ++i) {
        const auto at = std::upper_bound(mass.begin(), mass.end(), rng_.uniform() * sum);
        const int symbol = static_cast<int>(std::min(at, mass.end() - 1) - mass.begin());
        const double log_p = std::log(std::max(static_cast<double>(p[symbol]), kLeast));
        out.push_back({k, symbol, going_[static_cast<std::size_t>(k)].log_p + log_p});
      }
    }
    return out;
  }

  // Those of p [vocabulary]. More than wanted are collected and thrown away from time to time.
  void find_likeliest(const real* p, std::size_t wanted, std::vector<Next>& found) const {
    found.clear();
    real least = 0;
    for (int v = 0; v < vocabulary_; ++v) {
      if (p[v] < least) continue;
      found.push_back({p[v], v});
      if (found.size() < 8 * wanted) continue;
      keep_first(wanted, found);
      least = found.back().p;
    }
    keep_first(wanted, found);
  }

  template <class Item>
  static void keep_first(std::size_t wanted, std::vector<Item>& all) {
    wanted = std::min(wanted, all.size());
    std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(wanted), all.end(),
                      [](const Item& a, const Item& b) { return is_likelier(a, b); });
    all.resize(wanted);
  }

  // Those of the step of hypothesis k, the mean over heads and voices.
  void add_weights(int k, Hypothesis& h) const {
    const std::size_t from = h.weights.size();
    h.weights.resize(from + steps_);
    for (std::size_t n = 0; n < streams_.size(); ++n) {
      const std::size_t count = heads_[n] * steps_;
      const real* at = streams_[n].weights() + static_cast<std::size_t>(k) * count;
      const real part = real{1} / static_cast<real>(heads_[n] * streams_.size());
      for (std::size_t i = 0; i < count; ++i) h.weights[from + i % steps_] += part * at[i];
    }
  }

  const BeamOptions& o_;
  int vocabulary_;
  std::size_t steps_;  // of the source
  std::vector<DecoderStream> streams_;
  std::vector<std::size_t> heads_;  // of each stream
  std::vector<Hypothesis> going_, ended_;
  std::vector<real> mean_;
  base::Rng rng_;
};

}  // namespace

double length_normaliser(double length, double power) { return std::pow((5 + length) / 6, power); }

std::vector<Hypothesis> beam_search(const Voice& voice, const BeamOptions& options) {
  return beam_search(std::span<const Voice>(&voice, 1), options);
}

std::vector<Hypothesis> beam_search(std::span<const Voice> voices, const BeamOptions& options) {
  return Beam(voices, options).run();
}

}  // namespace refrain::nn

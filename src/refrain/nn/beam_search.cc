#include "refrain/nn/beam_search.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace refrain::nn {
namespace {

constexpr double kLeast = 1e-300;  // a mean probability

// A symbol behind a hypothesis.
struct Continuation {
  int from, symbol;
  double log_p;
};

bool is_likelier(const Continuation& a, const Continuation& b) {
  if (a.log_p != b.log_p) return a.log_p > b.log_p;
  return a.from != b.from ? a.from < b.from : a.symbol < b.symbol;
}

bool is_better(const Hypothesis& a, const Hypothesis& b) {
  return a.score != b.score ? a.score > b.score : a.symbols < b.symbols;
}

class Beam {
 public:
  Beam(std::span<const Voice> voices, const BeamOptions& o) : o_(o), going_(1) {
    for (const auto& voice : voices) {
      const Decoder& d = *voice.decoder;
      speakers_.push_back({&d,
                           voice.context,
                           d.source(*voice.context, voice.encoded),
                           d.start(*voice.context, voice.encoded),
                           {},
                           {}});
    }
    steps_ = static_cast<std::size_t>(speakers_.front().source.steps);
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
    if (static_cast<int>(ended_.size()) > o_.best) ended_.resize(static_cast<std::size_t>(o_.best));
    return std::move(ended_);
  }

 private:
  double normaliser(double length) const { return std::pow((5 + length) / 6, o_.length_power); }

  // `length` counts the end.
  double score(const Hypothesis& h, std::size_t length) const {
    double out = h.log_p / normaliser(static_cast<double>(length));
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
    if (length == 0 || static_cast<int>(ended_.size()) < o_.best) return false;
    std::vector<double> scores;
    for (const auto& h : ended_) scores.push_back(h.score);
    std::nth_element(scores.begin(), scores.begin() + (o_.best - 1), scores.end(),
                     std::greater<>());
    const double most = going_.front().log_p / normaliser(o_.longest + 1);
    return most <= scores[static_cast<std::size_t>(o_.best - 1)];
  }

  void step() {
    std::vector<int> symbols;
    for (const auto& h : going_) symbols.push_back(h.symbols.empty() ? o_.mark : h.symbols.back());
    say(symbols);
    std::vector<Hypothesis> next;
    std::vector<int> from;
    for (const auto& c : continuations()) {
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
    for (Speaker& s : speakers_) s.states = s.states.picked(from);
    going_ = std::move(next);
  }

  // The step of all hypotheses by all voices; log_p_ gets the logarithm of their mean probability.
  void say(const std::vector<int>& symbols) {
    for (Speaker& s : speakers_) {
      s.decoder->step(*s.context, s.source, symbols.data(), s.states, s.log_p, &s.weights);
    }
    log_p_ = speakers_.front().log_p;
    if (speakers_.size() == 1) return;
    const double count = static_cast<double>(speakers_.size());
    for (std::size_t i = 0; i < log_p_.size(); ++i) {
      double sum = 0;
      for (const Speaker& s : speakers_) sum += std::exp(s.log_p[i]);
      log_p_[i] = std::log(std::max(sum / count, kLeast));
    }
  }

  // The likeliest ones, as many as go on; ends come on top, where they are among the first.
  std::vector<Continuation> continuations() const {
    const int V = speakers_.front().decoder->vocabulary();
    const auto wanted = 2 * static_cast<std::size_t>(o_.beam);
    // Those found so far, of which more than wanted are thrown away from time to time.
    std::vector<Continuation> all;
    double least = -std::numeric_limits<double>::infinity();
    const double* row = log_p_.data();
    for (int k = 0; k < static_cast<int>(going_.size()); ++k, row += V) {
      const double before = going_[static_cast<std::size_t>(k)].log_p;
      for (int v = 0; v < V; ++v) {
        if (before + row[v] < least) continue;
        all.push_back({k, v, before + row[v]});
        if (all.size() < 8 * wanted) continue;
        keep_first(wanted, all);
        least = all.back().log_p;
      }
    }
    keep_first(std::min(wanted, all.size()), all);
    std::vector<Continuation> out;
    int going = 0;
    for (std::size_t i = 0; i < all.size() && going < o_.beam; ++i) {
      out.push_back(all[i]);
      going += all[i].symbol == o_.mark ? 0 : 1;
    }
    return out;
  }

  static void keep_first(std::size_t wanted, std::vector<Continuation>& all) {
    std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(wanted), all.end(),
                      is_likelier);
    all.resize(wanted);
  }

  // Those of the step of hypothesis k, the mean over heads and voices.
  void add_weights(int k, Hypothesis& h) const {
    const std::size_t from = h.weights.size();
    h.weights.resize(from + steps_);
    for (const Speaker& s : speakers_) {
      const auto heads = static_cast<std::size_t>(s.decoder->spec().heads);
      const real* at = s.weights.data() + static_cast<std::size_t>(k) * heads * steps_;
      const real part = real{1} / static_cast<real>(heads * speakers_.size());
      for (std::size_t i = 0; i < heads * steps_; ++i) h.weights[from + i % steps_] += part * at[i];
    }
  }

  struct Speaker {
    const Decoder* decoder;
    Context* context;
    DecoderSource source;
    DecoderStates states;
    std::vector<double> log_p;
    std::vector<real> weights;
  };
  const BeamOptions& o_;
  std::vector<Speaker> speakers_;
  std::size_t steps_ = 0;  // of the source
  std::vector<Hypothesis> going_, ended_;
  std::vector<double> log_p_;
};

}  // namespace

std::vector<Hypothesis> beam_search(const Decoder& decoder, Context& context,
                                    const StepStates& encoded, const BeamOptions& options) {
  const Voice one{&decoder, &context, encoded};
  return beam_search(std::span<const Voice>(&one, 1), options);
}

std::vector<Hypothesis> beam_search(std::span<const Voice> voices, const BeamOptions& options) {
  return Beam(voices, options).run();
}

}  // namespace refrain::nn

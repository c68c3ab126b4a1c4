#include "refrain/nn/beam_search.h"

#include <algorithm>
#include <cmath>

namespace refrain::nn {
namespace {

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
  Beam(const Decoder& decoder, Context& context, const StepStates& encoded, const BeamOptions& o)
      : decoder_(decoder),
        context_(context),
        o_(o),
        source_(decoder.source(context, encoded)),
        states_(decoder.start(context, encoded)),
        going_(1) {}

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
    const auto steps = static_cast<std::size_t>(source_.steps);
    for (std::size_t u = 0; u < steps; ++u) {
      double sum = 0;
      for (std::size_t at = u; at < h.weights.size(); at += steps) {
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
    decoder_.step(context_, source_, symbols.data(), states_, log_p_, &weights_);
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
    states_ = states_.picked(from);
    going_ = std::move(next);
  }

  // The likeliest ones, as many as go on; ends come on top, where they are among the first.
  std::vector<Continuation> continuations() const {
    const int V = decoder_.vocabulary();
    std::vector<Continuation> all;
    for (int k = 0; k < static_cast<int>(going_.size()); ++k) {
      for (int v = 0; v < V; ++v) {
        const auto at =
            static_cast<std::size_t>(k) * static_cast<std::size_t>(V) + static_cast<std::size_t>(v);
        all.push_back({k, v, going_[static_cast<std::size_t>(k)].log_p + log_p_[at]});
      }
    }
    const std::size_t wanted =
        std::min<std::size_t>(all.size(), 2 * static_cast<std::size_t>(o_.beam));
    std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(wanted), all.end(),
                      is_likelier);
    std::vector<Continuation> out;
    int going = 0;
    for (std::size_t i = 0; i < wanted && going < o_.beam; ++i) {
      out.push_back(all[i]);
      going += all[i].symbol == o_.mark ? 0 : 1;
    }
    return out;
  }

  // Those of the step of hypothesis k, the mean over heads.
  void add_weights(int k, Hypothesis& h) const {
    const auto steps = static_cast<std::size_t>(source_.steps);
    const auto heads = static_cast<std::size_t>(decoder_.spec().heads);
    const real* at = weights_.data() + static_cast<std::size_t>(k) * heads * steps;
    for (std::size_t u = 0; u < steps; ++u) {
      real sum = 0;
      for (std::size_t head = 0; head < heads; ++head) sum += at[head * steps + u];
      h.weights.push_back(sum / static_cast<real>(heads));
    }
  }

  const Decoder& decoder_;
  Context& context_;
  const BeamOptions& o_;
  DecoderSource source_;
  DecoderStates states_;
  std::vector<Hypothesis> going_, ended_;
  std::vector<double> log_p_;
  std::vector<real> weights_;
};

}  // namespace

std::vector<Hypothesis> beam_search(const Decoder& decoder, Context& context,
                                    const StepStates& encoded, const BeamOptions& options) {
  return Beam(decoder, context, encoded, options).run();
}

}  // namespace refrain::nn

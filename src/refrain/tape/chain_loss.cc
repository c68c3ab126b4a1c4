#include "refrain/tape/chain_loss.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "refrain/base/error.h"
#include "refrain/kernels/elementwise.h"
#include "refrain/kernels/product.h"

namespace refrain::tape {
namespace {

using tensor::Steps;

// Scaled sums below this may have lost what counts.
constexpr double kLeastSum = sizeof(real) == 8 ? 1e-200 : 1e-18;
constexpr double kNone = -std::numeric_limits<double>::infinity();

// The values of a chain on plain memory.
struct ChainView {
  Tensor emissions, transitions, begin, end;
  ChainRules rules;
  int K;

  bool may_follow(int i, int j) const {
    return rules.pair == nullptr || rules.pair[i * K + j] != 0;
  }
  bool may_begin(int j) const { return rules.begin == nullptr || rules.begin[j] != 0; }
  bool may_end(int j) const { return rules.end == nullptr || rules.end[j] != 0; }
};

// The results of a pass over all sequences.
struct ChainSums {
  double* log_z;               // [B]
  real* marginal;              // [N,K]
  real *before, *after;        // [N,K] the two factors of the pairs' probabilities, or null
  const real* exp_transition;  // [K,K], of which the pairs' probabilities are multiples
  double most;                 // the largest transition, which is left out of these
  Tensor more_pairs;           // [K,K] of sequences that were computed by themselves; or no data
};

ChainView view_of(Tape& tape, const ChainScores& s, const ChainRules& rules, const Steps& steps) {
  ChainView v{tape.value(s.emissions),
              tape.value(s.transitions),
              tape.value(s.begin),
              tape.value(s.end),
              rules,
              tape.value(s.emissions).columns()};
  require_shape("chain", v.emissions, {steps.N, v.K});
  require_shape("chain", v.transitions, {v.K, v.K});
  require_shape("chain", v.begin, {v.K});
  require_shape("chain", v.end, {v.K});
  return v;
}

double log_sum(const double* x, int n) {
  const double most = *std::max_element(x, x + n);
  if (most == kNone) return kNone;
  double sum = 0;
  for (int i = 0; i < n; ++i) sum += std::exp(x[i] - most);
  return most + std::log(sum);
}

// One sequence in logarithms of doubles: slow, and right whatever the numbers.
class ExactChain {
 public:
  ExactChain(Tape& tape, const ChainView& v, const Steps& steps, int b)
      : v_(v), steps_(steps), b_(b), T_(steps.length[b]) {
    const auto K = static_cast<std::size_t>(v.K);
    forward_ = tape.arena().array<double>(static_cast<std::size_t>(T_) * K);
    backward_ = tape.arena().array<double>(static_cast<std::size_t>(T_) * K);
    terms_ = tape.arena().array<double>(K);
  }

  // Adds `weight` times the probabilities of pairs.
  void run(double weight, ChainSums& sums) {
    const int K = v_.K;
    for (int t = 0; t < T_; ++t) {
      for (int j = 0; j < K; ++j) at(forward_, t, j) = emission(t, j) + arriving(t, j);
    }
    for (int t = T_ - 1; t >= 0; --t) {
      for (int i = 0; i < K; ++i) at(backward_, t, i) = leaving(t, i);
    }
    for (int j = 0; j < K; ++j) terms_[j] = at(forward_, T_ - 1, j) + at(backward_, T_ - 1, j);
    const double log_z = log_sum(terms_, K);
    if (log_z == kNone) throw Error(Code::kInternal, "[chain] the rules allow no sequence");
    sums.log_z[b_] = log_z;
    for (int t = 0; t < T_; ++t) {
      real* p = sums.marginal + static_cast<std::ptrdiff_t>(steps_.row(t, b_)) * K;
      for (int j = 0; j < K; ++j) {
        p[j] = static_cast<real>(std::exp(at(forward_, t, j) + at(backward_, t, j) - log_z));
      }
    }
    if (sums.before != nullptr) add_pairs(log_z, weight, sums);
  }

 private:
  double& at(double* x, int t, int j) const { return x[static_cast<std::ptrdiff_t>(t) * v_.K + j]; }
  double emission(int t, int j) const {
    return static_cast<double>(v_.emissions.row(steps_.row(t, b_))[j]);
  }
  double transition(int i, int j) const {
    return v_.may_follow(i, j) ? static_cast<double>(v_.transitions.row(i)[j]) : kNone;
  }
  double arriving(int t, int j) {
    if (t == 0) return v_.may_begin(j) ? static_cast<double>(v_.begin.data[j]) : kNone;
    for (int i = 0; i < v_.K; ++i) terms_[i] = at(forward_, t - 1, i) + transition(i, j);
    return log_sum(terms_, v_.K);
  }
  double leaving(int t, int i) {
    if (t == T_ - 1) return v_.may_end(i) ? static_cast<double>(v_.end.data[i]) : kNone;
    for (int j = 0; j < v_.K; ++j) {
      terms_[j] = transition(i, j) + emission(t + 1, j) + at(backward_, t + 1, j);
    }
    return log_sum(terms_, v_.K);
  }
  void add_pairs(double log_z, double weight, ChainSums& sums) {
    for (int t = 1; t < T_; ++t) {
      for (int i = 0; i < v_.K; ++i) {
        for (int j = 0; j < v_.K; ++j) {
          const double log_p = at(forward_, t - 1, i) + transition(i, j) + emission(t, j) +
                               at(backward_, t, j) - log_z;
          sums.more_pairs.row(i)[j] += static_cast<real>(weight * std::exp(log_p));
        }
      }
    }
  }

  const ChainView& v_;
  const Steps& steps_;
  int b_, T_;
  double *forward_, *backward_, *terms_;
};

// All sequences at once on scaled probabilities. `after` holds what a step gives and what follows.
class ScaledChain {
 public:
  ScaledChain(Tape& tape, const ChainView& v, const Steps& steps)
      : tape_(tape), v_(v), steps_(steps), K_(v.K) {
    const auto K = static_cast<std::size_t>(K_), N = static_cast<std::size_t>(steps.N);
    auto& arena = tape.arena();
    transition_ = arena.array<real>(K * K);
    begin_ = arena.array<real>(K);
    end_ = arena.array<real>(K);
    emission_ = arena.array<real>(N * K);
    forward_ = arena.array<real>(N * K);
    backward_ = arena.array<real>(N * K);
    scratch_ = arena.array<real>(static_cast<std::size_t>(steps.B) * K);
    scale_ = arena.array<double>(N);
    hard_ = arena.array<unsigned char>(static_cast<std::size_t>(steps.B));
    std::fill_n(hard_, steps.B, static_cast<unsigned char>(0));
  }

  // `pairs`: whether their probabilities are wanted, weighed by the weights [B] of the sequences.
  ChainSums run(bool pairs, const real* weight) {
    exponentials();
    ChainSums sums{};
    sums.log_z = tape_.arena().array<double>(static_cast<std::size_t>(steps_.B));
    sums.marginal = tape_.arena().array<real>(static_cast<std::size_t>(steps_.N * K_));
    sums.exp_transition = transition_;
    sums.most = most_;
    forward(sums);
    backward(sums);
    if (pairs) {
      sums.before = forward_;
      sums.after = backward_;
      sums.more_pairs = tape_.arena().zeros({K_, K_});
    }
    for (int b = 0; b < steps_.B; ++b) {
      if (hard_[b] == 0) continue;
      ExactChain(tape_, v_, steps_, b)
          .run(weight == nullptr ? 1 : static_cast<double>(weight[b]), sums);
      for (int t = 0; t < steps_.length[b]; ++t) {  // its pairs are counted
        std::fill_n(row(forward_, t, b), K_, real{0});
        std::fill_n(row(backward_, t, b), K_, real{0});
      }
    }
    return sums;
  }

 private:
  real* row(real* x, int t, int b) const {
    return x + static_cast<std::ptrdiff_t>(steps_.row(t, b)) * K_;
  }

  static double exponential(const real* x, int n, real* out) {
    const real most = *std::max_element(x, x + n);
    for (int i = 0; i < n; ++i) out[i] = x[i] - most;
    kernels::exp(out, static_cast<std::size_t>(n), out);
    return static_cast<double>(most);
  }

  void exponentials() {
    most_ = exponential(v_.transitions.data, K_ * K_, transition_);
    begin_most_ = exponential(v_.begin.data, K_, begin_);
    end_most_ = exponential(v_.end.data, K_, end_);
    for (int i = 0; i < K_; ++i) {
      if (!v_.may_begin(i)) begin_[i] = 0;
      if (!v_.may_end(i)) end_[i] = 0;
      for (int j = 0; j < K_; ++j) {
        if (!v_.may_follow(i, j)) transition_[i * K_ + j] = 0;
      }
    }
    for (int n = 0; n < steps_.N; ++n) {
      const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(n) * K_;
      scale_[n] = exponential(v_.emissions.data + at, K_, emission_ + at);
    }
  }

  // Brings the row to the sum 1 and returns its sum, 0 where nothing is left of it.
  static double normalise(real* x, int n) {
    double sum = 0;
    for (int i = 0; i < n; ++i) sum += static_cast<double>(x[i]);
    if (!(sum >= kLeastSum)) return 0;
    kernels::scale(static_cast<real>(1 / sum), static_cast<std::size_t>(n), x);
    return sum;
  }

  void forward(ChainSums& sums) {
    real* packed = tape_.arena().array<real>(kernels::packed_size(K_, K_));
    kernels::pack({transition_, K_, K_, K_, 1}, packed);
    const auto K = static_cast<std::size_t>(K_);
    std::fill_n(sums.log_z, steps_.B, 0.0);
    for (int t = 0; t < steps_.T; ++t) {
      if (t > 0) {
        kernels::product({row(forward_, t - 1, 0), K_, steps_.live[t], K_, K_, packed, nullptr,
                          row(forward_, t, 0), K_});
      }
      for (int b = 0; b < steps_.live[t]; ++b) {
        real* a = row(forward_, t, b);
        if (t == 0) std::copy_n(begin_, K, a);
        kernels::multiply(a, row(emission_, t, b), K, a);
        const double sum = normalise(a, K_);
        const int n = steps_.row(t, b);
        if (sum == 0) hard_[b] = 1;
        sums.log_z[b] += std::log(sum) + scale_[n] + (t == 0 ? begin_most_ : most_);
        scale_[n] = sum;
      }
    }
    for (int b = 0; b < steps_.B; ++b) {
      const real* a = row(forward_, steps_.length[b] - 1, b);
      double sum = 0;
      for (int j = 0; j < K_; ++j) sum += static_cast<double>(a[j]) * static_cast<double>(end_[j]);
      if (!(sum >= kLeastSum)) hard_[b] = 1;
      sums.log_z[b] += std::log(sum) + end_most_;
    }
  }

  void backward(ChainSums& sums) {
    real* packed = tape_.arena().array<real>(kernels::packed_size(K_, K_));
    kernels::pack({transition_, K_, K_, 1, K_}, packed);
    const auto K = static_cast<std::size_t>(K_);
    for (int t = steps_.T - 1; t >= 0; --t) {
      const int going_on = t + 1 < steps_.T ? steps_.live[t + 1] : 0;
      if (going_on > 0) {
        kernels::product(
            {row(backward_, t + 1, 0), K_, going_on, K_, K_, packed, nullptr, scratch_, K_});
      }
      for (int b = 0; b < steps_.live[t]; ++b) {
        real* follows = b < going_on ? scratch_ + static_cast<std::ptrdiff_t>(b) * K_ : end_;
        finish_step(t, b, follows,
                    sums.marginal + static_cast<std::ptrdiff_t>(steps_.row(t, b)) * K_, K);
      }
    }
  }

  // Marginals of a step from what follows it, and the factor for the step before: emission times
  // what follows, over the sum of all pairs.
  void finish_step(int t, int b, const real* follows, real* marginal, std::size_t K) {
    const real* a = row(forward_, t, b);
    real* c = row(backward_, t, b);
    kernels::multiply(a, follows, K, marginal);
    const double sum = normalise(marginal, K_);
    if (sum == 0) hard_[b] = 1;
    kernels::multiply(row(emission_, t, b), follows, K, c);
    const double pairs = sum * scale_[steps_.row(t, b)];
    kernels::scale(pairs > 0 ? static_cast<real>(1 / pairs) : real{0}, K, c);
  }

  Tape& tape_;
  const ChainView& v_;
  const Steps& steps_;
  int K_;
  double most_ = 0, begin_most_ = 0, end_most_ = 0;
  real *transition_, *begin_, *end_, *emission_, *forward_, *backward_, *scratch_;
  double* scale_;  // [N] first what was left out of the emissions, then the sums of forward rows
  unsigned char* hard_;
};

double score_of(const ChainView& v, const int* tag, const Steps& steps, int b) {
  double score = 0;
  for (int t = 0; t < steps.length[b]; ++t) {
    const int n = steps.row(t, b);
    const int before = t == 0 ? -1 : tag[steps.before[n]];
    score += static_cast<double>(v.emissions.row(n)[tag[n]]);
    score +=
        static_cast<double>(before < 0 ? v.begin.data[tag[n]] : v.transitions.row(before)[tag[n]]);
    if (t + 1 == steps.length[b]) score += static_cast<double>(v.end.data[tag[n]]);
  }
  return score;
}

}  // namespace

Tensor chain_marginals(Tape& tape, const ChainScores& scores, const ChainRules& rules,
                       const Steps& steps) {
  const ChainView v = view_of(tape, scores, rules, steps);
  return {{steps.N, v.K}, ScaledChain(tape, v, steps).run(false, nullptr).marginal};
}

namespace {

// The data of the backward rule; plain memory.
struct ChainRule {
  ChainSums sums;
  ChainLoss o;
  const Steps* steps;
  int K;
  Tensor dy, emissions, transitions, begin, end;  // gradients
  real* weighed;                                  // [N,K] scratch

  double weight(int b) const { return o.weight == nullptr ? 1 : static_cast<double>(o.weight[b]); }

  void operator()() const {
    const double factor = static_cast<double>(dy.data[0]) / o.total_weight;
    for (int n = 0; n < steps->N; ++n) {
      const int b = steps->sequence[n];
      const auto share = static_cast<real>(factor * weight(b));
      const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(n) * K;
      const bool first = steps->before[n] < 0;
      const bool last = n == steps->row(steps->length[b] - 1, b);
      if (emissions.data != nullptr) add_row(n, share, emissions.row(n));
      if (first && begin.data != nullptr) add_row(n, share, begin.data);
      if (last && end.data != nullptr) add_row(n, share, end.data);
      if (transitions.data == nullptr || first) continue;
      transitions.row(o.tag[steps->before[n]])[o.tag[n]] -= share;
      std::copy_n(sums.after + at, K, weighed + at);
      kernels::scale(share, static_cast<std::size_t>(K), weighed + at);
    }
    if (transitions.data != nullptr) add_pairs(factor);
  }

 private:
  void add_row(int n, real share, real* to) const {
    const real* p = sums.marginal + static_cast<std::ptrdiff_t>(n) * K;
    kernels::add_scaled(p, share, static_cast<std::size_t>(K), to);
    to[o.tag[n]] -= share;
  }

  void add_pairs(double factor) const {
    real* counts = weighed + static_cast<std::ptrdiff_t>(steps->N) * K;
    std::fill_n(counts, K * K, real{0});
    const std::ptrdiff_t later = static_cast<std::ptrdiff_t>(steps->B) * K;
    if (steps->N > steps->B) {
      kernels::outer_product({sums.before, K, steps->before + steps->B, weighed + later, K, nullptr,
                              steps->N - steps->B, K, K, counts, K});
    }
    for (int i = 0; i < K * K; ++i) {
      transitions.data[i] += counts[i] * sums.exp_transition[i];
    }
    if (sums.more_pairs.data == nullptr) return;
    kernels::add_scaled(sums.more_pairs.data, static_cast<real>(factor),
                        static_cast<std::size_t>(K) * static_cast<std::size_t>(K),
                        transitions.data);
  }
};

}  // namespace

Var chain_loss(Tape& tape, const ChainScores& s, const ChainLoss& o, const Steps& steps) {
  const ChainView v = view_of(tape, s, o.rules, steps);
  const Var y = tape.result({1}, {s.emissions, s.transitions, s.begin, s.end});
  const bool pairs = tape.wants_gradient(s.transitions);
  const ChainSums sums = ScaledChain(tape, v, steps).run(pairs, o.weight);
  double loss = 0;
  for (int b = 0; b < steps.B; ++b) {
    const double surprise = sums.log_z[b] - score_of(v, o.tag, steps, b);
    if (o.surprise != nullptr) o.surprise[b] = surprise;
    loss += (o.weight == nullptr ? 1 : static_cast<double>(o.weight[b])) * surprise;
  }
  tape.value(y).data[0] = static_cast<real>(loss / o.total_weight);
  const auto numbers = static_cast<std::size_t>(steps.N + v.K) * static_cast<std::size_t>(v.K);
  ChainRule rule{sums,
                 o,
                 &steps,
                 v.K,
                 tape.gradient(y),
                 tape.gradient(s.emissions),
                 tape.gradient(s.transitions),
                 tape.gradient(s.begin),
                 tape.gradient(s.end),
                 pairs ? tape.arena().array<real>(numbers) : nullptr};
  tape.on_backward(y, rule);
  return y;
}

}  // namespace refrain::tape

#include "refrain/tape/ctc_loss.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "refrain/base/error.h"
#include "refrain/kernels/elementwise.h"

namespace refrain::tape {
namespace {

using tensor::Steps;

constexpr double kNothing = -std::numeric_limits<double>::infinity();
// Scaled probabilities below this count as none: they would be computed slowly, with few digits.
constexpr double kLeastShare = 1e-280;
// Both passes together lose at most kLeastShare of a state. Where their product sums to less than
// this at some step, what was lost may matter.
constexpr double kLeastCommon = 1e-200;
// The range in which kernels::exp is exact.
constexpr real kLeastExponent = sizeof(real) == 8 ? -700 : -80;

// One sequence: its scores at T steps and its L symbols. There are L + 1 states of the blank,
// before, between and behind the symbols, and L states of symbols.
struct CtcSequence {
  const real* const* scores;  // [T] rows of K
  const int* symbol;          // [L]
  const double* skip;         // [L] 1 where the blank before a symbol may be left out, else 0
  int T, L, K, blank;
};

// What a pass over a sequence gives: -log p but for the softmax's denominators, and the
// probabilities of the states [T, L + 1] and [T, L].
struct CtcStates {
  double log_p = 0;
  double *blanks, *symbols;
};

std::size_t size_of(int rows, int columns) {
  return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
}

// Scaled probabilities.
class ScaledLattice {
 public:
  ScaledLattice(tensor::Arena& arena, const CtcSequence& s)
      : s_(s),
        write_(arena.array<double>(size_of(s.T, s.L + 1))),
        place_(arena.array<real>(static_cast<std::size_t>(s.L) + 1)),
        next_blanks_(arena.array<double>(static_cast<std::size_t>(s.L) + 2)),
        next_symbols_(arena.array<double>(static_cast<std::size_t>(s.L) + 2)) {}

  // False where the numbers leave the range.
  bool run(CtcStates& out) {
    log_p_ = 0;
    for (int t = 0; t < s_.T; ++t) weigh(t);
    if (!forward(out)) return false;
    out.log_p = log_p_;
    return backward(out);
  }

 private:
  // [L + 1] what each symbol, and last the blank, has at step t beside the best of them.
  double* write(int t) const { return write_ + static_cast<std::ptrdiff_t>(t) * (s_.L + 1); }
  double* blanks(const CtcStates& out, int t) const {
    return out.blanks + static_cast<std::ptrdiff_t>(t) * (s_.L + 1);
  }
  double* symbols(const CtcStates& out, int t) const {
    return out.symbols + static_cast<std::ptrdiff_t>(t) * s_.L;
  }

  void weigh(int t) {
    const real* x = s_.scores[t];
    real most = x[s_.blank];
    for (int i = 0; i < s_.L; ++i) most = std::max(most, x[s_.symbol[i]]);
    for (int i = 0; i < s_.L; ++i) place_[i] = x[s_.symbol[i]] - most;
    place_[s_.L] = x[s_.blank] - most;
    log_p_ += static_cast<double>(most);
    double* to = write(t);
    for (int i = 0; i <= s_.L; ++i) {
      to[i] = place_[i] < kLeastExponent ? std::exp(static_cast<double>(place_[i])) : 2;
    }
    kernels::exp(place_, static_cast<std::size_t>(s_.L) + 1, place_);
    for (int i = 0; i <= s_.L; ++i) {
      if (to[i] == 2) to[i] = static_cast<double>(place_[i]);
    }
  }

  // Brings n numbers to a sum of 1 together with m others; gives the sum.
  static double to_one(double* a, int n, double* b, int m) {
    double sum = 0;
    for (int i = 0; i < n; ++i) sum += a[i];
    for (int i = 0; i < m; ++i) sum += b[i];
    const double factor = 1 / sum;
    for (int i = 0; i < n; ++i) a[i] = a[i] * factor < kLeastShare ? 0 : a[i] * factor;
    for (int i = 0; i < m; ++i) b[i] = b[i] * factor < kLeastShare ? 0 : b[i] * factor;
    return sum;
  }

  bool forward(CtcStates& out) {
    const int L = s_.L;
    for (int t = 0; t < s_.T; ++t) {
      const double* y = write(t);
      double *a = blanks(out, t), *b = symbols(out, t);
      if (t == 0) {
        std::fill_n(a, L + 1, 0.0);
        std::fill_n(b, L, 0.0);
        a[0] = y[L];
        if (L > 0) b[0] = y[0];
      } else {
        const double *from_a = blanks(out, t - 1), *from_b = symbols(out, t - 1);
        a[0] = from_a[0] * y[L];
        for (int i = 1; i <= L; ++i) a[i] = (from_a[i] + from_b[i - 1]) * y[L];
        if (L > 0) b[0] = (from_b[0] + from_a[0]) * y[0];
        for (int i = 1; i < L; ++i) {
          b[i] = (from_b[i] + from_a[i] + s_.skip[i] * from_b[i - 1]) * y[i];
        }
      }
      const double sum = to_one(a, L + 1, b, L);
      if (!(sum > kLeastCommon)) return false;
      log_p_ += std::log(sum);
    }
    const double* b = symbols(out, s_.T - 1);
    const double end = blanks(out, s_.T - 1)[L] + (L > 0 ? b[L - 1] : 0);
    log_p_ += std::log(end);
    return end > kLeastCommon;
  }

  // The probabilities of what follows a step; the states then get the product with what led there.
  bool backward(CtcStates& out) {
    const int L = s_.L;
    double *a = next_blanks_, *b = next_symbols_;
    std::fill_n(a, L + 2, 0.0);
    std::fill_n(b, L + 2, 0.0);
    a[L] = 1;
    if (L > 0) b[L - 1] = 1;
    for (int t = s_.T - 1; t >= 0; --t) {
      if (t < s_.T - 1) step_back(write(t + 1), a, b);
      if (!multiply(out, t)) return false;
    }
    return true;
  }

  // In place: each state reads itself and states behind it.
  void step_back(const double* y, double* a, double* b) const {
    const int L = s_.L;
    for (int i = 0; i < L; ++i) b[i] *= y[i];
    for (int i = 0; i <= L; ++i) a[i] *= y[L];
    for (int i = 0; i < L; ++i) {
      const double skip = i + 1 < L ? s_.skip[i + 1] * b[i + 1] : 0;
      a[i] += b[i];
      b[i] += a[i + 1] + skip;
    }
    to_one(a, L + 1, b, L);
  }

  bool multiply(CtcStates& out, int t) const {
    const int L = s_.L;
    double *a = blanks(out, t), *b = symbols(out, t);
    double sum = 0;
    for (int i = 0; i <= L; ++i) sum += a[i] *= next_blanks_[i];
    for (int i = 0; i < L; ++i) sum += b[i] *= next_symbols_[i];
    if (!(sum > kLeastCommon)) return false;
    for (int i = 0; i <= L; ++i) a[i] /= sum;
    for (int i = 0; i < L; ++i) b[i] /= sum;
    return true;
  }

  const CtcSequence& s_;
  double* write_;  // [T, L + 1]
  real* place_;    // [L + 1]
  double *next_blanks_, *next_symbols_;
  double log_p_ = 0;
};

double log_of_sum(double a, double b) {
  const double most = std::max(a, b), least = std::min(a, b);
  return least == kNothing ? most : most + std::log1p(std::exp(least - most));
}

// The same in logarithms: slow, and right whatever the numbers. States alternate: blank, symbol,
// blank.
class LogLattice {
 public:
  LogLattice(tensor::Arena& arena, const CtcSequence& s)
      : s_(s),
        states_(2 * s.L + 1),
        forward_(arena.array<double>(size_of(s.T, states_))),
        next_(arena.array<double>(static_cast<std::size_t>(states_))),
        here_(arena.array<double>(static_cast<std::size_t>(states_))) {}

  void run(CtcStates& out) {
    for (int t = 0; t < s_.T; ++t) {
      for (int i = 0; i < states_; ++i) at(t, i) = arriving(t, i) + score(t, i);
    }
    const double end = at(s_.T - 1, states_ - 1);
    out.log_p = s_.L > 0 ? log_of_sum(end, at(s_.T - 1, states_ - 2)) : end;
    for (int t = s_.T - 1; t >= 0; --t) {
      for (int i = 0; i < states_; ++i) here_[i] = leaving(t, i);
      std::swap(here_, next_);
      for (int i = 0; i < states_; ++i) {
        state(out, t, i) = std::exp(at(t, i) + next_[i] - out.log_p);
      }
    }
  }

 private:
  double& at(int t, int i) const { return forward_[static_cast<std::ptrdiff_t>(t) * states_ + i]; }
  double& state(const CtcStates& out, int t, int i) const {
    if (i % 2 == 0) return out.blanks[static_cast<std::ptrdiff_t>(t) * (s_.L + 1) + i / 2];
    return out.symbols[static_cast<std::ptrdiff_t>(t) * s_.L + i / 2];
  }
  double score(int t, int i) const {
    return static_cast<double>(s_.scores[t][i % 2 == 0 ? s_.blank : s_.symbol[i / 2]]);
  }
  bool may_skip(int i) const { return i % 2 == 1 && i >= 2 && s_.skip[i / 2] != 0; }
  double arriving(int t, int i) const {
    if (t == 0) return i < 2 ? 0 : kNothing;
    double sum = at(t - 1, i);
    if (i >= 1) sum = log_of_sum(sum, at(t - 1, i - 1));
    return may_skip(i) ? log_of_sum(sum, at(t - 1, i - 2)) : sum;
  }
  double leaving(int t, int i) const {
    if (t == s_.T - 1) return i >= states_ - 2 ? 0 : kNothing;
    double sum = next_[i] + score(t + 1, i);
    if (i + 1 < states_) sum = log_of_sum(sum, next_[i + 1] + score(t + 1, i + 1));
    if (i + 2 < states_ && may_skip(i + 2)) {
      sum = log_of_sum(sum, next_[i + 2] + score(t + 1, i + 2));
    }
    return sum;
  }

  const CtcSequence& s_;
  int states_;
  double *forward_, *next_, *here_;
};

// Cuts sequences out of a batch and gives them memory.
class CtcBatch {
 public:
  CtcBatch(Tape& tape, const Tensor& scores, const CtcLoss& o, const Steps& steps)
      : scores_(scores), o_(o), steps_(steps), arena_(tape.arena()) {
    int longest = 0;
    for (int b = 0; b < steps.B; ++b) longest = std::max(longest, o.begin[b + 1] - o.begin[b]);
    rows_ = arena_.array<const real*>(static_cast<std::size_t>(steps.T));
    skip_ = arena_.array<double>(static_cast<std::size_t>(longest) + 1);
    states_.blanks = arena_.array<double>(size_of(steps.T, longest + 1));
    states_.symbols = arena_.array<double>(size_of(steps.T, longest) + 1);
  }

  CtcSequence sequence(int b) {
    const int* symbol = o_.symbol + o_.begin[b];
    CtcSequence s{
        rows_,   symbol, skip_, steps_.length[b], o_.begin[b + 1] - o_.begin[b], scores_.columns(),
        o_.blank};
    const int needed = ctc_steps(symbol, s.L);
    if (needed > s.T) {
      throw Error(Code::kShape, fmt::format("[ctc_loss] {} symbols need {} steps, there are {}",
                                            s.L, needed, s.T));
    }
    for (int t = 0; t < s.T; ++t) rows_[t] = scores_.row(steps_.row(t, b));
    for (int i = 0; i < s.L; ++i) skip_[i] = i > 0 && symbol[i] != symbol[i - 1] ? 1 : 0;
    return s;
  }

  const CtcStates& solve(const CtcSequence& s) {
    if (!ScaledLattice(arena_, s).run(states_)) LogLattice(arena_, s).run(states_);
    return states_;
  }

 private:
  const Tensor& scores_;
  const CtcLoss& o_;
  const Steps& steps_;
  tensor::Arena& arena_;
  const real** rows_;
  double* skip_;
  CtcStates states_{};
};

// g [K] -= share * the probabilities of the states at step t.
void take_states(const CtcSequence& s, const CtcStates& states, int t, real* g) {
  const double* a = states.blanks + static_cast<std::ptrdiff_t>(t) * (s.L + 1);
  const double* b = states.symbols + static_cast<std::ptrdiff_t>(t) * s.L;
  double blank = 0;
  for (int i = 0; i <= s.L; ++i) blank += a[i];
  g[s.blank] -= static_cast<real>(blank);
  for (int i = 0; i < s.L; ++i) g[s.symbol[i]] -= static_cast<real>(b[i]);
}

}  // namespace

int ctc_steps(const int* symbol, int count) {
  int steps = count;
  for (int i = 1; i < count; ++i) steps += symbol[i] == symbol[i - 1] ? 1 : 0;
  return steps;
}

Var ctc_loss(Tape& tape, Var scores, const CtcLoss& o, const Steps& steps) {
  const Tensor x = tape.value(scores);
  const int K = x.columns();
  require_shape("ctc_loss", x, {steps.N, K});
  const Var y = tape.result({1}, {scores});
  real* gradient = tape.arena().array<real>(size_of(steps.N, K));  // of -log p by the scores
  std::copy_n(x.data, size_of(steps.N, K), gradient);
  CtcBatch batch(tape, x, o, steps);
  double loss = 0;
  for (int b = 0; b < steps.B; ++b) {
    const CtcSequence s = batch.sequence(b);
    const CtcStates& states = batch.solve(s);
    double surprise = -states.log_p;
    for (int t = 0; t < s.T; ++t) {
      real* g = gradient + static_cast<std::ptrdiff_t>(steps.row(t, b)) * K;
      surprise += kernels::softmax_of_many(static_cast<std::size_t>(K), g);
      take_states(s, states, t, g);
    }
    if (o.surprise != nullptr) o.surprise[b] = surprise;
    loss += (o.weight == nullptr ? 1 : static_cast<double>(o.weight[b])) * surprise;
  }
  tape.value(y).data[0] = static_cast<real>(loss / o.total_weight);
  const auto rule = [dy = tape.gradient(y), dx = tape.gradient(scores), gradient, o, &steps, K] {
    const double factor = static_cast<double>(dy.data[0]) / o.total_weight;
    for (int n = 0; n < steps.N; ++n) {
      const int b = steps.sequence[n];
      const double weight = o.weight == nullptr ? 1 : static_cast<double>(o.weight[b]);
      kernels::add_scaled(gradient + static_cast<std::ptrdiff_t>(n) * K,
                          static_cast<real>(factor * weight), static_cast<std::size_t>(K),
                          dx.row(n));
    }
  };
  tape.on_backward(y, rule);
  return y;
}

namespace {

// The best way to each state of one sequence; states alternate: blank, symbol, blank.
class BestPath {
 public:
  BestPath(tensor::Arena& arena, const CtcSequence& s)
      : s_(s),
        states_(2 * s.L + 1),
        best_(arena.array<double>(2 * static_cast<std::size_t>(states_))),
        back_(arena.array<unsigned char>(size_of(s.T, states_))) {}

  void run(const CtcAlignment& out) {
    double *now = best_, *before = best_ + states_;
    for (int t = 0; t < s_.T; ++t) {
      std::swap(now, before);
      for (int i = 0; i < states_; ++i) {
        const int from = t == 0 ? 0 : best_step(before, i);
        back_[size_of(t, states_) + static_cast<std::size_t>(i)] = static_cast<unsigned char>(from);
        const double way = t > 0 ? before[i - from] : i < 2 ? 0 : kNothing;
        now[i] = way + static_cast<double>(s_.scores[t][i % 2 == 0 ? s_.blank : s_.symbol[i / 2]]);
      }
    }
    int state = states_ - 1;
    if (s_.L > 0 && now[state - 1] > now[state]) --state;
    follow(state, out);
  }

 private:
  // How many states before state i the best way to it comes from.
  int best_step(const double* before, int i) const {
    int best = 0;
    if (i >= 1 && before[i - 1] > before[i]) best = 1;
    const bool may_skip = i % 2 == 1 && i >= 2 && s_.skip[i / 2] != 0;
    if (may_skip && before[i - 2] > before[i - best]) best = 2;
    return best;
  }

  void follow(int state, const CtcAlignment& out) const {
    for (int i = 0; i < s_.L; ++i) out.last[i] = -1;
    for (int t = s_.T - 1; t >= 0; --t) {
      if (state % 2 == 1) {
        out.first[state / 2] = t;
        if (out.last[state / 2] < 0) out.last[state / 2] = t;
      }
      state -= back_[size_of(t, states_) + static_cast<std::size_t>(state)];
    }
  }

  const CtcSequence& s_;
  int states_;
  double* best_;         // [2, states]
  unsigned char* back_;  // [T, states]
};

}  // namespace

void ctc_align(Tape& tape, const Tensor& scores, const CtcLoss& o, const CtcAlignment& out) {
  tensor::StepTable one;
  one.assign({scores.rows()});
  CtcBatch batch(tape, scores, o, one.steps());
  BestPath(tape.arena(), batch.sequence(0)).run(out);
}

}  // namespace refrain::tape

#include "refrain/tape/cross_attention.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "refrain/base/error.h"
#include "refrain/kernels/attention.h"
#include "refrain/tape/sequence_rows.h"

namespace refrain::tape {
namespace {

using tensor::Steps;

struct CrossValues {
  Tensor queries, keys, values, energy;
};

// Memory for the longest pair of sequences and one head; `d_` are gradients.
struct CrossSpace {
  real *q, *k, *v, *out;  // [Lq,D], [Lk,D], [Lk,E], [Lq,E]
  real *d_q, *d_k, *d_v, *d_out;
  real* d_weights;  // [Lq,Lk]
  real* d_energy;   // [F], with `energy`
  SmallProduct product;
};

struct CrossCore {
  const Steps *of_queries, *of_keys;
  const int* reads;  // [B] row in the keys of the sequence at the same place of the batch
  int heads;
  CrossValues x, d;
  Tensor y, dy;
  real* weights;

  int width() const { return x.queries.columns() / heads; }      // D of a head's queries and keys
  int read_width() const { return x.values.columns() / heads; }  // E of its values
  real scale() const { return 1 / std::sqrt(static_cast<real>(width())); }
  bool is_additive() const { return x.energy.data != nullptr; }
};

std::size_t area(int rows, int columns) {
  return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
}

CrossSpace cross_space(tensor::Arena& arena, const CrossCore& c) {
  const int Lq = c.of_queries->T, Lk = c.of_keys->T, D = c.width(), E = c.read_width();
  CrossSpace w{};
  for (real** p : {&w.q, &w.d_q}) *p = arena.array<real>(area(Lq, D));
  for (real** p : {&w.k, &w.d_k}) *p = arena.array<real>(area(Lk, D));
  for (real** p : {&w.v, &w.d_v}) *p = arena.array<real>(area(Lk, E));
  for (real** p : {&w.out, &w.d_out}) *p = arena.array<real>(area(Lq, E));
  w.d_weights = arena.array<real>(area(Lq, Lk));
  if (c.is_additive()) {
    w.d_energy = arena.array<real>(area(1, D));
    std::fill_n(w.d_energy, D, real{0});
  }
  w.product.packed =
      arena.array<real>(std::max({kernels::packed_size(D, Lk), kernels::packed_size(Lk, E),
                                  kernels::packed_size(E, Lk), kernels::packed_size(Lk, D)}));
  return w;
}

// One head of one sequence of queries.
class CrossHead {
 public:
  CrossHead(const CrossCore& core, const CrossSpace& w, int b, int head)
      : c_(core),
        w_(w),
        b_(b),
        read_(core.reads[b]),
        head_(head),
        Lq_(core.of_queries->length[b]),
        Lk_(core.of_keys->length[read_]) {}

  int pairs() const { return Lq_ * Lk_; }

  void forward(real* weights) const {
    gather();
    if (c_.is_additive()) {
      for (int t = 0; t < Lq_; ++t) kernels::additive_scores(additive(t), weights + t * Lk_);
    } else {
      w_.product.run(w_.q, Lq_, c_.width(), w_.k, Lk_, true, weights);
      kernels::scale(c_.scale(), area(Lq_, Lk_), weights);
    }
    for (int t = 0; t < Lq_; ++t) {
      kernels::softmax(static_cast<std::size_t>(Lk_), weights + t * Lk_);
    }
    w_.product.run(weights, Lq_, Lk_, w_.v, c_.read_width(), false, w_.out);
    part(c_.y, c_.read_width()).put(*c_.of_queries, b_, w_.out);
  }

  void backward(const real* weights) const {
    const int D = c_.width(), E = c_.read_width();
    gather();
    part(c_.dy, E).gather(*c_.of_queries, b_, w_.d_out);
    w_.product.run(w_.d_out, Lq_, E, w_.v, Lk_, true, w_.d_weights);
    if (c_.d.values.data != nullptr) {
      std::fill_n(w_.d_v, area(Lk_, E), real{0});
      kernels::outer_product({weights, Lk_, nullptr, w_.d_out, E, nullptr, Lq_, Lk_, E, w_.d_v, E});
      part(c_.d.values, E).add_back(*c_.of_keys, read_, w_.d_v);
    }
    for (int t = 0; t < Lq_; ++t) softmax_backward(weights + t * Lk_, w_.d_weights + t * Lk_);
    std::fill_n(w_.d_k, area(Lk_, D), real{0});
    if (c_.is_additive()) {
      std::fill_n(w_.d_q, area(Lq_, D), real{0});
      for (int t = 0; t < Lq_; ++t) additive_backward(t, w_.d_weights + t * Lk_);
    } else {
      kernels::scale(c_.scale(), area(Lq_, Lk_), w_.d_weights);
      w_.product.run(w_.d_weights, Lq_, Lk_, w_.k, D, false, w_.d_q);
      kernels::outer_product(
          {w_.d_weights, Lk_, nullptr, w_.q, D, nullptr, Lq_, Lk_, D, w_.d_k, D});
    }
    if (c_.d.queries.data != nullptr) part(c_.d.queries, D).add_back(*c_.of_queries, b_, w_.d_q);
    if (c_.d.keys.data != nullptr) part(c_.d.keys, D).add_back(*c_.of_keys, read_, w_.d_k);
  }

 private:
  Slice part(const Tensor& t, int columns) const {
    return {t.data, t.columns(), head_ * columns, columns};
  }

  void gather() const {
    part(c_.x.queries, c_.width()).gather(*c_.of_queries, b_, w_.q);
    part(c_.x.keys, c_.width()).gather(*c_.of_keys, read_, w_.k);
    part(c_.x.values, c_.read_width()).gather(*c_.of_keys, read_, w_.v);
  }

  kernels::AdditiveScores additive(int t) const {
    return {w_.q + static_cast<std::ptrdiff_t>(t) * c_.width(), w_.k, c_.x.energy.data, Lk_,
            c_.width()};
  }

  // d: the gradients of the weights of one query, which become those of its scores.
  void softmax_backward(const real* a, real* d) const {
    real inner = 0;
    for (int u = 0; u < Lk_; ++u) inner += a[u] * d[u];
    for (int u = 0; u < Lk_; ++u) d[u] = a[u] * (d[u] - inner);
  }

  // Of the scores of query t.
  void additive_backward(int t, const real* d_scores) const {
    real* d_energy = c_.d.energy.data == nullptr ? w_.d_energy : c_.d.energy.data;
    kernels::additive_scores_backward(
        additive(t),
        {d_scores, w_.d_q + static_cast<std::ptrdiff_t>(t) * c_.width(), w_.d_k, d_energy});
  }

  const CrossCore& c_;
  const CrossSpace& w_;
  int b_, read_, head_, Lq_, Lk_;
};

template <class Body>
void for_cross_heads(const CrossCore& core, const CrossSpace& w, const Body& body) {
  real* weights = core.weights;
  for (int b = 0; b < core.of_queries->B; ++b) {
    for (int head = 0; head < core.heads; ++head) {
      const CrossHead one(core, w, b, head);
      body(one, weights);
      weights += one.pairs();
    }
  }
}

// The row of `keys` at the place of the batch that row b of `queries` has.
const int* same_places(tensor::Arena& arena, const AttendedSteps& steps) {
  const int B = steps.queries->B;
  int* row_of = arena.array<int>(static_cast<std::size_t>(steps.keys->B));
  int* reads = arena.array<int>(static_cast<std::size_t>(B));
  for (int r = 0; r < steps.keys->B; ++r) row_of[steps.keys->position[r]] = r;
  for (int b = 0; b < B; ++b) reads[b] = row_of[steps.queries->position[b]];
  return reads;
}

void check_cross(const CrossCore& c, const Steps& queries, const Steps& keys) {
  const int F = c.x.queries.columns(), G = c.x.values.columns();
  require_shape("cross_attention", c.x.queries, {queries.N, F});
  require_shape("cross_attention", c.x.keys, {keys.N, F});
  require_shape("cross_attention", c.x.values, {keys.N, G});
  if (c.is_additive()) require_shape("cross_attention", c.x.energy, {F});
  if (c.heads < 1 || F % c.heads != 0 || G % c.heads != 0 || (c.is_additive() && c.heads > 1)) {
    throw Error(
        Code::kShape,
        fmt::format("[cross_attention] {} heads do not divide {} and {} features", c.heads, F, G));
  }
  if (queries.B > keys.B) {
    throw Error(Code::kShape, fmt::format("[cross_attention] {} sequences of queries, {} of keys",
                                          queries.B, keys.B));
  }
}

}  // namespace

Var cross_attention(Tape& tape, const Attended& x, const CrossAttention& a,
                    const AttendedSteps& steps) {
  const auto value = [&](Var v) { return v.present() ? tape.value(v) : Tensor{}; };
  const auto gradient = [&](Var v) { return v.present() ? tape.gradient(v) : Tensor{}; };
  CrossCore core{};
  core.of_queries = steps.queries;
  core.of_keys = steps.keys;
  core.heads = a.heads;
  core.x = {value(x.queries), value(x.keys), value(x.values), value(a.energy)};
  check_cross(core, *steps.queries, *steps.keys);
  core.reads = same_places(tape.arena(), steps);
  const Var y = tape.result({steps.queries->N, core.x.values.columns()},
                            {x.queries, x.keys, x.values, a.energy});
  core.d = {gradient(x.queries), gradient(x.keys), gradient(x.values), gradient(a.energy)};
  core.y = tape.value(y);
  core.dy = tape.gradient(y);
  std::size_t pairs = 0;
  for (int b = 0; b < steps.queries->B; ++b) {
    pairs += area(steps.queries->length[b], steps.keys->length[core.reads[b]]);
  }
  core.weights = tape.arena().array<real>(pairs * static_cast<std::size_t>(a.heads));
  if (a.weights != nullptr) *a.weights = core.weights;
  const CrossSpace w = cross_space(tape.arena(), core);
  for_cross_heads(core, w, [](const CrossHead& one, real* at) { one.forward(at); });
  tape.on_backward(y, [core, w] {
    for_cross_heads(core, w, [](const CrossHead& one, real* at) { one.backward(at); });
  });
  return y;
}

}  // namespace refrain::tape

#include "refrain/tape/attention.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/error.h"
#include "refrain/kernels/elementwise.h"
#include "refrain/kernels/product.h"
#include "refrain/tape/linear.h"
#include "refrain/tape/sequence_rows.h"

namespace refrain::tape {
namespace {

using tensor::Steps;

// Memory for the longest sequence and one head: query, key, value, result and their gradients
// [L,D], two score matrices [L,L], and packed weights.
struct Workspace {
  real *q, *k, *v, *out, *dq, *dk, *dv, *scores;
  SmallProduct product;
};

Workspace workspace(tensor::Arena& arena, int L, int D) {
  const auto rows = static_cast<std::size_t>(L) * static_cast<std::size_t>(D);
  const std::size_t square = static_cast<std::size_t>(L) * static_cast<std::size_t>(L);
  Workspace w{};
  for (real** p : {&w.q, &w.k, &w.v, &w.out, &w.dq, &w.dk, &w.dv}) *p = arena.array<real>(rows);
  w.scores = arena.array<real>(square);
  const std::size_t largest = std::max({kernels::packed_size(D, L), kernels::packed_size(L, D)});
  w.product.packed = arena.array<real>(largest);
  return w;
}

struct Core {
  const Steps* steps;
  Tensor projected, d_projected;  // [N,3F]
  Tensor mixed, d_mixed;          // [N,F]
  real* weights;                  // softmax of every head and sequence, [L,L] each
  int heads;

  int F() const { return mixed.columns(); }
  int D() const { return F() / heads; }
  real scale() const { return 1 / std::sqrt(static_cast<real>(D())); }
  Slice part(const Tensor& t, int block, int head) const {
    return {t.data, t.columns(), block * F() + head * D(), D()};
  }
  void read(int b, int head, const Workspace& w) const {
    part(projected, 0, head).gather(*steps, b, w.q);
    part(projected, 1, head).gather(*steps, b, w.k);
    part(projected, 2, head).gather(*steps, b, w.v);
  }
};

void forward_head(const Core& core, int b, int head, real* weights, const Workspace& w) {
  const int L = core.steps->length[b], D = core.D();
  const auto length = static_cast<std::size_t>(L);
  core.read(b, head, w);
  w.product.run(w.q, L, D, w.k, L, true, weights);  // scores
  kernels::scale(core.scale(), length * length, weights);
  for (int t = 0; t < L; ++t) kernels::softmax(length, weights + t * L);
  w.product.run(weights, L, L, w.v, D, false, w.out);
  core.part(core.mixed, 0, head).put(*core.steps, b, w.out);
}

void backward_head(const Core& core, int b, int head, const real* weights, const Workspace& w) {
  const int L = core.steps->length[b], D = core.D();
  const auto length = static_cast<std::size_t>(L), rows = length * static_cast<std::size_t>(D);
  core.read(b, head, w);
  core.part(core.d_mixed, 0, head).gather(*core.steps, b, w.out);
  for (real* p : {w.dk, w.dv}) std::fill_n(p, rows, real{0});
  kernels::outer_product({weights, L, nullptr, w.out, D, nullptr, L, L, D, w.dv, D});
  w.product.run(w.out, L, D, w.v, L, true, w.scores);  // gradient of the weights
  for (int t = 0; t < L; ++t) {
    const real* a = weights + static_cast<std::ptrdiff_t>(t) * L;
    real* d = w.scores + static_cast<std::ptrdiff_t>(t) * L;
    real inner = 0;
    for (int u = 0; u < L; ++u) inner += a[u] * d[u];
    for (int u = 0; u < L; ++u) d[u] = a[u] * (d[u] - inner) * core.scale();
  }
  w.product.run(w.scores, L, L, w.k, D, false, w.dq);
  kernels::outer_product({w.scores, L, nullptr, w.q, D, nullptr, L, L, D, w.dk, D});
  core.part(core.d_projected, 0, head).add_back(*core.steps, b, w.dq);
  core.part(core.d_projected, 1, head).add_back(*core.steps, b, w.dk);
  core.part(core.d_projected, 2, head).add_back(*core.steps, b, w.dv);
}

// Calls body(b, head, weights) for all heads of all sequences.
template <class Body>
void for_heads(const Core& core, const Body& body) {
  real* weights = core.weights;
  for (int b = 0; b < core.steps->B; ++b) {
    const auto L = static_cast<std::ptrdiff_t>(core.steps->length[b]);
    for (int head = 0; head < core.heads; ++head, weights += L * L) body(b, head, weights);
  }
}

// projected [N,3F] -> [N,F]: softmax(Q K^T / sqrt(D)) V for every head.
Var mix(Tape& tape, Var projected, const SelfAttention& a, const Steps& steps) {
  const int heads = a.heads;
  const int F = tape.value(projected).columns() / 3;
  const Var y = tape.result({steps.N, F}, {projected});
  std::size_t squares = 0;
  for (int b = 0; b < steps.B; ++b) {
    const auto L = static_cast<std::size_t>(steps.length[b]);
    squares += L * L * static_cast<std::size_t>(heads);
  }
  const Core core{&steps,        tape.value(projected), tape.gradient(projected),
                  tape.value(y), tape.gradient(y),      tape.arena().array<real>(squares),
                  heads};
  const Workspace w = workspace(tape.arena(), steps.T, core.D());
  for_heads(core, [&](int b, int head, real* at) { forward_head(core, b, head, at, w); });
  if (a.weights != nullptr) *a.weights = core.weights;

  tape.on_backward(y, [core, w] {
    for_heads(core, [&](int b, int head, real* at) { backward_head(core, b, head, at, w); });
  });
  return y;
}

}  // namespace

Var self_attention(Tape& tape, Var x, const SelfAttention& a, const Steps& steps) {
  const int F = tape.value(x).columns();
  if (a.heads < 1 || F % a.heads != 0) {
    throw Error(Code::kShape, "[self_attention] " + std::to_string(a.heads) +
                                  " heads do not divide " + std::to_string(F) + " features");
  }
  const Var projected = linear(tape, x, a.w_in, a.b_in);  // [N,3F]
  return linear(tape, mix(tape, projected, a, steps), a.w_out, a.b_out);
}

}  // namespace refrain::tape

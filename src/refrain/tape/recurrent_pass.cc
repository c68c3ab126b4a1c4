#include "refrain/tape/recurrent_pass.h"

#include <algorithm>

#include "refrain/kernels/elementwise.h"
#include "refrain/kernels/product.h"

namespace refrain::tape {
namespace {

using kernels::Block;
using kernels::CellStep;
using kernels::MutableBlock;
using tensor::Arena;

// The steps [first,end) of a group with all that belongs to them; pointers are those of matrix row
// `base`, where the step before `first` starts.
struct Window {
  const Pass& p;
  int first, end;
  std::ptrdiff_t base;
  const real* x;
  real *z, *c, *h, *h_masked, *zone;
  std::ptrdiff_t h_stride;

  std::ptrdiff_t at(int t) const { return row_begin(*p.steps, t) - base; }
  int rows(int from, int to) const { return row_begin(*p.steps, to) - row_begin(*p.steps, from); }
  bool exists(int t) const { return t >= 0 && t < p.steps->T; }
  // The states that the products see.
  Block product_input() const {
    return p.mask != nullptr ? Block{h_masked, p.H} : Block{h, h_stride};
  }
};

Window window(const Pass& p, int g) {
  const int first = p.segments.first_step(g), end = p.segments.end_step(g);
  const std::ptrdiff_t base = row_begin(*p.steps, std::max(first - 1, 0));
  const bool kept = p.states != nullptr;
  return {p,
          first,
          end,
          base,
          p.x + base * p.I,
          p.z,
          p.c,
          kept ? p.states + base * p.states_stride : p.h,
          p.h_masked,
          p.zone,
          kept ? p.states_stride : p.H};
}

template <class B>
B from_row(const B& block, int row) {
  return block.data == nullptr ? block : B{block.data + row * block.stride, block.stride};
}

CellStep rows_of(const CellStep& s, int first, int last) {
  CellStep part = s;
  part.rows = last - first;
  part.product = from_row(s.product, first);
  part.h_prev = from_row(s.h_prev, first);
  part.c_prev = from_row(s.c_prev, first);
  part.z = from_row(s.z, first);
  part.c = from_row(s.c, first);
  part.h = from_row(s.h, first);
  part.h_masked = from_row(s.h_masked, first);
  part.mask = from_row(s.mask, first);
  part.zone = from_row(s.zone, first);
  part.zone_carry = from_row(s.zone_carry, first);
  part.d_h = from_row(s.d_h, first);
  part.carry = from_row(s.carry, first);
  return part;
}

// The states that rows without a previous step start from; null data stands for zeros. `product` is
// what the forward product sees of them.
struct Starts {
  Block product, h, c;
};

// Runs the rows of a step in up to three parts: rows before `with_product` have the neighbour whose
// product enters, rows before `with_previous` have a previous state; the others start here.
struct Joined {
  int with_product, with_previous;
};
void run_rows(void (*kernel)(const CellStep&), const CellStep& s, const Joined& joined,
              const Starts& starts) {
  const int cut[4] = {0, std::min(joined.with_product, joined.with_previous),
                      std::max(joined.with_product, joined.with_previous), s.rows};
  for (int i = 0; i < 3; ++i) {
    if (cut[i] >= cut[i + 1]) continue;
    CellStep part = rows_of(s, cut[i], cut[i + 1]);
    if (cut[i] >= joined.with_product) part.product = from_row(starts.product, cut[i]);
    if (cut[i] >= joined.with_previous) {
      part.h_prev = from_row(starts.h, cut[i]);
      part.c_prev = from_row(starts.c, cut[i]);
    }
    kernel(part);
  }
}

CellStep step_at(const Window& w, int t, int previous) {
  const Pass& p = w.p;
  const auto block = [&](real* data, std::ptrdiff_t stride, int step) {
    return MutableBlock{data == nullptr ? nullptr : data + w.at(step) * stride, stride};
  };
  CellStep s;
  s.units = p.H;
  s.rows = p.steps->live[t];
  s.bias = p.b_h;
  s.z = block(w.z, p.z_stride(), t);
  s.c = block(w.c, p.c_stride(), t);
  s.h = block(w.h, w.h_stride, t);
  if (w.exists(previous)) {
    s.h_prev = {w.h + w.at(previous) * w.h_stride, w.h_stride};
    s.c_prev = {block(w.c, p.c_stride(), previous).data, p.c_stride()};
  }
  if (p.mask != nullptr) {
    s.mask = {p.mask, p.H};
    s.h_masked = block(w.h_masked, p.H, t);
  }
  if (p.share != nullptr) s.zone = {p.share, 0};
  if (w.zone != nullptr) s.zone = {w.zone + w.at(t) * p.H, p.H};
  return s;
}

Block of_sequences(const real* data, int width) { return {data, data == nullptr ? 0 : width}; }

// Rows that end at step t, whose next step in the order of processing has `joined` of them.
void keep_end(const Window& w, int t, int joined) {
  const Pass& p = w.p;
  for (int b = joined; b < p.steps->live[t]; ++b) {
    const std::ptrdiff_t row = w.at(t) + b, to = b;
    if (p.end_h != nullptr) std::copy_n(w.h + row * w.h_stride, p.H, p.end_h + to * p.H);
    if (p.end_c == nullptr) continue;
    std::copy_n(w.c + row * p.c_stride(), p.further(), p.end_c + to * p.further());
  }
}

int shared_rows(const Window& w, int t, int other) {
  return w.exists(other) ? std::min(w.p.steps->live[t], w.p.steps->live[other]) : 0;
}

// Steps of a segment in the order of processing, or against it.
template <class Visit>
void each_step(int first, int end, bool descending, const Visit& visit) {
  if (descending) {
    for (int t = end - 1; t >= first; --t) visit(t);
  } else {
    for (int t = first; t < end; ++t) visit(t);
  }
}

struct Packed {
  const real *w_x, *w_h;  // forward: input and recurrent weights; backward: transposed
};

void forward_segment(const Window& w, int first, int end, const Packed& packed) {
  const Pass& p = w.p;
  kernels::product({w.x + w.at(first) * p.I, p.I, w.rows(first, end), p.I, p.G, packed.w_x, p.b,
                    w.z + w.at(first) * p.z_stride() + p.cell->x_offset * p.H, p.z_stride()});
  if (w.zone != nullptr) {
    zoneout_mask(p.zoneout, *p.steps, first, end, p.H, w.zone + w.at(first) * p.H);
  }
  const Starts starts{of_sequences(p.start_masked, p.H), of_sequences(p.start_h, p.H),
                      of_sequences(p.start_c, p.further())};
  each_step(first, end, p.reverse, [&](int t) {
    const int previous = p.reverse ? t + 1 : t - 1, next = p.reverse ? t - 1 : t + 1;
    CellStep s = step_at(w, t, previous);
    s.packed = packed.w_h;
    if (w.exists(previous)) {
      const Block input = w.product_input();
      s.product = {input.data + w.at(previous) * input.stride, input.stride};
    }
    const int joined = shared_rows(w, t, previous);
    run_rows(p.cell->forward, s, {joined, joined}, starts);
    keep_end(w, t, shared_rows(w, t, next));
  });
}

void pool_segment(const Window& w, int first, int end) {
  each_step(first, end, w.p.reverse, [&](int t) {
    w.p.pooling.gather(t, {w.h + w.at(t) * w.h_stride, w.h_stride});
  });
}

void forward_group(const Pass& p, int g, const Packed& packed, bool pools) {
  const Window w = window(p, g);
  const Segments& all = p.segments;
  each_step(all.group[g], all.group[g + 1], p.reverse, [&](int k) {
    forward_segment(w, all.cut[k], all.cut[k + 1], packed);
    if (pools && p.states == nullptr) pool_segment(w, all.cut[k], all.cut[k + 1]);
  });
}

// Copies the states that pass from group to group between the window's rows and the place where
// they are kept. Group `g` is the later one in the order of processing.
struct Edge {
  int rows;
  real *h, *c, *masked;
};
Edge kept_edge(const Pass& p, int g) {
  const std::ptrdiff_t row = p.edge_row[g];
  const int step = p.reverse ? p.segments.end_step(g) : p.segments.first_step(g);
  return {p.steps->live[step], p.edge_h == nullptr ? nullptr : p.edge_h + row * p.H,
          p.edge_c == nullptr ? nullptr : p.edge_c + row * p.c_stride(),
          p.edge_masked == nullptr ? nullptr : p.edge_masked + row * p.H};
}

void copy_rows(const real* from, int rows, int width, real* to) {
  if (to == nullptr) return;
  std::copy_n(from, static_cast<std::ptrdiff_t>(rows) * width, to);
}

// Returns the last step of the group before group g, in processing order.
int step_before(const Pass& p, int g) {
  return p.reverse ? p.segments.end_step(g) : p.segments.first_step(g) - 1;
}

void save_edge(const Pass& p, int from, int to) {
  const Window w = window(p, from);
  const Edge e = kept_edge(p, to);
  const std::ptrdiff_t row = w.at(step_before(p, to));
  if (e.h != nullptr) copy_rows(w.h + row * p.H, e.rows, p.H, e.h);
  if (e.c != nullptr) copy_rows(w.c + row * p.c_stride(), e.rows, p.c_stride(), e.c);
  if (e.masked != nullptr) copy_rows(w.h_masked + row * p.H, e.rows, p.H, e.masked);
}

void load_edge(const Pass& p, int g) {
  const Window w = window(p, g);
  const Edge e = kept_edge(p, g);
  const std::ptrdiff_t row = w.at(step_before(p, g));
  if (e.h != nullptr) copy_rows(e.h, e.rows, p.H, w.h + row * p.H);
  if (e.c != nullptr) copy_rows(e.c, e.rows, p.c_stride(), w.c + row * p.c_stride());
  if (e.masked != nullptr) copy_rows(e.masked, e.rows, p.H, w.h_masked + row * p.H);
}

// Group number i in the order of processing.
int group_at(const Pass& p, int i) { return p.reverse ? p.segments.groups - 1 - i : i; }

Packed pack_forward(const Pass& p, Arena& arena) {
  real* packed_x = arena.array<real>(kernels::packed_size(p.I, p.G));
  kernels::pack({p.w_x, p.I, p.G, p.G, 1}, packed_x);
  real* packed_h = arena.array<real>(p.cell->packed_size_forward(p.H));
  p.cell->pack_forward(p.w_h, p.H, packed_h);
  return {packed_x, packed_h};
}

// The gradients that backward hands from step to step and from group to group.
struct Backward {
  const PassGradients& g;
  Packed packed;
  MutableBlock carry, zone_carry;  // [B, ...]
  real* d_h;                       // [rows of a segment, H] where states are pooled
  real* d_start;                   // [B,H] scratch, where the start state wants a gradient
};

void forget(const MutableBlock& block, int rows) {
  if (block.data != nullptr) std::fill_n(block.data, rows * block.stride, real{0});
}

// Adds to the gradient of the recurrent weights: `o` has rows of states `a` and of the gates'
// gradients `b`, as in kernels::OuterProduct. Column block k of the d_h-gates belongs to block (k +
// rotation) of the weights: two runs of blocks.
void add_recurrent(const Pass& p, kernels::OuterProduct o, real* d_w_h) {
  const int split = p.G - p.cell->h_rotation * p.H;
  const real* b = o.b;
  o.Ka = p.H;
  o.b_stride = p.z_stride();
  o.c_stride = p.G;
  o.Nb = split;
  o.c = d_w_h + p.cell->h_rotation * p.H;
  kernels::outer_product(o);
  if (split == p.G) return;
  o.b = b + split;
  o.Nb = p.G - split;
  o.c = d_w_h;
  kernels::outer_product(o);
}

// Gradients of the start state of rows [first, live[t]), which step t starts, after its backward.
void backward_start(const Window& w, int t, int first, const Backward& b) {
  const Pass& p = w.p;
  const int rows = p.steps->live[t] - first;
  if (rows <= 0 || p.start_h == nullptr) return;
  const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(first) * p.H;
  const real* gates = w.z + (w.at(t) + first) * p.z_stride() + p.cell->h_offset * p.H;
  if (b.g.d_w_h != nullptr) {
    kernels::OuterProduct o{};
    o.a = p.start_masked + at;
    o.a_stride = p.H;
    o.b = gates;
    o.rows = rows;
    add_recurrent(p, o, b.g.d_w_h);
  }
  if (b.g.d_start_h == nullptr) return;
  real* through = b.d_start;
  kernels::product({gates, p.z_stride(), rows, p.G, p.H, b.packed.w_h, nullptr, through, p.H});
  const auto count = static_cast<std::size_t>(rows) * static_cast<std::size_t>(p.H);
  real* d = b.g.d_start_h + at;
  if (p.mask != nullptr) {
    kernels::multiply_add(through, p.mask + at, count, d);
  } else {
    kernels::add(through, count, d);
  }
  if (b.zone_carry.data != nullptr) kernels::add(b.zone_carry.data + at, count, d);
  // Where there is no second state the carry is the gradient past the gates.
  const bool past_gates = p.cell->states == 0 && p.cell->carry_width > 0;
  if (past_gates) kernels::add(b.carry.data + at, count, d);
}

void backward_start_c(const Window& w, int t, int first, const Backward& b) {
  const Pass& p = w.p;
  const int rows = p.steps->live[t] - first;
  if (rows <= 0 || b.g.d_start_c == nullptr) return;
  const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(first) * p.further();
  const auto count = static_cast<std::size_t>(rows) * static_cast<std::size_t>(p.further());
  kernels::add(b.carry.data + at, count, b.g.d_start_c + at);
}

void backward_steps(const Window& w, int first, int end, const Backward& b) {
  const Pass& p = w.p;
  const Starts starts{{}, of_sequences(p.start_h, p.H), of_sequences(p.start_c, p.further())};
  const std::ptrdiff_t segment = w.at(first);
  each_step(first, end, !p.reverse, [&](int t) {
    const int previous = p.reverse ? t + 1 : t - 1, next = p.reverse ? t - 1 : t + 1;
    CellStep s = step_at(w, t, previous);
    s.packed = b.packed.w_h;
    if (b.d_h != nullptr) {
      const MutableBlock d_h{b.d_h + (w.at(t) - segment) * p.H, p.H};
      p.pooling.gradient(t, d_h);
      s.d_h = {d_h.data, d_h.stride};
    } else {
      s.d_h = {b.g.d_h + row_begin(*p.steps, t) * p.states_stride, p.states_stride};
    }
    s.carry = b.carry;
    s.zone_carry = b.zone_carry;
    const bool cut = p.truncate > 0 && w.exists(next) && std::max(t, next) % p.truncate == 0;
    if (cut) {
      forget(b.carry, s.rows);
      forget(b.zone_carry, s.rows);
    } else if (w.exists(next)) {
      s.product = {w.z + w.at(next) * p.z_stride() + p.cell->h_offset * p.H, p.z_stride()};
    }
    const int joined = shared_rows(w, t, previous);
    run_rows(p.cell->backward, s, {cut ? 0 : shared_rows(w, t, next), joined}, starts);
    backward_start(w, t, joined, b);
    backward_start_c(w, t, joined, b);
  });
}

// d W_h: each step's d_h-gates times the state that entered it. m runs over the later of the two
// steps, before[m] is the earlier; in a reversed direction the state is that of the later step.
void recurrent_weight_gradient(const Window& w, int first, int end, real* d_w_h) {
  const Pass& p = w.p;
  const int from = p.reverse ? first + 1 : std::max(first, 1);
  const int to = p.reverse ? std::min(end + 1, p.steps->T) : end;
  if (from >= to) return;
  const Block state = w.product_input();
  const int* before = p.steps->before + row_begin(*p.steps, from);
  const real* gates = w.z + p.cell->h_offset * p.H;
  kernels::OuterProduct o{};
  o.rows = w.rows(from, to);
  o.a_stride = state.stride;
  o.index_base = w.base;
  o.a = p.reverse ? state.data + w.at(from) * state.stride : state.data;
  o.a_index = p.reverse ? nullptr : before;
  o.b_index = p.reverse ? before : nullptr;
  o.b = p.reverse ? gates : gates + w.at(from) * p.z_stride();
  add_recurrent(p, o, d_w_h);
}

void backward_products(const Window& w, int first, int end, const Backward& b) {
  const Pass& p = w.p;
  const int rows = w.rows(first, end);
  const real* z = w.z + w.at(first) * p.z_stride();
  const real* d_gates = z + p.cell->x_offset * p.H;
  const real* x = w.x + w.at(first) * p.I;
  if (b.g.d_w_x != nullptr) {
    kernels::outer_product(
        {x, p.I, nullptr, d_gates, p.z_stride(), nullptr, rows, p.I, p.G, b.g.d_w_x, p.G});
  }
  if (b.g.d_w_h != nullptr) recurrent_weight_gradient(w, first, end, b.g.d_w_h);
  if (b.g.d_b != nullptr) {
    kernels::add_column_sums(d_gates, p.z_stride(), rows, p.G, b.g.d_b);
  }
  if (p.cell->extra_bias > 0 && b.g.d_b_h != nullptr) {
    kernels::add_column_sums(z + p.cell->h_offset * p.H, p.z_stride(), rows, p.H, b.g.d_b_h);
  }
  if (b.g.d_x == nullptr) return;
  kernels::product({d_gates, p.z_stride(), rows, p.G, p.I, b.packed.w_x, nullptr,
                    b.g.d_x + row_begin(*p.steps, first) * static_cast<std::ptrdiff_t>(p.I), p.I,
                    true});
}

void backward_group(const Pass& p, int g, const Backward& b) {
  const Window w = window(p, g);
  const Segments& all = p.segments;
  each_step(all.group[g], all.group[g + 1], !p.reverse, [&](int k) {
    backward_steps(w, all.cut[k], all.cut[k + 1], b);
    backward_products(w, all.cut[k], all.cut[k + 1], b);
  });
}

// Computes group g once more; the gates' gradients at the first step of group `done`, which comes
// after it in processing, are still wanted and move to where g expects them.
void forward_again(const Pass& p, int g, int done, const Packed& packed, real* handover) {
  const int step = p.reverse ? p.segments.end_step(done) - 1 : p.segments.first_step(done);
  const int width = p.z_stride(), rows = p.steps->live[step];
  copy_rows(p.z + window(p, done).at(step) * width, rows, width, handover);
  if (g != group_at(p, 0)) load_edge(p, g);
  forward_group(p, g, packed, false);
  copy_rows(handover, rows, width, p.z + window(p, g).at(step) * width);
}

}  // namespace

std::size_t row_bytes(const Pass& p) {
  const int widths = p.cell->z_width + p.cell->c_width + (p.states == nullptr ? 1 : 0) +
                     (p.mask != nullptr ? 1 : 0) + (p.zoneout.p > 0 ? 1 : 0);
  return static_cast<std::size_t>(widths) * static_cast<std::size_t>(p.H) * sizeof(real);
}

std::size_t edge_bytes(const Pass& p) {
  const int widths = p.cell->c_width + (p.states == nullptr ? 1 : 0) + (p.mask != nullptr ? 1 : 0);
  return static_cast<std::size_t>(widths) * static_cast<std::size_t>(p.H) * sizeof(real);
}

void prepare(Pass& p, bool recording, Arena& arena) {
  const int rows = p.segments.most_rows;
  const auto buffer = [&](bool wanted, int count, int width) {
    return wanted ? arena.tensor({count, width}).data : nullptr;
  };
  const bool pooled = p.states == nullptr;
  p.z = buffer(true, rows, p.z_stride());
  p.c = buffer(p.cell->c_width > 0, rows, p.c_stride());
  p.h = buffer(pooled, rows, p.H);
  p.h_masked = buffer(p.mask != nullptr, rows, p.H);
  p.zone = buffer(p.zoneout.p > 0, rows, p.H);
  if (pooled) p.pooling.prepare(arena);
  p.start_masked = p.start_h;
  if (p.start_h != nullptr && p.mask != nullptr) {
    const tensor::Tensor masked = arena.tensor({p.steps->B, p.H});
    kernels::multiply(p.start_h, p.mask, masked.count(), masked.data);
    p.start_masked = masked.data;
  }
  if (p.segments.groups == 1) return;
  int* edge_row = arena.array<int>(static_cast<std::size_t>(p.segments.groups));
  int edges = 0, largest = 0;
  for (int i = 1; i < p.segments.groups; ++i) {
    const int g = group_at(p, i);
    const int live = p.steps->live[p.reverse ? p.segments.end_step(g) : p.segments.first_step(g)];
    edge_row[g] = recording ? edges : 0;
    edges += live;
    largest = std::max(largest, live);
  }
  p.edge_row = edge_row;
  const int kept = recording ? edges : largest;
  p.edge_h = buffer(pooled, kept, p.H);
  p.edge_c = buffer(p.c != nullptr, kept, p.c_stride());
  p.edge_masked = buffer(p.mask != nullptr, kept, p.H);
}

void forward(const Pass& p, Arena& arena) {
  const Packed packed = pack_forward(p, arena);
  for (int i = 0; i < p.segments.groups; ++i) {
    const int g = group_at(p, i);
    if (i > 0) {
      save_edge(p, group_at(p, i - 1), g);
      load_edge(p, g);
    }
    forward_group(p, g, packed, true);
  }
  if (p.states == nullptr) p.pooling.finish();
}

void backward(const Pass& p, const PassGradients& gradients, Arena& arena) {
  const int B = p.steps->B, carry_width = std::max(1, p.cell->carry_width) * p.H;
  Packed again{};
  if (p.segments.groups > 1) again = pack_forward(p, arena);
  real* packed_h = arena.array<real>(p.cell->packed_size_backward(p.H));
  p.cell->pack_backward(p.w_h, p.H, packed_h);
  real* packed_x = nullptr;
  if (gradients.d_x != nullptr) {
    packed_x = arena.array<real>(kernels::packed_size(p.G, p.I));
    kernels::pack({p.w_x, p.G, p.I, 1, p.G}, packed_x);
  }
  Backward b{gradients, {packed_x, packed_h}, {}, {}, nullptr, nullptr};
  if (gradients.d_start_h != nullptr) b.d_start = arena.tensor({B, p.H}).data;
  b.carry = {arena.zeros({B, carry_width}).data, carry_width};
  // A cell with further states hands on their gradients alone.
  if (gradients.d_end_c != nullptr) std::copy_n(gradients.d_end_c, B * p.further(), b.carry.data);
  if (p.zone != nullptr || p.share != nullptr) b.zone_carry = {arena.zeros({B, p.H}).data, p.H};
  if (p.states == nullptr) b.d_h = arena.tensor({p.segments.most_segment_rows, p.H}).data;
  real* handover = p.segments.groups > 1 ? arena.tensor({B, p.z_stride()}).data : nullptr;
  for (int i = p.segments.groups - 1; i >= 0; --i) {
    const int g = group_at(p, i);
    if (i < p.segments.groups - 1) forward_again(p, g, group_at(p, i + 1), again, handover);
    backward_group(p, g, b);
  }
}

}  // namespace refrain::tape

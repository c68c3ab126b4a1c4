#include <algorithm>
#include <array>

#include "refrain/base/error.h"
#include "refrain/kernels/depthwise.h"
#include "refrain/kernels/product.h"
#include "refrain/tape/convolution.h"
#include "refrain/tape/gathering.h"

namespace refrain::tape {
namespace {

using tensor::Steps;

struct Group {
  Tensor w, d_w, d_b;
  const real* bias;
  int K, dilation, left, from;  // taps; steps apart; before the step itself; first result column
};

struct Groups {
  std::array<Group, kMostFilters> list;
  int count = 0;
  bool wanted = false;  // the gradient of any filter or bias
};

constexpr int kSegmentReals = 1 << 12;  // of gathered rows at once: they stay in the first cache

void convolve(tensor::Arena& arena, const Group& g, const Tensor& x, const Steps& steps,
              const Tensor& y) {
  const int C = x.columns();
  SequenceGathering gathering(arena, x, {g.K, g.dilation, g.left, C, 0, kSegmentReals}, steps);
  gathering.each_segment([&](const GatheredRows& s) {
    for (int i = 0; i < s.piece_count; ++i) {
      const auto [first, count] = s.pieces[i];
      const real* from = s.rows + static_cast<std::ptrdiff_t>(s.start[first]) * C;
      kernels::depthwise(
          {from, count, g.K, C, g.w.data, C, g.bias, y.data + g.from, y.columns(), s.row + first});
    }
  });
}

struct Ends {
  Tensor x, d_x, d_y;
};

void weight_gradient(tensor::Arena& arena, const Group& g, const Ends& ends, const Steps& steps) {
  const int C = ends.x.columns();
  SequenceGathering gathering(arena, ends.x, {g.K, g.dilation, g.left, C, 0, kSegmentReals}, steps);
  real* d_y = arena.tensor({gathering.capacity(), C}).data;  // side by side too
  gathering.each_segment([&](const GatheredRows& s) {
    for (int i = 0; i < s.outputs; ++i) {
      std::copy_n(ends.d_y.row(s.row[i]) + g.from, C, d_y + static_cast<std::ptrdiff_t>(i) * C);
    }
    for (int i = 0; i < s.piece_count; ++i) {
      const auto [first, count] = s.pieces[i];
      const real* from = s.rows + static_cast<std::ptrdiff_t>(s.start[first]) * C;
      kernels::depthwise_gradient(
          {from, count, g.K, C, d_y + static_cast<std::ptrdiff_t>(first) * C, g.d_w.data});
    }
  });
}

void convolve_back(tensor::Arena& arena, const Group& g, const Ends& ends, const Steps& steps) {
  const int C = ends.x.columns();
  if (g.d_b.data != nullptr) {
    const Tensor& dy = ends.d_y;
    kernels::add_column_sums(dy.data + g.from, dy.columns(), steps.N, C, g.d_b.data);
  }
  if (g.d_w.data != nullptr) weight_gradient(arena, g, ends, steps);
  if (ends.d_x.data == nullptr) return;
  const int left = g.K - 1 - g.left;
  SequenceGathering gathering(arena, ends.d_y, {g.K, g.dilation, left, C, g.from, kSegmentReals},
                              steps);
  gathering.each_segment([&](const GatheredRows& s) {
    for (int i = 0; i < s.piece_count; ++i) {
      const auto [first, count] = s.pieces[i];
      const real* from = s.rows + static_cast<std::ptrdiff_t>(s.start[first]) * C;
      kernels::depthwise({from, count, g.K, C, g.w.row(g.K - 1), -C, nullptr, ends.d_x.data, C,
                          s.row + first, true});
    }
  });
}

Groups groups_of(const Tape& tape, const Filters* filters, int count, int C) {
  const auto bad = [](const Filters& f) { return f.width < 1 || f.dilation < 1; };
  if (count < 1 || count > kMostFilters || std::any_of(filters, filters + count, bad)) {
    throw Error(Code::kShape,
                "[depthwise_convolution] takes 1 to 8 groups, width and dilation "
                "at least 1");
  }
  Groups out;
  for (; out.count < count; ++out.count) {
    const Filters& f = filters[out.count];
    Group& g = out.list[static_cast<std::size_t>(out.count)];
    require_shape("depthwise_convolution filters", tape.value(f.w), {f.width, C});
    g = {tape.value(f.w), tape.gradient(f.w), {},           nullptr, f.width,
         f.dilation,      (f.width - 1) / 2,  C * out.count};
    out.wanted = out.wanted || tape.wants_gradient(f.w) || tape.wants_gradient(f.b);
    if (!f.b.present()) continue;
    require_shape("depthwise_convolution bias", tape.value(f.b), {C});
    g.bias = tape.value(f.b).data;
    g.d_b = tape.gradient(f.b);
  }
  return out;
}

}  // namespace

Var depthwise_convolution(Tape& tape, Var x, const Filters* filters, int count,
                          const Steps& steps) {
  const Tensor xv = tape.value(x);
  const Groups groups = groups_of(tape, filters, count, xv.columns());
  const Var y =
      tape.result({steps.N, count * xv.columns()}, groups.wanted || tape.wants_gradient(x));
  for (int i = 0; i < count; ++i) {
    convolve(tape.arena(), groups.list[static_cast<std::size_t>(i)], xv, steps, tape.value(y));
  }

  tape.on_backward(y, [a = &tape.arena(), groups, s = &steps,
                       ends = Ends{xv, tape.gradient(x), tape.gradient(y)}] {
    for (int i = 0; i < groups.count; ++i) {
      convolve_back(*a, groups.list[static_cast<std::size_t>(i)], ends, *s);
    }
  });
  return y;
}

}  // namespace refrain::tape

#include "refrain/tape/convolution.h"

#include <algorithm>
#include <array>

#include "refrain/base/error.h"
#include "refrain/kernels/elementwise.h"
#include "refrain/kernels/product.h"
#include "refrain/tape/gathering.h"

namespace refrain::tape {
namespace {

using tensor::Steps;

constexpr int kSegmentReals = 1 << 15;  // of gathered rows at once: they stay in the cache

// One group of filters with its place in the result.
struct Group {
  Tensor w, d_w, d_b;
  const real* bias;
  int K, dilation, O, from;  // from: first column of its results
  int left() const { return (K - 1) / 2; }
};

struct Groups {
  std::array<Group, kMostFilters> list;
  int count = 0;
  int columns = 0;      // of all results side by side
  bool wanted = false;  // the gradient of any filter or bias
};

// to[row of an output, from..] = (accumulate: +=) what is gathered for it times `packed`.
struct ConvolutionPass {
  const real *packed, *bias;
  int columns, from;
  bool accumulate;
};

void multiply_gathered(Tape& tape, SequenceGathering gathering, const ConvolutionPass& pass,
                       const Window& window, const Tensor& to) {
  const int K = window.K * window.channels, C = window.channels, O = pass.columns;
  const auto columns = static_cast<std::size_t>(O);
  real* out = tape.arena().array<real>(static_cast<std::size_t>(gathering.capacity()) * columns);
  gathering.each_segment([&](const GatheredRows& s) {
    for (int i = 0; i < s.piece_count; ++i) {
      const auto [first, count] = s.pieces[i];
      const real* a = s.rows + static_cast<std::ptrdiff_t>(s.start[first]) * C;
      real* c = out + static_cast<std::ptrdiff_t>(first) * O;
      kernels::product({a, C, count, K, O, pass.packed, pass.bias, c, O});
    }
    for (int i = 0; i < s.outputs; ++i) {
      const real* row = out + static_cast<std::ptrdiff_t>(i) * O;
      real* place = to.row(s.row[i]) + pass.from;
      pass.accumulate ? kernels::add(row, columns, place)
                      : static_cast<void>(std::copy_n(row, columns, place));
    }
  });
}

// d_w += what is gathered of x, transposed, times d_y.
void weight_gradient(SequenceGathering gathering, const Group& g, const Window& window,
                     const Tensor& dy) {
  gathering.each_segment([&](const GatheredRows& s) {
    kernels::outer_product({s.rows, window.channels, s.start, dy.data + g.from, dy.columns(), s.row,
                            s.outputs, window.K * window.channels, g.O, g.d_w.data, g.O});
  });
}

// The filters as the gradient of the input wants them: taps in reverse, [K*O,C], packed.
real* packed_in_reverse(Tape& tape, const Group& g, int C) {
  const int KO = g.K * g.O;
  real* turned =
      tape.arena().array<real>(static_cast<std::size_t>(KO) * static_cast<std::size_t>(C));
  for (int k = 0; k < g.K; ++k) {
    for (int c = 0; c < C; ++c) {
      const real* w = g.w.row((g.K - 1 - k) * C + c);
      for (int o = 0; o < g.O; ++o) turned[static_cast<std::ptrdiff_t>(k * g.O + o) * C + c] = w[o];
    }
  }
  real* packed = tape.arena().array<real>(kernels::packed_size(KO, C));
  kernels::pack({turned, KO, C, C, 1}, packed);
  return packed;
}

void convolve(Tape& tape, const Tensor& x, const Group& g, const Steps& steps, const Tensor& y) {
  const int C = x.columns();
  real* packed = tape.arena().array<real>(kernels::packed_size(g.K * C, g.O));
  kernels::pack({g.w.data, g.K * C, g.O, g.O, 1}, packed);
  const Window window{g.K, g.dilation, g.left(), C, 0, kSegmentReals};
  multiply_gathered(tape, {tape.arena(), x, window, steps}, {packed, g.bias, g.O, g.from, false},
                    window, y);
}

struct Ends {
  Tensor x, d_x, d_y;
};

void convolve_back(Tape& tape, const Ends& ends, const Group& g, const Steps& steps) {
  const int C = ends.x.columns();
  if (g.d_b.data != nullptr) {
    const Tensor& dy = ends.d_y;
    kernels::add_column_sums(dy.data + g.from, dy.columns(), steps.N, g.O, g.d_b.data);
  }
  if (g.d_w.data != nullptr) {
    const Window window{g.K, g.dilation, g.left(), C, 0, kSegmentReals};
    weight_gradient({tape.arena(), ends.x, window, steps}, g, window, ends.d_y);
  }
  if (ends.d_x.data == nullptr) return;
  const Window window{g.K, g.dilation, g.K - 1 - g.left(), g.O, g.from, kSegmentReals};
  multiply_gathered(tape, {tape.arena(), ends.d_y, window, steps},
                    {packed_in_reverse(tape, g, C), nullptr, C, 0, true}, window, ends.d_x);
}

Groups groups_of(const Tape& tape, const Filters* filters, int count, int C) {
  const auto bad = [](const Filters& f) { return f.width < 1 || f.dilation < 1; };
  if (count < 1 || count > kMostFilters || std::any_of(filters, filters + count, bad)) {
    throw Error(Code::kShape, "[convolution] takes 1 to 8 groups, width and dilation at least 1");
  }
  Groups out;
  for (; out.count < count; ++out.count) {
    const Filters& f = filters[out.count];
    Group& g = out.list[static_cast<std::size_t>(out.count)];
    g = {tape.value(f.w), tape.gradient(f.w), {}, nullptr, f.width, f.dilation, 0, out.columns};
    g.O = g.w.columns();
    require_shape("convolution filters", g.w, {f.width * C, g.O});
    out.columns += g.O;
    out.wanted = out.wanted || tape.wants_gradient(f.w) || tape.wants_gradient(f.b);
    if (!f.b.present()) continue;
    require_shape("convolution bias", tape.value(f.b), {g.O});
    g.bias = tape.value(f.b).data;
    g.d_b = tape.gradient(f.b);
  }
  return out;
}

}  // namespace

Var convolution(Tape& tape, Var x, const Filters* filters, int count, const Steps& steps) {
  const Tensor xv = tape.value(x);
  const Groups groups = groups_of(tape, filters, count, xv.columns());
  const Var y = tape.result({steps.N, groups.columns}, groups.wanted || tape.wants_gradient(x));
  for (int i = 0; i < count; ++i) {
    convolve(tape, xv, groups.list[static_cast<std::size_t>(i)], steps, tape.value(y));
  }

  tape.on_backward(
      y, [t = &tape, groups, s = &steps, ends = Ends{xv, tape.gradient(x), tape.gradient(y)}] {
        for (int i = 0; i < groups.count; ++i) {
          convolve_back(*t, ends, groups.list[static_cast<std::size_t>(i)], *s);
        }
      });
  return y;
}

}  // namespace refrain::tape

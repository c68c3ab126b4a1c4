#include <algorithm>
#include <array>

#include "refrain/base/error.h"
#include "refrain/kernels/depthwise.h"
#include "refrain/kernels/product.h"
#include "refrain/tape/convolution.h"

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
};

// What a group reads: a matrix's columns from `from` on, forward or, as the gradient of the input
// wants it, with the taps in reverse.
struct Source {
  Tensor m;
  int from;
  bool reverse;
};

// What the taps of one step reach: the rows of the first sequence, and the weights.
class Taps {
 public:
  Taps(tensor::Arena& arena, const Group& g, const Source& source) : g_(g), source_(source) {
    const auto most = static_cast<std::size_t>(g.K);
    x_ = arena.array<const real*>(most);
    w_ = arena.array<const real*>(most);
    d_w_ = arena.array<real*>(most);
    rows_ = arena.array<int>(most);
  }

  void find(int t, const Steps& steps) {
    count_ = 0;
    const int left = source_.reverse ? g_.K - 1 - g_.left : g_.left;
    for (int k = 0; k < g_.K; ++k) {
      const int at = t + (k - left) * g_.dilation;
      if (at < 0) continue;
      if (at >= steps.T) break;
      const int tap = source_.reverse ? g_.K - 1 - k : k;
      x_[count_] = source_.m.row(steps.offset[at]) + source_.from;
      w_[count_] = g_.w.row(tap);
      d_w_[count_] = g_.d_w.data == nullptr ? nullptr : g_.d_w.row(tap);
      rows_[count_++] = std::min(steps.live[t], steps.live[at]);
    }
  }

  // The first sequences have all taps, shorter ones end before the last taps.
  void apply(kernels::Depthwise p, int live) {
    p.x = x_;
    p.w = w_;
    p.x_stride = source_.m.columns();
    int done = 0;
    for (p.taps = count_; done < live; --p.taps) {
      p.rows = rows_[p.taps - 1] - done;
      if (p.rows <= 0) continue;
      kernels::depthwise(p);
      for (int k = 0; k < p.taps; ++k) x_[k] += p.rows * p.x_stride;
      p.y += p.rows * p.y_stride;
      done += p.rows;
    }
  }

  void add_gradient(kernels::DepthwiseGradient p) {
    p.x_stride = source_.m.columns();
    for (int k = 0; k < count_; k += p.taps) {
      p.x = x_ + k;
      p.d_w = d_w_ + k;
      p.rows = rows_[k];
      p.taps = 1;
      while (k + p.taps < count_ && rows_[k + p.taps] == p.rows) ++p.taps;
      kernels::depthwise_gradient(p);
    }
  }

 private:
  const Group& g_;
  Source source_;
  const real **x_, **w_;
  real** d_w_;
  int* rows_;  // sequences alive at a tap's step, never more from tap to tap
  int count_ = 0;
};

void convolve(tensor::Arena& arena, const Group& g, const Tensor& x, const Steps& steps,
              const Tensor& y) {
  Taps taps(arena, g, {x, 0, false});
  for (int t = 0; t < steps.T; ++t) {
    taps.find(t, steps);
    real* to = y.row(steps.offset[t]) + g.from;
    taps.apply({nullptr, nullptr, 0, 0, x.columns(), 0, g.bias, to, y.columns()}, steps.live[t]);
  }
}

struct Ends {
  Tensor x, d_x, d_y;
};

void convolve_back(tensor::Arena& arena, const Group& g, const Ends& ends, const Steps& steps) {
  const int C = ends.x.columns(), columns = ends.d_y.columns();
  if (g.d_b.data != nullptr) {
    kernels::add_column_sums(ends.d_y.data + g.from, columns, steps.N, C, g.d_b.data);
  }
  if (g.d_w.data != nullptr) {
    Taps taps(arena, g, {ends.x, 0, false});
    for (int t = 0; t < steps.T; ++t) {
      taps.find(t, steps);
      const real* d_y = ends.d_y.row(steps.offset[t]) + g.from;
      taps.add_gradient({nullptr, nullptr, 0, 0, C, 0, d_y, columns});
    }
  }
  if (ends.d_x.data == nullptr) return;
  Taps taps(arena, g, {ends.d_y, g.from, true});
  for (int t = 0; t < steps.T; ++t) {
    taps.find(t, steps);
    real* to = ends.d_x.row(steps.offset[t]);
    taps.apply({nullptr, nullptr, 0, 0, C, 0, nullptr, to, C, true}, steps.live[t]);
  }
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
  const Var y = tape.result({steps.N, count * xv.columns()});
  for (int i = 0; i < count; ++i) {
    convolve(tape.arena(), groups.list[static_cast<std::size_t>(i)], xv, steps, tape.value(y));
  }

  tape.on_backward(
      [a = &tape.arena(), groups, s = &steps, ends = Ends{xv, tape.gradient(x), tape.gradient(y)}] {
        for (int i = 0; i < groups.count; ++i) {
          convolve_back(*a, groups.list[static_cast<std::size_t>(i)], ends, *s);
        }
      });
  return y;
}

}  // namespace refrain::tape

#include "refrain/tape/convolution.h"

#include <algorithm>
#include <array>

#include "refrain/base/error.h"
#include "refrain/kernels/elementwise.h"
#include "refrain/kernels/product.h"

namespace refrain::tape {
namespace {

using tensor::Steps;

constexpr int kSegmentReals = 1 << 15;  // of gathered rows at once: they stay in the cache
constexpr int kFewestSteps = 64;        // of one segment, however many channels

// What a filter reads and where its columns stand in a matrix of all groups.
struct Window {
  int K, dilation, left;  // taps; steps between them; taps before the step itself
  int channels;           // of the rows that are read
  int from;               // first column in them
};

// Rows of sequences gathered one after the other, zeros around each, so that the K rows that one
// output looks at lie side by side: row start[i] with K rows' width is all that output i needs.
// Steps that a dilation puts side by side count as a sequence of their own ("phase").
struct Segment {
  struct Piece {
    int first, count;  // of the outputs
  };
  real* rows;  // [capacity, channels]
  int *start, *row;
  Piece* pieces;
  int outputs = 0, piece_count = 0, used = 0;

  void clear() { outputs = piece_count = used = 0; }
};

class Gathering {
 public:
  Gathering(tensor::Arena& arena, const Tensor& from, const Window& window, const Steps& steps)
      : from_(from), window_(window), steps_(steps) {
    most_ = std::min(steps.T, std::max(kFewestSteps, kSegmentReals / window.channels));
    capacity_ = std::max(most_ + window.K - 1, kSegmentReals / window.channels);
    const auto outputs = static_cast<std::size_t>(capacity_);
    segment_.rows = arena.array<real>(outputs * static_cast<std::size_t>(window.channels));
    segment_.start = arena.array<int>(outputs);
    segment_.row = arena.array<int>(outputs);
    segment_.pieces = arena.array<Segment::Piece>(outputs);
  }

  int capacity() const { return capacity_; }

  // Calls body(segment) until every step was an output once.
  template <class Body>
  void each_segment(const Body& body) {
    segment_.clear();
    for (int b = 0; b < steps_.B; ++b) {
      for (int phase = 0; phase < std::min(window_.dilation, steps_.length[b]); ++phase) {
        const int length = (steps_.length[b] - phase + window_.dilation - 1) / window_.dilation;
        for (int first = 0; first < length; first += most_) {
          const int count = std::min(most_, length - first);
          if (segment_.used + count + window_.K - 1 > capacity_) flush(body);
          add(b, phase, first, count);
        }
      }
    }
    flush(body);
  }

 private:
  template <class Body>
  void flush(const Body& body) {
    if (segment_.outputs > 0) body(segment_);
    segment_.clear();
  }

  // The steps phase + dilation * i of sequence b, first <= i < first + count, and what is around.
  void add(int b, int phase, int first, int count) {
    Segment& s = segment_;
    const int C = window_.channels;
    for (int i = 0; i < count + window_.K - 1; ++i) {
      const int t = phase + window_.dilation * (first + i - window_.left);
      real* to = s.rows + static_cast<std::ptrdiff_t>(s.used + i) * C;
      if (t < 0 || t >= steps_.length[b]) {
        std::fill_n(to, C, real{0});
      } else {
        std::copy_n(from_.row(steps_.row(t, b)) + window_.from, C, to);
      }
    }
    s.pieces[s.piece_count++] = {s.outputs, count};
    for (int i = 0; i < count; ++i, ++s.outputs) {
      s.start[s.outputs] = s.used + i;
      s.row[s.outputs] = steps_.row(phase + window_.dilation * (first + i), b);
    }
    s.used += count + window_.K - 1;
  }

  Tensor from_;
  Window window_;
  const Steps& steps_;
  int most_ = 0, capacity_ = 0;
  Segment segment_{};
};

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
  int columns = 0;  // of all results side by side
};

// to[row of an output, from..] = (accumulate: +=) what is gathered for it times `packed`.
struct Pass {
  const real *packed, *bias;
  int columns, from;
  bool accumulate;
};

void multiply_gathered(Tape& tape, Gathering gathering, const Pass& pass, const Window& window,
                       const Tensor& to) {
  const int K = window.K * window.channels, C = window.channels, O = pass.columns;
  const auto columns = static_cast<std::size_t>(O);
  real* out = tape.arena().array<real>(static_cast<std::size_t>(gathering.capacity()) * columns);
  gathering.each_segment([&](const Segment& s) {
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
void weight_gradient(Gathering gathering, const Group& g, const Window& window, const Tensor& dy) {
  gathering.each_segment([&](const Segment& s) {
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
  const Window window{g.K, g.dilation, g.left(), C, 0};
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
    const Window window{g.K, g.dilation, g.left(), C, 0};
    weight_gradient({tape.arena(), ends.x, window, steps}, g, window, ends.d_y);
  }
  if (ends.d_x.data == nullptr) return;
  const Window window{g.K, g.dilation, g.K - 1 - g.left(), g.O, g.from};
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
  const Var y = tape.result({steps.N, groups.columns});
  for (int i = 0; i < count; ++i) {
    convolve(tape, xv, groups.list[static_cast<std::size_t>(i)], steps, tape.value(y));
  }

  tape.on_backward(
      [t = &tape, groups, s = &steps, ends = Ends{xv, tape.gradient(x), tape.gradient(y)}] {
        for (int i = 0; i < groups.count; ++i) {
          convolve_back(*t, ends, groups.list[static_cast<std::size_t>(i)], *s);
        }
      });
  return y;
}

}  // namespace refrain::tape

#include "refrain/tape/loss.h"

#include <algorithm>
#include <cmath>

namespace refrain::tape {
namespace {

real weight_of(const CrossEntropy& o, int c) {
  return o.class_weight == nullptr ? real{1} : o.class_weight[c];
}

// The share of class c in what row b should be, before smoothing.
double share_of(const CrossEntropy& o, int b, int c, int C) {
  if (o.aim == nullptr) return c == o.target[b] ? 1 : 0;
  return static_cast<double>(o.aim[static_cast<std::size_t>(b) * static_cast<std::size_t>(C) +
                                   static_cast<std::size_t>(c)]);
}

double weight_of_sample(const CrossEntropy& o, int b) {
  return o.sample_weight == nullptr ? 1 : static_cast<double>(o.sample_weight[b]);
}

// Writes the softmax of one row and returns log(sum(exp(row))).
double softmax_row(const real* in, int C, real* out) {
  const double most = static_cast<double>(*std::max_element(in, in + C));
  double total = 0;
  for (int c = 0; c < C; ++c) total += std::exp(static_cast<double>(in[c]) - most);
  for (int c = 0; c < C; ++c) {
    out[c] = static_cast<real>(std::exp(static_cast<double>(in[c]) - most) / total);
  }
  return most + std::log(total);
}

}  // namespace

Var softmax_cross_entropy(Tape& tape, Var logits, const CrossEntropy& o, real* probability) {
  const Tensor z = tape.value(logits);
  const int B = z.rows(), C = z.columns();
  const Var y = tape.result({1}, {logits});
  const Tensor p = tape.arena().tensor({B, C});
  double all_weights = 0;
  for (int c = 0; c < C; ++c) all_weights += static_cast<double>(weight_of(o, c));
  const double smoothing = static_cast<double>(o.smoothing);
  double loss = 0;
  for (int b = 0; b < B; ++b) {
    const double norm = softmax_row(z.row(b), C, p.row(b));
    const auto surprise = [&](int c) {
      return static_cast<double>(weight_of(o, c)) * (norm - static_cast<double>(z.row(b)[c]));
    };
    const double weight = weight_of_sample(o, b);
    for (int c = 0; c < C; ++c) {
      const double share = share_of(o, b, c, C);
      if (share > 0) loss += weight * (1 - smoothing) * share * surprise(c);
    }
    if (smoothing > 0) {
      for (int c = 0; c < C; ++c) loss += weight * smoothing / C * surprise(c);
    }
  }
  tape.value(y).data[0] = static_cast<real>(loss / o.total_weight);
  if (probability != nullptr) std::copy_n(p.data, p.count(), probability);

  tape.on_backward(y, [p, o, dy = tape.gradient(y), dz = tape.gradient(logits), B, C, all_weights,
                       smoothing] {
    for (int b = 0; b < B; ++b) {
      const double factor =
          weight_of_sample(o, b) * static_cast<double>(dy.data[0]) / o.total_weight;
      const auto wanted = [&](int c) {
        return (1 - smoothing) * share_of(o, b, c, C) * static_cast<double>(weight_of(o, c));
      };
      double mass = 0;
      for (int c = 0; c < C; ++c) mass += wanted(c);
      mass += smoothing / C * all_weights;
      for (int c = 0; c < C; ++c) {
        const double aim = wanted(c) + smoothing / C * static_cast<double>(weight_of(o, c));
        dz.row(b)[c] += static_cast<real>(factor * (mass * static_cast<double>(p.row(b)[c]) - aim));
      }
    }
  });
  return y;
}

Var mean_squared_error(Tape& tape, Var x, const real* target, double total_count) {
  const Tensor xv = tape.value(x);
  const Var y = tape.result({1}, {x});
  double loss = 0;
  for (std::size_t i = 0; i < xv.count(); ++i) {
    const double gap = static_cast<double>(xv.data[i] - target[i]);
    loss += gap * gap;
  }
  tape.value(y).data[0] = static_cast<real>(loss / total_count);

  tape.on_backward(y, [xv, target, dy = tape.gradient(y), dx = tape.gradient(x), total_count] {
    const real factor = static_cast<real>(2 * static_cast<double>(dy.data[0]) / total_count);
    for (std::size_t i = 0; i < xv.count(); ++i) dx.data[i] += factor * (xv.data[i] - target[i]);
  });
  return y;
}

}  // namespace refrain::tape

#include "refrain/nn/recurrent_stream.h"

#include <algorithm>

#include "refrain/kernels/elementwise.h"
#include "refrain/kernels/normalise.h"
#include "refrain/kernels/product.h"

namespace refrain::nn {

RecurrentStream::RecurrentStream(const RecurrentStack& stack, const ParamSet& params,
                                 const std::string& pooling)
    : cell_(stack.cell), H_(stack.hidden), pooling_(pooling) {
  const auto H = static_cast<std::size_t>(H_);
  last_ = arena_.array<real>(3 * H);  // concat hands all three out as one
  mean_ = last_ + H;
  max_ = mean_ + H;
  sum_ = arena_.array<double>(H);
  if (stack.zoneout > 0) {
    zone_ = arena_.array<real>(H);
    std::fill_n(zone_, H, static_cast<real>(stack.zoneout));
  }
  int inputs =
      params.params()[static_cast<std::size_t>(stack.layers[0].directions[0].w_x)].shape[0];
  for (const auto& layer : stack.layers) {
    layers_.push_back(make_layer(layer, inputs, params));
    if (stack.residual && layers_.size() > 1) layers_.back().sum = arena_.array<real>(H);
    inputs = H_;
  }
  reset();
}

RecurrentStream::Layer RecurrentStream::make_layer(const RecurrentStack::Layer& from, int inputs,
                                                   const ParamSet& params) {
  const auto& d = from.directions.front();
  const auto H = static_cast<std::size_t>(H_);
  const int G = cell_->gates * H_;
  Layer layer;
  layer.inputs = inputs;
  real* packed_x = arena_.array<real>(kernels::packed_size(inputs, G));
  kernels::pack({params.value(d.w_x).data, inputs, G, G, 1}, packed_x);
  real* packed_h = arena_.array<real>(cell_->packed_size_forward(H_));
  cell_->pack_forward(params.value(d.w_h).data, H_, packed_h);
  layer.packed_x = packed_x;
  layer.packed_h = packed_h;
  layer.b = params.value(d.b).data;
  if (d.b_h >= 0) layer.b_h = params.value(d.b_h).data;
  if (from.gain >= 0) {
    layer.gain = params.value(from.gain).data;
    layer.bias = params.value(from.bias).data;
    layer.normal = arena_.array<real>(H);
  }
  layer.z = arena_.array<real>(static_cast<std::size_t>(cell_->z_width) * H);
  for (int i = 0; i < 2; ++i) {
    layer.h[i] = arena_.array<real>(H);
    layer.c[i] = arena_.array<real>(std::max<std::size_t>(1, cell_->c_width) * H);
  }
  return layer;
}

void RecurrentStream::reset() {
  steps_ = 0;
  std::fill_n(sum_, H_, 0.0);
}

const real* RecurrentStream::run_layer(Layer& l, const real* x) {
  const int G = cell_->gates * H_;
  kernels::product({x, l.inputs, 1, l.inputs, G, l.packed_x, l.b, l.z + cell_->x_offset * H_, G});
  std::swap(l.h[0], l.h[1]);
  std::swap(l.c[0], l.c[1]);
  kernels::CellStep s;
  s.units = H_;
  s.rows = 1;
  s.packed = l.packed_h;
  s.bias = l.b_h;
  s.z = {l.z, 0};
  s.h = {l.h[0], 0};
  s.c = {l.c[0], 0};
  if (steps_ > 0) {
    s.product = s.h_prev = {l.h[1], 0};
    s.c_prev = {l.c[1], 0};
  }
  s.zone = {zone_, 0};
  cell_->forward(s);
  return finish(l, x);
}

// Returns the output of a layer: its state, normalised and with the residual where asked for.
const real* RecurrentStream::finish(const Layer& l, const real* x) const {
  const auto F = static_cast<std::size_t>(H_);
  const real* y = l.h[0];
  if (l.gain != nullptr) {
    kernels::normalise_row(y, F, l.normal);
    kernels::scale_and_shift(l.normal, l.gain, l.bias, F, l.normal);
    y = l.normal;
  }
  if (l.sum == nullptr) return y;
  std::copy_n(x, F, l.sum);
  kernels::add(y, F, l.sum);
  return l.sum;
}

void RecurrentStream::step(const real* x) {
  for (auto& layer : layers_) x = run_layer(layer, x);
  for (int f = 0; f < H_; ++f) {
    last_[f] = x[f];
    sum_[f] += static_cast<double>(x[f]);
    max_[f] = steps_ == 0 ? x[f] : std::max(max_[f], x[f]);
  }
  ++steps_;
  for (int f = 0; f < H_; ++f) mean_[f] = static_cast<real>(sum_[f] / steps_);
}

const real* RecurrentStream::vector() const {
  if (pooling_ == "mean") return mean_;
  return pooling_ == "max" ? max_ : last_;
}

}  // namespace refrain::nn

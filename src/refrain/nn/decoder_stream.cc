#include "refrain/nn/decoder_stream.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/at.h"
#include "refrain/kernels/attention.h"
#include "refrain/kernels/elementwise.h"
#include "refrain/kernels/product.h"

namespace refrain::nn {

using base::at;
using tensor::Tensor;

PackedDecoder::PackedDecoder(const Decoder& decoder, const ParamSet& params)
    : spec_(&decoder.spec()), cell_(&kernels::cells().at(decoder.spec().cell)) {
  const DecoderParams& p = decoder.params();
  words_ = params.value(p.words);
  if (p.energy >= 0) energy_ = params.value(p.energy).data;
  begin_ = pack(params, p.begin_w, p.begin_b);
  query_ = pack(params, p.query, -1);
  key_ = pack(params, p.key, -1);
  first_ = pack_layer(params, p.first);
  second_ = pack_layer(params, p.second);
  out_state_ = pack(params, p.out_state, p.out_b);
  out_found_ = pack(params, p.out_found, -1);
  out_word_ = pack(params, p.out_word, -1);
  const int V = words_.rows(), E = words_.columns();
  real* packed = arena_.array<real>(kernels::packed_size(E, V));
  kernels::pack({words_.data, E, V, 1, E}, packed);
  softmax_ = {E, V, packed, params.value(p.bias).data};
}

PackedDecoder::Linear PackedDecoder::pack(const ParamSet& params, int w, int b) {
  const Tensor t = params.value(w);
  const int I = t.rows(), O = t.columns();
  real* packed = arena_.array<real>(kernels::packed_size(I, O));
  kernels::pack({t.data, I, O, O, 1}, packed);
  return {I, O, packed, b < 0 ? nullptr : params.value(b).data};
}

PackedDecoder::Layer PackedDecoder::pack_layer(const ParamSet& params,
                                               const DecoderParams::Layer& layer) {
  real* packed = arena_.array<real>(cell_->packed_size_forward(spec_->hidden));
  cell_->pack_forward(params.value(layer.w_h).data, spec_->hidden, packed);
  return {pack(params, layer.w_x, layer.b), packed,
          layer.b_h < 0 ? nullptr : params.value(layer.b_h).data};
}

void PackedDecoder::Linear::run(const kernels::Block& x, int rows, const kernels::MutableBlock& y,
                                bool adds) const {
  kernels::product({x.data, x.stride, rows, inputs, outputs, packed, bias, y.data, y.stride, adds});
}

void DecoderStream::begin(const Tensor& source, int most) {
  const DecoderSpec& spec = d_.spec();
  arena_.reset();
  count_ = 1;
  steps_ = source.rows();
  pack_source(source);
  for (real*& read : read_) read = rows(most, reads());
  std::fill_n(read_[0], reads(), real{0});
  query_ = rows(most, spec.hidden);
  both_ = rows(most, spec.hidden + source.columns());
  out_ = rows(most, spec.embedding_dim);
  probabilities_ = rows(most, d_.vocabulary());
  weights_ = rows(most, spec.heads * steps_);
  first_ = make_layer(most);
  second_ = make_layer(most);
  begin_first(source);
}

DecoderStream::Layer DecoderStream::make_layer(int most) {
  const int H = d_.spec().hidden;
  Layer out{};
  out.z = rows(most, d_.cell_->z_width * H);
  for (int i = 0; i < 2; ++i) {
    out.h[i] = rows(most, H);
    out.c[i] = rows(most, std::max(1, d_.cell_->c_width) * H);
  }
  std::fill_n(out.h[0], H, real{0});
  std::fill_n(out.c[0], std::max(1, d_.cell_->c_width) * H, real{0});
  return out;
}

// From the mean of the source (Decoder::beginning).
void DecoderStream::begin_first(const Tensor& source) {
  const auto I = at(source.columns());
  real* mean = both_;
  std::fill_n(mean, I, real{0});
  for (int u = 0; u < steps_; ++u) kernels::add(source.row(u), I, mean);
  kernels::scale(1 / static_cast<real>(steps_), I, mean);
  d_.begin_.run({mean, 0}, 1, {first_.h[0], 0});
  kernels::tanh(first_.h[0], at(d_.spec().hidden), first_.h[0]);
}

void DecoderStream::pack_source(const Tensor& source) {
  const int H = d_.spec().hidden, I = source.columns(), heads = d_.spec().heads;
  const int D = H / heads, E = I / heads;
  keys_ = rows(steps_, H);
  d_.key_.run({source.data, I}, steps_, {keys_, H});
  key_room_ = kernels::packed_size(D, steps_);
  value_room_ = kernels::packed_size(steps_, E);
  packed_keys_ = arena_.array<real>(at(heads) * key_room_);
  packed_values_ = arena_.array<real>(at(heads) * value_room_);
  for (int k = 0; k < heads; ++k) {
    kernels::pack({keys_ + k * D, D, steps_, 1, H}, packed_keys_ + at(k) * key_room_);
    kernels::pack({source.data + k * E, steps_, E, I, 1}, packed_values_ + at(k) * value_room_);
  }
}

void DecoderStream::keep(const int* numbers, int count) {
  const int H = d_.spec().hidden, C = std::max(1, d_.cell_->c_width) * H;
  for (Layer* layer : {&first_, &second_}) {
    for (int i = 0; i < count; ++i) {
      std::copy_n(layer->h[0] + numbers[i] * H, H, layer->h[1] + i * H);
      std::copy_n(layer->c[0] + numbers[i] * C, C, layer->c[1] + i * C);
    }
    std::swap(layer->h[0], layer->h[1]);
    std::swap(layer->c[0], layer->c[1]);
  }
  if (d_.spec().feeds) {
    const int R = reads();
    for (int i = 0; i < count; ++i) std::copy_n(read_[0] + numbers[i] * R, R, read_[1] + i * R);
    std::swap(read_[0], read_[1]);
  }
  count_ = count;
}

void DecoderStream::run(const PackedDecoder::Layer& weights, const kernels::Block& x,
                        Layer& layer) const {
  const kernels::Cell& cell = *d_.cell_;
  const int H = d_.spec().hidden, C = std::max(1, cell.c_width) * H;
  weights.input.run(x, count_, {layer.z + cell.x_offset * H, cell.z_width * H});
  std::swap(layer.h[0], layer.h[1]);
  std::swap(layer.c[0], layer.c[1]);
  kernels::CellStep s;
  s.units = H;
  s.rows = count_;
  s.packed = weights.packed_h;
  s.bias = weights.b_h;
  s.z = {layer.z, cell.z_width * H};
  s.h = {layer.h[0], H};
  s.c = {layer.c[0], C};
  s.product = s.h_prev = {layer.h[1], H};
  s.c_prev = {layer.c[1], C};
  cell.forward(s);
}

// query [count,hidden] -> weights_, and what is found there in the last columns of both_.
void DecoderStream::attend(const real* query) {
  const DecoderSpec& spec = d_.spec();
  const int H = spec.hidden, heads = spec.heads, D = H / heads, U = heads * steps_;
  const int I = d_.key_.inputs, E = I / heads;
  if (d_.energy_ != nullptr) {
    for (int i = 0; i < count_; ++i) {
      kernels::additive_scores({query + i * H, keys_, d_.energy_, steps_, H}, weights_ + i * U);
    }
  } else {
    for (int k = 0; k < heads; ++k) {
      kernels::product({query + k * D, H, count_, D, steps_, packed_keys_ + at(k) * key_room_,
                        nullptr, weights_ + k * steps_, U});
    }
    kernels::scale(1 / std::sqrt(static_cast<real>(D)), at(count_) * at(U), weights_);
  }
  for (int i = 0; i < count_ * heads; ++i) kernels::softmax(at(steps_), weights_ + i * steps_);
  for (int k = 0; k < heads; ++k) {
    kernels::product({weights_ + k * steps_, U, count_, steps_, E,
                      packed_values_ + at(k) * value_room_, nullptr, both_ + H + k * E, H + I});
  }
}

void DecoderStream::step(const int* symbol) {
  const int H = d_.spec().hidden, E = d_.spec().embedding_dim, V = d_.vocabulary();
  const int I = d_.key_.inputs, width = H + I, R = reads();
  real* read = read_[0];
  for (int i = 0; i < count_; ++i) std::copy_n(d_.words_.row(symbol[i]), E, read + i * R);
  run(d_.first_, {read, R}, first_);
  const real* state = first_.h[0];
  for (int i = 0; i < count_; ++i) std::copy_n(state + i * H, H, both_ + i * width);
  d_.query_.run({state, H}, count_, {query_, H});
  attend(query_);
  run(d_.second_, {both_, width}, second_);
  d_.out_state_.run({second_.h[0], H}, count_, {out_, E});
  d_.out_found_.run({both_ + H, width}, count_, {out_, E}, true);
  d_.out_word_.run({read, R}, count_, {out_, E}, true);
  if (d_.spec().feeds) {
    for (int i = 0; i < count_; ++i) std::copy_n(both_ + i * width + H, I, read + i * R + E);
  }
  kernels::tanh(out_, at(count_) * at(E), out_);
  d_.softmax_.run({out_, E}, count_, {probabilities_, V});
  for (int i = 0; i < count_; ++i) {
    kernels::softmax_of_many(at(V), probabilities_ + static_cast<std::ptrdiff_t>(i) * V);
  }
}

}  // namespace refrain::nn

#include "refrain/nn/convolution_stem.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "refrain/tape/activation.h"
#include "refrain/tape/convolution.h"
#include "refrain/tape/layer_norm.h"
#include "refrain/tape/linear.h"
#include "refrain/tape/pooling.h"

namespace refrain::nn {
namespace {

constexpr int kWidest = 1001;
constexpr int kStepsAfterStem = 100;  // for the recurrent layer, where the pool is chosen
constexpr int kSqueeze = 4;           // channels to one of the squeezed
constexpr int kMostTaps = 1 << 24;    // taps times channels of one filter

std::vector<int> parse(const std::string& list) {
  std::vector<int> out;
  const char *at = list.data(), *end = list.data() + list.size();
  while (true) {
    int width = 0;
    const auto [next, error] = std::from_chars(at, end, width);
    if (error != std::errc() || width < 1 || width > kWidest) return {};
    out.push_back(width);
    if (next == end) return out;
    if (*next != ',') return {};
    at = next + 1;
  }
}

std::vector<int> by_length(int length) {
  const int widest = std::clamp(length / 6, 7, 39) | 1;
  return {std::max(3, (widest / 4) | 1), std::max(5, (widest / 2) | 1), widest};
}

}  // namespace

base::Fields<StemSpec> stem_fields() {
  using S = StemSpec;
  return base::Fields<S>()
      .section("Convolution stem")
      .field("stem", &S::stem, {"none", "depthwise", "full"},
             "convolutions over time before the recurrent layers: depthwise filters each channel "
             "by itself and then mixes them, full filters all channels together")
      .field("stem_form", &S::stem_form, {"stem", "branch"},
             "stem = the recurrent layers read the output of the convolutions; branch = both read "
             "the input and their outputs are joined (Karim et al. 2018)")
      .field("stem_channels", &S::stem_channels, 1, 1024, "number of channels of the stem")
      .field("stem_layers", &S::stem_layers, 1, 8,
             "number of layers of the stem; from the second on with residual connections")
      .field("stem_kernels", &S::stem_kernels,
             "widths of the filters in steps, such as 9,19,39; auto = chosen by the length of the "
             "series; 2,3,4,5 for texts")
      .field("stem_pool", &S::stem_pool, 0, 100000,
             "average this many steps into one before the recurrent layers; 0 = as many as leave "
             "about 100 steps")
      .field("stem_skip", &S::stem_skip,
             "add the stem's mean and maximum over time to the pooled vector")
      .field("stem_dropout", &S::stem_dropout, 0, 0.95,
             "variational dropout of the stem's channels: one mask for each sequence")
      .field("squeeze", &S::squeeze,
             "squeeze and excitation: scale the stem's channels by weights that are computed from "
             "the whole sequence (Hu et al. 2018)");
}

std::vector<int> stem_kernels(const StemSpec& spec, const StemInput& input) {
  if (spec.stem_kernels == "auto") {
    return input.text ? std::vector<int>{2, 3, 4, 5} : by_length(input.length);
  }
  const auto out = parse(spec.stem_kernels);
  if (!out.empty() && out.size() <= tape::kMostFilters) return out;
  throw Error(Code::kUsage,
              fmt::format("--stem-kernels must be 1 to {} widths in [1, {}], got '{}'",
                          tape::kMostFilters, kWidest, spec.stem_kernels),
              "for example --stem-kernels 9,19,39, or auto");
}

int stem_pool(const StemSpec& spec, const StemInput& input) {
  if (spec.stem_pool > 0) return spec.stem_pool;
  return std::max(1, (input.length + kStepsAfterStem - 1) / kStepsAfterStem);
}

ConvolutionStem ConvolutionStem::make(const StemSpec& spec, const StemInput& input,
                                      const std::string& name, ParamSet& params) {
  ConvolutionStem stem;
  stem.depthwise = spec.stem == "depthwise";
  stem.channels = spec.stem_channels;
  stem.kernels = stem_kernels(spec, input);
  const int S = stem.channels, scales = static_cast<int>(stem.kernels.size());
  const int widest = *std::max_element(stem.kernels.begin(), stem.kernels.end());
  if (S < scales || input.features > kMostTaps / widest) {
    throw Error(Code::kUsage,
                fmt::format("a stem of {} channels cannot have {} widths up to {} on {} inputs", S,
                            scales, widest, input.features),
                "give more --stem-channels, or fewer and smaller --stem-kernels");
  }
  for (int i = 0; i < spec.stem_layers; ++i) {
    stem.add_layer(fmt::format("{}.{}.", name, i), i == 0 ? input.features : S, spec.squeeze,
                   params);
  }
  return stem;
}

void ConvolutionStem::add_layer(const std::string& path, int inputs, bool squeeze,
                                ParamSet& params) {
  const int S = channels, scales = static_cast<int>(kernels.size());
  const auto weight = [&](const std::string& part, tensor::Shape shape, int blocks = 1) {
    return params.add({path + part, shape, Start::kGlorot, blocks});
  };
  const auto bias = [&](const std::string& part, int size, Start start = Start::kZero) {
    return params.add({path + part, {size}, start, 1, false});
  };
  Layer layer;
  if (depthwise && layers.empty()) {
    layer.w_in = weight("w_in", {inputs, S});
    layer.b_in = bias("b_in", S);
  }
  for (int k = 0; k < scales; ++k) {
    const int K = kernels[static_cast<std::size_t>(k)];
    const int O = S * (k + 1) / scales - S * k / scales;
    const std::string part = fmt::format("filters_{}", k);
    // A depthwise filter starts by its own width: each channel is a block.
    layer.filters.push_back(depthwise ? weight(part, {K, S}, S) : weight(part, {K * inputs, O}));
    if (!depthwise) layer.biases.push_back(bias(fmt::format("b_{}", k), O));
  }
  if (depthwise) {
    layer.w_mix = weight("w_mix", {scales * S, S});
    layer.b_mix = bias("b_mix", S);
  }
  layer.gain = bias("gain", S, Start::kOne);
  layer.bias = bias("bias", S);
  if (squeeze) {
    const int few = std::max(1, S / kSqueeze);
    layer.w_down = weight("w_down", {S, few});
    layer.b_down = bias("b_down", few);
    layer.w_up = weight("w_up", {few, S});
    layer.b_up = bias("b_up", S);
  }
  layers.push_back(std::move(layer));
}

// Each channel times a share between 0 and 1 that the sequence's means decide.
tape::Var ConvolutionStem::excite(Context& context, const Layer& layer, tape::Var x,
                                  const tensor::Steps& steps) const {
  tape::Tape& tape = context.tape;
  tape::Var s = tape::pool_mean(tape, x, steps);  // [B,S]
  s = tape::linear(tape, s, context.param(layer.w_down), context.param(layer.b_down));
  s = tape::relu(tape, s);
  s = tape::linear(tape, s, context.param(layer.w_up), context.param(layer.b_up));
  return tape::scale_sequences(tape, x, tape::sigmoid(tape, s), steps);
}

tape::Var ConvolutionStem::run(Context& context, const Layer& layer, tape::Var x,
                               const tensor::Steps& steps) const {
  tape::Tape& tape = context.tape;
  if (layer.w_in >= 0) {
    x = tape::linear(tape, x, context.param(layer.w_in), context.param(layer.b_in));
  }
  tape::Filters filters[tape::kMostFilters];
  const int count = static_cast<int>(kernels.size());
  for (int k = 0; k < count; ++k) {
    const auto at = static_cast<std::size_t>(k);
    filters[k].w = context.param(layer.filters[at]);
    if (!depthwise) filters[k].b = context.param(layer.biases[at]);
    filters[k].width = kernels[at];
  }
  if (!depthwise) {
    x = tape::convolution(tape, x, filters, count, steps);
  } else {
    x = tape::depthwise_convolution(tape, x, filters, count, steps);
    x = tape::linear(tape, x, context.param(layer.w_mix), context.param(layer.b_mix));
  }
  x = tape::layer_norm(tape, x, context.param(layer.gain), context.param(layer.bias));
  x = tape::relu(tape, x);
  return layer.w_down < 0 ? x : excite(context, layer, x, steps);
}

tape::Var ConvolutionStem::forward(Context& context, tape::Var x,
                                   const tensor::Steps& steps) const {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const tape::Var y = run(context, layers[i], x, steps);
    x = i == 0 ? y : tape::add(context.tape, x, y);
  }
  return x;
}

}  // namespace refrain::nn

#include "bench/reply_step.h"

#include <algorithm>

namespace refrain::bench {
namespace {

nn::DecoderSpec decoder_spec(int H) {
  nn::DecoderSpec spec;
  spec.cell = "gru";
  spec.hidden = spec.embedding_dim = H;
  spec.additive = true;
  spec.dropout = 0;
  spec.label_smoothing = 0.1;
  return spec;
}

transduce::NetworkForm form_of(const ReplyCase& c) {
  transduce::NetworkForm form;
  form.source.kind = data::StreamKind::kText;
  form.source.inputs = c.symbols;
  form.encoder.cell = "gru";
  form.encoder.hidden = form.encoder.embedding_dim = c.H;
  form.encoder.pooling = "last";
  form.encoder.dropout = 0;
  form.decoder = decoder_spec(c.H);
  form.symbols = c.symbols;
  return form;
}

data::StreamBatch random_text(const std::vector<int>& lengths, int symbols, base::Rng rng) {
  data::StreamBatch out;
  out.kind = data::StreamKind::kText;
  out.table.assign(lengths);
  for (int n = 0; n < out.table.steps().N; ++n) {
    out.ids.push_back(1 + static_cast<int>(rng.below(static_cast<std::uint64_t>(symbols - 1))));
  }
  return out;
}

}  // namespace

ReplyStep::ReplyStep(const ReplyCase& c) : network_(form_of(c)) {
  nn::ParamSet& params = network_.params();
  params.initialise(rng_.fork("start"));
  adam_ = optim::optimisers().at("adam")(optim::OptimSpec{}, params.count());
  ranges_ = optim::update_ranges(params, 0);
  gradients_.resize(params.count());
  batch_.B = static_cast<int>(c.read.size());
  for (int b = 0; b < batch_.B; ++b) batch_.key.push_back(static_cast<std::uint64_t>(b));
  batch_.streams.push_back(random_text(c.read, c.symbols, rng_.fork("read")));
  batch_.streams.push_back(random_text(c.written, c.symbols, rng_.fork("written")));
}

double ReplyStep::run() {
  tape_.reset(true);
  std::fill(gradients_.begin(), gradients_.end(), real{0});
  nn::ParamSet& params = network_.params();
  nn::Context context{tape_, params, gradients_.data(), true, rng_, batch_};
  const tape::Var loss = network_.loss(context, batch_.streams.back().table.steps().N);
  const auto value = static_cast<double>(tape_.value(loss).data[0]);
  tape_.backward(loss);
  adam_->update({ranges_, ++step_, 1e-3, gradients_.data(), params.values().data(), value});
  return value;
}

BeamSearch::BeamSearch(const BeamCase& c) : case_(c) {
  decoder_ =
      std::make_unique<nn::Decoder>(decoder_spec(c.H), c.symbols, 2 * c.H, "decoder", params_);
  params_.initialise(base::Rng(1));
  for (std::size_t i = 0; i < params_.params().size(); ++i) {
    if (params_.params()[i].name != "decoder.bias") continue;
    params_.value(static_cast<int>(i)).data[0] = -30;
  }
  packed_ = std::make_unique<nn::PackedDecoder>(*decoder_, params_);
  base::Rng rng(2);
  for (int i = 0; i < c.read * 2 * c.H; ++i) {
    states_.push_back(static_cast<real>(rng.uniform(-1, 1)));
  }
}

int BeamSearch::run() {
  nn::BeamOptions options;
  options.beam = case_.beam;
  options.longest = case_.written;
  return static_cast<int>(
      nn::beam_search({packed_.get(), {{case_.read, 2 * case_.H}, states_.data()}}, options)
          .front()
          .symbols.size());
}

}  // namespace refrain::bench

#include "bench/chain_step.h"

#include <algorithm>

namespace refrain::bench {

ChainStep::ChainStep(const ChainCase& c) : case_(c) {
  if (!case_.cell.empty()) {
    nn::EncoderSpec spec;
    spec.cell = case_.cell;
    spec.hidden = case_.H;
    spec.dropout = 0;
    encoder_ = nn::make_encoder(spec, {data::StreamKind::kSeries, case_.I}, "encoder", params_);
    head_ = nn::LinearHead::make(encoder_->step_features(), case_.tags, "head", params_);
  }
  chain_ = nn::ChainHead::make(case_.tags, "head", params_);
  params_.initialise(rng_.fork("start"));
  adam_ = optim::optimisers().at("adam")(optim::OptimSpec{}, params_.count());
  ranges_ = optim::update_ranges(params_, 0);
  gradients_.resize(params_.count());
  base::Rng rng = rng_.fork("data");
  batch_.B = case_.B;
  for (int b = 0; b < case_.B; ++b) batch_.key.push_back(static_cast<std::uint64_t>(b));
  auto& stream = batch_.streams.emplace_back();
  stream.features = case_.I;
  stream.table.assign(std::vector<int>(static_cast<std::size_t>(case_.B), case_.T));
  const auto N = static_cast<std::size_t>(stream.table.steps().N);
  stream.values.resize(N * static_cast<std::size_t>(case_.I));
  for (real& x : stream.values) x = static_cast<real>(rng.normal());
  for (std::size_t n = 0; n < N; ++n) {
    batch_.tags.push_back(static_cast<int>(rng.below(static_cast<std::uint64_t>(case_.tags))));
  }
  emissions_.resize(N * static_cast<std::size_t>(case_.tags));
  for (real& x : emissions_) x = static_cast<real>(rng.normal());
  emission_gradients_.resize(emissions_.size());
}

double ChainStep::run() {
  tape_.reset(true);
  std::fill(gradients_.begin(), gradients_.end(), real{0});
  nn::Context context{tape_, params_, gradients_.data(), true, rng_, batch_};
  const tensor::Steps* steps = &batch_.streams.front().table.steps();
  tape::Var emissions;
  if (encoder_ != nullptr) {
    const nn::StepStates states = encoder_->steps(context, batch_.streams.front());
    emissions = head_.forward(context, states.states);
    steps = states.steps;
  } else {
    std::fill(emission_gradients_.begin(), emission_gradients_.end(), real{0});
    const tensor::Shape shape{steps->N, case_.tags};
    emissions = tape_.variable({shape, emissions_.data()}, {shape, emission_gradients_.data()});
  }
  tape::ChainLoss options;
  options.tag = batch_.tags.data();
  options.total_weight = steps->N;
  const tape::Var loss =
      tape::chain_loss(tape_, chain_.scores(context, emissions), options, *steps);
  const auto value = static_cast<double>(tape_.value(loss).data[0]);
  tape_.backward(loss);
  if (encoder_ != nullptr) {
    adam_->update({ranges_, ++step_, 1e-3, gradients_.data(), params_.values().data(), value});
  }
  return value;
}

}  // namespace refrain::bench

#include "refrain/explain/pass.h"

namespace refrain::explain {

Pass::Pass(const task::Network& network, const data::EncodedSample& sample,
           const nn::ParamSet& params, Alter alter) {
  look_.alter = std::move(alter);
  const int first = 0;
  data::assemble({sample}, &first, 1, network.features().streams(), batch_);
  gradients_.resize(params.count());
  tape_.reset(true);
  nn::Context context{tape_, params, gradients_.data(), false, base::Rng(0), batch_};
  context.look = &look_;
  if (network.goal().of_steps()) {
    tape::Var whole;
    output_ = network.step_outputs(context, whole).states;
  } else {
    output_ = network.outputs(context);
  }
}

tensor::Tensor Pass::gradient(const std::vector<std::pair<std::size_t, double>>& of) {
  for (const auto& [at, weight] : of) {
    tape_.gradient(output_).data[at] += static_cast<real>(weight);
  }
  tape_.backward();
  return tape_.gradient(look_.seen.front().second);
}

}  // namespace refrain::explain

#include "refrain/explain/pass.h"

namespace refrain::explain {

Pass::Pass(const task::Network& network, const data::EncodedSample& sample,
           const nn::ParamSet& params) {
  const int first = 0;
  data::assemble({sample}, &first, 1, network.features().streams(), batch_);
  gradients_.resize(params.count());
  tape_.reset(true);
  nn::Context context{tape_, params, gradients_.data(), false, base::Rng(0), batch_};
  context.look = &look_;
  output_ = network.outputs(context);
}

tensor::Tensor Pass::gradient(int column) {
  tape_.gradient(output_).data[column] = 1;
  tape_.backward();
  return tape_.gradient(look_.seen.front().second);
}

}  // namespace refrain::explain

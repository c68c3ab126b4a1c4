#include "refrain/api/stream.h"

#include <algorithm>
#include <cmath>

#include "refrain/api/inside/model_impl.h"
#include "refrain/task/test_variants.h"

namespace refrain::api {

struct Stream::Impl {
  const task::Network& model;
  std::unique_ptr<nn::EncoderStream> encoder;
  std::vector<real> input;
  std::vector<double> probability;
  std::vector<double> offset;  // of the model
  std::vector<float> shifted;
};

Stream::Stream(const Model& model) {
  const task::Network* network = model.impl().model.single_network();
  const bool varies = task::varies_tests(model.impl().model.spec);
  if (network == nullptr || varies || model.impl().model.temperature != 1) {
    throw Error(Code::kUnsupported, "only a single network can answer step by step",
                "for streaming train with --ensemble 1, without --blend, --calibrate and --tta");
  }
  if (!model.impl().model.encoder.empty()) {
    throw Error(Code::kUnsupported, "a model that reads texts through --encoder has no stream",
                "predict whole texts instead");
  }
  const task::Network& classifier = *network;
  impl_ = std::make_unique<Impl>(Impl{classifier, classifier.stream(), {}, {}, {}, {}});
  impl_->offset = model.impl().model.offset;
  impl_->shifted.resize(impl_->offset.size());
  impl_->input.resize(static_cast<std::size_t>(classifier.features().inputs(0)));
  impl_->probability.resize(static_cast<std::size_t>(classifier.goal().width()));
  reset();
}
Stream::~Stream() = default;
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;

int Stream::channels() const { return impl_->model.features().streams().front().channels; }

void Stream::reset() {
  impl_->encoder->reset();
  std::fill(impl_->input.begin(), impl_->input.end(), real{0});
}

void Stream::step(const float* values) {
  for (std::size_t c = 0; c < impl_->offset.size(); ++c) {
    impl_->shifted[c] = static_cast<float>(static_cast<double>(values[c]) - impl_->offset[c]);
  }
  if (!impl_->offset.empty()) values = impl_->shifted.data();
  impl_->model.features().encode_step(values, 0, impl_->input.data());
  impl_->encoder->step(impl_->input.data());
}

const std::vector<double>& Stream::probabilities() {
  impl_->model.decode(impl_->encoder->vector(), impl_->probability.data());
  return impl_->probability;
}

}  // namespace refrain::api

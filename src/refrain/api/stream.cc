#include "refrain/api/stream.h"

#include <algorithm>
#include <cmath>

#include "refrain/api/inside/model_impl.h"
#include "refrain/api/inside/transducer_impl.h"
#include "refrain/task/test_variants.h"

namespace refrain::api {

// Takes from the values of each step what the model's training series were shifted by.
struct StepShift {
  std::vector<double> offset;
  std::vector<float> shifted;

  explicit StepShift(const std::vector<double>& by) : offset(by), shifted(by.size()) {}
  const float* of(const float* values) {
    for (std::size_t c = 0; c < offset.size(); ++c) {
      shifted[c] = static_cast<float>(static_cast<double>(values[c]) - offset[c]);
    }
    return offset.empty() ? values : shifted.data();
  }
};

struct Stream::Impl {
  const task::Network& model;
  std::unique_ptr<nn::EncoderStream> encoder;
  std::vector<real> input;
  std::vector<double> probability;
  StepShift shift;
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
  impl_ = std::make_unique<Impl>(
      Impl{classifier, classifier.stream(), {}, {}, StepShift(model.impl().model.offset)});
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
  impl_->model.features().encode_step(impl_->shift.of(values), 0, impl_->input.data());
  impl_->encoder->step(impl_->input.data());
}

const std::vector<double>& Stream::probabilities() {
  impl_->model.decode(impl_->encoder->vector(), impl_->probability.data());
  return impl_->probability;
}

struct TranscriptStream::Impl {
  const transduce::Transducer& model;
  transduce::CtcStream network;
  StepShift shift;
  std::vector<real> input;
  std::vector<int> symbols;
};

TranscriptStream::TranscriptStream(const Transducer& model) {
  const transduce::Transducer& t = model.impl().model;
  if (t.reads_text() || writes_in_seconds(t)) {
    throw Error(Code::kUnsupported, "only series are transcribed step by step",
                "predict whole texts and recordings");
  }
  if (t.settings.attends() || t.networks.size() > 1 || t.language) {
    throw Error(Code::kUnsupported, "only a single network with CTC can write step by step",
                "for streaming train with --decoder ctc, --ensemble 1, without --language-model");
  }
  impl_ = std::make_unique<Impl>(
      Impl{t, transduce::CtcStream(*t.networks.front()), StepShift(t.offset), {}, {}});
  impl_->input.resize(static_cast<std::size_t>(t.features.inputs(0)));
  // A step that the features cannot read alone is said now.
  const std::vector<float> nothing(static_cast<std::size_t>(channels()));
  t.features.encode_step(nothing.data(), 0, impl_->input.data());
  reset();
}
TranscriptStream::~TranscriptStream() = default;
TranscriptStream::TranscriptStream(TranscriptStream&&) noexcept = default;
TranscriptStream& TranscriptStream::operator=(TranscriptStream&&) noexcept = default;

int TranscriptStream::channels() const { return impl_->model.features.streams().front().channels; }

void TranscriptStream::reset() {
  impl_->network.reset();
  impl_->symbols.clear();
  std::fill(impl_->input.begin(), impl_->input.end(), real{0});
}

bool TranscriptStream::step(const float* values) {
  impl_->model.features.encode_step(impl_->shift.of(values), 0, impl_->input.data());
  const int added = impl_->network.step(impl_->input.data());
  if (added == transduce::Symbols::kMark) return false;
  impl_->symbols.push_back(added);
  return true;
}

std::string TranscriptStream::text() const { return impl_->model.reply.decode(impl_->symbols); }

}  // namespace refrain::api

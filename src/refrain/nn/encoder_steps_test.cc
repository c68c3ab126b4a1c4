// Checks the outputs of an encoder step by step.
#include <gtest/gtest.h>

#include "refrain/nn/encoder.h"

namespace refrain::nn {
namespace {

using data::StreamKind;
using tape::Tape;
using tensor::Tensor;

constexpr int kColumns = 3;

// Returns equal values for equal lengths.
data::EncodedSample series_of(int length, int index) {
  data::EncodedSample sample;
  data::EncodedStream stream;
  stream.length = length;
  base::Rng rng = base::Rng(5).fork(static_cast<std::uint64_t>(length));
  for (int i = 0; i < length * kColumns; ++i) {
    stream.values.push_back(static_cast<real>(rng.uniform(-1, 1)));
  }
  sample.streams.push_back(std::move(stream));
  sample.index = index;
  return sample;
}

// The states of each step, and how many there are.
struct StepRun {
  std::vector<std::vector<real>> of;  // [samples] the states of each, step after step
  int columns = 0;
};

StepRun run_steps(const EncoderSpec& spec, const std::vector<int>& lengths) {
  ParamSet params;
  const StreamShape shape{StreamKind::kSeries, kColumns, 9};
  const auto encoder = make_encoder(spec, shape, "encoder", params);
  params.initialise(base::Rng(3));
  std::vector<data::EncodedSample> samples;
  std::vector<int> chosen;
  for (const int length : lengths) {
    const int number = static_cast<int>(samples.size());
    chosen.push_back(number);
    samples.push_back(series_of(length, number));
  }
  data::Batch batch;
  data::assemble(samples, chosen.data(), static_cast<int>(chosen.size()),
                 {{"x", StreamKind::kSeries, kColumns, {}}}, batch);
  Tape tape;
  tape.reset(false);
  Context context{tape, params, nullptr, false, base::Rng(1), batch};
  const StepStates found = encoder->steps(context, batch.streams.front());
  const Tensor y = tape.value(found.states);
  EXPECT_EQ(y.columns(), encoder->step_features());
  EXPECT_EQ(y.rows(), found.steps->N);
  StepRun out;
  out.columns = y.columns();
  out.of.resize(lengths.size());
  for (int n = 0; n < y.rows(); ++n) {
    const int place = found.steps->position[found.steps->sequence[n]];
    auto& states = out.of[static_cast<std::size_t>(place)];
    states.insert(states.end(), y.row(n), y.row(n) + y.columns());
  }
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const int stride = encoder->stride();
    EXPECT_EQ(out.of[i].size(), static_cast<std::size_t>((lengths[i] + stride - 1) / stride) *
                                    static_cast<std::size_t>(y.columns()));
  }
  return out;
}

// With a stem below or beside, segments and attention: one sequence alone or with others.
TEST(EncoderSteps, do_not_depend_on_the_other_sequences_of_the_batch) {
  for (int bits = 0; bits < 32; ++bits) {
    EncoderSpec spec;
    spec.hidden = 4;
    spec.heads = 2;
    spec.segment = (bits & 1) != 0 ? 2 : 1;
    spec.stem.stem = (bits & 2) != 0 ? "full" : "none";
    spec.stem.stem_kernels = "3";
    spec.stem.stem_channels = 4;
    spec.stem.stem_pool = 2;
    spec.stem.stem_form = (bits & 4) != 0 ? "branch" : "stem";
    spec.stem.stem_skip = (bits & 8) != 0;
    spec.attention = (bits & 16) != 0 ? "self" : "none";
    SCOPED_TRACE(bits);
    const StepRun all = run_steps(spec, {5, 9, 2, 7});
    const StepRun one = run_steps(spec, {7});
    EXPECT_EQ(all.of[3], one.of[0]);
    EXPECT_NE(all.of[1], one.of[0]);
  }
}

}  // namespace
}  // namespace refrain::nn

// A decoder that writes asks the system for no memory: neither in a step of one hypothesis, nor
// where several stand side by side and are picked.
#include <gtest/gtest.h>

#include "refrain/nn/decoder_stream.h"
#include "tests/suites/allocation_counter.h"

namespace refrain::suites {
namespace {

TEST(DecoderAllocation, a_step_allocates_nothing) {
  constexpr int kSymbols = 20, kInputs = 12, kSteps = 7, kMost = 3;
  for (const std::string& cell : kernels::cells().names()) {
    for (const bool additive : {false, true}) {
      nn::DecoderSpec spec;
      spec.cell = cell;
      spec.hidden = 12;
      spec.embedding_dim = 8;
      spec.additive = additive;
      spec.heads = additive ? 1 : 3;
      nn::ParamSet params;
      const nn::Decoder decoder(spec, kSymbols, kInputs, "decoder", params);
      params.initialise(base::Rng(1));
      std::vector<real> states(kSteps * kInputs, real{0.5});
      const nn::PackedDecoder packed(decoder, params);
      nn::DecoderStream stream(packed);
      const long before = allocations();
      stream.begin({{kSteps, kInputs}, states.data()}, kMost);
      const long begun = allocations();
      EXPECT_GT(begun, before) << "the counter does not count";
      const int symbol[kMost] = {0, 1, 2}, order[kMost] = {0, 0, 0};
      stream.step(symbol);
      stream.step(symbol);
      stream.keep(order, kMost);
      stream.step(symbol);
      EXPECT_EQ(allocations(), begun) << cell << additive;
    }
  }
}

}  // namespace
}  // namespace refrain::suites

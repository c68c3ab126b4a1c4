#include "refrain/task/forgetting.h"

#include <gtest/gtest.h>

namespace refrain::task {
namespace {

TEST(PutBack, takes_what_has_the_name_and_of_longer_tables_the_first_rows) {
  nn::ParamSet source, tuned;
  source.add({"encoder.words", {3, 2}, nn::Start::kGlorot});
  source.add({"encoder.0.w_h", {2, 2}, nn::Start::kGlorot});
  source.add({"head.w", {2, 2}, nn::Start::kGlorot});
  tuned.add({"head.w", {2, 2}, nn::Start::kGlorot});
  tuned.add({"encoder.0.w_h", {2, 2}, nn::Start::kGlorot});
  tuned.add({"encoder.words", {5, 2}, nn::Start::kGlorot});
  source.initialise(base::Rng(1));
  tuned.initialise(base::Rng(2));
  const nn::ParamSet before = source;
  EXPECT_TRUE(put_back(tuned, source));
  for (int i = 0; i < 6; ++i) EXPECT_EQ(source.value(0).data[i], tuned.value(2).data[i]);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(source.value(1).data[i], tuned.value(1).data[i]);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(source.value(2).data[i], before.value(2).data[i]);
}

// A filter of three channels is none of two channels with rows behind it.
TEST(PutBack, refuses_parameters_of_another_form) {
  nn::ParamSet source, tuned;
  source.add({"encoder.stem.0.filters_0", {4, 2}, nn::Start::kGlorot});
  tuned.add({"encoder.stem.0.filters_0", {6, 2}, nn::Start::kGlorot});
  source.initialise(base::Rng(1));
  tuned.initialise(base::Rng(2));
  EXPECT_FALSE(put_back(tuned, source));
}

}  // namespace
}  // namespace refrain::task

#include "refrain/task/forgetting.h"

#include <gtest/gtest.h>

namespace refrain::task {
namespace {

TEST(PutBack, takes_what_has_the_name_and_of_longer_tables_the_first_rows) {
  nn::ParamSet source, tuned;
  source.add({"encoder.words", {3, 2}, nn::Start::kGlorot});
  source.add({"encoder.0.w_h", {2, 2}, nn::Start::kGlorot});
  source.add({"encoder.0.w_x", {2, 4}, nn::Start::kGlorot});
  source.add({"head.w", {2, 2}, nn::Start::kGlorot});
  tuned.add({"head.w", {2, 2}, nn::Start::kGlorot});
  tuned.add({"encoder.0.w_h", {2, 2}, nn::Start::kGlorot});
  tuned.add({"encoder.words", {5, 2}, nn::Start::kGlorot});
  tuned.add({"encoder.0.w_x", {2, 6}, nn::Start::kGlorot});
  source.initialise(base::Rng(1));
  tuned.initialise(base::Rng(2));
  const nn::ParamSet before = source;
  EXPECT_EQ(put_back(tuned, source), 2U);
  for (int i = 0; i < 6; ++i) EXPECT_EQ(source.value(0).data[i], tuned.value(2).data[i]);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(source.value(1).data[i], tuned.value(1).data[i]);
  for (int i = 0; i < 8; ++i) EXPECT_EQ(source.value(2).data[i], before.value(2).data[i]);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(source.value(3).data[i], before.value(3).data[i]);
}

}  // namespace
}  // namespace refrain::task

#include "refrain/base/error.h"

#include <gtest/gtest.h>

namespace refrain {
namespace {

TEST(Error, carries_code_message_and_hint) {
  const Error error(Code::kData, "train.csv:3: 2 cells", "add a cell");
  EXPECT_EQ(error.code(), Code::kData);
  EXPECT_STREQ(error.what(), "train.csv:3: 2 cells");
  EXPECT_EQ(error.hint(), "add a cell");
  EXPECT_EQ(Error(Code::kIo, "x").hint(), "");
}

TEST(Error, usage_data_and_io_exit_with_two_and_the_rest_with_one) {
  for (const Code code : {Code::kUsage, Code::kData, Code::kIo}) {
    EXPECT_EQ(Error(code, "").exit_code(), 2);
  }
  for (const Code code : {Code::kShape, Code::kNumeric, Code::kUnsupported, Code::kInternal}) {
    EXPECT_EQ(Error(code, "").exit_code(), 1);
  }
}

}  // namespace
}  // namespace refrain

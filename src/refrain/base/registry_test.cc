#include "refrain/base/registry.h"

#include <gmock/gmock.h>

namespace refrain::base {
namespace {

Registry<int> cells() { return {"cell", {{"lstm", "long memory", 4}, {"gru", "gates", 3}}}; }

TEST(Registry, finds_by_name_and_keeps_the_order_of_the_list) {
  const auto registry = cells();
  EXPECT_EQ(registry.at("gru"), 3);
  EXPECT_EQ(*registry.find("lstm"), 4);
  EXPECT_EQ(registry.find("rnn"), nullptr);
  EXPECT_THAT(registry.names(), testing::ElementsAre("lstm", "gru"));
  EXPECT_EQ(registry.items()[0].description, "long memory");
}

TEST(Registry, an_unknown_name_is_a_usage_error_with_the_nearest) {
  const auto registry = cells();
  try {
    registry.at("lsmt");
    FAIL() << "found";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kUsage);
    EXPECT_STREQ(error.what(), "unknown cell 'lsmt'");
    EXPECT_EQ(error.hint(), "did you mean 'lstm'?");
  }
}

}  // namespace
}  // namespace refrain::base

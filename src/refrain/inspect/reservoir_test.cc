#include "refrain/inspect/reservoir.h"

#include <gmock/gmock.h>

namespace refrain::inspect {
namespace {

TEST(Reservoir, holds_all_as_long_as_they_fit) {
  Reservoir r(10);
  for (int i = 0; i < 10; ++i) r.add(i, i);
  EXPECT_TRUE(r.holds_all());
  EXPECT_EQ(r.entries().size(), 10U);
}

TEST(Reservoir, keeps_an_even_share_of_many_in_bounded_memory) {
  Reservoir r(1000);
  for (int i = 0; i < 200000; ++i) r.add(i, i);
  const auto values = r.sorted();
  ASSERT_EQ(values.size(), 1000U);
  EXPECT_NEAR(quantile(values, 0.5), 100000, 8000);
  EXPECT_FALSE(r.holds_all());
}

TEST(Reservoir, does_not_depend_on_the_order) {
  Reservoir a(50), b(50);
  for (int i = 0; i < 1000; ++i) a.add(i, i), b.add(999 - i, 999 - i);
  EXPECT_EQ(a.sorted(), b.sorted());
}

}  // namespace
}  // namespace refrain::inspect

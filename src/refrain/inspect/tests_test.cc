#include "refrain/inspect/tests.h"

#include <gmock/gmock.h>

#include "refrain/base/rng.h"

namespace refrain::inspect {
namespace {

using testing::ElementsAre;

// scipy.stats.ks_2samp(range(10), range(5, 15)): 0.5 and 0.16782 (exact).
TEST(Tests, the_distance_is_that_of_kolmogorov_and_smirnov) {
  std::vector<double> a, b;
  for (int i = 0; i < 10; ++i) a.push_back(i), b.push_back(i + 5);
  const Comparison found = compare_numbers({a, b, 10, 10}, 0);
  EXPECT_DOUBLE_EQ(found.distance, 0.5);
  EXPECT_NEAR(found.p, 0.167821, 1e-6);
}

TEST(Tests, what_differs_by_less_than_a_grain_is_equal) {
  const std::vector<double> a(50, 1.0), b(50, 1.0000001);
  EXPECT_DOUBLE_EQ(compare_numbers({a, b, 50, 50}, 0).distance, 1);
  EXPECT_DOUBLE_EQ(compare_numbers({a, b, 50, 50}, 0.01).distance, 0);
}

TEST(Tests, p_values_of_one_source_are_rarely_small) {
  int small = 0;
  for (int k = 0; k < 400; ++k) {
    base::Rng rng(static_cast<std::uint64_t>(k));
    std::vector<double> a, b;
    for (int i = 0; i < 30; ++i) a.push_back(rng.normal()), b.push_back(rng.normal());
    if (compare_numbers({a, b, 30, 30}, 0).p < 0.05) ++small;
  }
  EXPECT_LE(small, 32);
  EXPECT_GE(small, 4);
}

// scipy.stats.chi2_contingency([[30, 70], [50, 50]], correction=False): 8.3333, p 0.003892.
TEST(Tests, counts_are_compared_by_chi_squared) {
  const Comparison found = compare_counts({{"a", 30}, {"b", 70}}, {{"a", 50}, {"b", 50}});
  EXPECT_NEAR(found.p, 0.003892, 1e-5);
  EXPECT_NEAR(found.distance, 0.204124, 1e-5);
}

TEST(Tests, rare_names_are_taken_together) {
  std::map<std::string, double> a{{"common", 100}}, b{{"common", 100}};
  for (int i = 0; i < 20; ++i) a["a" + std::to_string(i)] = 1, b["b" + std::to_string(i)] = 1;
  EXPECT_DOUBLE_EQ(compare_counts(a, b).distance, 0);
}

TEST(Tests, several_are_corrected_for_their_number) {
  EXPECT_THAT(below_together({0.006, 0.02, 0.003}, 0.01), ElementsAre(false, false, true));
  EXPECT_THAT(below_together({0.005, 0.02, 0.003}, 0.01), ElementsAre(true, false, true));
  EXPECT_THAT(below_together({}, 0.01), ElementsAre());
}

}  // namespace
}  // namespace refrain::inspect

#include "refrain/score/stacking.h"

#include <gmock/gmock.h>

#include "refrain/base/rng.h"

namespace refrain::score {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;

TEST(Stacking, of_two_models_has_the_closed_form) {
  const std::vector<double> truth = {1, 2, 4, 3};
  const std::vector<std::vector<double>> predicted = {{0, 2, 5, 3}, {2, 1, 3, 3}};
  // (y - p2) . (p1 - p2) / |p1 - p2|^2 = (-1, 1, 1, 0) . (-2, 1, 2, 0) / 9
  EXPECT_THAT(stacking_weights(truth, predicted, 0),
              ElementsAre(DoubleNear(5.0 / 9, 1e-10), DoubleNear(4.0 / 9, 1e-10)));
}

TEST(Stacking, a_model_that_harms_gets_nothing) {
  const std::vector<double> truth = {1, 2, 4, 3};
  EXPECT_THAT(stacking_weights(truth, {{1, 2, 4, 3}, {9, 9, 9, 9}, {-1, -2, -4, -3}}, 0),
              ElementsAre(DoubleNear(1, 1e-9), DoubleNear(0, 1e-9), DoubleNear(0, 1e-9)));
}

TEST(Stacking, equal_models_have_equal_weights_and_so_have_those_of_no_samples) {
  EXPECT_THAT(stacking_weights({1, 2}, {{1, 1}, {1, 1}}), ElementsAre(0.5, 0.5));
  EXPECT_THAT(stacking_weights({}, {{}, {}}), ElementsAre(0.5, 0.5));
}

TEST(Stacking, few_samples_are_drawn_towards_equal_weights_and_many_are_not) {
  const auto weight_of_the_better = [](int n) {
    base::Rng rng(3);
    std::vector<double> truth;
    std::vector<std::vector<double>> predicted(2);
    for (int i = 0; i < n; ++i) {
      truth.push_back(rng.normal());
      predicted[0].push_back(truth.back() + 0.1 * rng.normal());
      predicted[1].push_back(truth.back() + rng.normal());
    }
    return stacking_weights(truth, predicted)[0];
  };
  EXPECT_LT(weight_of_the_better(5), 0.85);
  EXPECT_GT(weight_of_the_better(2000), 0.97);
}

}  // namespace
}  // namespace refrain::score

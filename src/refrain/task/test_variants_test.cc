#include "refrain/task/test_variants.h"

#include <gtest/gtest.h>

#include "refrain/augment/derive.h"
#include "refrain/task/made_up_data.h"

namespace refrain::task {
namespace {

Spec varying(const std::string& augment, int tta) {
  Spec spec = small_spec();
  spec.augment.augment = augment;
  spec.augment.tta = tta;
  return spec;
}

// Two numbers of the first channel of each series, which lacks none, and how often they were asked
// for.
struct Asked {
  int times = 0;

  std::vector<double> operator()(const data::Subset& view) {
    ++times;
    std::vector<double> out;
    for (int i = 0; i < view.size(); ++i) {
      const auto& values = std::get<data::Series>(view[i].streams.front()).values;
      out.push_back(static_cast<double>(values.at(0)));
      out.push_back(static_cast<double>(values.at(2)));
    }
    return out;
  }
};

std::vector<double> asked(const Spec& spec, const data::Dataset& d, const std::vector<int>& chosen,
                          int threads = 1) {
  Asked predict;
  return predict_with_variants(spec, {d, chosen}, threads,
                               [&](const data::Subset& view) { return predict(view); });
}

TEST(TestVariants, half_is_the_sample_itself_and_half_the_mean_of_its_variants) {
  const auto d = trends(5);
  const auto all = all_of(d);
  const auto spec = varying("offset(p=1)", 3);
  Asked predict;
  const auto found = predict_with_variants(spec, {d, all}, 1,
                                           [&](const data::Subset& view) { return predict(view); });
  EXPECT_EQ(predict.times, 4);
  const auto own = predict({d, all});
  const auto pipeline = augment::Pipeline::from(spec.augment.augment);
  const auto seed = base::Rng(static_cast<std::uint64_t>(spec.train.seed)).fork("tests");
  for (const int i : all) {
    const augment::Pool alone(d, {i});
    double mean = 0;
    for (std::uint64_t round = 0; round < 3; ++round) {
      const auto sample = augment::vary(pipeline, alone, 0, seed.fork(round));
      mean += static_cast<double>(std::get<data::Series>(sample.streams.front()).values.at(0)) / 3;
    }
    const auto at = static_cast<std::size_t>(2 * i);
    EXPECT_NE(mean, own[at]);
    EXPECT_NEAR(found[at], (own[at] + mean) / 2, 1e-12);
  }
}

TEST(TestVariants, depend_on_the_sample_and_the_seed_and_on_nothing_else) {
  const auto d = trends(6);
  auto spec = varying("jitter(p=1)", 4);
  const auto all = asked(spec, d, all_of(d));
  const auto few = asked(spec, d, {4, 1}, 2);
  EXPECT_EQ(few, (std::vector<double>{all[8], all[9], all[2], all[3]}));
  spec.train.seed += 1;
  EXPECT_NE(asked(spec, d, {4, 1}), few);
}

TEST(TestVariants, there_are_none_unless_asked_for) {
  const auto d = trends(3);
  const auto all = all_of(d);
  for (const auto& spec : {varying("jitter", 0), varying("", 5), varying("auto", 5)}) {
    EXPECT_FALSE(varies_tests(spec));
    Asked predict;
    const auto found = predict_with_variants(
        spec, {d, all}, 1, [&](const data::Subset& view) { return predict(view); });
    EXPECT_EQ(predict.times, 1);
    EXPECT_EQ(found, predict({d, all}));
  }
  EXPECT_TRUE(asked(varying("jitter", 2), d, {}).empty());
}

}  // namespace
}  // namespace refrain::task

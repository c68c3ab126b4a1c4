#include "refrain/language/evaluate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "refrain/language/made_up_text.h"

namespace refrain::language {
namespace {

TEST(Surprises, of_streams_are_those_of_one_reading_but_for_rounding) {
  const auto text = made_up_ids(3000, kMadeUpVocabulary);
  for (const bool clusters : {false, true}) {
    MadeUp m;
    if (clusters) m.clusters = {4};
    const LanguageNetwork network = made_up_network(m);
    Evaluation how;
    how.streams = 1;
    const auto one = surprises(network, text, 0, how);
    how.streams = 19;
    how.warm_up = 150;
    const auto many = surprises(network, text, 0, how);
    ASSERT_EQ(one.size(), many.size());
    for (std::size_t i = 0; i < one.size(); ++i) ASSERT_NEAR(one[i], many[i], 1e-3) << i;
    how.warm_up = 1;  // the test would see a state that is not warm
    const auto cold = surprises(network, text, 0, how);
    double most = 0;
    for (std::size_t i = 0; i < one.size(); ++i) most = std::max(most, std::abs(one[i] - cold[i]));
    EXPECT_GT(most, 1e-2);
  }
}

TEST(Surprises, are_the_same_bits_on_one_thread_and_two) {
  const auto text = made_up_ids(3000, kMadeUpVocabulary);
  const LanguageNetwork network = made_up_network({});
  Evaluation how;
  how.warm_up = 20;
  const auto one = surprises(network, text, 0, how);
  how.threads = 2;
  EXPECT_EQ(one, surprises(network, text, 0, how));
}

TEST(Surprises, are_what_reading_unit_by_unit_gives) {
  const auto text = made_up_ids(30, kMadeUpVocabulary);
  for (const auto& clusters : {std::vector<int>{}, std::vector<int>{2, 5}}) {
    MadeUp m;
    m.clusters = clusters;
    const LanguageNetwork network = made_up_network(m);
    Evaluation how;
    how.mark = 7;
    const auto found = surprises(network, text, 0, how);
    std::vector<real> state(network.carried_count(1)), next(state.size());
    std::vector<double> log_p;
    tape::Tape tape;
    int id = how.mark;
    for (std::size_t i = 0; i < text.size(); ++i) {
      network.next(tape, id, {state.data(), next.data()}, log_p);
      state.swap(next);
      double sum = 0;
      for (const double p : log_p) sum += std::exp(p);
      EXPECT_NEAR(sum, 1, 1e-5);
      id = text[i];
      EXPECT_NEAR(-log_p[static_cast<std::size_t>(id)], found[i], 1e-4) << i;
    }
  }
}

TEST(Surprises, backwards_are_those_of_the_reversed_text) {
  MadeUp m;
  m.bidirectional = true;
  LanguageNetwork network = made_up_network(m);
  // Both ways get equal weights.
  auto& params = network.params();
  for (const auto& p : params.params()) {
    const auto at = p.name.find(".reverse.");
    if (at == std::string::npos) continue;
    std::string other = p.name;
    other.replace(at, 9, ".forward.");
    for (const auto& q : params.params()) {
      if (q.name != other) continue;
      std::copy_n(&params.values()[q.offset], q.shape.count(), &params.values()[p.offset]);
    }
  }
  auto text = made_up_ids(100, kMadeUpVocabulary);
  const auto backward = surprises(network, text, 1, {});
  std::reverse(text.begin(), text.end());
  EXPECT_EQ(backward, surprises(network, text, 0, {}));
}

TEST(MeanOverBlocks, has_no_width_for_equal_numbers_and_holds_the_mean) {
  const Mean equal = mean_over_blocks(std::vector<double>(300, 2.5), 1);
  EXPECT_NEAR(equal.low, 2.5, 1e-12);
  EXPECT_NEAR(equal.high, 2.5, 1e-12);
  base::Rng rng(4);
  std::vector<double> numbers;
  for (int i = 0; i < 20'000; ++i) numbers.push_back(rng.normal() + 3);
  const Mean mean = mean_over_blocks(numbers, 1);
  EXPECT_LT(mean.low, mean.value);
  EXPECT_GT(mean.high, mean.value);
  EXPECT_NEAR(mean.high - mean.low, 2 * 1.96 / std::sqrt(20'000.0), 0.004);
}

TEST(MeanOverBlocks, is_wider_where_neighbours_depend_on_each_other) {
  base::Rng rng(4);
  std::vector<double> alone, together;
  for (int i = 0; i < 4000; ++i) {
    alone.push_back(rng.normal());
    together.push_back(i % 40 == 0 ? rng.normal() : together.back());
  }
  const Mean a = mean_over_blocks(alone, 1), b = mean_over_blocks(together, 1);
  EXPECT_GT(b.high - b.low, 4 * (a.high - a.low));
}

}  // namespace
}  // namespace refrain::language

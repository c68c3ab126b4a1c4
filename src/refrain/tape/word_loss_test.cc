#include "refrain/tape/word_loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "refrain/base/error.h"
#include "refrain/base/rng.h"
#include "refrain/tape/gradient_check.h"
#include "refrain/tape/linear.h"
#include "refrain/tape/loss.h"

namespace refrain::tape {
namespace {

TEST(WordLoss, probabilities_of_words_add_up_to_one_with_and_without_clusters) {
  constexpr int kWords = 700, kWidth = 3;  // more than are computed at a time
  base::Rng rng(3);
  Tape tape;
  std::vector<real> x(kWords * kWidth), words(kWords * kWidth), bias(kWords), clusters(2 * kWidth);
  for (auto* numbers : {&x, &words, &bias, &clusters}) {
    for (real& number : *numbers) number = static_cast<real>(rng.normal());
  }
  for (int n = 1; n < kWords; ++n) std::copy_n(x.begin(), kWidth, x.begin() + n * kWidth);
  std::vector<int> target(kWords);
  std::iota(target.begin(), target.end(), 0);
  std::vector<double> surprise(kWords);
  for (const int count : {0, 2}) {
    tape.reset(false);
    WordLoss o;
    o.target = target.data();
    o.surprise = surprise.data();
    o.clusters = count;
    o.begin[0] = 20;
    o.begin[1] = 90;
    const Var c = tape.constant({{2, kWidth}, clusters.data()});
    const WordTable table{tape.constant({{kWords, kWidth}, words.data()}),
                          tape.constant({{kWords}, bias.data()}),
                          count > 0 ? c : Var{},
                          {}};
    const Var loss = word_loss(tape, tape.constant({{kWords, kWidth}, x.data()}), table, o);
    double sum = 0, total = 0;
    for (const double s : surprise) sum += std::exp(-s), total += s;
    EXPECT_NEAR(sum, 1, 1e-5) << count;
    EXPECT_NEAR(static_cast<double>(tape.value(loss).data[0]), total, 1e-5 * total) << count;
  }
}

TEST(WordLoss, smoothed_aims_agree_with_the_cross_entropy_of_classes) {
  constexpr int kRows = 6, kWords = 5, kWidth = 3;
  const int target[kRows] = {0, 4, 2, 2, 1, 3};
  GradientCheck check;
  auto& x = check.leaf("x", {kRows, kWidth});
  auto& words = check.leaf("words", {kWords, kWidth});
  auto& bias = check.leaf("bias", {kWords});
  WordLoss o;
  o.target = target;
  o.total_weight = kRows;
  o.smoothing = 0.2;
  EXPECT_LT(check.worst([&](Tape& t, const Var* v) {
    return word_loss(t, v[0], {v[1], v[2], {}, {}}, o);
  }),
            GradientCheck::kTolerance);
  std::vector<real> transposed(words.size());
  for (int w = 0; w < kWords; ++w) {
    for (int e = 0; e < kWidth; ++e) {
      transposed[static_cast<std::size_t>(e * kWords + w)] =
          words[static_cast<std::size_t>(w * kWidth + e)];
    }
  }
  Tape tape;
  tape.reset(false);
  const Var states = tape.constant({{kRows, kWidth}, x.data()});
  const Var own = word_loss(tape, states,
                            {tape.constant({{kWords, kWidth}, words.data()}),
                             tape.constant({{kWords}, bias.data()}),
                             {},
                             {}},
                            o);
  CrossEntropy classes;
  classes.target = target;
  classes.smoothing = real{0.2};
  classes.total_weight = kRows;
  const Var other = softmax_cross_entropy(
      tape,
      linear(tape, states, tape.constant({{kWidth, kWords}, transposed.data()}),
             tape.constant({{kWords}, bias.data()})),
      classes);
  EXPECT_NEAR(static_cast<double>(tape.value(own).data[0]),
              static_cast<double>(tape.value(other).data[0]), 1e-6);
}

TEST(WordLoss, clusters_that_do_not_ascend_are_refused) {
  std::vector<real> numbers(40);
  const int target[] = {1};
  for (const auto& [first, second] : {std::pair{0, 4}, {3, 3}, {3, 8}}) {
    Tape tape;
    tape.reset(false);
    WordLoss o;
    o.target = target;
    o.clusters = 2;
    o.begin[0] = first;
    o.begin[1] = second;
    const WordTable table{
        tape.constant({{8, 2}, numbers.data()}), {}, tape.constant({{2, 2}, numbers.data()}), {}};
    EXPECT_THROW(word_loss(tape, tape.constant({{1, 2}, numbers.data()}), table, o), Error);
  }
}

}  // namespace
}  // namespace refrain::tape

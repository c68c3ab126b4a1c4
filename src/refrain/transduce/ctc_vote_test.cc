#include "refrain/transduce/ctc_vote.h"

#include <gtest/gtest.h>

#include <cmath>

#include "refrain/base/at.h"

namespace refrain::transduce {
namespace {

using base::at;

constexpr int kSteps = 8, kSymbols = 3;
constexpr real kPeak = 4;  // of a score over the others

// One network's scores of one source, with a peak of a symbol at each named step and of the blank
// at all others.
struct Network {
  tape::Tape tape;
  tensor::StepTable table;
  std::vector<real> scores;

  explicit Network(const std::vector<std::pair<int, int>>& peaks)
      : scores(at(kSteps * kSymbols), 0) {
    table.assign({kSteps});
    std::vector<int> peak(at(kSteps), 0);
    for (const auto& [step, symbol] : peaks) peak[at(step)] = symbol;
    for (int t = 0; t < kSteps; ++t) scores[at(t * kSymbols + peak[at(t)])] = kPeak;
  }
  CtcVoice voice() {
    return {&tape, tape.constant({{kSteps, kSymbols}, scores.data()}), &table.steps()};
  }
};

// Each writes 1 2 1, at steps of its own.
struct Ensemble {
  Network early{{{0, 1}, {2, 2}, {4, 1}}}, middle{{{1, 1}, {3, 2}, {5, 1}}},
      late{{{3, 1}, {5, 2}, {7, 1}}};
  std::vector<CtcVoice> voices() { return {early.voice(), middle.voice(), late.voice()}; }
};

TEST(CtcVote, networks_agree_on_symbols_that_they_write_at_different_steps) {
  Ensemble e;
  const auto found = ctc_vote(e.voices(), {});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].symbols, (std::vector<int>{1, 2, 1}));

  // In the mean of their probabilities the blank is the likeliest symbol at every step.
  std::vector<real> mean(at(kSteps * kSymbols), 0);
  for (int t = 0; t < kSteps; ++t) {
    for (Network* n : {&e.early, &e.middle, &e.late}) {
      const real* row = n->scores.data() + t * kSymbols;
      double whole = 0;
      for (int k = 0; k < kSymbols; ++k) whole += std::exp(static_cast<double>(row[k]));
      for (int k = 0; k < kSymbols; ++k) {
        mean[at(t * kSymbols + k)] +=
            static_cast<real>(std::exp(static_cast<double>(row[k])) / whole / 3);
      }
    }
  }
  for (real& p : mean) p = std::log(p);
  nn::CtcSearch greedy;
  greedy.beam = 1;
  EXPECT_TRUE(nn::ctc_search({{kSteps, kSymbols}, mean.data()}, greedy)[0].symbols.empty());
}

TEST(CtcVote, log_p_is_the_mean_over_the_networks) {
  Ensemble e;
  nn::CtcSearch wide;
  wide.beam = 100'000;  // nothing is dropped
  wide.best = 100'000;
  double sum = 0;
  for (const auto& voice : e.voices()) {
    for (const auto& s : nn::ctc_search(voice.tape->value(voice.scores), wide)) {
      if (s.symbols == std::vector<int>{1, 2, 1}) sum += s.log_p;
    }
  }
  EXPECT_NEAR(ctc_vote(e.voices(), {})[0].log_p, sum / 3, 1e-5);
}

TEST(CtcVote, the_bonus_counts_once_and_the_best_stand_first) {
  Ensemble e;
  nn::CtcSearch o;
  o.best = 5;
  o.bonus = 0.25;
  const auto found = ctc_vote(e.voices(), o);
  ASSERT_EQ(found.size(), 5U);
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i].score,
                found[i].log_p + 0.25 * static_cast<double>(found[i].symbols.size()), 1e-9);
    if (i > 0) {
      EXPECT_LE(found[i].score, found[i - 1].score);
    }
  }
}

TEST(CtcVote, one_network_has_what_its_search_found) {
  Ensemble e;
  const std::vector<CtcVoice> one = {e.middle.voice()};
  const auto found = ctc_vote(one, {}),
             alone = nn::ctc_search(one[0].tape->value(one[0].scores), {});
  EXPECT_EQ(found[0].symbols, alone[0].symbols);
  EXPECT_EQ(found[0].log_p, alone[0].log_p);
}

}  // namespace
}  // namespace refrain::transduce

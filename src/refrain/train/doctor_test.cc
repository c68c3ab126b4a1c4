#include "refrain/train/doctor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace refrain::train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A run of 40 epochs whose losses are `loss(progress)`.
Outcome outcome_of(const std::function<double(double)>& loss) {
  Outcome o;
  o.lr = 0.003;
  o.layers = {"encoder.0.forward", "head"};
  for (int e = 1; e <= 40; ++e) {
    EpochRecord r;
    r.epoch = e;
    r.loss = loss((e - 1) / 39.0);
    o.history.push_back(r);
    o.layer_norms.insert(o.layer_norms.end(), {0.01, 0.03});
  }
  o.epochs = o.best_epoch = 40;
  return o;
}
double healthy(double progress) { return 0.1 + 1.5 * std::exp(-8 * progress); }

std::vector<std::string> findings(const Outcome& o) {
  return diagnose(o, {TrainSpec(), optim::OptimSpec()});
}

TEST(Doctor, is_silent_about_a_healthy_run_and_about_a_few_epochs) {
  EXPECT_THAT(findings(outcome_of(healthy)), IsEmpty());
  Outcome o = outcome_of([](double p) { return 1 + 9 * p; });
  o.history.resize(4);
  EXPECT_THAT(findings(o), IsEmpty());
  EXPECT_THAT(findings(Outcome()), IsEmpty());
}

TEST(Doctor, names_a_loss_that_rises_again) {
  const auto found = findings(outcome_of([](double p) { return p < 0.5 ? 2 - 2 * p : 1 + 6 * p; }));
  EXPECT_THAT(found, ElementsAre(testing::AllOf(HasSubstr("rose from 1.03 (epoch 20) to 7"),
                                                HasSubstr("lower --lr (0.003)"))));
}

TEST(Doctor, names_a_loss_that_does_not_move) {
  const auto found = findings(outcome_of([](double p) { return 0.7 - 0.001 * p; }));
  EXPECT_THAT(found, testing::Contains(HasSubstr("hardly moved (0.7 to 0.699 in 40 epochs)")));
}

TEST(Doctor, names_layers_whose_gradients_vanish_or_explode) {
  Outcome o = outcome_of(healthy);
  for (std::size_t e = 0; e < 40; ++e) o.layer_norms[2 * e] = 1e-8;
  EXPECT_THAT(findings(o), ElementsAre(testing::AllOf(
                               HasSubstr("the gradient vanishes in encoder.0.forward"),
                               HasSubstr("in head 0.03"), HasSubstr("--cell gru or lstm"))));
  o = outcome_of(healthy);
  o.layer_norms[2 * 6 + 1] = 90;
  EXPECT_THAT(findings(o),
              ElementsAre(testing::AllOf(HasSubstr("the gradient of head exploded in epoch 7 (90"),
                                         HasSubstr("--clip-norm 1"))));
}

TEST(Doctor, names_the_limit_that_clips_all_the_time) {
  Outcome o = outcome_of(healthy);
  for (auto& r : o.history) r.clip_ratio = 0.9;
  EXPECT_THAT(findings(o), ElementsAre(testing::AllOf(HasSubstr("90 % of the updates were clipped"),
                                                      HasSubstr("raise --clip-norm (5)"))));
}

TEST(Doctor, names_over_fitting_with_its_epoch) {
  Outcome o = outcome_of(healthy);
  o.has_valid = true;
  o.best_epoch = 11;
  for (auto& r : o.history) r.valid.loss = 0.5 + std::abs(r.epoch - 11) / 20.0;
  EXPECT_THAT(findings(o), ElementsAre(testing::AllOf(HasSubstr("over-fitting from epoch 11 on"),
                                                      HasSubstr("rose from 0.5 to 1.95"),
                                                      HasSubstr("--average ema"))));
  for (auto& r : o.history) r.valid.loss = 0.5;
  EXPECT_THAT(findings(o), IsEmpty());
}

TEST(Doctor, names_a_training_that_ended_too_soon) {
  Outcome o = outcome_of([](double p) { return 2 - p; });
  EXPECT_THAT(findings(o), ElementsAre(testing::AllOf(HasSubstr("still falling at the end"),
                                                      HasSubstr("more --epochs (it was 40)"))));
  o.reason = StopReason::kPatience;
  EXPECT_THAT(findings(o), IsEmpty());
}

}  // namespace
}  // namespace refrain::train

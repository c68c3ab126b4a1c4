#include "refrain/train/doctor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "refrain/train/toy_problem.h"

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
  EXPECT_THAT(findings(outcome_of([](double p) { return 1 + 0.3 * p; })),
              ElementsAre(HasSubstr("rose from 1 (epoch 1) to 1.3")));
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

// A large gradient alone is no fault: it must stand out from the start, and be above the limit.
TEST(Doctor, is_silent_about_gradients_that_became_small_or_pass_the_limit) {
  Outcome learnt = outcome_of(healthy);
  for (std::size_t e = 0; e < 40; ++e) {
    learnt.layer_norms[2 * e + 1] = 9 * std::exp(-0.3 * static_cast<double>(e));
    learnt.history[e].gradient_norm = 20 * learnt.layer_norms[2 * e + 1];
  }
  EXPECT_THAT(findings(learnt), IsEmpty()) << "first epochs are above what is usual at the end";
  Outcome spike = outcome_of(healthy);
  spike.layer_norms[2 * 6] = 0.6;
  spike.history[6].gradient_norm = 4.9;
  EXPECT_THAT(findings(spike), IsEmpty()) << "an update that is not clipped";
  spike.history[6].gradient_norm = 5.1;
  EXPECT_THAT(findings(spike), ElementsAre(HasSubstr("exploded in epoch 7 (0.6, usually 0.01)")));
  optim::OptimSpec wide;
  wide.clip_norm = 6;
  EXPECT_THAT(diagnose(spike, {TrainSpec(), wide}), IsEmpty());
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
  o.best_epoch = 30;  // the training loss has fallen by a few percent since
  for (auto& r : o.history) r.valid.loss = 0.5 + std::abs(r.epoch - 30) / 20.0;
  EXPECT_THAT(findings(o), IsEmpty()) << "both losses must part";
}

TEST(Doctor, names_a_training_that_ended_too_soon) {
  Outcome o = outcome_of([](double p) { return 2 - p; });
  EXPECT_THAT(findings(o), ElementsAre(testing::AllOf(HasSubstr("still falling at the end"),
                                                      HasSubstr("more --epochs (it was 40)"))));
  o.has_valid = true;
  for (const int best : {37, 10}) {  // of 40 epochs
    o.best_epoch = best;
    EXPECT_EQ(findings(o).size(), best == 37 ? 1 : 0) << best;
  }
  o.reason = StopReason::kPatience;
  o.best_epoch = 40;
  EXPECT_THAT(findings(o), IsEmpty());
}

// Real trainings, healthy ones and those with a fault put in.
struct Patient : Toy {
  explicit Patient(const nn::EncoderSpec& spec = small(), int training = 64)
      : Toy(bit_sequences(96, 1, 9, Rule::kFirstBit), training, spec) {
    train.epochs = 40;
    optim.lr = 0.02;
  }
  std::vector<std::string> findings() { return diagnose(fit(), {train, optim}); }
};

TEST(DoctorOfRealTrainings, is_silent_about_healthy_ones) {
  for (const auto& optimiser : {"adamw", "adam", "nadam", "radam", "rmsprop", "lion", "sam"}) {
    for (const std::string cell : {"gru", "lstm", "rnn"}) {
      nn::EncoderSpec spec = Toy::small();
      spec.cell = cell;
      Patient toy(spec);
      toy.optim.optimiser = optimiser;
      if (toy.optim.optimiser == "lion") toy.optim.lr = 0.003;
      EXPECT_THAT(toy.findings(), IsEmpty()) << optimiser << " " << cell;
    }
  }
}

// Long after all samples are learnt gradients are thousands of times smaller than at the start.
TEST(DoctorOfRealTrainings, is_silent_where_all_was_learnt_long_ago) {
  nn::EncoderSpec spec = Toy::small();
  spec.dropout = spec.recurrent_dropout = 0;
  for (const std::string schedule : {"constant", "one_cycle", "cosine"}) {
    Patient toy(spec, 96);
    toy.optim.schedule = schedule;
    toy.train.epochs = 200;
    const Outcome outcome = toy.fit();
    const std::size_t layers = outcome.layers.size();
    EXPECT_GT(outcome.layer_norms[layers - 1], 50 * outcome.layer_norms.back());
    EXPECT_THAT(diagnose(outcome, {toy.train, toy.optim}), IsEmpty()) << schedule;
  }
}

TEST(DoctorOfRealTrainings, names_a_rate_that_is_far_too_large) {
  Patient toy;
  toy.samples = bit_sequences(96, 1, 9, Rule::kParity);
  toy.optim.schedule = "constant";
  toy.optim.lr = 30;
  toy.optim.clip_norm = 0;
  EXPECT_THAT(toy.findings(), testing::Contains(HasSubstr("lower --lr (30)")));
}

TEST(DoctorOfRealTrainings, names_a_rate_that_is_far_too_small) {
  for (const double dropout : {0.0, 0.3}) {
    nn::EncoderSpec spec = Toy::small();
    spec.dropout = dropout;
    Patient toy(spec);
    toy.optim.lr = 1e-7;
    EXPECT_THAT(toy.findings(), testing::Contains(HasSubstr("hardly moved"))) << dropout;
  }
}

TEST(DoctorOfRealTrainings, names_weights_that_blow_up_in_an_epoch) {
  Patient toy;
  toy.hooks.progress = [&](const Progress& p) {
    if (!p.epoch_done || p.epoch != 35) return;
    for (const auto& w : toy.params.params()) {
      real* x = &toy.params.values()[w.offset];
      if (w.name == "head.w")
        std::transform(x, x + w.shape.count(), x, [](real v) { return -300 * v; });
    }
  };
  EXPECT_THAT(toy.findings(), testing::Contains(HasSubstr("exploded in epoch 3")));
}

TEST(DoctorOfRealTrainings, names_a_layer_that_the_gradient_does_not_reach) {
  nn::EncoderSpec spec = Toy::small();
  spec.layers = 2;
  Patient toy(spec);
  for (const auto& p : toy.params.params()) {
    if (!p.name.starts_with("encoder.1.") || !p.name.ends_with("w_x")) continue;
    std::fill_n(&toy.params.values()[p.offset], p.shape.count(), real{0});
  }
  toy.optim.lr = 1e-6;
  toy.train.epochs = 5;
  EXPECT_THAT(toy.findings(), testing::Contains(HasSubstr("the gradient vanishes in encoder.0.")));
}

TEST(DoctorOfRealTrainings, names_a_limit_that_clips_all_updates) {
  Patient toy;
  toy.optim.clip_norm = 1e-7;
  EXPECT_THAT(toy.findings(), testing::Contains(HasSubstr("100 % of the updates were clipped")));
}

// Labels by chance: what is learnt of them does not hold for others.
TEST(DoctorOfRealTrainings, names_what_is_learnt_by_heart) {
  nn::EncoderSpec spec;
  spec.hidden = 32;
  spec.dropout = 0;
  Patient toy(spec, 48);
  struct Losses : Problem {
    Toy& toy;
    explicit Losses(Toy& t) : toy(t) {}
    tape::Var loss(nn::Context& c, double total) const override { return toy.loss(c, total); }
    double weight(const data::EncodedSample& s) const override { return toy.weight(s); }
    bool has_valid() const override { return true; }
    ValidScore validate() const override { return {toy.validate().score, toy.valid_loss()}; }
  };
  base::Rng rng(5);
  for (auto& sample : toy.samples) sample.target = rng.uniform() < 0.5 ? 0 : 1;
  const Losses problem(toy);
  Fit job = toy.job();
  job.problem = &problem;
  job.train.epochs = 150;
  EXPECT_THAT(diagnose(train::fit(job, nullptr), {job.train, job.optim}),
              testing::Contains(HasSubstr("over-fitting from epoch")));
}

TEST(DoctorOfRealTrainings, names_one_that_ended_too_soon) {
  Patient toy(Toy::small(), 96);
  toy.train.epochs = 20;
  toy.optim.schedule = "constant";
  toy.optim.lr = 0.001;
  EXPECT_THAT(toy.findings(), testing::Contains(HasSubstr("still falling at the end")));
}

}  // namespace
}  // namespace refrain::train

#include "refrain/method/crf.h"

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/base/rng.h"
#include "refrain/method/crf_loss.h"
#include "refrain/method/lbfgs.h"

namespace refrain::method {
namespace {

// Steps whose feature tells the tag, but for some noise; feature 0 is always there.
struct Made {
  FeatureSteps steps;
  std::vector<int> tag;
  int tags, features;

  Made(int sequences, int count) : tags(count), features(count + 3) {
    base::Rng rng(4);
    for (int i = 0; i < sequences; ++i) {
      for (std::uint64_t t = rng.below(6); t > 0; --t) {
        tag.push_back(static_cast<int>(rng.below(static_cast<std::uint64_t>(count))));
        const bool noise = rng.uniform() < 0.3;
        steps.feature.push_back(0);
        steps.feature.push_back(noise ? count + 1 + static_cast<int>(rng.below(2))
                                      : tag.back() + 1);
        steps.begin.push_back(steps.feature.size());
      }
      steps.sequence.push_back(steps.steps());
    }
  }

  CrfProblem problem(int threads = 1) const {
    return {steps, tag, features, chain_of_pairs(tags, pairs()), threads};
  }
  // The second tag is not allowed behind the first, unless it is there in training.
  std::vector<double> pairs() const {
    std::vector<double> out(static_cast<std::size_t>(tags * tags));
    out[1] = kForbidden;
    return out;
  }
};

// Returns these steps with many tags, so that not all pairs have a weight of their own.
CrfProblem many_tags(const Made& made) {
  std::vector<std::string> names = {"O"};
  while (static_cast<int>(names.size()) < made.tags) {
    const std::string type = std::to_string(names.size() / 2);
    names.push_back((names.size() % 2 == 1 ? "B-" : "I-") + type);
  }
  return {made.steps, made.tag, made.features, allowed_chain(names)};
}

void expect_exact_gradient(const CrfProblem& problem) {
  CrfLoss loss(problem, 0.3);
  base::Rng rng(5);
  std::vector<double> x(loss.size()), gradient(x.size()), other(x.size());
  for (double& weight : x) weight = rng.normal();
  loss(x, gradient);
  constexpr double kStep = 1e-5;
  for (std::size_t i = 0; i < x.size(); i += 1 + x.size() / 150) {
    const double before = x[i];
    x[i] = before + kStep;
    const double above = loss(x, other);
    x[i] = before - kStep;
    const double below = loss(x, other);
    x[i] = before;
    EXPECT_NEAR(gradient[i], (above - below) / (2 * kStep), 1e-8) << i;
  }
}

// At a penalised minimum the slopes balance the penalties, and where a weight is 0 the slope is at
// most the L1 penalty.
TEST(Crf, l1_leaves_weights_at_0_and_its_minimum_is_one) {
  const Made made(60, 3);
  const CrfPenalty penalty{0.05, 1.5};
  const CrfProblem problem = made.problem();
  CrfLoss loss(problem, penalty.l2);
  const auto x = loss.list_of(fit_crf(problem, penalty));
  std::vector<double> gradient(x.size());
  loss(x, gradient);
  const double l1 = penalty.l1 / problem.steps.size();
  int zeros = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i] == 0) {
      ++zeros;
      EXPECT_LE(std::abs(gradient[i]), l1 + 1e-5) << i;
    } else {
      EXPECT_NEAR(gradient[i], x[i] > 0 ? -l1 : l1, 1e-4) << i;
    }
  }
  EXPECT_GT(zeros, 0);
  EXPECT_LT(zeros, static_cast<int>(x.size()));
}

TEST(Crf, the_gradient_agrees_with_differences) {
  const Made few(12, 3), many(30, 31);
  expect_exact_gradient(few.problem());
  expect_exact_gradient(many_tags(many));
}

TEST(Crf, loss_and_gradient_have_the_same_bits_on_two_threads) {
  const Made made(300, 4);
  std::vector<double> gradient[2], value;
  for (const int threads : {1, 2}) {
    const CrfProblem problem = made.problem(threads);
    CrfLoss loss(problem, 0.1);
    std::vector<double> x(loss.size());
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<double>(i));
    gradient[threads - 1].resize(x.size());
    value.push_back(loss(x, gradient[threads - 1]));
  }
  EXPECT_EQ(value[0], value[1]);
  EXPECT_EQ(gradient[0], gradient[1]);
}

TEST(Crf, weights_in_a_list_and_back_are_the_same) {
  const Made many(30, 31);
  const CrfProblem problem = many_tags(many);
  const CrfLoss loss(problem, 1);
  const auto& form = loss.form();
  EXPECT_LT(form.chain.links.size(), 200u);
  EXPECT_LT(form.weight.size(), 31u * 34u);
  std::vector<double> x(loss.size());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i + 1);
  const Crf crf = loss.crf_of(x);
  const auto again = loss.list_of(crf);
  for (std::size_t k = 0; k < crf.chain.start.size(); ++k) {
    const std::size_t i = crf.weight.size() + k;
    EXPECT_EQ(again[i], std::isfinite(crf.chain.start[k]) ? x[i] : 0);
  }
  EXPECT_EQ(again.back(), x.back());
  EXPECT_EQ(again[0], 1);
}

TEST(Crf, learns_from_features_and_neighbours) {
  const Made made(200, 3);
  const Crf crf = fit_crf(made.problem(), {0.1});
  const auto marginals = crf.marginals(made.steps, 2);
  double right = 0;
  for (std::size_t t = 0; t < made.tag.size(); ++t) {
    double sum = 0;
    for (std::size_t k = 0; k < 3; ++k) sum += marginals[3 * t + k];
    EXPECT_NEAR(sum, 1, 1e-9);
    right += marginals[3 * t + static_cast<std::size_t>(made.tag[t])];
  }
  EXPECT_GT(right / static_cast<double>(made.tag.size()), 0.7);
}

TEST(Crf, a_stronger_penalty_gives_smaller_weights_and_a_start_the_same_end) {
  const Made made(60, 3);
  const Crf weak = fit_crf(made.problem(), {0.1}), strong = fit_crf(made.problem(), {10});
  const auto size = [](const Crf& crf) {
    double squares = 0;
    for (const double weight : crf.weight) squares += weight * weight;
    return squares;
  };
  EXPECT_GT(size(weak), 2 * size(strong));
  const Crf again = fit_crf(made.problem(), {10}, &weak);
  for (std::size_t w = 0; w < again.weight.size(); ++w) {
    EXPECT_NEAR(again.weight[w], strong.weight[w], 1e-2);
  }
}

TEST(Crf, pruned_weights_leave_the_others_in_their_places) {
  Crf crf;
  crf.chain.tags = 2;
  crf.begin = {0, 2, 3, 4};
  crf.tag = {0, 1, 1, 0};
  crf.weight = {0.5, 0.001, -0.001, -0.5};
  EXPECT_THAT(crf.prune(0.01), testing::ElementsAre(1, 0, 1));
  EXPECT_THAT(crf.begin, testing::ElementsAre(0, 1, 2));
  EXPECT_THAT(crf.tag, testing::ElementsAre(0, 0));
  EXPECT_THAT(crf.weight, testing::ElementsAre(0.5, -0.5));
}

TEST(Crf, what_was_kept_gives_the_same_answers_and_damage_is_found) {
  const Made made(100, 3);
  Crf crf = fit_crf(made.problem(), {0.1});
  tensor::TensorFile file;
  Archive out(file, "", 3);
  crf.archive(out);
  Crf read;
  Archive in(file, "", 3, out.head());
  read.archive(in);
  const auto a = crf.marginals(made.steps, 1), b = read.marginals(made.steps, 1);
  for (std::size_t k = 0; k < a.size(); ++k) EXPECT_NEAR(a[k], b[k], 1e-5);
  for (const char* name : {"count", "tag", "from", "to", "open", "start_allowed"}) {
    auto head = out.head();
    head[name].push_back(1);
    Archive damaged(file, "", 3, head);
    EXPECT_THROW(Crf().archive(damaged), Error) << name;
  }
}

}  // namespace
}  // namespace refrain::method

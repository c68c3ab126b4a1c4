#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "refrain/explain/checks.h"
#include "refrain/explain/methods/list.h"
#include "refrain/explain/reading.h"
#include "refrain/explain/relatives.h"
#include "refrain/task/made_up_data.h"

namespace refrain::explain {
namespace {

task::Model trained(const data::Dataset& d, int epochs) {
  task::Spec spec = task::small_spec();
  spec.train.epochs = epochs;
  spec.optim.lr = 0.02;
  auto network = std::make_unique<task::Network>(task::make_network(spec, d));
  const auto samples = network->encode(d, task::all_of(d));
  network->fit(samples, static_cast<int>(samples.size()), {}, nullptr);
  return task::model_of(std::move(network), {});
}

// Noise of three channels, 12 steps; steps 4 to 7 of the second one are raised or lowered.
data::Dataset boxes(int n) {
  bool up = false;
  const auto draw = [&up](base::Rng& rng) {
    up = rng.uniform() < 0.5;
    std::vector<float> values;
    for (int t = 0; t < 12; ++t) {
      for (int c = 0; c < 3; ++c) {
        const double box = c == 1 && t >= 4 && t < 8 ? (up ? 2.0 : -2.0) : 0;
        values.push_back(static_cast<float>(box + 0.5 * rng.normal()));
      }
    }
    return values;
  };
  return task::series_set(n, 3, draw, [&up](const auto&) { return up ? "up" : "down"; });
}

class Texts : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    data_ = new data::Dataset(task::opinions(200));
    model_ = new task::Model(trained(*data_, 12));
  }
  static void TearDownTestSuite() {
    delete model_;
    delete data_;
  }
  static data::Dataset* data_;
  static task::Model* model_;
};
data::Dataset* Texts::data_ = nullptr;
task::Model* Texts::model_ = nullptr;

bool tells(const std::string& word) { return word == "fine" || word == "awful" || word == "seen"; }

TEST_F(Texts, the_word_that_tells_the_class_comes_first) {
  const ModelQuestion question(*model_, *data_, {}, 1);
  for (const auto method : {occlusion, phrases, shapley, integrated_gradients}) {
    int first = 0;
    constexpr int kSamples = 40;
    for (int i = 0; i < kSamples; ++i) {
      const auto& sample = data_->samples[static_cast<std::size_t>(i)];
      const Subject subject(model_->features, sample, {});
      const auto found = method({question, subject, question.decided(sample), 1, 0});
      const auto best = std::max_element(found.score.begin(), found.score.end());
      const auto at = static_cast<std::size_t>(best - found.score.begin());
      first += tells(subject.words(0)[at]) ? 1 : 0;
    }
    EXPECT_GE(first, kSamples * 95 / 100);
  }
}

TEST_F(Texts, scores_add_up_to_what_was_promised) {
  const ModelQuestion question(*model_, *data_, {}, 1);
  for (int i = 0; i < 10; ++i) {
    const Subject subject(model_->features, data_->samples[static_cast<std::size_t>(i)], {});
    const Case of{question, subject, 0, 1, 0};
    const auto gradients = integrated_gradients(of), shares = shapley(of);
    EXPECT_NEAR(gradients.sum, gradients.promised, 0.01 * std::abs(gradients.promised));
    EXPECT_NEAR(std::accumulate(gradients.score.begin(), gradients.score.end(), 0.0), gradients.sum,
                1e-6);
    EXPECT_NEAR(shares.sum, shares.promised, 1e-9);
  }
}

TEST_F(Texts, threads_change_no_bit) {
  const ModelQuestion one(*model_, *data_, {}, 1), two(*model_, *data_, {}, 2);
  const Subject subject(model_->features, data_->samples[0], {});
  for (const auto& item : methods().items()) {
    if (item.name == "attention") continue;
    EXPECT_EQ(item.value.explain({one, subject, 0, 1, 0}).score,
              item.value.explain({two, subject, 0, 1, 0}).score)
        << item.name;
  }
}

TEST_F(Texts, another_seed_matters_only_where_a_method_draws) {
  const ModelQuestion question(*model_, *data_, {}, 1);
  const Subject subject(model_->features, data_->samples[0], {});
  for (const auto& item : methods().items()) {
    if (item.name == "attention") continue;
    const auto a = item.value.explain({question, subject, 0, 1, 1}).score;
    const auto b = item.value.explain({question, subject, 0, 2, 1}).score;
    EXPECT_EQ(a == b, !item.value.draws) << item.name;
  }
}

TEST_F(Texts, a_network_without_attention_shows_none) {
  const ModelQuestion question(*model_, *data_, {}, 1);
  const Subject subject(model_->features, data_->samples[0], {});
  EXPECT_THROW(attention({question, subject, 0, 1, 0}), Error);
}

std::vector<Checked> checked(const task::Model& model, const data::Dataset& d, bool backwards) {
  const ModelQuestion question(model, d, {}, 1);
  std::vector<Checked> out;
  for (int i = 0; i < 12; ++i) {
    const auto& sample = d.samples[static_cast<std::size_t>(i)];
    const Subject subject(model.features, sample, {});
    const Case of{question, subject, question.decided(sample), 1, 0};
    auto score = occlusion(of).score;
    if (backwards) {
      for (double& s : score) s = -s;
    }
    out.push_back(check(of, methods().at("occlusion"), score, nullptr));
  }
  return out;
}

TEST_F(Texts, sound_scores_pass_the_checks_and_turned_ones_do_not) {
  const Verdict right = judge(checked(*model_, *data_, false));
  EXPECT_TRUE(right.faithful());
  EXPECT_GT(right.deletion.low, 0);
  EXPECT_GT(right.insertion.low, 0);
  const Verdict wrong = judge(checked(*model_, *data_, true));
  EXPECT_FALSE(wrong.faithful());
  EXPECT_LT(wrong.deletion.high, 0);
}

TEST(Series, the_planted_box_has_the_highest_scores) {
  const auto d = boxes(120);
  const auto model = trained(d, 12);
  const ModelQuestion question(model, d, {}, 1);
  for (const auto method : {rescaled, shapley, integrated_gradients}) {
    int inside = 0;
    constexpr int kSamples = 20;
    for (int i = 0; i < kSamples; ++i) {
      const auto& sample = d.samples[static_cast<std::size_t>(i)];
      const Subject subject(model.features, sample, {3, true});
      const auto found = method({question, subject, question.decided(sample), 1, 0});
      const auto best = std::max_element(found.score.begin(), found.score.end());
      const Part& part = subject.parts()[static_cast<std::size_t>(best - found.score.begin())];
      inside += part.channel == 1 && part.begin == 4 && part.end == 8 ? 1 : 0;
    }
    EXPECT_GE(inside, kSamples * 95 / 100);
  }
}

TEST_F(Texts, a_training_sample_is_its_own_nearest_and_like_ones_support_it) {
  data::Dataset few = *data_;
  few.samples.resize(10);
  const auto found = relatives(*model_, few, *data_, 3, 1);
  ASSERT_EQ(found.size(), 10U);
  EXPECT_EQ(relatives(*model_, few, *data_, 3, 2)[4].supporting[0].value,
            found[4].supporting[0].value);
  for (std::size_t i = 0; i < found.size(); ++i) {
    ASSERT_EQ(found[i].nearest.size(), 3U);
    EXPECT_NEAR(found[i].nearest[0].value, 0, 1e-6);
    const auto label = [&](const Relative& r) {
      return data_->samples[static_cast<std::size_t>(r.sample)].label;
    };
    EXPECT_EQ(label(found[i].nearest[0]), few.samples[i].label);
    EXPECT_EQ(label(found[i].supporting[0]), few.samples[i].label);
    EXPECT_GT(found[i].supporting[0].value, 0);
    EXPECT_LT(found[i].opposing[0].value, 0);
    EXPECT_NE(label(found[i].opposing[0]), few.samples[i].label);
  }
}

TEST_F(Texts, the_last_beginning_is_the_whole_text_and_states_have_a_row_a_word) {
  const ModelQuestion question(*model_, *data_, {}, 1);
  const std::vector<data::Sample> some = {data_->samples[0], data_->samples[1]};
  const Beginnings cut = beginnings(question, some[0]);
  const Subject subject(some[0], {});
  ASSERT_EQ(static_cast<int>(cut.steps.size()), subject.size());
  EXPECT_EQ(cut.steps.back(), subject.size());
  const auto whole = question.answers({some[0]});
  ASSERT_EQ(cut.answer.size(), whole.size());
  for (std::size_t c = 0; c < whole.size(); ++c) EXPECT_EQ(cut.answer[c].back(), whole[c]);
  const auto paths = state_paths(question, some);
  ASSERT_EQ(paths.size(), 2U);
  EXPECT_EQ(static_cast<int>(paths[0].size.size()), subject.size());
  EXPECT_EQ(paths[0].size[0], paths[0].speed[0]);  // from the state of nothing
  double first = 0, second = 0, across = 0;
  for (const auto& path : paths) {
    for (std::size_t t = 0; t < path.size.size(); ++t) {
      first += path.first_axis[t] * path.first_axis[t];
      second += path.second_axis[t] * path.second_axis[t];
      across += path.first_axis[t] * path.second_axis[t];
    }
  }
  EXPECT_GT(first, second);
  EXPECT_GT(second, 0);
  EXPECT_LT(std::abs(across), 0.05 * second);
}

TEST(Subject, words_are_deleted_and_steps_become_the_training_mean) {
  const auto texts = task::opinions(20);
  const auto words = data::Features::fit(texts, task::all_of(texts), {});
  data::Sample sample = texts.samples[0];
  sample.streams[0] = std::string("Good, good film");
  const Subject text(words, sample, {});
  ASSERT_EQ(text.size(), 4);
  EXPECT_EQ(std::get<std::string>(text.without({true, false, true, false}).streams[0]), ",  film");
  EXPECT_EQ(std::get<std::string>(text.blank().streams[0]), "  ");

  const auto series = boxes(30);
  const auto features = data::Features::fit(series, task::all_of(series), {});
  const Subject subject(features, series.samples[0], {4, true});
  ASSERT_EQ(subject.size(), 12);
  std::vector<bool> hidden(12);
  hidden[4] = true;  // steps 3 to 5 of the second channel
  const data::Sample changed = subject.without(hidden);
  const auto& before = std::get<data::Series>(series.samples[0].streams[0]).values;
  const auto& after = std::get<data::Series>(changed.streams[0]).values;
  const auto mean = static_cast<float>(features.normaliser(0).fitted().mean[1]);
  for (std::size_t i = 0; i < after.size(); ++i) {
    const bool inside = i % 3 == 1 && i / 3 >= 3 && i / 3 < 6;
    EXPECT_EQ(after[i], inside ? mean : before[i]) << i;
  }
}

TEST(Subject, an_empty_text_and_a_series_of_one_step_have_few_parts) {
  const auto texts = task::opinions(20);
  const auto words = data::Features::fit(texts, task::all_of(texts), {});
  data::Sample sample = texts.samples[0];
  sample.streams[0] = std::string(" ");
  EXPECT_EQ(Subject(words, sample, {}).size(), 0);
  const auto series = boxes(30);
  const auto features = data::Features::fit(series, task::all_of(series), {});
  sample.streams[0] = data::Series{1, 3, {1, 2, 3}};
  EXPECT_EQ(Subject(features, sample, {50, true}).size(), 3);
  EXPECT_EQ(Subject(features, sample, {50, false}).size(), 1);
}

TEST(RankCorrelation, tells_same_and_opposite_orders) {
  EXPECT_DOUBLE_EQ(rank_correlation({1, 2, 3, 9}, {0, 5, 6, 7}), 1);
  EXPECT_DOUBLE_EQ(rank_correlation({1, 2, 3}, {9, 5, 1}), -1);
  EXPECT_DOUBLE_EQ(rank_correlation({1, 1, 1}, {2, 2, 2}), 1);
  EXPECT_DOUBLE_EQ(rank_correlation({1, 1, 1}, {1, 2, 3}), 0);
  EXPECT_NEAR(rank_correlation({1, 2, 2, 3}, {1, 2, 3, 4}), 0.9486832980505138, 1e-12);
}

}  // namespace
}  // namespace refrain::explain

#include "refrain/task/network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "refrain/task/made_up_data.h"

namespace refrain::task {
namespace {

using testing::HasSubstr;
using testing::Not;

Network trained(const Spec& spec, const data::Dataset& d) {
  Network model = make_network(spec, d);
  const auto samples = model.encode(d, all_of(d));
  model.fit(samples, static_cast<int>(samples.size()), {}, nullptr);
  return model;
}

TEST(ClassifierEncode, gives_targets_in_the_order_of_the_labels) {
  const auto d = opinions(60);
  const Network model = make_network(small_spec(), d);
  EXPECT_EQ(model.goal().columns(), (std::vector<std::string>{"bad", "good", "neutral"}));
  const std::vector<int> chosen = {5, 0, 17};
  const auto samples = model.encode(d, chosen);
  ASSERT_EQ(samples.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto at = static_cast<std::size_t>(chosen[i]);
    EXPECT_EQ(model.goal().columns()[static_cast<std::size_t>(samples[i].target)],
              d.samples[at].label);
    EXPECT_EQ(samples[i].index, chosen[i]);
  }
}

TEST(ClassifierEncode, labels_that_are_not_known_are_listed_with_their_lines) {
  const auto d = opinions(60);
  const Network model = make_network(small_spec(), d);
  auto other = opinions(30);
  other.path = "test.csv";
  other.samples[3].label = "odd";
  other.samples[9].label = "strange";
  try {
    model.encode(other, all_of(other));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kData);
    EXPECT_THAT(error.what(), HasSubstr("test.csv:5"));
    EXPECT_THAT(error.what(), HasSubstr("label 'odd' does not occur in the training data"));
    EXPECT_THAT(error.what(), HasSubstr("test.csv:11"));
    EXPECT_THAT(error.what(), HasSubstr("label 'strange'"));
    EXPECT_THAT(error.what(), Not(HasSubstr("test.csv:6")));
    EXPECT_NE(error.hint(), "");
  }
}

TEST(ClassifierEncode, samples_without_labels_have_no_target) {
  const auto d = trends(20);
  const Network model = make_network(small_spec(), d);
  auto unlabelled = d;
  unlabelled.has_labels = false;
  for (const auto& sample : model.encode(unlabelled, all_of(d))) EXPECT_EQ(sample.target, -1);
}

TEST(ClassifierPredict, gives_probabilities) {
  for (const auto& d : {trends(70), opinions(70)}) {
    const Network model = trained(small_spec(), d);
    const auto p = model.predict(model.encode(d, all_of(d)), 1);
    const std::size_t C = model.goal().columns().size();
    ASSERT_EQ(p.size(), 70 * C);
    for (std::size_t i = 0; i < 70; ++i) {
      double sum = 0;
      for (std::size_t c = 0; c < C; ++c) {
        EXPECT_GE(p[i * C + c], 0);
        sum += p[i * C + c];
      }
      EXPECT_NEAR(sum, 1, 1e-12);
    }
  }
}

TEST(ClassifierPredict, a_batch_of_one_is_the_row_of_a_batch_bit_for_bit) {
  for (const auto& attention : {"none", "self"}) {
    for (const auto& d : {trends(70), opinions(70)}) {
      Spec spec = small_spec();
      spec.encoder.attention = attention;
      const Network model = trained(spec, d);
      const auto samples = model.encode(d, all_of(d));
      const auto together = model.predict(samples, 1);
      const std::size_t C = model.goal().columns().size();
      for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto alone = model.predict({samples[i]}, 1);
        for (std::size_t c = 0; c < C; ++c) EXPECT_EQ(alone[c], together[i * C + c]) << i;
      }
    }
  }
}

TEST(ClassifierPredict, two_threads_give_the_bits_of_one) {
  const auto d = trends(150);
  const Network model = trained(small_spec(), d);
  const auto samples = model.encode(d, all_of(d));
  const auto one = model.predict(samples, 1);
  for (int again = 0; again < 5; ++again) {
    EXPECT_EQ(one, model.predict(samples, 2));
    EXPECT_EQ(one, model.predict(samples, 4));
  }
}

TEST(ClassifierFit, two_threads_train_the_network_of_one) {
  for (const auto& d : {trends(150), opinions(150)}) {
    Spec spec = small_spec();
    spec.train.batch_size = 64;
    const Network one = trained(spec, d);
    spec.train.threads = 2;
    const Network two = trained(spec, d);
    EXPECT_EQ(one.params().values(), two.params().values());
  }
}

TEST(ClassifierFit, learns_series_and_texts) {
  Spec spec = small_spec();
  spec.train.epochs = 30;
  EXPECT_GT(accuracy(trained(spec, trends(150)), trends(150)), 0.95);
  EXPECT_GT(accuracy(trained(spec, opinions(150)), opinions(150)), 0.95);
}

// Series of so many streams; the class is told by the last stream alone.
data::Dataset many_streams(int n, int streams) {
  data::Dataset d = empty_set({"s0", data::StreamKind::kSeries, 1, {}});
  for (int s = 1; s < streams; ++s) {
    d.streams.push_back({"s" + std::to_string(s), data::StreamKind::kSeries, 1, {}});
  }
  for (int i = 0; i < n; ++i) {
    base::Rng rng = base::Rng(31).fork(static_cast<std::uint64_t>(i));
    const bool up = i % 2 == 0;
    const auto noise = [&](int s) {
      data::Series series{4, 1, {}};
      for (int t = 0; t < 4; ++t) {
        const double trend = s + 1 == streams ? (up ? t : -t) : 0;
        series.values.push_back(static_cast<float>(trend + 0.3 * rng.normal()));
      }
      return series;
    };
    add_sample(d, noise(0), up ? "up" : "down");
    for (int s = 1; s < streams; ++s) d.samples.back().streams.push_back(noise(s));
  }
  return d;
}

TEST(ClassifierStreams, each_of_them_has_a_say_however_many_there_are) {
  for (const int streams : {2, 8, 9, 12}) {
    const auto d = many_streams(8, streams);
    const Network model = make_network(small_spec(), d);
    auto samples = model.encode(d, all_of(d));
    const auto before = model.predict(samples, 1);
    for (int s = 0; s < streams; ++s) {
      auto changed = samples;
      changed[0].streams[static_cast<std::size_t>(s)].values[2] += 1;
      EXPECT_NE(model.predict(changed, 1), before) << s << " of " << streams;
    }
  }
}

TEST(ClassifierStreams, the_ninth_is_learned_from) {
  const auto d = many_streams(60, 9);
  Spec spec = small_spec();
  spec.encoder.hidden = 4;
  spec.train.epochs = 20;
  EXPECT_GT(accuracy(trained(spec, d), d), 0.95);
}

TEST(ClassifierFit, early_stopping_looks_at_the_samples_behind_the_training_part) {
  auto d = trends(150);
  for (std::size_t i = 0; i < 150; i += 5) d.samples[i].label = i % 2 == 0 ? "up" : "down";
  Spec spec = small_spec();
  spec.train.epochs = 100;
  spec.train.patience = 5;
  Network model = make_network(spec, d);
  const auto outcome = model.fit(model.encode(d, all_of(d)), 100, {}, nullptr);
  EXPECT_EQ(outcome.reason, train::StopReason::kPatience);
  EXPECT_EQ(outcome.epochs, outcome.best_epoch + 5);
  const auto& best = outcome.history[static_cast<std::size_t>(outcome.best_epoch) - 1].valid;
  for (const auto& record : outcome.history) EXPECT_LE(record.valid.score, best.score);
  std::vector<int> held_out(50);
  std::iota(held_out.begin(), held_out.end(), 100);
  const auto samples = model.encode(d, held_out);
  const auto c = classification(truths_of(samples), model.predict(samples, 1), 2);
  EXPECT_EQ(score::classification_metrics().at("accuracy")(c), best.score);
  EXPECT_NEAR(score::classification_metrics().at("log_loss")(c), best.loss, 1e-12);
}

TEST(ClassifierFit, a_class_of_one_sample_is_learned_as_well) {
  auto d = trends(40);
  d.samples[7].label = "alone";
  for (const auto& weights : {"none", "balanced"}) {
    Spec spec = small_spec();
    spec.classify.class_weight = weights;
    const Network model = trained(spec, d);
    EXPECT_EQ(model.goal().columns().size(), 3u);
    for (const double p : model.predict(model.encode(d, all_of(d)), 1)) {
      EXPECT_TRUE(std::isfinite(p));
    }
  }
}

// Equal series, nine of ten of class "often": what is learned is how much the classes weigh.
double probability_of_the_frequent_class(const std::string& class_weight) {
  data::Dataset d = empty_set({"series", data::StreamKind::kSeries, 1, {}});
  for (int i = 0; i < 100; ++i) {
    add_sample(d, data::Series{3, 1, {1, 2, 3}}, i % 10 == 0 ? "rare" : "often");
  }
  Spec spec = small_spec();
  spec.classify.class_weight = class_weight;
  spec.encoder.dropout = 0;
  spec.train.epochs = 100;
  spec.train.batch_size = 100;
  spec.optim.lr = 0.02;
  const Network model = trained(spec, d);
  return model.predict(model.encode(d, {0}), 1)[0];
}

TEST(ClassWeight, balanced_makes_rare_classes_as_heavy_as_frequent_ones) {
  EXPECT_NEAR(probability_of_the_frequent_class("none"), 0.9, 0.02);
  EXPECT_NEAR(probability_of_the_frequent_class("balanced"), 0.5, 0.02);
  EXPECT_NEAR(probability_of_the_frequent_class("rare=3"), 0.75, 0.02);
}

TEST(LabelSmoothing, holds_the_probabilities_off_zero_and_one) {
  const auto d = trends(150);
  const auto surest = [&](double smoothing) {
    Spec spec = small_spec();
    spec.classify.label_smoothing = smoothing;
    spec.train.epochs = 60;
    const Network model = trained(spec, d);
    const auto p = model.predict(model.encode(d, all_of(d)), 1);
    return *std::max_element(p.begin(), p.end());
  };
  EXPECT_GT(surest(0), 0.98);
  EXPECT_LT(surest(0.4), 0.92);
}

}  // namespace
}  // namespace refrain::task

// Small problems that only a working network solves, each in seconds: the score is on sequences
// that the training has not seen.
#include <gtest/gtest.h>

#include <algorithm>

#include "refrain/kernels/cells.h"
#include "refrain/task/made_up_data.h"

namespace refrain::suites {
namespace {

using task::Network;
using task::Spec;

Spec learning_spec() {
  Spec spec;
  spec.encoder.hidden = 32;
  spec.encoder.bidirectional = false;
  spec.encoder.pooling = "last";
  spec.encoder.dropout = 0;
  spec.classify.label_smoothing = 0;
  spec.features.normalise = "none";
  spec.train.batch_size = 32;
  spec.train.threads = 1;
  spec.optim.lr = 0.01;
  return spec;
}

// Learns from the first samples; the accuracy on the others, `n` of them.
double learn(Spec spec, int epochs, const data::Dataset& d, int n) {
  spec.train.epochs = epochs;
  Network model = task::make_network(spec, d);
  auto chosen = task::all_of(d);
  const std::vector<int> test(chosen.end() - n, chosen.end());
  chosen.resize(chosen.size() - static_cast<std::size_t>(n));
  model.fit(model.encode(d, chosen), static_cast<int>(chosen.size()), {}, nullptr);
  const auto samples = model.encode(d, test);
  return model.goal().judge().score(task::truths_of(samples), model.predict(samples, 1)).score;
}

std::vector<float> bits(int n, base::Rng& rng) {
  std::vector<float> values;
  for (int i = 0; i < n; ++i) values.push_back(rng.uniform() < 0.5 ? 0 : 1);
  return values;
}

TEST(SlowLearning, parity_of_eight_bits) {
  const auto name = [](const std::vector<float>& v) {
    return std::count(v.begin(), v.end(), 1.0F) % 2 == 0 ? "even" : "odd";
  };
  const auto d = task::series_set(
      1200, 1, [](base::Rng& rng) { return bits(8, rng); }, name);
  for (const std::string cell : {"lstm", "gru"}) {
    Spec spec = learning_spec();
    spec.encoder.cell = cell;
    spec.optim.lr = 0.02;
    EXPECT_GT(learn(spec, 150, d, 200), 0.95) << cell;
  }
}

TEST(SlowLearning, the_first_of_twenty_five_symbols_is_remembered) {
  const auto draw = [](base::Rng& rng) {
    std::vector<float> values(50);  // channels: the symbol; noise
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<float>(i % 2 == 0 ? 0 : rng.normal());
    }
    values[0] = rng.uniform() < 0.5 ? -1 : 1;
    return values;
  };
  const auto d = task::series_set(1000, 2, draw,
                                  [](const std::vector<float>& v) { return v[0] > 0 ? "a" : "b"; });
  for (const auto& cell : kernels::cells().names()) {
    Spec spec = learning_spec();
    spec.encoder.cell = cell;
    EXPECT_GT(learn(spec, 40, d, 200), 0.95) << cell;
  }
}

// Hochreiter and Schmidhuber's adding problem as classes: two marked numbers of twenty add up to
// more than one, or less.
TEST(SlowLearning, the_two_marked_numbers_are_added) {
  const auto draw = [](base::Rng& rng) {
    std::vector<float> values(40);
    for (std::size_t t = 0; t < 20; ++t) values[2 * t] = static_cast<float>(rng.uniform());
    values[2 * rng.below(10) + 1] = 1;
    values[2 * (10 + rng.below(10)) + 1] = 1;
    return values;
  };
  const auto name = [](const std::vector<float>& v) {
    float sum = 0;
    for (std::size_t t = 0; t < 20; ++t) sum += v[2 * t] * v[2 * t + 1];
    return sum > 1 ? "more" : "less";
  };
  const auto d = task::series_set(2200, 2, draw, name);
  for (const std::string cell : {"lstm", "gru"}) {
    Spec spec = learning_spec();
    spec.encoder.cell = cell;
    EXPECT_GT(learn(spec, 30, d, 400), 0.95) << cell;
  }
}

TEST(Learning, a_word_and_its_negation) {
  data::Dataset d = task::empty_set({"text", data::StreamKind::kText, 0, {}});
  const std::vector<std::string> filler = {"the", "film", "was", "on", "all", "day", "here"};
  for (int i = 0; i < 600; ++i) {
    base::Rng rng = base::Rng(31).fork(static_cast<std::uint64_t>(i));
    const bool good = rng.uniform() < 0.5, negated = rng.uniform() < 0.5;
    std::string text = filler[rng.below(7)] + " ";
    if (negated) text += "not ";
    text += good ? "good " : "bad ";
    for (std::uint64_t k = rng.below(6); k > 0; --k) text += filler[rng.below(7)] + " ";
    task::add_sample(d, text, good != negated ? "like" : "dislike");
  }
  Spec spec = learning_spec();
  spec.encoder.embedding_dim = 16;
  spec.encoder.bidirectional = true;
  spec.encoder.pooling = "attention";
  EXPECT_GT(learn(spec, 15, d, 200), 0.95);
}

// What the defaults do with no choice made by hand.
TEST(SlowLearning, the_defaults_learn_trends_and_opinions) {
  Spec spec;
  spec.train.threads = 1;
  for (const auto& d : {task::trends(200), task::opinions(200)}) {
    Spec resolved = spec;
    task::TrainingData facts;
    facts.samples = 140;
    facts.text = d.streams[0].kind == data::StreamKind::kText;
    resolve(resolved, facts);
    EXPECT_GT(learn(resolved, resolved.train.epochs, d, 60), 0.9) << d.streams[0].name;
  }
}

}  // namespace
}  // namespace refrain::suites

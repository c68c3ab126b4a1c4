// Checks the properties that every method of numbers must have, over the whole list; a new method
// is tested by its line there.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "refrain/base/rng.h"
#include "refrain/method/beside.h"
#include "refrain/method/list.h"

namespace refrain::method {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

struct Numbered {
  data::Dataset data;
  std::vector<int> chosen;
  std::vector<double> values;  // [n,width]
  int width = 2;

  data::Subset view() const { return {data, chosen}; }
  Training training(int threads = 1) const {
    Training out{view(), {}, 0, 3, threads};
    out.values = values;
    out.width = width;
    return out;
  }
  void add(data::Value value, const std::vector<double>& numbers) {
    chosen.push_back(static_cast<int>(data.samples.size()));
    values.insert(values.end(), numbers.begin(), numbers.end());
    data.samples.emplace_back();
    data.samples.back().streams.push_back(std::move(value));
  }
  // Only the samples from `first` on are seen.
  void drop(int first) {
    chosen.erase(chosen.begin(), chosen.begin() + first);
    values.erase(values.begin(), values.begin() + first * width);
  }
};

// Waves in the first of two channels: the numbers are their speed and their level. Lengths differ;
// some values are missing.
Numbered moving_waves(int n) {
  Numbered p;
  p.data.streams = {{"series", data::StreamKind::kSeries, 2, {}}};
  for (int i = 0; i < n; ++i) {
    base::Rng rng = base::Rng(8).fork(static_cast<std::uint64_t>(i));
    const int steps = 40 + static_cast<int>(rng.below(5));
    const double start = rng.uniform(0, 6), speed = rng.uniform(0.3, 1.1), level = rng.normal();
    data::Series s{steps, 2, {}};
    for (int t = 0; t < steps; ++t) {
      s.values.push_back(
          static_cast<float>(level + std::sin(start + speed * t) + 0.05 * rng.normal()));
      s.values.push_back(static_cast<float>(0.2 * rng.normal()));
    }
    if (i % 3 == 0) s.values[8] = kMissing;
    p.add(std::move(s), {1000 + 10 * speed, level});
  }
  return p;
}

// How many good words there are, and how many bad ones.
Numbered reviews(int n) {
  Numbered p;
  p.data.streams = {{"text", data::StreamKind::kText, 0, {}}};
  const char* words[2][3] = {{"good", "fine", "lovely"}, {"bad", "poor", "awful"}};
  for (int i = 0; i < n; ++i) {
    base::Rng rng = base::Rng(9).fork(static_cast<std::uint64_t>(i));
    std::string text = "film no. " + std::to_string(i);
    double count[2] = {0, 0};
    for (int k = 0; k < 5; ++k) {
      const auto kind = rng.below(2);
      ++count[kind];
      text += std::string(" ") + words[kind][rng.below(3)];
    }
    p.add(text, {1000 + count[0], count[1]});
  }
  return p;
}

// Makes samples as an encoder could give them: the numbers shift its states.
Numbered encoded_numbers(int n) {
  Numbered p;
  data::StreamInfo info{"text", data::StreamKind::kSeries, 2, {}};
  info.from_text = true;
  p.data.streams = {info};
  for (int i = 0; i < n; ++i) {
    base::Rng rng = base::Rng(11).fork(static_cast<std::uint64_t>(i));
    const double a = rng.normal(), b = rng.normal();
    data::Series s{4, 2, {}};
    for (int k = 0; k < 8; ++k) {
      s.values.push_back(static_cast<float>((k % 2 == 0 ? a : b) + 0.1 * rng.normal()));
    }
    p.add(std::move(s), {1000 + a, b});
  }
  return p;
}

struct SavedMethod {
  tensor::TensorFile file;
  base::Json head;
};

SavedMethod saved_method(Method& method, int width) {
  SavedMethod out;
  Archive archive(out.file, "", width);
  method.archive(archive);
  out.head = archive.head();
  return out;
}

// The error of each column beside that of its mean.
std::vector<double> relative_errors(const std::vector<double>& said, const Numbered& truth) {
  std::vector<double> out;
  const auto width = static_cast<std::size_t>(truth.width);
  for (std::size_t c = 0; c < width; ++c) {
    double mean = 0, error = 0, variance = 0;
    const double n = static_cast<double>(truth.values.size() / width);
    for (std::size_t i = c; i < said.size(); i += width) mean += truth.values[i] / n;
    for (std::size_t i = c; i < said.size(); i += width) {
      error += std::pow(said[i] - truth.values[i], 2);
      variance += std::pow(mean - truth.values[i], 2);
    }
    out.push_back(std::sqrt(error / variance));
  }
  return out;
}

class EveryNumberMethod : public testing::TestWithParam<std::string> {
 protected:
  bool text() const { return entry().kind == Reads::kText; }
  const MethodEntry& entry() const { return methods(Predicts::kNumbers).at(GetParam()); }
  Numbered problem(int n) const {
    if (entry().kind == Reads::kStates) return encoded_numbers(n);
    return text() ? reviews(n) : moving_waves(n);
  }
  std::unique_ptr<Method> fitted(const Numbered& train, int threads = 1) const {
    auto method = entry().make();
    method->fit(train.training(threads));
    return method;
  }
  std::vector<double> run(const Numbered& train, const Numbered& test, int threads = 1) const {
    return fitted(train, threads)->predict(test.view(), threads);
  }
  std::unique_ptr<Method> loaded(const SavedMethod& from, int width) const {
    auto method = entry().make();
    Archive archive(from.file, "", width, from.head);
    method->archive(archive);
    return method;
  }
  Code load_error(const SavedMethod& from, int width = 2) const {
    try {
      loaded(from, width);
    } catch (const Error& error) {
      return error.code();
    }
    return Code::kInternal;
  }
  Code fit_error(const Training& training) const {
    try {
      entry().make()->fit(training);
    } catch (const Error& error) {
      return error.code();
    }
    return Code::kInternal;
  }
};

TEST_P(EveryNumberMethod, numbers_are_the_same_for_one_and_two_threads_and_in_every_run) {
  const auto train = problem(30), test = problem(12);
  const auto once = run(train, test, 1);
  ASSERT_EQ(once.size(), 24U);
  for (const double v : once) EXPECT_TRUE(std::isfinite(v));
  EXPECT_EQ(once, run(train, test, 2));
  EXPECT_EQ(once, run(train, test, 1));
}

TEST_P(EveryNumberMethod, learns_what_can_be_learned_in_every_column) {
  auto train = problem(100), test = problem(150);
  test.drop(100);
  const auto errors = relative_errors(run(train, test, 2), test);
  if (GetParam() == "mean") {
    EXPECT_THAT(errors, testing::Each(testing::AllOf(testing::Ge(1), testing::Lt(1.1))));
  } else {
    const double most = GetParam() == "neighbour_mean_dtw" ? 0.9 : 0.6;
    EXPECT_THAT(errors, testing::Each(testing::Lt(most)));
  }
}

TEST_P(EveryNumberMethod, columns_are_learned_as_if_each_was_alone) {
  if (GetParam() == "neighbour_mean_dtw") GTEST_SKIP() << "columns share its neighbours";
  const auto train = problem(40), test = problem(6);
  const auto both = run(train, test);
  for (std::size_t c = 0; c < 2; ++c) {
    auto one = train;
    one.width = 1;
    one.values.clear();
    for (std::size_t i = c; i < train.values.size(); i += 2) one.values.push_back(train.values[i]);
    const auto alone = run(one, test);
    ASSERT_EQ(alone.size(), 6U);
    for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(alone[i], both[2 * i + c], 1e-3);
  }
}

TEST_P(EveryNumberMethod, unit_and_level_of_the_numbers_do_not_matter) {
  const auto train = problem(40), test = problem(10);
  auto other = train;
  for (double& v : other.values) v = 1e9 + 1e-3 * v;
  const auto want = run(train, test), got = run(other, test);
  for (std::size_t i = 0; i < want.size(); ++i) {
    EXPECT_NEAR((got[i] - 1e9) / 1e-3, want[i], 5e-3);  // 1e9 has 7 digits after the point
  }
}

TEST_P(EveryNumberMethod, the_order_of_the_samples_does_not_matter) {
  if (entry().make()->is_random()) GTEST_SKIP() << "it draws training samples";
  const auto train = problem(40), test = problem(10);
  auto other = train;
  std::reverse(other.chosen.begin(), other.chosen.end());
  for (std::size_t i = 0; i < train.values.size(); ++i) {
    other.values[i] = train.values[train.values.size() - 2 - i + 2 * (i % 2)];
  }
  const auto want = run(train, test), got = run(other, test);
  for (std::size_t i = 0; i < want.size(); ++i) EXPECT_NEAR(got[i], want[i], 1e-3);
}

TEST_P(EveryNumberMethod, one_sample_and_equal_numbers_come_back_exactly) {
  auto one = problem(1);
  EXPECT_EQ(run(one, one), one.values);
  auto equal = problem(9);
  for (std::size_t i = 0; i < equal.values.size(); ++i)
    equal.values[i] = i % 2 == 0 ? 0.1 : 1e9 / 3;
  EXPECT_EQ(run(equal, equal), equal.values);
}

TEST_P(EveryNumberMethod, equal_and_empty_samples_get_the_mean) {
  Numbered p;
  p.data.streams = {{"x", text() ? data::StreamKind::kText : data::StreamKind::kSeries, 1, {}}};
  for (int i = 0; i < 10; ++i) {
    const std::vector<double> numbers = {1.0 * i, -1.0 * i};
    if (text()) {
      p.add(std::string(), numbers);
    } else {
      p.add(data::Series{4, 1, {2, kMissing, 2, 2}}, numbers);
    }
  }
  const auto got = run(p, p);
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], i % 2 == 0 ? 4.5 : -4.5, 1e-6);
  p.data.samples[7].streams[0] = text() ? data::Value("word") : data::Value(data::Series{0, 1, {}});
  for (const double v : run(p, p)) EXPECT_LE(std::abs(v), 9.001);
}

TEST_P(EveryNumberMethod, a_saved_method_says_the_same_bits_and_is_saved_as_the_same_file) {
  const auto train = problem(30), test = problem(12);
  const auto method = fitted(train);
  const auto first = saved_method(*method, 2);
  const auto again = loaded(first, 2);
  const auto want = method->predict(test.view(), 1), got = again->predict(test.view(), 2);
  for (std::size_t i = 0; i < want.size(); ++i) EXPECT_NEAR(got[i], want[i], 1e-3);
  const auto second = saved_method(*again, 2);
  EXPECT_EQ(second.head, first.head);
  EXPECT_EQ(tensor::to_safetensors(second.file), tensor::to_safetensors(first.file));
  EXPECT_EQ(loaded(second, 2)->predict(test.view(), 1), got);
}

TEST_P(EveryNumberMethod, a_damaged_file_is_a_data_error) {
  const auto whole = saved_method(*fitted(problem(20)), 2);
  EXPECT_EQ(load_error(whole, 3), Code::kData) << "of another width";
  for (const auto& item : whole.head.items()) {
    auto changed = whole;
    changed.head.erase(item.key());
    EXPECT_EQ(load_error(changed), Code::kData) << item.key();
    changed.head[item.key()] = nullptr;
    EXPECT_EQ(load_error(changed), Code::kData) << item.key();
    changed.head[item.key()] = std::vector<double>(2, HUGE_VAL);
    EXPECT_EQ(load_error(changed), Code::kData) << item.key();
  }
  for (std::size_t i = 0; i < whole.file.tensors.size(); ++i) {
    auto changed = whole;
    changed.file.tensors[i].values.pop_back();
    EXPECT_EQ(load_error(changed), Code::kData) << changed.file.tensors[i].name;
    changed.file.tensors[i].values.push_back(std::numeric_limits<real>::infinity());
    EXPECT_EQ(load_error(changed), Code::kData) << changed.file.tensors[i].name;
    changed.file.tensors.erase(changed.file.tensors.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(load_error(changed), Code::kData);
  }
}

// The parts of a linear method agree in themselves, but not with each other.
TEST_P(EveryNumberMethod, weights_of_other_columns_are_a_data_error) {
  auto file = saved_method(*fitted(problem(20)), 2);
  if (!file.head.contains("columns")) GTEST_SKIP() << "it has no weights";
  file.head["columns"] = file.head["columns"].get<int>() - 1;
  for (auto& tensor : file.file.tensors) {
    if (tensor.name == "weight") tensor.values.resize(tensor.values.size() - 2);
  }
  EXPECT_EQ(load_error(file), Code::kData);
}

TEST_P(EveryNumberMethod, what_it_cannot_learn_is_refused_with_a_sentence) {
  EXPECT_EQ(fit_error(problem(0).training()), Code::kData);
  const auto train = problem(8);
  const Training classes{train.view(), {0, 1, 0, 1, 0, 1, 0, 1}, 2, 3, 1};
  EXPECT_EQ(fit_error(classes), Code::kUnsupported);
  auto missing = train;
  missing.values[5] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(fit_error(missing.training()), Code::kUnsupported);
  auto large = train;
  large.values[5] = 1e300;
  EXPECT_EQ(fit_error(large.training()), Code::kUnsupported);
}

TEST_P(EveryNumberMethod, series_of_other_channels_are_refused) {
  if (entry().kind != Reads::kSeries) GTEST_SKIP() << "it reads no series";
  const auto method = fitted(problem(8));
  Numbered narrow;
  narrow.add(data::Series{3, 1, {1, 2, 3}}, {0, 0});
  EXPECT_THROW(method->predict(narrow.view(), 1), Error);
}

std::string method_name(const testing::TestParamInfo<std::string>& info) { return info.param; }
INSTANTIATE_TEST_SUITE_P(AllNumberMethods, EveryNumberMethod,
                         testing::ValuesIn(methods(Predicts::kNumbers).names()), method_name);

TEST(Baselines, each_list_holds_what_it_says_and_no_name_is_in_both) {
  std::vector<std::string> names;
  for (const auto predicts : {Predicts::kClasses, Predicts::kNumbers, Predicts::kTags}) {
    for (const auto& item : methods(predicts).items()) {
      EXPECT_EQ(item.value.predicts, predicts) << item.name;
      EXPECT_THAT(names, testing::Not(testing::Contains(item.name)));
      names.push_back(item.name);
    }
  }
  EXPECT_EQ(all_methods().names(), names);
}

TEST(Baselines, lists_of_methods_name_those_of_their_kind_alone) {
  EXPECT_THAT(methods_of("hydra, hydra"), testing::ElementsAre("hydra"));
  EXPECT_THROW(methods_of("mean"), Error);
  EXPECT_THAT(methods_of("mean,rocket_ridge", Predicts::kNumbers),
              testing::ElementsAre("mean", "rocket_ridge"));
  EXPECT_THROW(methods_of("hydra", Predicts::kNumbers), Error);
}

std::vector<std::string> names_of(const std::vector<MethodAnswers>& answers) {
  std::vector<std::string> names;
  for (const auto& one : answers) names.push_back(one.name);
  return names;
}

TEST(ShapeRidge, is_another_method_than_rocket_ridge_and_the_same_for_two_threads) {
  const auto train = moving_waves(20);
  const auto method = make_shape_ridge();
  method->fit(train.training());
  const auto plain = method->predict(train.view(), 1);
  EXPECT_EQ(method->predict(train.view(), 2), plain);
  const auto other = make_rocket_ridge();
  other->fit(train.training());
  EXPECT_NE(other->predict(train.view(), 1), plain);
}

TEST(RunBaselines, numbers_come_from_all_that_can_read_the_samples) {
  const auto train = reviews(20), test = reviews(5);
  const auto answers = run_methods(train.training(), test.view(), {});
  EXPECT_THAT(names_of(answers), testing::ElementsAre("mean", "tfidf_ridge"));
  for (const auto& one : answers) EXPECT_EQ(one.numbers.size(), 10U);
  const auto series = moving_waves(12);
  EXPECT_THAT(names_of(run_methods(series.training(), series.view(), {})),
              testing::ElementsAre("mean", "summary_ridge", "neighbour_mean_dtw", "rocket_ridge",
                                   "shape_ridge", "interval_forest"));
}

TEST(RunBaselines, one_that_fails_is_left_out_with_a_remark_and_the_mean_knows_no_deadline) {
  const auto train = moving_waves(10);
  auto test = moving_waves(4);
  for (auto& sample : test.data.samples) std::get<data::Series>(sample.streams[0]).channels = 1;
  std::vector<std::string> remarks;
  RunOptions options;
  options.log = base::Log([&](base::Level, const std::string& s) { remarks.push_back(s); });
  EXPECT_THAT(names_of(run_methods(train.training(), test.view(), options)),
              testing::ElementsAre("mean"));
  ASSERT_EQ(remarks.size(), 5U);
  EXPECT_EQ(remarks[0], "baseline summary_ridge is left out: other channels than in training");
  options.deadline = 1e-9;
  EXPECT_THAT(names_of(run_methods(train.training(), train.view(), options)),
              testing::ElementsAre("mean"));
  EXPECT_THAT(remarks.back(), testing::HasSubstr("the time limit is reached"));
}

// Shares of steps alone leave an error of 0.35.
TEST(RocketRidge, tells_the_level_of_a_series) {
  auto train = moving_waves(100), test = moving_waves(150);
  test.drop(100);
  const auto method = make_rocket_ridge();
  method->fit(train.training());
  const double error = relative_errors(method->predict(test.view(), 1), test)[1];
  EXPECT_LT(error, 0.1);
}

// Returns the answer to the first sample, which is its own nearest neighbour.
double said_of_first(const Numbered& p) {
  const auto method = make_neighbour_mean_dtw();
  method->fit(p.training());
  return method->predict(p.view(), 1).front();
}

Numbered level_series(int n, const std::function<double(int)>& level,
                      const std::function<double(int)>& number) {
  Numbered p;
  p.width = 1;
  p.data.streams = {{"series", data::StreamKind::kSeries, 1, {}}};
  for (int i = 0; i < n; ++i) {
    base::Rng rng = base::Rng(12).fork(static_cast<std::uint64_t>(i));
    data::Series s{10, 1, {}};
    for (int t = 0; t < 10; ++t)
      s.values.push_back(static_cast<float>(level(i) + 0.1 * rng.normal()));
    p.add(std::move(s), {number(i)});
  }
  return p;
}

// Ten clusters of two: one neighbour is right, two are not.
TEST(NeighbourMean, one_neighbour_serves_where_only_the_nearest_is_alike) {
  const auto p = level_series(
      20, [](int i) { return 10.0 * (i / 2); }, [](int i) { return i / 2 % 2 == 0 ? 5.0 : -5.0; });
  EXPECT_NEAR(said_of_first(p), 5, 1e-9);
}

// Two clusters whose numbers are noise about 1 and -1.
TEST(NeighbourMean, many_neighbours_serve_where_numbers_are_noisy) {
  base::Rng rng(4);
  std::vector<double> noise(62);
  for (double& v : noise) v = 3 * rng.normal();
  const auto p = level_series(
      62, [](int i) { return 10.0 * (i % 2); },
      [&](int i) { return (i % 2 == 0 ? 1 : -1) + noise[static_cast<std::size_t>(i)]; });
  double mean = 0;
  for (std::size_t i = 0; i < 62; i += 2) mean += p.values[i] / 31;
  EXPECT_NEAR(said_of_first(p), mean, 0.5);
  EXPECT_GT(std::abs(p.values[0] - mean), 1) << "which its nearest neighbour, itself, would say";
}

// Twins have the same number, which is noise: a twin must not be judged by the other.
TEST(NeighbourMean, what_belongs_together_is_left_out_together) {
  auto p = level_series(
      40, [](int i) { return 10.0 * (i / 2); },
      [](int i) { return base::Rng(6).fork(static_cast<std::uint64_t>(i / 2)).normal(); });
  const auto length = [](const std::vector<double>& numbers) {
    return std::sqrt(std::inner_product(numbers.begin(), numbers.end(), numbers.begin(), 0.0));
  };
  const auto said = [&] {
    const auto method = make_neighbour_mean_dtw();
    method->fit(p.training());
    return method->predict(p.view(), 1);
  };
  EXPECT_NEAR(length(said()), length(p.values), 1e-9) << "as if they were strangers";
  for (std::size_t i = 0; i < 40; ++i) p.data.samples[i].group = std::to_string(i / 2);
  EXPECT_LT(length(said()), 0.8 * length(p.values));
}

// The level is noise of a thousand times the size of the shape, which has the number.
TEST(NeighbourMean, series_are_compared_by_shape_where_that_tells_more) {
  Numbered p;
  p.width = 1;
  p.data.streams = {{"series", data::StreamKind::kSeries, 1, {}}};
  for (int i = 0; i < 30; ++i) {
    base::Rng rng = base::Rng(13).fork(static_cast<std::uint64_t>(i));
    const double level = 1000 * rng.normal();
    data::Series s{12, 1, {}};
    for (int t = 0; t < 12; ++t) {
      const double wave = i % 2 == 0 ? t % 2 : t / 6;
      s.values.push_back(static_cast<float>(level + wave + 0.05 * rng.normal()));
    }
    p.add(std::move(s), {i % 2 == 0 ? 1.0 : -1.0});
  }
  EXPECT_NEAR(said_of_first(p), 1, 1e-9);
}

}  // namespace
}  // namespace refrain::method

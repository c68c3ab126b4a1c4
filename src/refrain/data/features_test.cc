#include "refrain/data/features.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

namespace refrain::data {
namespace {

using base::Json;
using testing::ElementsAre;
using testing::HasSubstr;
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

Sample series_sample(int channels, std::vector<float> values) {
  Sample sample;
  const int steps = static_cast<int>(values.size()) / channels;
  sample.streams.emplace_back(Series{steps, channels, std::move(values)});
  return sample;
}

Sample text_sample(std::string text) {
  Sample sample;
  sample.streams.emplace_back(std::move(text));
  return sample;
}

Dataset series_set(int channels, const std::vector<std::vector<float>>& all) {
  Dataset out;
  out.path = "train.ts";
  out.streams.push_back({"series", StreamKind::kSeries, channels, {}});
  for (const auto& values : all) out.samples.push_back(series_sample(channels, values));
  return out;
}

Dataset text_set(const std::vector<std::string>& texts) {
  Dataset out;
  out.path = "train.csv";
  out.streams.push_back({"text", StreamKind::kText, 0, {}});
  for (const auto& text : texts) out.samples.push_back(text_sample(text));
  return out;
}

FeatureSpec with(const std::string& normalise, const std::string& missing) {
  FeatureSpec spec;
  spec.normalise = normalise;
  spec.missing = missing;
  return spec;
}

Features fit_all(const Dataset& dataset, const FeatureSpec& spec = {}) {
  std::vector<int> all(dataset.samples.size());
  std::iota(all.begin(), all.end(), 0);
  return Features::fit(dataset, all, spec);
}

std::vector<real> values(const Features& features, const Sample& sample) {
  return features.encode(sample, 0).streams.at(0).values;
}

Error error_when(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& e) {
    return e;
  }
  return {Code::kInternal, "nothing was thrown"};
}

TEST(Features, a_sample_keeps_its_weight_and_number) {
  auto set = series_set(1, {{1, 2}, {3, 4}});
  set.samples[1].weight = 2.5;
  const EncodedSample encoded = fit_all(set).encode(set.samples[1], 7);
  EXPECT_EQ(encoded.weight, 2.5);
  EXPECT_EQ(encoded.index, 7);
}

TEST(Features, a_step_alone_is_encoded_like_the_series) {
  const auto set = series_set(2, {{1, 2, kNan, 4, 5, 6}, {2, kNan, 3, 1, 0, 4}});
  for (const char* missing : {"mask", "zero"}) {
    const Features features = fit_all(set, with("channel", missing));
    const auto whole = values(features, set.samples[0]);
    const auto& series = std::get<Series>(set.samples[0].streams[0]);
    const auto inputs = static_cast<std::size_t>(features.inputs(0));
    for (std::size_t t = 0; t < 3; ++t) {
      std::vector<real> step(inputs);
      features.encode_step(series.values.data() + 2 * t, 0, step.data());
      for (std::size_t i = 0; i < inputs; ++i) EXPECT_EQ(step[i], whole[t * inputs + i]) << t;
    }
  }
}

TEST(Features, only_the_training_samples_count) {
  const auto set = series_set(1, {{0, 2}, {1000, kNan}, {0, 2}});
  const auto features = Features::fit(set, {0, 2}, {});
  EXPECT_THAT(values(features, set.samples[0]), ElementsAre(-1, 1));
  EXPECT_EQ(features.inputs(0), 1);  // sample 1 misses a value, but is not of the training part

  const auto texts = text_set({"a b", "c"});
  EXPECT_EQ(Features::fit(texts, {0}, {}).inputs(0), 3);
}

TEST(Features, an_encoded_sample_keeps_its_index_and_has_no_target) {
  const auto set = series_set(2, {{0, 1, 2, 3, 4, 5}});
  const auto encoded = fit_all(set).encode(set.samples[0], 42);
  EXPECT_EQ(encoded.index, 42);
  EXPECT_EQ(encoded.target, -1);
  EXPECT_EQ(encoded.streams.at(0).length, 3);
  EXPECT_EQ(encoded.streams.at(0).values.size(), 6u);
}

TEST(Features, masks_mark_missing_values_of_every_channel) {
  const auto set = series_set(2, {{0, 5, 2, kNan, 4, 9}});
  const auto features = fit_all(set, with("none", "mask"));
  EXPECT_EQ(features.inputs(0), 4);
  EXPECT_TRUE(features.masked(0));
  EXPECT_THAT(values(features, set.samples[0]),
              ElementsAre(0, 5, 0, 0, /**/ 2, 0, 0, 1, /**/ 4, 9, 0, 0));
  EXPECT_THAT(values(features, series_sample(2, {1, 2})), ElementsAre(1, 2, 0, 0));
}

TEST(Features, a_masked_value_is_0_after_scaling) {
  const auto set = series_set(1, {{100, kNan, 300}});
  EXPECT_THAT(values(fit_all(set), set.samples[0]), ElementsAre(-1, 0, 0, 1, 1, 0));
}

TEST(Features, without_missing_values_in_training_there_are_no_masks) {
  const auto set = series_set(1, {{0, 2}});
  const auto features = fit_all(set, with("none", "mask"));
  EXPECT_EQ(features.inputs(0), 1);
  EXPECT_THAT(values(features, series_sample(1, {0, kNan, 2})), ElementsAre(0, 1, 2));
}

TEST(Features, interpolation_is_linear_inside_and_takes_the_nearest_value_at_the_ends) {
  const auto set = series_set(2, {{kNan, 1, 2, kNan, kNan, kNan, kNan, kNan, 8, 3, kNan, kNan}});
  const auto features = fit_all(set, with("none", "interpolate"));
  EXPECT_EQ(features.inputs(0), 2);
  const auto v = values(features, set.samples[0]);
  const std::vector<double> expected = {2, 1, 2, 1.5, 4, 2, 6, 2.5, 8, 3, 8, 3};
  ASSERT_EQ(v.size(), expected.size());
  for (std::size_t i = 0; i < v.size(); ++i) EXPECT_NEAR(v[i], expected[i], 1e-6) << i;
}

TEST(Features, a_channel_without_any_value_is_filled_with_its_training_mean) {
  const auto set = series_set(2, {{1, 10}, {3, 30}});
  const auto sample = series_sample(2, {kNan, 5, kNan, 6});
  EXPECT_THAT(values(fit_all(set, with("none", "interpolate")), sample), ElementsAre(2, 5, 2, 6));
  const auto scaled = values(fit_all(set, with("channel", "interpolate")), sample);
  EXPECT_EQ(scaled[0], 0);
  EXPECT_EQ(scaled[2], 0);
  const auto alone = values(fit_all(set, with("series", "interpolate")), sample);
  EXPECT_THAT(alone, ElementsAre(0, -1, 0, 1));
}

TEST(Features, missing_values_can_simply_be_0) {
  const auto set = series_set(1, {{100, kNan, 300}});
  EXPECT_THAT(values(fit_all(set, with("channel", "zero")), set.samples[0]), ElementsAre(-1, 0, 1));
  const auto whole = series_set(1, {{100, 300}});
  EXPECT_THAT(values(fit_all(whole, with("none", "zero")), series_sample(1, {kNan, 5})),
              ElementsAre(0, 5));
}

TEST(Features, no_mode_ever_gives_a_value_that_is_not_finite) {
  constexpr float big = std::numeric_limits<float>::max();
  constexpr float infinity = std::numeric_limits<float>::infinity();
  const auto set = series_set(2, {{big, 1, kNan, 1, -big, kNan}, {0, 1, infinity, 1}});
  for (const std::string normalise : {"channel", "series", "none"}) {
    for (const std::string missing : {"mask", "interpolate", "zero"}) {
      const auto features = fit_all(set, with(normalise, missing));
      for (const auto& other :
           {set.samples[0], set.samples[1], series_sample(2, {kNan, kNan}),
            series_sample(2, {big, -big, kNan, kNan, -big, infinity, -infinity, big})}) {
        for (const real v : values(features, other)) {
          EXPECT_TRUE(std::isfinite(v)) << normalise << ' ' << missing;
        }
      }
    }
  }
}

TEST(Features, a_series_of_no_steps_is_one_row_of_zeros) {
  const auto set = series_set(2, {{1, 2, kNan, 4}});
  const auto encoded = fit_all(set).encode(series_sample(2, {}), 0);
  EXPECT_EQ(encoded.streams[0].length, 1);
  EXPECT_THAT(encoded.streams[0].values, ElementsAre(0, 0, 0, 0));
}

TEST(Features, a_training_part_of_empty_series_is_fitted) {
  const auto set = series_set(1, {{}, {}});
  EXPECT_THAT(values(fit_all(set), series_sample(1, {3})), ElementsAre(3));
}

TEST(Features, texts_become_word_numbers) {
  const auto set = text_set({"Good film 好", "good 好 good"});
  const auto features = fit_all(set);
  EXPECT_EQ(features.inputs(0), 4);
  EXPECT_EQ(features.vocabulary(0).word(1), "good");
  const auto encoded = features.encode(text_sample("GOOD 好的 film"), 0);
  EXPECT_THAT(encoded.streams[0].ids, ElementsAre(1, 2, 0, 3));
  EXPECT_EQ(encoded.streams[0].length, 4);
  EXPECT_TRUE(encoded.streams[0].values.empty());
}

TEST(Features, an_empty_text_is_one_unknown_word) {
  const auto features = fit_all(text_set({"a"}));
  for (const char* text : {"", "  \t"}) {
    const auto encoded = features.encode(text_sample(text), 0);
    EXPECT_THAT(encoded.streams[0].ids, ElementsAre(0));
    EXPECT_EQ(encoded.streams[0].length, 1);
  }
}

TEST(Features, options_limit_words_and_lengths) {
  FeatureSpec spec;
  spec.lowercase = false;
  spec.min_count = 2;
  EXPECT_EQ(fit_all(text_set({"A a b b"}), spec).inputs(0), 2);
  spec = {};
  spec.max_vocabulary = 1;
  EXPECT_EQ(fit_all(text_set({"a b b"}), spec).inputs(0), 2);
  spec = {};
  spec.max_length = 2;
  const auto features = fit_all(text_set({"a b c d"}), spec);
  EXPECT_EQ(features.inputs(0), 3);  // words behind the cut are not learned
  EXPECT_THAT(features.encode(text_sample("b a a"), 0).streams[0].ids, ElementsAre(2, 1));
}

TEST(Features, long_series_are_cut_at_the_end_in_fitting_and_encoding) {
  FeatureSpec spec;
  spec.max_length = 2;
  const auto set = series_set(1, {{0, 2, 1000, kNan}});
  const auto features = fit_all(set, spec);
  EXPECT_EQ(features.inputs(0), 1);
  EXPECT_THAT(values(features, set.samples[0]), ElementsAre(-1, 1));
}

TEST(Features, several_streams_are_fitted_each_by_itself) {
  auto set = series_set(1, {{0, 2}});
  set.streams.push_back({"note", StreamKind::kText, 0, {}});
  set.samples[0].streams.emplace_back(std::string("a b"));
  const auto features = fit_all(set);
  const auto encoded = features.encode(set.samples[0], 0);
  EXPECT_EQ(features.inputs(0), 1);
  EXPECT_EQ(features.inputs(1), 3);
  EXPECT_EQ(encoded.streams[0].length, 2);
  EXPECT_THAT(encoded.streams[1].ids, ElementsAre(1, 2));
}

TEST(Features, another_file_must_have_the_trained_streams) {
  const auto features = fit_all(series_set(3, {{1, 2, 3}}));
  features.check(series_set(3, {}));
  auto other = series_set(2, {});
  other.path = "test.csv";
  const auto error = error_when([&] { features.check(other); });
  EXPECT_EQ(error.code(), Code::kData);
  EXPECT_STREQ(error.what(),
               "the samples of 'test.csv' are a series of 2 channels, but the model was trained on "
               "a series of 3 channels");
  EXPECT_THAT(error_when([&] { features.check(text_set({})); }).what(),
              HasSubstr("are a text, but"));
  auto more = series_set(3, {});
  more.streams.push_back({"note", StreamKind::kText, 0, {}});
  EXPECT_EQ(error_when([&] { features.check(more); }).code(), Code::kData);
  fit_all(text_set({"a"})).check(text_set({}));
}

TEST(Features, samples_that_do_not_fit_are_refused) {
  const auto features = fit_all(series_set(2, {{1, 2}}));
  auto broken = series_sample(2, {1, 2});
  std::get<Series>(broken.streams[0]).steps = 9;
  auto negative = series_sample(2, {});
  std::get<Series>(negative.streams[0]).steps = -1;
  for (const auto& sample :
       {series_sample(1, {1, 2}), text_sample("a"), Sample{}, broken, negative}) {
    EXPECT_EQ(error_when([&] { features.encode(sample, 0); }).code(), Code::kData);
  }
  auto set = series_set(1, {{1}});
  EXPECT_EQ(error_when([&] { Features::fit(set, {}, {}); }).code(), Code::kData);
  set.samples[0].streams[0] = std::string("text");
  EXPECT_EQ(error_when([&] { fit_all(set); }).code(), Code::kData);
  set = series_set(1, {{1}});
  set.streams[0].channels = 0;
  EXPECT_EQ(error_when([&] { fit_all(set); }).code(), Code::kData);
}

TEST(Features, options_have_ranges_and_choices) {
  FeatureSpec spec;
  const auto list = feature_fields().list();
  base::set_field(list, &spec, "max-length", "12");
  base::set_field(list, &spec, "missing", "zero");
  EXPECT_EQ(spec.max_length, 12);
  EXPECT_EQ(spec.missing, "zero");
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
           {"max_length", "-1"}, {"min_count", "0"}, {"normalise", "x"}, {"max_vocabulary", "0"}}) {
    EXPECT_EQ(error_when([&, n = name, v = value] { base::set_field(list, &spec, n, v); }).code(),
              Code::kUsage);
  }
}

// One of everything that is saved.
Features rich_features(Dataset& set) {
  set = series_set(2, {{1, 2.5f, kNan, 0.1f, 7, 1e-5f}});
  set.streams[0].channel_names = {"x", "y \"quoted\""};
  set.streams.push_back({"文", StreamKind::kText, 0, {}});
  set.samples[0].streams.emplace_back(std::string("Good 电影 \\"));
  FeatureSpec spec;
  spec.normalise = "series";
  spec.lowercase = false;
  spec.max_length = 17;
  return fit_all(set, spec);
}

TEST(Features, json_without_views_is_that_of_raw_values) {
  Dataset set;
  const auto features = rich_features(set);
  Json older = features.to_json();
  older["streams"][0].erase("views");
  EXPECT_EQ(Features::from_json(older).to_json(), features.to_json());
}

TEST(Features, json_gives_the_same_features_back) {
  Dataset set;
  const auto features = rich_features(set);
  const auto back = Features::from_json(Json::parse(features.to_json().dump()));
  EXPECT_EQ(back.to_json(), features.to_json());
  EXPECT_EQ(back.spec().max_length, 17);
  EXPECT_EQ(back.streams()[1].name, "文");
  EXPECT_EQ(back.streams()[0].channel_names, features.streams()[0].channel_names);
  const auto a = features.encode(set.samples[0], 1), b = back.encode(set.samples[0], 1);
  EXPECT_EQ(a.streams[0].values, b.streams[0].values);
  EXPECT_EQ(a.streams[1].ids, b.streams[1].ids);
  EXPECT_EQ(back.inputs(0), 4);
}

// Every place of a JSON value, as pointers ("" is the whole).
void list_places(const Json& json, const Json::json_pointer& here,
                 std::vector<Json::json_pointer>& out) {
  out.push_back(here);
  if (json.is_object()) {
    for (const auto& [name, value] : json.items()) list_places(value, here / name, out);
  } else if (json.is_array()) {
    for (std::size_t i = 0; i < json.size(); ++i) list_places(json[i], here / i, out);
  }
}

TEST(Features, damaged_json_is_a_data_error_and_never_anything_else) {
  Dataset set;
  const auto whole = rich_features(set).to_json();
  std::vector<Json::json_pointer> places;
  list_places(whole, Json::json_pointer(), places);
  ASSERT_GT(places.size(), 25u);
  int refused = 0;
  for (const auto& place : places) {
    for (const Json& junk : {Json(), Json(-3), Json(1e300), Json("junk"), Json::array(),
                             Json::object(), Json::array({1}), Json(true)}) {
      auto damaged = whole;
      damaged[place] = junk;
      try {
        Features::from_json(damaged).encode(set.samples[0], 0);
      } catch (const Error& e) {
        EXPECT_EQ(e.code(), Code::kData) << place.to_string() << ' ' << junk;
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, static_cast<int>(places.size()) * 5);
}

TEST(Features, json_without_one_of_its_parts_is_a_data_error) {
  Dataset set;
  const auto whole = rich_features(set).to_json();
  for (const char* place : {"/spec", "/streams", "/streams/0/name", "/streams/0/kind",
                            "/streams/0/channels", "/streams/0/masked", "/streams/0/normaliser",
                            "/streams/0/channel_names", "/streams/1/vocabulary"}) {
    auto damaged = whole;
    const Json::json_pointer pointer(place);
    damaged[pointer.parent_pointer()].erase(pointer.back());
    EXPECT_EQ(error_when([&] { Features::from_json(damaged); }).code(), Code::kData) << place;
  }
  auto unknown = whole;
  unknown["spec"]["surprise"] = 1;
  EXPECT_THAT(error_when([&] { Features::from_json(unknown); }).what(), HasSubstr("--surprise"));
  EXPECT_EQ(error_when([&] { Features::from_json(Json()); }).code(), Code::kData);
}

}  // namespace
}  // namespace refrain::data

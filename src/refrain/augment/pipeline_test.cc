#include "refrain/augment/pipeline.h"

#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "refrain/augment/derive.h"
#include "refrain/augment/parse.h"
#include "refrain/base/test_folder.h"

namespace refrain::augment {
namespace {

using testing::HasSubstr;

std::string round_trip(const std::string& text) { return Pipeline::from(text).text(); }

// Message and hint of the error.
std::string refusal(const std::string& text) {
  try {
    Pipeline::from(text);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::kUsage);
    EXPECT_FALSE(e.hint().empty()) << e.what();
    return std::string(e.what()) + " / " + e.hint();
  }
  return "accepted";
}

TEST(Pipeline, text_and_json_read_back_as_the_same) {
  for (const char* text :
       {"jitter(sigma=0.03, p=0.5) | time_warp(knots=4) | one_of(scale, magnitude_warp)", "jitter",
        "jitter(sigma=0.01..0.05)", "some_of(scale, flip, crop, n=1..2, p=0.25)",
        R"(add_noise(folder="a \"b\" \\ c"))", "repeat(jitter, n=3)",
        "one_of(compose(scale, jitter), time_shift(fill=wrap), p=1)", ""}) {
    EXPECT_EQ(round_trip(text), text);
    const auto json = Pipeline::from(text).json();
    EXPECT_EQ(Pipeline::make(parse_json(json)).text(), text);
    EXPECT_EQ(Pipeline::from(json.dump()).text(), text);
  }
}

TEST(Pipeline, brackets_hyphens_and_spaces_do_not_matter) {
  EXPECT_EQ(round_trip("  jitter ( ) |time-warp(knots = 5 )"), "jitter | time_warp(knots=5)");
  EXPECT_EQ(round_trip("one_of(jitter | scale, flip)"), "one_of(compose(jitter, scale), flip)");
}

TEST(Pipeline, json_steps_are_names_or_objects) {
  const auto made = Pipeline::from(
      R"x({"augment": ["scale", {"name": "jitter", "sigma": [0.01, 0.05], "p": 1},
          {"name": "one_of", "of": ["flip", ["crop", "drift(knots=2)"]]}]
})x");
  EXPECT_EQ(made.text(),
            "scale | jitter(sigma=0.01..0.05, p=1) | "
            "one_of(flip, compose(crop, drift(knots=2)))");
}

TEST(Pipeline, files_are_json_toml_or_text) {
  const base::TestFolder files;
  const std::string folder = files.path() + "/";
  std::ofstream(folder + "a.toml")
      << "[[augment]]\nname = \"jitter\"\nsigma = 0.1\n"
         "[[augment]]\nname = \"one_of\"\nof = [\"scale\", \"flip\"]\n";
  std::ofstream(folder + "a.json") << R"x(["jitter(sigma=0.1)", "one_of(scale, flip)"])x";
  std::ofstream(folder + "a.txt") << "jitter(sigma=0.1) |\n  one_of(scale, flip)\n";
  const char* wanted = "jitter(sigma=0.1) | one_of(scale, flip)";
  for (const char* name : {"a.toml", "@a.toml", "a.json", "@a.txt"}) {
    const bool marked = name[0] == '@';
    EXPECT_EQ(round_trip((marked ? "@" : "") + folder + (marked ? name + 1 : name)), wanted);
  }
  std::ofstream(folder + "b.txt") << "scale |\n  jiter\n";
  EXPECT_THAT(refusal("@" + folder + "b.txt"), HasSubstr("in line 2 at character 3"));
}

TEST(Pipeline, mistakes_name_their_place_and_a_way_out) {
  EXPECT_THAT(refusal("scale | jiter"), HasSubstr("unknown augmentation 'jiter' at character 9"));
  EXPECT_THAT(refusal("scale | jiter"), HasSubstr("did you mean 'jitter'?"));
  EXPECT_THAT(refusal("jitter(sgima=0.1)"), HasSubstr("unknown option 'sgima' at character 8"));
  EXPECT_THAT(refusal("jitter(sgima=0.1)"), HasSubstr("did you mean 'sigma'?"));
  EXPECT_THAT(refusal("jitter(sigma=-1)"), HasSubstr("sigma must be a number in [0, 1000]"));
  EXPECT_THAT(refusal("jitter(p=2)"), HasSubstr("p must be a number in [0, 1]"));
  EXPECT_THAT(refusal("jitter(p=0.1..0.5)"), HasSubstr("p cannot be a range"));
  EXPECT_THAT(refusal("jitter(sigma=0.5..0.1)"), HasSubstr("runs backwards"));
  EXPECT_THAT(refusal("time_shift(fill=wrp)"), HasSubstr("did you mean 'wrap'?"));
  EXPECT_THAT(refusal("jitter(sigma=1, sigma=2)"), HasSubstr("twice"));
  EXPECT_THAT(refusal("jitter(sigma=0.1"), HasSubstr("a ) is missing at character 17"));
  EXPECT_THAT(refusal("jitter) "), HasSubstr("')' is one character too many at character 7"));
  EXPECT_THAT(refusal("jitter || scale"), HasSubstr("there is no name at character 9"));
  EXPECT_THAT(refusal("one_of"), HasSubstr("one_of has no parts"));
  EXPECT_THAT(refusal("jitter(scale)"), HasSubstr("jitter is no group"));
  EXPECT_THAT(refusal("some_of(jitter, n=2)"), HasSubstr("n is 2, of 1 parts"));
  EXPECT_THAT(refusal("one_of(jitter, n=2)"), HasSubstr("unknown option 'n'"));
  EXPECT_THAT(refusal("repeat(repeat(jitter, n=100), n=100)"), HasSubstr("more than 1000"));
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "compose(";
  EXPECT_THAT(refusal(deep + "jitter"), HasSubstr("too many brackets"));
  EXPECT_THAT(refusal(R"([{"sigma": 1}])"), HasSubstr("no \"name\", step 1"));
}

class Draws : public testing::Test {
 protected:
  Draws() {
    dataset_.streams = {{"series", data::StreamKind::kSeries, 1, {}}};
    for (int i = 0; i < 400; ++i) {
      data::Sample sample;
      sample.label = "a";
      sample.streams = {data::Series{4, 1, {1, 2, 3, 4}}};
      dataset_.samples.push_back(sample);
      all_.push_back(i);
    }
  }
  // The share of samples that the pipeline changes.
  double changed(const std::string& spec) const {
    const auto pipeline = Pipeline::from(spec);
    const Pool pool(dataset_, all_);
    int count = 0;
    for (int i = 0; i < pool.size(); ++i) {
      const auto out = derive(pipeline, pool, i, epoch_rng(1, 0));
      count += content_digest(out) == content_digest(pool[i]) ? 0 : 1;
    }
    return static_cast<double>(count) / pool.size();
  }
  data::Dataset dataset_;
  std::vector<int> all_;
};

TEST_F(Draws, happen_as_often_as_p_says) {
  EXPECT_EQ(changed("jitter(p=1)"), 1);
  EXPECT_NEAR(changed("jitter(p=0.25)"), 0.25, 0.07);
  EXPECT_NEAR(changed("jitter"), 0.5, 0.08);
  EXPECT_NEAR(changed("compose(jitter(p=0.5), p=0.5)"), 0.25, 0.07);
  EXPECT_NEAR(changed("one_of(jitter, scale)"), 0.5, 0.08);
  EXPECT_EQ(changed("one_of(jitter(p=0.01), jitter, p=1)"), 1);
  EXPECT_EQ(changed("one_of(jitter(p=0), p=1)"), 0);
  EXPECT_NEAR(changed("some_of(jitter(p=1), jitter(p=1, sigma=0), n=1, p=1)"), 0.5, 0.08);
  EXPECT_NEAR(changed("repeat(jitter(p=0.5), n=2)"), 0.75, 0.08);
}

TEST_F(Draws, what_a_step_draws_does_not_depend_on_the_others) {
  const Pool pool(dataset_, all_);
  const auto alone = Pipeline::from("jitter(p=1)");
  const auto with = Pipeline::from("jitter(p=1) | crop(p=0)");
  const auto drawn = [&](const Pipeline& pipeline, int place, int epoch) {
    return content_digest(derive(pipeline, pool, place, epoch_rng(1, epoch)));
  };
  EXPECT_EQ(drawn(alone, 3, 0), drawn(with, 3, 0));
  EXPECT_NE(drawn(alone, 3, 0), drawn(alone, 3, 1));
  EXPECT_NE(drawn(alone, 3, 0), drawn(alone, 4, 0));
}

TEST_F(Draws, a_range_is_drawn_anew_for_each_sample_and_stays_inside) {
  const Pool pool(dataset_, all_);
  const auto pipeline = Pipeline::from("resample(most=1) | crop(keep=0.25..1, p=1)");
  std::vector<int> count(5);
  for (int i = 0; i < pool.size(); ++i) {
    const auto out = derive(pipeline, pool, i, epoch_rng(1, 0));
    ++count.at(static_cast<std::size_t>(std::get<data::Series>(out.streams[0]).steps));
  }
  EXPECT_EQ(count[0], 0);
  for (int steps = 1; steps <= 4; ++steps) EXPECT_GT(count[static_cast<std::size_t>(steps)], 30);
}

TEST(Pool, a_deviation_is_that_within_series) {
  data::Dataset d;
  d.streams = {{"series", data::StreamKind::kSeries, 2, {}}};
  for (const float offset : {0.0F, 1000.0F}) {
    data::Sample sample;
    sample.streams = {data::Series{2, 2, {offset - 1, offset, offset + 1, offset}}};
    d.samples.push_back(sample);
  }
  const Pool pool(d, {0, 1});
  EXPECT_NEAR(pool.deviation(0)[0], 1, 1e-4);
  EXPECT_NEAR(pool.deviation(0)[1], 500, 1e-3);  // constant within: the one between
}

TEST(Pipeline, steps_for_other_data_are_refused) {
  data::Dataset d;
  d.path = "a.csv";
  d.streams = {{"text", data::StreamKind::kText, 0, {}}};
  try {
    Pipeline::from("one_of(jitter)").check(d);
    FAIL();
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), HasSubstr("jitter changes series, and the samples of 'a.csv' are texts"));
  }
}

TEST(Pipeline, what_was_done_is_told_with_the_options_as_they_were_drawn) {
  data::Dataset d;
  d.samples.emplace_back();
  d.samples[0].streams = {data::Series{8, 1, {0, 1, 0, 2, 0, 3, 0, 4}}};
  d.streams = {{}};
  const Pool pool(d, {0});
  const auto pipeline =
      Pipeline::from("one_of(scale(sigma=0.1..0.3), flip, p=0.5) | jitter(p=0.5)");
  int with = 0;
  for (int k = 0; k < 60; ++k) {
    const base::Rng rng = epoch_rng(1, k);
    const auto variant = vary(pipeline, pool, 0, rng);
    const auto done = pipeline.done({rng, pool, 0});
    EXPECT_EQ(done.empty(), content_digest(variant) == content_digest(d.samples[0])) << k;
    for (const auto& step : done) {
      if (step.name != "scale") continue;
      const double sigma = std::stod(step.options.at(0).second);
      EXPECT_GE(sigma, 0.1);
      EXPECT_LE(sigma, 0.3);
      ++with;
    }
  }
  EXPECT_GT(with, 5);
  EXPECT_LT(with, 30);
}

}  // namespace
}  // namespace refrain::augment

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/page_of.h"
#include "refrain/api/inspection.h"
#include "refrain/api/pages/parts.h"
#include "refrain/score/intervals.h"

namespace refrain::api {
namespace {

using testing::HasSubstr;
using testing::Not;

// A classification of n samples, every fifth answer wrong; of several repeats.
store::Run a_run(int n, int repeats = 1) {
  store::Run run;
  run.id = "0123456789";
  run.task = "classify";
  run.model = "gru";
  run.data = "made <up>";
  run.classes = {"a", "b"};
  run.metric = "accuracy";
  run.scores = {{"accuracy", 0.8, 0.7, 0.9}};
  run.n_test = n;
  for (int r = 0; r < repeats; ++r) {
    for (int i = 0; i < n; ++i) {
      const std::string truth = i % 2 == 0 ? "a" : "b", other = i % 2 == 0 ? "b" : "a";
      const bool right = i % 5 != 0;
      const double p = right == (truth == "a") ? 0.9 : 0.1;
      run.predictions.push_back({r,
                                 0,
                                 "s" + std::to_string(i),
                                 "g" + std::to_string(i % 4),
                                 truth,
                                 right ? truth : other,
                                 {p, 1 - p},
                                 std::to_string(i)});
    }
  }
  return run;
}

TEST(Pages, a_run_whose_files_are_gone_still_has_its_page) {
  const std::string html = page_of(a_run(60), "", {});
  EXPECT_THAT(html, HasSubstr("made &lt;up&gt;"));
  EXPECT_THAT(html, HasSubstr("The samples are not shown: "));
  EXPECT_THAT(html, HasSubstr("id=\"confusion\""));
  EXPECT_THAT(html, HasSubstr("id=\"figure-calibration\""));
  EXPECT_THAT(html, HasSubstr("Its most frequent mistake: "));
  EXPECT_THAT(html, HasSubstr("id=\"figure-group\""));
}

TEST(Pages, tell_findings_in_both_languages_and_shorten_them) {
  Inspection found;
  found.findings.push_back(
      {"error", "copies_across", "b", "", "3 of 9 samples also stand in a", "take", 3, {4, 7}});
  found.findings.push_back({"note", "of another kind", "b", "", std::string(2000, 'x'), "", 0, {}});
  const std::string html = findings_told(found);
  EXPECT_THAT(html, HasSubstr("3 of 9 samples also stand in a"));
  EXPECT_THAT(html, HasSubstr("两个文件中有相同样本：3 个样本，第 4、7 行"));
  EXPECT_THAT(html, Not(HasSubstr(std::string(500, 'x'))));
  EXPECT_EQ(findings_told({}), "");
}

TEST(Pages, a_run_without_predictions_or_scores_has_one_too) {
  store::Run run;
  run.task = "classify";
  EXPECT_THAT(page_of(run, "zh", {}), HasSubstr("没有评分"));
  run.task = "something new";
  EXPECT_THAT(page_of(run, "", {}), HasSubstr("something new"));
}

TEST(Pages, the_kept_epoch_and_the_test_against_a_simple_method_come_from_the_run) {
  store::Run run = a_run(20);
  run.baselines = {{"majority", {"accuracy", 0.5, 0.4, 0.6}, 0}};
  for (int e = 1; e <= 3; ++e) run.curve.push_back({0, 0, e, 1.0 / e, 0.01, 0.5, 1.0});
  EXPECT_THAT(page_of(run, "", {}), HasSubstr("The best simple method, majority, has 0.500."));
  EXPECT_THAT(page_of(run, "", {}), Not(HasSubstr("kept: epoch")));
  run.job = R"({"told":{"best_epoch":2,"against":{"baseline":"majority","difference":0.3,"low":0.1,
                "high":0.5,"distinguishable":true},"findings":["it <learned>"]}})";
  const std::string html = page_of(run, "", {});
  EXPECT_THAT(html, HasSubstr("kept: epoch 2"));
  EXPECT_THAT(html, HasSubstr("It is better than the best simple method, majority (0.500)"));
  EXPECT_THAT(html, HasSubstr("it &lt;learned&gt;"));
  run.job = R"({"told":{"against":{"baseline":"majority","difference":0,"low":0,"high":0}}})";
  EXPECT_THAT(page_of(run, "", {}), HasSubstr("it does exactly as well as the simple method"));
}

TEST(Pages, repetitions_add_up_in_the_matrix_and_nothing_is_no_number) {
  const std::string html = page_of(a_run(40, 3), "", {});
  EXPECT_THAT(html, HasSubstr("data-truth=\"0\" data-predicted=\"0\">48</button>"));
  EXPECT_THAT(html, Not(HasSubstr("nan")));
}

TEST(Pages, a_share_has_the_interval_of_its_samples) {
  const score::Interval wilson = score::wilson(3, 4);
  const Score share = share_of({1, 1, 1, 0}, {0, 1, 2, 3});
  EXPECT_NEAR(share.value, 0.75, 1e-12);
  EXPECT_LT(share.low, wilson.value - 0.2);
  // Twice the same units are no more samples.
  const Score twice = share_of({1, 1, 1, 0, 1, 1, 1, 0}, {0, 1, 2, 3, 0, 1, 2, 3});
  EXPECT_NEAR(twice.value, 0.75, 1e-12);
  EXPECT_GE(twice.high - twice.low, 0.9 * (share.high - share.low));
}

TEST(Pages, the_mean_of_numbers_has_an_interval_by_units) {
  const Told told = tell(a_run(40), {});
  Measured measured{{std::vector<double>(40, 2.0)}, false, {}};
  measured.values[0][0] = 42;
  const Score all = mean_told(told, measured, {{0, 1, 2, 3}});
  EXPECT_NEAR(all.value, 12, 1e-12);
  EXPECT_GT(all.high, 12);
  EXPECT_TRUE(std::isnan(mean_told(told, measured, {{0}}).low));
}

TEST(Pages, a_series_is_shown_on_a_scale_of_its_own_and_keeps_its_spikes) {
  data::Sample sample;
  data::Series series{1000, 2, std::vector<float>(2000, 0.0F)};
  series.values[2 * 500] = 7;  // a spike of one step in the first channel
  series.values[2 * 3 + 1] = std::nanf("");
  sample.streams = {series};
  const base::Json lines = content_of(sample);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].size(), 80U);
  EXPECT_EQ(*std::max_element(lines[0].begin(), lines[0].end()), 100);
  EXPECT_EQ(lines[1][40], 50);  // constant
}

TEST(Pages, a_text_is_cut_and_harmless) {
  data::Sample sample;
  sample.streams = {std::string("<b>\u202E") + std::string(1 << 20, 'x')};
  EXPECT_LT(content_of(sample).get<std::string>().size(), 500U);
  EXPECT_THAT(content_markup(sample), HasSubstr("&lt;b&gt;[U+202E]x"));
}

TEST(Pages, any_table_is_markup_with_its_text_escaped) {
  const Table plain{
      "t", "A <title>", "class", {"f1_score", "n"}, {{"<b>", {Score{0.5, 0.4, 0.6}, 3.0}}}};
  const std::string html = table_markup(plain);
  EXPECT_THAT(html, HasSubstr("A &lt;title&gt;"));
  EXPECT_THAT(html, HasSubstr("&lt;b&gt;"));
  EXPECT_THAT(html, HasSubstr("0.500 (0.400 to 0.600)"));
  EXPECT_THAT(html, HasSubstr("f1 score"));
}

TEST(Pages, a_language_that_is_none_is_refused) {
  EXPECT_THROW(page_language("de"), Error);
  EXPECT_EQ(page_language("zh"), report::Language::kChinese);
}

}  // namespace
}  // namespace refrain::api

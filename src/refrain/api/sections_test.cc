#include <gmock/gmock.h>

#include <limits>

#include "refrain/api/inside/evaluation.h"
#include "refrain/api/markdown.h"
#include "refrain/api/report.h"

namespace refrain::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Report report() {
  Report r;
  r.task = "learn_by_heart";  // no task that exists: sections know none
  r.n_train = 30;
  r.n_test = 10;
  r.stop_reason = "epochs";
  r.metric = "share";
  r.metrics = {{"share", {0.9, 0.7, 0.95}}};
  r.variation = "the choice of 10 samples";
  r.baselines = {{"mean", {0.5, 0.4, 0.6}, 0.25}};
  r.tables = {{"per_verse", "a title", "verse", {"right"}, {{"one", {Score{1, 0.5, 1}}}}}};
  r.run = "abc";
  return r;
}

std::vector<std::string> names(const std::vector<Section>& sections, bool details) {
  std::vector<std::string> out;
  for (const auto& s : sections) {
    if (details || !s.detail) out.push_back(s.name);
  }
  return out;
}

TEST(Sections, a_report_is_a_list_in_which_the_first_say_most) {
  Report r = report();
  EXPECT_THAT(names(r.sections(), false), ElementsAre("overview", "scores", "per_verse", "run"));
  r.curves = {{"training loss", {1, 2}, {0.7, 0.6}}};
  r.findings = {"it did not learn"};
  EXPECT_THAT(names(r.sections(), true), ElementsAre("overview", "scores", "per_verse", "run",
                                                     "learning", "findings", "data", "resources"));
}

TEST(Sections, an_interrupted_run_has_no_scores) {
  Report r = report();
  r.stop_reason = "interrupted";
  EXPECT_THAT(names(r.sections(), false), ElementsAre("overview"));
}

TEST(Sections, simple_methods_stand_beside_the_scores) {
  const auto sections = report().sections();
  const auto& scores = std::get<ScoreGroups>(sections.at(1).content);
  ASSERT_EQ(scores.groups.size(), 2U);
  EXPECT_THAT(scores.groups[0].notes, ElementsAre("the intervals hold the choice of 10 samples"));
  EXPECT_EQ(scores.groups[1].title, "share of simple methods on the same samples:");
  EXPECT_EQ(scores.groups[1].rows.front().first, "mean");
  EXPECT_FALSE(scores.fixed);  // no classes
}

TEST(Sections, few_groups_tell_of_themselves) {
  Report r = report();
  EXPECT_EQ(within_groups_text(r), "");
  r.within_groups = Score{0.9, 0.85, 0.94};
  r.units.units = 3;
  const std::string three = "95 % interval for other samples of these 3 groups: 0.850 to 0.940";
  EXPECT_EQ(within_groups_text(r), three);
  const auto sections = r.sections();
  EXPECT_THAT(std::get<ScoreGroups>(sections.at(1).content).groups[0].notes,
              ElementsAre("the intervals hold the choice of 10 samples", three));
  EXPECT_THAT(r.json(), HasSubstr(R"("within":{"value":0.9,"low":0.85,"high":0.94})"));
  r.units.units = 1;
  EXPECT_EQ(
      within_groups_text(r),
      "95 % interval for other samples of this group: 0.850 to 0.940; one group tells nothing "
      "of others");
}

TEST(Sections, a_small_error_keeps_its_digits_unless_they_are_fixed) {
  EXPECT_EQ(score_text({0.00123, 0.001, 0.002}, false), "0.00123  (95 % interval 0.001 to 0.002)");
  EXPECT_EQ(score_text({0.00123, 0.001, 0.002}, true), "0.001  (95 % interval 0.001 to 0.002)");
  EXPECT_EQ(score_text({0.5, store::kUnknown, store::kUnknown}, true), "0.5  (no interval)");
  const Score of_one_group = {0.5, 0, std::numeric_limits<double>::infinity()};
  EXPECT_EQ(score_text(of_one_group, false), "0.5  (no interval)");
  EXPECT_EQ(cell_text(of_one_group), "0.5");
  EXPECT_EQ(score_text({0.5, 0.4, 0.6}, false), "0.500  (95 % interval 0.400 to 0.600)");
  EXPECT_EQ(score_text({37.3312, 9, 40}, false), "37.33  (95 % interval 9.00 to 40.00)");
  EXPECT_EQ(cell_text(Score{37.3312, 9, 40}), "37.33 (9.00-40.00)");
}

TEST(Sections, the_difference_to_the_best_simple_method_is_a_note) {
  Report r = report();
  r.against_baseline = AgainstBaseline{"mean", {-0.1, -0.2, 0}, true, "", 0.2, false, 0, "so"};
  const auto sections = r.sections();
  EXPECT_THAT(std::get<ScoreGroups>(sections.at(1).content).groups[1].notes,
              ElementsAre("note: the baseline 'mean' has 10.0 points more; so"));
}

TEST(Curves, missing_validation_scores_have_no_curve) {
  const auto curves = curves_of({{0, 0, 1, 0.9, 0.1, store::kUnknown, store::kUnknown},
                                 {0, 0, 2, 0.8, 0.1, store::kUnknown, store::kUnknown}});
  EXPECT_THAT(curves, ElementsAre(Curve{"training loss", {1, 2}, {0.9, 0.8}}));
}

TEST(Curves, each_fold_and_the_kept_model_have_their_own) {
  const auto curves = curves_of({{0, 0, 1, 0.9, 0.1, 0.5, 1.1},
                                 {1, 2, 1, 0.8, 0.1, 0.6, 1.2},
                                 {0, -1, 1, 0.7, 0.1, store::kUnknown, store::kUnknown}});
  std::vector<std::string> of;
  for (const auto& c : curves) of.push_back(c.name);
  EXPECT_THAT(of,
              ElementsAre("repeat 1, fold 1: training loss", "repeat 1, fold 1: validation loss",
                          "repeat 1, fold 1: validation score", "repeat 2, fold 3: training loss",
                          "repeat 2, fold 3: validation loss", "repeat 2, fold 3: validation score",
                          "kept model: training loss"));
}

TEST(Markdown, every_kind_of_section_is_rendered) {
  Report r = report();
  r.curves = {{"training loss", {1, 2}, {0.75, 0.6}}};
  const std::string page = markdown(r.sections());
  EXPECT_THAT(page, HasSubstr("## Overview\n\n- learn\\_by\\_heart: 30 training"));
  EXPECT_THAT(page, HasSubstr("| share | 0.900  (95 % interval 0.700 to 0.950) |"));
  EXPECT_THAT(page, HasSubstr("| mean | 0.500  (95 % interval 0.400 to 0.600) |"));
  EXPECT_THAT(page, HasSubstr("## Per verse\n\na title\n\n| verse | right |\n| --- | --- |\n"
                              "| one | 1.000 (0.500-1.000) |\n"));
  EXPECT_THAT(page, HasSubstr("| epoch | training loss |\n| --- | --- |\n| 1 | 0.75 |"));
  EXPECT_THAT(page, HasSubstr("| mean | 0.25 |"));  // its seconds
}

TEST(Markdown, names_cannot_break_out_of_a_cell) {
  const Table table{"t", "", "", {"c"}, {{"a|b\n<script>", {std::string("*x*")}}}};
  EXPECT_THAT(markdown({{"t", false, table}}), HasSubstr("| a\\|b \\<script\\> | \\*x\\* |\n"));
}

TEST(Markdown, a_long_curve_is_thinned_out_and_keeps_its_ends) {
  Curve c{"loss", {}, {}};
  for (int i = 1; i <= 500; ++i) {
    c.x.push_back(i);
    c.y.push_back(1000 + i);
  }
  const std::string page = markdown({{"learning", true, Curves{"epoch", {c}}}});
  EXPECT_THAT(page, HasSubstr("| 1 | 1001 |"));
  EXPECT_THAT(page, HasSubstr("| 500 | 1500 |"));
  EXPECT_THAT(page, Not(HasSubstr("| 2 | 1002 |")));
  EXPECT_EQ(std::count(page.begin(), page.end(), '\n'), 2 + 2 + 20 + 1);
}

}  // namespace
}  // namespace refrain::api

#include "refrain/cli/first_screen.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <sstream>

#include "refrain/cli/summary.h"

namespace refrain::cli {
namespace {

using testing::HasSubstr;
using testing::Le;
using testing::Not;

api::Report report(int classes) {
  api::Report r;
  r.task = "classify";
  r.data = "data/machines_TRAIN.ts";
  r.test = "data/machines_TEST.ts";
  for (int k = 0; k < classes; ++k) r.classes.push_back("class " + std::to_string(k));
  r.n_train = 160;
  r.n_test = 80;
  r.params = 1000;
  r.made = "the average of 4 gru networks of 48 units, minirocket and hydra";
  r.stop_reason = "epochs";
  r.metric = "accuracy";
  r.score = {0.9, 0.8, 0.95};
  r.metrics = {{"accuracy", r.score}, {"macro_f1", {0.8, 0.7, 0.9}}};
  r.baselines = {{"majority", {0.1, 0, 0.2}, 0},
                 {"hydra", {0.85, 0.7, 0.9}, 1},
                 {"minirocket", {0.88, 0.7, 0.9}, 1}};
  api::AgainstBaseline a;
  a.baseline = "minirocket";
  a.difference = {0.02, -0.01, 0.05};
  a.samples = "80 samples in 4 groups";
  a.wanted = "at least 8 groups";
  r.against_baseline = a;
  return r;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

const Places kPlaces{"m.refrain", "refrain runs show last   (run 0123456789)", "r.html", 3};

TEST(FirstScreen, it_has_at_most_thirteen_lines_of_a_hundred_columns_whatever_the_classes) {
  for (const int classes : {4, 60}) {
    const auto lines = lines_of(first_screen(brief_of(report(classes)), kPlaces, {}));
    EXPECT_THAT(lines.size(), Le(13U));
    for (const auto& line : lines) EXPECT_THAT(columns_of(line), Le(100U)) << line;
  }
}

TEST(FirstScreen, the_two_best_simple_methods_stand_below_the_score_best_first) {
  const auto text = first_screen(brief_of(report(4)), kPlaces, {});
  EXPECT_THAT(text,
              HasSubstr("accuracy      0.900  (95 % interval 0.800 to 0.950)\n"
                        "  minirocket  0.880  (95 % interval 0.700 to 0.900)\n"
                        "  hydra       0.850  (95 % interval 0.700 to 0.900)\n"
                        "These 80 samples in 4 groups cannot tell the model from minirocket"));
  EXPECT_EQ(text.find("majority"), std::string::npos);
}

TEST(FirstScreen, of_a_metric_of_which_less_is_better_the_least_are_the_best) {
  auto r = report(0);
  r.metric = "rmse";
  const auto brief = brief_of(r);
  ASSERT_EQ(brief.simple.size(), 2U);
  EXPECT_EQ(brief.simple[0].first, "majority");
}

TEST(FirstScreen, what_is_known_much_better_of_these_groups_than_of_others_is_said) {
  const auto text = [](const api::Score& within, int groups) {
    auto r = report(4);
    r.within_groups = within;
    r.units.units = groups;
    return first_screen(brief_of(r), kPlaces, {});
  };
  const char* said = "95 % interval for other samples of these 4 groups: 0.890 to 0.910.\n";
  EXPECT_THAT(text({0.9, 0.89, 0.91}, 4), HasSubstr(said));
  EXPECT_THAT(lines_of(text({0.9, 0.89, 0.91}, 4)).size(), Le(13U));
  EXPECT_THAT(text({0.9, 0.85, 0.94}, 4), Not(HasSubstr("other samples")));
  EXPECT_THAT(text({0.9, 0.85, 0.94}, 1), HasSubstr("one group tells nothing of others.\n"));
}

TEST(FirstScreen, a_verdict_says_which_is_better_and_by_how_much) {
  auto r = report(4);
  r.against_baseline->distinguishable = true;
  EXPECT_EQ(brief_of(r).verdict,
            "better than minirocket, the best simple method, in accuracy by 2.0 points [-1.0, "
            "5.0]");
  r.against_baseline->difference = {-0.02, -0.05, -0.01};
  EXPECT_THAT(brief_of(r).verdict,
              HasSubstr("worse than the simple method minirocket in accuracy by 2.0 points [1.0, "
                        "5.0]: use --model minirocket"));
}

TEST(FirstScreen, an_interrupted_training_has_no_score) {
  auto r = report(4);
  r.stop_reason = "interrupted";
  const auto text = first_screen(brief_of(r), {}, {});
  EXPECT_EQ(text.find("accuracy"), std::string::npos);
  EXPECT_THAT(text, HasSubstr("Interrupted"));
}

TEST(FirstScreen, a_narrow_terminal_has_narrow_lines) {
  for (const auto& line : lines_of(first_screen(brief_of(report(4)), kPlaces, {60, false}))) {
    EXPECT_THAT(columns_of(line), Le(60U)) << line;
  }
}

Table counts(int n) {
  Table out{"confusion", "rows: true class, columns: predicted", "", {}, {}, Table::Form::kMatrix};
  for (int k = 0; k < n; ++k) out.columns.push_back("class " + std::to_string(k));
  for (int k = 0; k < n; ++k)
    out.rows.push_back({out.columns[static_cast<std::size_t>(k)],
                        std::vector<Cell>(static_cast<std::size_t>(n), 0.0)});
  return out;
}

TEST(Details, a_large_confusion_matrix_is_its_largest_entries) {
  Table table = counts(60);
  table.rows[3].cells[7] = 5.0;
  table.rows[3].cells[3] = 90.0;  // right: no confusion
  const auto text = text_of(table);
  EXPECT_THAT(text, HasSubstr(" class 3                   class 7                   5\n"));
  EXPECT_EQ(lines_of(text).size(), 2U);
  EXPECT_EQ(lines_of(text_of(counts(4))).size(), 6U);
}

TEST(Details, of_many_classes_those_with_the_lowest_score_are_shown) {
  Table table{"per_class", "", "class", {"f1"}, {}};
  for (int k = 0; k < 60; ++k) {
    table.rows.push_back({"c" + std::to_string(k), {Score{1 - k / 100.0, 0, 1}}});
  }
  const auto lines = lines_of(text_of(table));
  EXPECT_THAT(lines.at(0), HasSubstr("the 12 lowest of 60 are shown"));
  EXPECT_THAT(lines.at(2), HasSubstr("c59"));
  EXPECT_EQ(lines.size(), 14U);
}

}  // namespace
}  // namespace refrain::cli

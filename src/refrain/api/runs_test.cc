#include "refrain/api/runs.h"

#include <gmock/gmock.h>

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/keep.h"
#include "refrain/api/inside/record.h"
#include "refrain/api/inside/scratch_folder.h"
#include "refrain/api/markdown.h"
#include "refrain/base/error.h"
#include "refrain/base/fields.h"

namespace refrain::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Runs : public ScratchFolder {
 protected:
  // A run with this accuracy and interval, kept in the store.
  std::string keep(const std::string& model, const Score& score, int seed = 1,
                   const std::string& options = "{}") {
    store::Run run;
    run.command = "train", run.task = "classify", run.model = model, run.options = options;
    run.data = "bearings", run.data_hash = "d", run.protocol = "official test file";
    run.leak_check = "none found", run.seed = seed, run.seconds = {0, 2.0 * seed, 0};
    run.classes = {"a,b", "c"};
    run.metric = "accuracy";
    run.scores = {{"accuracy", score.value, score.low, score.high}, {"log_loss", 0.3, 0.2, 0.4}};
    run.baselines = {{"majority", {"accuracy", 0.5, 0.4, 0.6}, 0.001}};
    run.predictions = {{0, 1, "row \"1\"", "m", "c", "a,b", {0.75, 0.25}}};
    run.curve = {{0, 0, 1, 0.7, 0.01, store::kUnknown, store::kUnknown}};
    return record(file(), run);
  }

  std::string file() const { return path("runs.db"); }

  std::vector<BoardRow> rows(const BoardFilter& filter = {}) const {
    const auto found = boards(file(), filter);
    EXPECT_EQ(found.size(), 1U);
    return found.empty() ? std::vector<BoardRow>{} : found.front().rows;
  }

  static std::vector<std::string> shown(const std::vector<BoardRow>& rows) {
    std::vector<std::string> out;
    for (const auto& r : rows) {
      out.push_back(std::to_string(r.rank) + (r.tied ? "= " : " ") + r.method);
    }
    return out;
  }
};

TEST_F(Runs, tables_remarks_and_the_verdict_come_back_as_they_were_told) {
  Report report;
  report.made = "one gru network of 4 units";
  report.remarks = {"warning: few samples"};
  report.against_baseline =
      AgainstBaseline{"majority", {}, true, "", 1, false, 0, "as good", "", ""};
  report.tables = {{"per_class",
                    "",
                    "class",
                    {"recall", "support", "kind"},
                    {{"a", {Score{0.5, 0.1, 0.9}, 3.0, std::string("rare")}}}},
                   {"confusion", "counts", "", {"a"}, {{"a", {2.0}}}, Table::Form::kMatrix}};
  store::Run run;
  run.task = "classify";
  run.job = R"({"data":"x.csv"})";
  put_told(report, run);
  const auto shown = show_run(file(), record(file(), run));
  EXPECT_EQ(shown.tables, report.tables);
  EXPECT_EQ(shown.remarks, report.remarks);
  EXPECT_EQ(shown.made, report.made);
  EXPECT_EQ(shown.verdict, "as good");
}

TEST_F(Runs, a_missing_store_has_no_runs_and_is_not_made) {
  EXPECT_TRUE(list_runs(file(), {}).empty());
  EXPECT_TRUE(boards(file(), {}).empty());
  EXPECT_THROW(show_run(file(), "abcd"), Error);
  EXPECT_THROW(delete_runs(file(), {"abcd"}), Error);
  EXPECT_TRUE(files().empty());
}

TEST_F(Runs, the_store_none_keeps_nothing) {
  EXPECT_EQ(record("none", {}), "");
  EXPECT_NO_THROW(require_store("none"));
  EXPECT_THROW(list_runs("none", {}), Error);
}

TEST_F(Runs, the_default_store_is_made_in_the_home_folder) {
  const char* home = std::getenv("HOME");
  const std::string before = home != nullptr ? home : "";
  ::setenv("HOME", path("").c_str(), 1);
  ::unsetenv("REFRAIN_STORE");
  const std::string id = record("", {});
  EXPECT_EQ(list_runs("", {}).size(), 1U);
  EXPECT_EQ(store_path(""), path("") + "/.refrain/runs.db");
  ::setenv("REFRAIN_STORE", path("other.db").c_str(), 1);
  EXPECT_EQ(store_path(""), path("other.db"));
  EXPECT_EQ(store_path("x.db"), "x.db");
  ::setenv("REFRAIN_STORE", "none", 1);
  EXPECT_EQ(store_path(""), "");
  ::unsetenv("REFRAIN_STORE");
  ::setenv("HOME", before.c_str(), 1);
}

TEST_F(Runs, a_store_that_cannot_be_written_is_found_out_before) {
  EXPECT_THROW(require_store(path("none/runs.db")), Error);
  EXPECT_THROW(require_store(write("data.csv", "a,b\n")), Error);
  require_store(file());
  EXPECT_TRUE(files().contains("runs.db"));
}

TEST_F(Runs, version_and_machine_are_filled_in) {
  const auto run = store::Store::open(file()).find(keep("gru", {0.9, 0.8, 1}));
  EXPECT_FALSE(run.version.empty());
  EXPECT_THAT(run.machine, HasSubstr("core"));
  EXPECT_EQ(run.predictions_hash.size(), 64U);
}

TEST(DataName, training_and_test_files_of_a_set_share_it) {
  EXPECT_EQ(data_name("data/GunPoint_TRAIN.ts"), "GunPoint");
  EXPECT_EQ(data_name("GunPoint_TEST.ts.gz"), "GunPoint");
  EXPECT_EQ(data_name("/a/reviews.train.tsv"), "reviews");
  EXPECT_EQ(data_name("train.csv"), "train");
  EXPECT_EQ(data_name("constrain.csv"), "constrain");
}

TEST_F(Runs, the_list_shows_score_and_interval) {
  keep("gru", {0.9, 0.8, 0.95}, 3);
  const auto runs = list_runs(file(), {});
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].score.low, 0.8);
  EXPECT_EQ(runs[0].seed, 3);
  EXPECT_EQ(list_runs(file(), {"", "lstm", 0}).size(), 0U);
}

TEST_F(Runs, everything_of_a_run_is_shown) {
  const auto details =
      show_run(file(), keep("gru", {0.9, 0.8, 1}, 1, R"({"cell": "gru", "x": 8})"));
  EXPECT_THAT(details.facts, testing::Contains(testing::Pair("predictions", "1, 0 right")));
  EXPECT_THAT(details.facts, testing::Contains(testing::Pair("leak check", "none found")));
  EXPECT_THAT(details.options, ElementsAre(testing::Pair("cell", "gru"), testing::Pair("x", "8")));
  EXPECT_EQ(details.scores.size(), 2U);
  EXPECT_EQ(details.baselines.size(), 1U);
}

TEST_F(Runs, a_run_has_sections_as_a_report_has) {
  const double none = store::kUnknown;
  const auto run = show_run(file(), keep("gru", {0.9, none, none}, 1, R"({"cell": "gru"})"));
  const auto sections = run.sections();
  std::vector<std::string> names;
  for (const auto& s : sections) names.push_back(s.name);
  EXPECT_THAT(names, ElementsAre("run", "scores", "learning", "options"));
  const std::string page = markdown(sections);
  EXPECT_THAT(page, HasSubstr("| accuracy | 0.9  (no interval) |"));
  EXPECT_THAT(page, HasSubstr("| log\\_loss | 0.300  (95 % interval 0.200 to 0.400) |"));
  EXPECT_THAT(page, HasSubstr("accuracy of simple methods on the same samples:"));
  EXPECT_THAT(page, HasSubstr("| majority | 0.500  (95 % interval 0.400 to 0.600) |"));
  EXPECT_THAT(page, HasSubstr("| 1 | 0.7 |"));
  EXPECT_THAT(page, HasSubstr("| cell | gru |"));
}

TEST_F(Runs, json_holds_predictions_only_where_everything_is_asked_for) {
  const std::string id = keep("gru", {0.9, NAN, NAN});
  const auto some = base::Json::parse(run_json(file(), id, false));
  EXPECT_FALSE(some.contains("predictions"));
  EXPECT_TRUE(some["score"]["low"].is_null());
  const auto all = base::Json::parse(run_json(file(), id, true));
  EXPECT_EQ(all["predictions"][0]["probability"][0], 0.75);
  EXPECT_EQ(all["curve"][0]["epoch"], 1);
  EXPECT_EQ(all["id"], id);
}

TEST_F(Runs, predictions_are_exported_as_csv) {
  EXPECT_EQ(predictions_csv(file(), keep("gru", {0.9, 0.8, 1})),
            "repeat,fold,id,group,truth,prediction,\"probability_a,b\",probability_c\n"
            "0,1,\"row \"\"1\"\"\",m,c,\"a,b\",0.75,0.25\n");
}

TEST_F(Runs, a_deleted_run_is_gone) {
  const std::string id = keep("gru", {0.9, 0.8, 1});
  delete_runs(file(), {id.substr(0, 6)});
  EXPECT_TRUE(list_runs(file(), {}).empty());
}

TEST_F(Runs, the_board_ranks_and_shows_ties_as_ties) {
  keep("gru", {0.90, 0.85, 0.95});
  keep("lstm", {0.92, 0.88, 0.96});
  keep("rnn", {0.70, 0.65, 0.75});
  EXPECT_THAT(shown(rows()), ElementsAre("1= lstm", "1= gru", "3 rnn", "4 majority"));
}

TEST_F(Runs, a_tie_needs_the_interval_of_the_best_of_the_rank) {
  keep("a", {0.90, 0.85, 0.95});
  keep("b", {0.84, 0.80, 0.88});  // meets a
  keep("c", {0.78, 0.74, 0.82});  // meets b, not a
  EXPECT_THAT(shown(rows()), ElementsAre("1= a", "1= b", "3 c", "4 majority"));
}

TEST_F(Runs, where_less_is_better_the_least_is_first) {
  keep("gru", {0.9, 0.8, 1});
  const auto found = boards(file(), {"", "", "log_loss"});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].smaller_is_better);
  EXPECT_EQ(found[0].rows.size(), 1U);
  write("p.tsv",
        "data\tprotocol\tmethod\tmetric\tvalue\tsource\n"
        "bearings\tofficial test file\tX\tlog_loss\t0.1\tpaper\n");
  load_published(file(), path("p.tsv"));
  EXPECT_THAT(shown(boards(file(), {"", "", "log_loss"})[0].rows), ElementsAre("1 X", "2 gru"));
}

TEST_F(Runs, seeds_are_averaged_and_repeated_runs_count_once) {
  keep("gru", {0.5, 0.4, 0.6}, 1);
  keep("gru", {0.8, 0.7, 0.9}, 1);  // newer, of the same seed
  keep("gru", {0.82, 0.72, 0.92}, 2);
  keep("gru", {0.84, 0.74, 0.94}, 3);
  const auto row = rows().front();
  EXPECT_EQ(row.seeds, 3);
  EXPECT_DOUBLE_EQ(row.score.value, 0.82);
  EXPECT_DOUBLE_EQ(row.seconds, 4);
  // Half lengths: 0.1 of the runs, 4.303 * 0.02 / sqrt(3) = 0.04969 of the mean over seeds.
  EXPECT_NEAR(row.score.low, 0.82 - std::hypot(0.1, 0.04969), 1e-5);
  EXPECT_NEAR(row.score.high, 0.82 + std::hypot(0.1, 0.04969), 1e-5);
}

TEST_F(Runs, other_options_make_another_row_that_names_them) {
  keep("gru", {0.9, 0.8, 1}, 1, R"({"hidden": 8, "lr": 0.1, "seed": 1})");
  keep("gru", {0.8, 0.7, 0.9}, 2, R"({"hidden": 16, "lr": 0.1, "seed": 2})");
  const auto found = rows();
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].settings, "hidden 8");
  EXPECT_EQ(found[1].settings, "hidden 16");
}

TEST_F(Runs, other_data_under_the_same_name_have_a_board_of_their_own) {
  keep("gru", {0.9, 0.8, 1});
  auto store = store::Store::open(file());
  auto run = store.find(list_runs(file(), {})[0].id);
  run.data_hash = "other";
  store.add(run);
  EXPECT_EQ(boards(file(), {}).size(), 2U);
}

TEST_F(Runs, a_baseline_that_was_run_by_itself_stands_there_once) {
  keep("majority", {0.5, 0.4, 0.6});
  EXPECT_THAT(shown(rows()), ElementsAre("1 majority"));
  EXPECT_EQ(rows()[0].origin, Origin::kRun);
}

TEST_F(Runs, published_rows_stand_beside_ours_with_their_source) {
  keep("gru", {0.9, 0.8, 1});
  const auto tsv = write("p.tsv",
                         "data\tprotocol\tmethod\tmetric\tvalue\tsource\n"
                         "bearings\tofficial test file\tROCKET\taccuracy\t83.3%\tDempster 2020\n"
                         "other\tofficial test file\tROCKET\taccuracy\t99%\tDempster 2020\n");
  EXPECT_EQ(load_published(file(), tsv), 2);
  const auto found = rows();
  EXPECT_THAT(shown(found), ElementsAre("1= gru", "1= ROCKET", "3 majority"));
  EXPECT_EQ(found[1].source, "Dempster 2020");
  EXPECT_FALSE(has_interval(found[1].score));
  EXPECT_THAT(shown(rows({"other", "", ""})), ElementsAre("1 ROCKET"));
}

TEST_F(Runs, published_percent_without_its_sign_is_refused_and_nothing_kept) {
  const auto tsv = write("p.tsv",
                         "data\tprotocol\tmethod\tmetric\tvalue\tsource\n"
                         "bearings\tofficial\tROCKET\taccuracy\t83.3\tDempster 2020\n");
  try {
    load_published(file(), tsv);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::kData);
    EXPECT_THAT(e.what(), HasSubstr("p.tsv:2: accuracy 83.3 is outside [0, 1]; write percent as"));
  }
  EXPECT_FALSE(files().contains("runs.db"));
}

TEST_F(Runs, lists_and_boards_are_one_json_object_each) {
  keep("gru", {0.9, 0.8, 1});
  const auto list = base::Json::parse(runs_json(list_runs(file(), {})));
  EXPECT_EQ(list["runs"][0]["score"]["high"], 1.0);
  const auto board = base::Json::parse(boards_json(boards(file(), {})));
  EXPECT_EQ(board["boards"][0]["rows"][0]["method"], "gru");
  EXPECT_EQ(board["boards"][0]["rows"][0]["origin"], "run");
  EXPECT_EQ(runs_json({}), R"({"runs":[]})");
}

}  // namespace
}  // namespace refrain::api

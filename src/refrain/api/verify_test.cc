#include "refrain/api/verify.h"

#include <gmock/gmock.h>

#include <fstream>

#include "refrain/api/changes.h"
#include "refrain/api/runs.h"
#include "refrain/api/train.h"
#include "refrain/api/version.h"
#include "refrain/base/error.h"
#include "refrain/base/test_folder.h"
#include "refrain/store/database.h"

namespace refrain::api {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Verify : public testing::Test {
 protected:
  Verify() { write(24); }

  std::string path(const char* name) const { return folder_.path(name); }

  void write(int rows) const {
    std::ofstream out(path("a.tsv"));
    for (int i = 0; i < rows; ++i) {
      out << i % 2;
      for (int t = 0; t < 12; ++t) out << '\t' << (i % 2 == 0 ? t : -t) + 0.1 * ((i * 7 + t) % 5);
      out << '\n';
    }
  }

  std::string train_one(const std::vector<std::pair<std::string, std::string>>& options) const {
    TrainJob job;
    job.data = path("a.tsv");
    job.store = path("runs.db");
    job.options.set("epochs", "3");
    job.options.set("hidden", "5");
    for (const auto& [name, value] : options) job.options.set(name, value);
    return train(job).run;
  }
  Verification again(const std::string& id) const { return verify_run(path("runs.db"), id, 2, {}); }

  // Changes the stored run as if another program had written it.
  void change(const std::string& columns) const {
    store::Database(path("runs.db"), false).execute(("UPDATE run SET " + columns).c_str());
  }

  base::TestFolder folder_;
};

TEST_F(Verify, runs_of_different_kinds_are_repeated_to_the_bit) {
  for (const auto& options : std::vector<std::vector<std::pair<std::string, std::string>>>{
           {},
           {{"cell", "lstm"}, {"threads", "1"}},
           {{"folds", "3"}, {"repeats", "2"}},
           {{"valid_fraction", "0.3"}, {"recurrent_dropout", "0.3"}},
           {{"mixup", "0.3"}, {"refit", "true"}},
           {{"blend", "minirocket"}, {"blend_weight", "auto"}},
           {{"ensemble", "2"}, {"distil", "true"}, {"refit", "true"}}}) {
    const Verification v = again(train_one(options));
    EXPECT_TRUE(v.same) << testing::PrintToString(v.differs);
  }
}

TEST_F(Verify, changed_data_are_told_and_nothing_else) {
  const std::string id = train_one({});
  change("version = '0.0.1', machine = 'abacus, 1 core'");
  write(26);
  const Verification v = again(id);
  EXPECT_FALSE(v.same);
  EXPECT_THAT(v.differs, ElementsAre("the data files have changed"));
  EXPECT_THAT(v.reasons, IsEmpty());
}

TEST_F(Verify, each_thing_that_differs_is_told) {
  const std::string id = train_one({});
  change("split_hash = 'x', parameters_hash = 'x', predictions_hash = 'x'");
  EXPECT_THAT(again(id).differs,
              ElementsAre("the split is another", "the trained parameters differ",
                          "the predictions differ"));
}

TEST_F(Verify, nothing_known_is_said_where_nothing_is) {
  const std::string id = train_one({});
  change("predictions_hash = 'x'");
  EXPECT_THAT(again(id).reasons, ElementsAre(HasSubstr("nothing known explains it")));
}

TEST_F(Verify, a_run_that_is_the_same_needs_no_reasons) {
  const std::string id = train_one({});
  change("version = '0.0.1', machine = 'abacus, 1 core'");
  const Verification v = again(id);
  EXPECT_TRUE(v.same);
  EXPECT_THAT(v.reasons, IsEmpty());
}

TEST_F(Verify, another_version_is_named_with_what_has_changed_since) {
  const std::string id = train_one({});
  const std::string known = "\"changes\":" + std::to_string(changes().size());
  change("predictions_hash = 'x', version = '0.0.1', job = replace(job, '" + known +
         "', '\"changes\":" + std::to_string(changes().size() - 1) + "')");
  EXPECT_THAT(again(id).reasons,
              ElementsAre("the run was made by version 0.0.1, this is " + version(),
                          "changed since: " + changes().back().what));
}

TEST_F(Verify, a_run_that_does_not_count_changes_may_lack_those_of_its_version) {
  const std::string id = train_one({});
  change("predictions_hash = 'x', job = replace(job, '\"changes\"', '\"other\"')");
  EXPECT_THAT(again(id).reasons, Contains("perhaps changed since: " + changes().back().what));
}

TEST_F(Verify, a_default_that_has_changed_is_named) {
  const std::string id = train_one({});
  change(
      "predictions_hash = 'x', options = replace(options, '\"cell\":\"gru\"', "
      "'\"cell\":\"lstm\"')");
  EXPECT_THAT(again(id).reasons,
              ElementsAre("'cell' was left to its default: \"lstm\" then, \"gru\" now"));
}

TEST_F(Verify, an_option_that_was_set_is_no_default) {
  const std::string id = train_one({{"cell", "gru"}});
  change(
      "predictions_hash = 'x', options = replace(options, '\"cell\":\"gru\"', "
      "'\"cell\":\"lstm\"')");
  EXPECT_THAT(again(id).reasons, ElementsAre(HasSubstr("nothing known explains it")));
}

TEST_F(Verify, options_that_are_gone_are_left_out_and_named) {
  const std::string id = train_one({});
  change(
      "predictions_hash = 'x', job = replace(job, '\"options\":{', "
      "'\"options\":{\"abacus\":3,\"optimiser\":\"falling\",'), "
      "options = replace(options, '{', '{\"quill\":true,')");
  EXPECT_THAT(again(id).reasons,
              ElementsAre("the option 'abacus', which the run had set to 3, is gone",
                          "the option 'optimiser' no longer takes \"falling\", as the run had it",
                          "there is no option 'quill' any more; the run had true"));
}

TEST_F(Verify, another_instruction_set_is_named) {
  const std::string id = train_one({});
  change("predictions_hash = 'x', machine = 'abacus beads, 9 cores'");
  EXPECT_THAT(again(id).reasons, ElementsAre(HasSubstr("computed by abacus beads, now by ")));
}

TEST_F(Verify, the_number_of_cores_does_not_matter) {
  const std::string id = train_one({});
  change(
      "predictions_hash = 'x', machine = substr(machine, 1, instr(machine, ',')) || ' 999 cores'");
  EXPECT_THAT(again(id).reasons, ElementsAre(HasSubstr("nothing known explains it")));
}

TEST(Changes, versions_are_ordered_by_their_numbers) {
  EXPECT_TRUE(is_older("0.9.2", "0.10"));
  EXPECT_TRUE(is_older("", "0.0.1"));
  EXPECT_FALSE(is_older("1.0", "1"));
  EXPECT_FALSE(is_older("1", "1.0.0"));
}

TEST(Changes, a_count_says_more_than_a_version) {
  const int all = static_cast<int>(changes().size());
  EXPECT_EQ(changes_since("0.0.1", all).size(), 0U);
  EXPECT_EQ(changes_since("0.0.1", all - 2).size(), 2U);
  EXPECT_EQ(changes_since("0.0.1", -1).size(), changes().size());
  EXPECT_EQ(changes_since("999", -1).size(), 0U);
}

TEST(Changes, are_listed_from_the_oldest_to_the_newest_and_none_is_to_come) {
  for (std::size_t i = 1; i < changes().size(); ++i) {
    EXPECT_FALSE(is_older(changes()[i].version, changes()[i - 1].version));
  }
  EXPECT_FALSE(is_older(version(), changes().back().version));
}

TEST_F(Verify, an_unknown_run_is_refused) {
  train_one({});
  EXPECT_THROW(again("ffffffffff"), Error);
}

}  // namespace
}  // namespace refrain::api

#include "refrain/api/verify.h"

#include <gmock/gmock.h>

#include <fstream>

#include "refrain/api/runs.h"
#include "refrain/api/train.h"
#include "refrain/base/error.h"
#include "refrain/base/test_folder.h"
#include "refrain/store/database.h"

namespace refrain::api {
namespace {

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

TEST_F(Verify, changed_data_are_told) {
  const std::string id = train_one({});
  write(26);
  const Verification v = again(id);
  EXPECT_FALSE(v.same);
  EXPECT_THAT(v.differs, testing::Contains("the data files have changed"));
}

TEST_F(Verify, each_thing_that_differs_is_told) {
  const std::string id = train_one({});
  store::Database(path("runs.db"), false)
      .execute("UPDATE run SET split_hash = 'x', parameters_hash = 'x', predictions_hash = 'x'");
  EXPECT_THAT(again(id).differs,
              testing::ElementsAre("the split is another", "the trained parameters differ",
                                   "the predictions differ"));
}

TEST_F(Verify, an_unknown_run_is_refused) {
  train_one({});
  EXPECT_THROW(again("ffffffffff"), Error);
}

}  // namespace
}  // namespace refrain::api

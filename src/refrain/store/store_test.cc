#include "refrain/store/store.h"

#include <gmock/gmock.h>

#include <cmath>

#include "refrain/store/test_store.h"

namespace refrain::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;

class StoreTest : public StoreFolder {};

void expect_same(double a, double b) {
  if (std::isnan(a)) {
    EXPECT_TRUE(std::isnan(b));
  } else {
    EXPECT_EQ(a, b);
  }
}

void expect_same(const Score& a, const Score& b) {
  EXPECT_EQ(a.metric, b.metric);
  expect_same(a.value, b.value), expect_same(a.low, b.low), expect_same(a.high, b.high);
}

void expect_same_texts(const Run& a, const Run& b) {
  for (const auto text :
       {&Run::command, &Run::task, &Run::model, &Run::options, &Run::job, &Run::data,
        &Run::data_path, &Run::data_hash, &Run::protocol, &Run::split_hash, &Run::leak_check,
        &Run::version, &Run::machine, &Run::stop_reason, &Run::metric, &Run::interval_holds,
        &Run::parameters_hash}) {
    EXPECT_FALSE((a.*text).empty());
    EXPECT_EQ(a.*text, b.*text);
  }
}

void expect_same_details(const Run& a, const Run& b) {
  ASSERT_EQ(a.predictions.size(), b.predictions.size());
  for (std::size_t i = 0; i < a.predictions.size(); ++i) {
    const auto &p = a.predictions[i], &q = b.predictions[i];
    EXPECT_EQ(
        std::tie(p.repeat, p.fold, p.sample, p.group, p.truth, p.predicted, p.probability, p.unit),
        std::tie(q.repeat, q.fold, q.sample, q.group, q.truth, q.predicted, q.probability, q.unit));
  }
  ASSERT_EQ(a.curve.size(), b.curve.size());
  for (std::size_t i = 0; i < a.curve.size(); ++i) {
    const auto &e = a.curve[i], &f = b.curve[i];
    EXPECT_EQ(std::tie(e.repeat, e.fold, e.epoch, e.loss, e.lr),
              std::tie(f.repeat, f.fold, f.epoch, f.loss, f.lr));
    expect_same(e.valid_score, f.valid_score), expect_same(e.valid_loss, f.valid_loss);
  }
}

TEST_F(StoreTest, a_run_comes_back_as_it_was) {
  const store::Run run = made_up_run(7);
  const std::string id = Store::open(path()).add(run);
  EXPECT_THAT(id, MatchesRegex("[0-9a-f]+"));
  EXPECT_EQ(id.size(), 10U);
  const store::Run back = Store::open(path()).find(id);
  EXPECT_EQ(back.id, id);
  EXPECT_THAT(back.created, MatchesRegex("20..-..-..T..:..:..[.]...Z"));
  expect_same_texts(run, back);
  EXPECT_EQ(back.seed, 7);
  EXPECT_EQ(std::tie(back.n_train, back.n_valid, back.n_test, back.parameters),
            std::tie(run.n_train, run.n_valid, run.n_test, run.parameters));
  EXPECT_EQ(back.seconds.load, 0.25);
  EXPECT_EQ(back.seconds.train, 3.5);
  EXPECT_EQ(back.seconds.evaluate, 0.125);
  EXPECT_EQ(back.classes, run.classes);
  EXPECT_EQ(back.predictions_hash, predictions_hash(run.predictions));
  ASSERT_EQ(back.scores.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) expect_same(run.scores[i], back.scores[i]);
  ASSERT_EQ(back.baselines.size(), 1U);
  EXPECT_EQ(back.baselines[0].model, "majority");
  EXPECT_EQ(back.baselines[0].seconds, 0.001);
  expect_same(run.baselines[0].score, back.baselines[0].score);
  expect_same_details(run, back);
}

TEST_F(StoreTest, texts_of_any_language_and_with_quotes_are_kept) {
  store::Run run = made_up_run();
  run.data = "轴承'); DROP TABLE run; --\n\"x\"";
  run.predictions[0].sample = std::string("a\0b", 3);
  Store store = Store::open(path());
  const store::Run back = store.find(store.add(run));
  EXPECT_EQ(back.data, run.data);
  EXPECT_EQ(back.predictions[0].sample, run.predictions[0].sample);
}

TEST_F(StoreTest, a_run_is_found_by_the_beginning_of_its_id) {
  Store store = Store::open(path());
  const std::string id = store.add(made_up_run());
  EXPECT_EQ(store.resolve(id.substr(0, 4)), id);
  EXPECT_EQ(store.resolve(id), id);
}

TEST_F(StoreTest, last_is_the_newest_run) {
  Store store = Store::open(path());
  EXPECT_THROW(store.find("last"), Error);
  store.add(made_up_run());
  const std::string second = store.add(made_up_run());
  EXPECT_EQ(store.find("last").id, second);
}

TEST_F(StoreTest, a_mistyped_id_gets_the_nearest_as_a_hint) {
  Store store = Store::open(path());
  const std::string id = store.add(made_up_run());
  std::string wrong = id;
  wrong[9] = wrong[9] == '0' ? '1' : '0';
  const Error error = error_of([&] { store.find(wrong); });
  EXPECT_EQ(error.code(), Code::kUsage);
  EXPECT_THAT(error.what(), HasSubstr("there is no run '" + wrong + "'"));
  EXPECT_EQ(error.hint(), "did you mean '" + id + "'?");
}

TEST_F(StoreTest, too_few_digits_are_refused) {
  Store store = Store::open(path());
  store.add(made_up_run());
  EXPECT_THAT(error_of([&] { store.find(""); }).what(), HasSubstr("too short"));
  EXPECT_THAT(error_of([&] { store.find("%%%%"); }).what(), HasSubstr("no run '%%%%'"));
}

TEST_F(StoreTest, an_ambiguous_prefix_is_refused_with_the_candidates) {
  Store store = Store::open(path());
  Database database(path(), false);
  store.add(made_up_run());
  store.add(made_up_run());
  database.execute("UPDATE run SET id = 'abcd00000' || key");
  const Error error = error_of([&] { store.find("ABCD"); });
  EXPECT_THAT(error.what(), HasSubstr("2 runs begin with 'ABCD'"));
  EXPECT_THAT(error.hint(), HasSubstr("abcd000001, abcd000002"));
}

TEST_F(StoreTest, a_whole_id_is_that_run_even_where_another_begins_with_it) {
  Store store = Store::open(path());
  Database database(path(), false);
  store.add(made_up_run());
  store.add(made_up_run());
  database.execute("UPDATE run SET id = substr('abcd00000111', 1, 9 + key)");
  EXPECT_EQ(store.resolve("abcd000001"), "abcd000001");
}

TEST_F(StoreTest, a_time_that_is_given_is_kept) {
  store::Run run = made_up_run();
  run.created = "2020-01-02T03:04:05.006Z";
  Store store = Store::open(path());
  EXPECT_EQ(store.find(store.add(run)).created, run.created);
}

TEST_F(StoreTest, goes_on_after_a_change_that_failed) {
  Store store = Store::open(path());
  const std::string id = store.add(made_up_run());
  const std::string gone[] = {id, "ffffffffff"};
  EXPECT_EQ(error_of([&] { store.remove(gone); }).code(), Code::kUsage);
  const std::string next = store.add(made_up_run());
  EXPECT_EQ(Store::open(path()).list({}).size(), 2U) << "both are there, and written";
  EXPECT_EQ(store.resolve(next), next);
}

TEST_F(StoreTest, rows_that_belong_to_no_run_are_seen) {
  Store store = Store::open(path());
  store.add(made_up_run());
  EXPECT_TRUE(store.is_sound());
  Database(path(), false).execute("PRAGMA foreign_keys = OFF; DELETE FROM run");
  EXPECT_FALSE(store.is_sound());
}

TEST_F(StoreTest, the_list_is_newest_first_and_filtered) {
  Store store = Store::open(path());
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i) {
    store::Run run = made_up_run(i);
    if (i == 1) run.data = "other";
    if (i == 2) run.model = "lstm";
    ids.push_back(store.add(run));
  }
  const auto listed = [&](const Filter& filter) {
    std::vector<std::string> out;
    for (const auto& run : store.list(filter)) out.push_back(run.id);
    return out;
  };
  EXPECT_THAT(listed({}), ElementsAre(ids[3], ids[2], ids[1], ids[0]));
  EXPECT_THAT(listed({"", "", 2}), ElementsAre(ids[3], ids[2]));
  EXPECT_THAT(listed({"other", "", 0}), ElementsAre(ids[1]));
  EXPECT_THAT(listed({"bearings", "lstm", 0}), ElementsAre(ids[2]));
  EXPECT_THAT(listed({"nothing", "", 0}), ElementsAre());
  EXPECT_EQ(store.list({}).front().scores.size(), 2U);
  EXPECT_TRUE(store.list({}).front().predictions.empty());
}

TEST_F(StoreTest, a_removed_run_leaves_nothing_behind) {
  Store store = Store::open(path());
  const std::string gone = store.add(made_up_run(1)), stays = store.add(made_up_run(2));
  store.remove(std::vector<std::string>{gone});
  EXPECT_EQ(store.list({}).size(), 1U);
  EXPECT_EQ(store.find(stays).seed, 2);
  Database database(path(), false);
  for (const char* table : {"run", "class", "score", "baseline", "prediction", "curve"}) {
    const std::string keys = std::string("SELECT count(DISTINCT ") +
                             (std::string(table) == "run" ? "key" : "run") + ") FROM " + table;
    EXPECT_EQ(database.number(keys.c_str()), 1) << table;
  }
}

TEST_F(StoreTest, where_one_of_several_is_unknown_none_is_removed) {
  Store store = Store::open(path());
  const std::string id = store.add(made_up_run());
  error_of([&] { store.remove(std::vector<std::string>{id, "ffffffffff0"}); });
  EXPECT_EQ(store.list({}).size(), 1U);
}

TEST_F(StoreTest, published_rows_are_replaced_by_newer_ones) {
  Store store = Store::open(path());
  Published row{"GunPoint", "official", "ROCKET", "accuracy", 0.99, kUnknown, kUnknown, "a"};
  store.add_published(std::vector<Published>{row});
  row.value = 1, row.source = "b";
  store.add_published(std::vector<Published>{row});
  const auto rows = store.published();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].value, 1);
  EXPECT_TRUE(std::isnan(rows[0].low));
  EXPECT_EQ(rows[0].source, "b");
}

TEST_F(StoreTest, reading_makes_no_file) {
  EXPECT_FALSE(Store::open_existing(path()).has_value());
  EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(StoreTest, a_new_store_is_sound_and_keeps_a_write_ahead_log) {
  Store store = Store::open(path());
  store.add(made_up_run());
  EXPECT_TRUE(store.is_sound());
  EXPECT_TRUE(std::filesystem::exists(path() + "-wal"));
}

TEST_F(StoreTest, equal_predictions_have_equal_hashes_and_one_bit_more_another) {
  auto predictions = made_up_run().predictions;
  const std::string hash = predictions_hash(predictions);
  EXPECT_EQ(predictions_hash(made_up_run().predictions), hash);
  predictions[2].probability[0] = std::nextafter(predictions[2].probability[0], 1);
  EXPECT_NE(predictions_hash(predictions), hash);
}

}  // namespace
}  // namespace refrain::store

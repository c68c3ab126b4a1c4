#include "refrain/store/schema.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "refrain/store/store.h"
#include "refrain/store/test_store.h"

namespace refrain::store {
namespace {

using testing::HasSubstr;

class SchemaTest : public StoreFolder {};

std::int64_t version(const std::string& path) {
  return Database(path, false).number("PRAGMA user_version");
}

TEST_F(SchemaTest, a_new_file_has_the_newest_version) {
  Store::open(path());
  EXPECT_EQ(version(path()), static_cast<std::int64_t>(migration_steps().size()));
}

TEST_F(SchemaTest, a_file_of_every_older_version_is_brought_forward_with_its_runs) {
  for (std::size_t old = 1; old < migration_steps().size(); ++old) {
    const std::string file = path("old" + std::to_string(old));
    {
      Database database(file, true);
      migrate(database, migration_steps().first(old));
      database.execute(
          "INSERT INTO run VALUES(1, 'abcdef0123', '2026-01-01T00:00:00.000Z', 'train',"
          "'classify', 'gru', '{}', '{}', 'd', 'p', 'h', 'official', 's', 'none', 1, 2, 3, 4, "
          "'0.1',"
          "'m', 5, 'epochs', 0.1, 0.2, 0.3, 'accuracy', 'samples', 'ph', 'qh')");
      EXPECT_EQ(database.number("PRAGMA user_version"), static_cast<std::int64_t>(old));
    }
    Store store = Store::open(file);
    EXPECT_EQ(store.find("abcdef0123").metric, "accuracy");
    EXPECT_TRUE(store.published().empty());
    EXPECT_EQ(version(file), static_cast<std::int64_t>(migration_steps().size()));
  }
}

TEST_F(SchemaTest, one_more_step_is_taken_once) {
  std::vector<MigrationStep> steps(migration_steps().begin(), migration_steps().end());
  Store::open(path()).add(made_up_run());
  steps.push_back("ALTER TABLE run ADD COLUMN note TEXT NOT NULL DEFAULT 'none'");
  Database database(path(), false);
  migrate(database, steps);
  migrate(database, steps);
  EXPECT_EQ(database.number("SELECT count(*) FROM run WHERE note = 'none'"), 1);
}

TEST_F(SchemaTest, a_step_that_fails_leaves_the_file_as_it_was) {
  Store::open(path()).add(made_up_run());
  std::vector<MigrationStep> steps(migration_steps().begin(), migration_steps().end());
  steps.push_back("DROP TABLE curve; SELECT nothing FROM nowhere");
  {
    Database database(path(), false);
    error_of([&] { migrate(database, steps); });
  }
  Store store = Store::open(path());
  EXPECT_EQ(store.find(store.list({}).front().id).curve.size(), 2U);
}

TEST_F(SchemaTest, a_file_of_a_newer_version_is_refused_and_left_alone) {
  Store::open(path());
  Database(path(), false).execute("PRAGMA user_version = 99");
  const Error error = error_of([&] { Store::open(path()); });
  EXPECT_EQ(error.code(), Code::kData);
  EXPECT_THAT(error.what(), HasSubstr("written by a newer Refrain (version 99"));
  EXPECT_EQ(version(path()), 99);
}

TEST_F(SchemaTest, a_database_of_another_program_is_refused_and_left_alone) {
  Database(path(), true).execute("CREATE TABLE bookmark(x)");
  const Error error = error_of([&] { Store::open(path()); });
  EXPECT_EQ(error.code(), Code::kData);
  EXPECT_THAT(error.what(), HasSubstr("database of another program"));
  EXPECT_EQ(Database(path(), false).number("SELECT count(*) FROM sqlite_master"), 1);
}

TEST_F(SchemaTest, a_file_that_is_no_database_is_refused_and_left_alone) {
  for (const auto& text : {std::string("x"), std::string("id,label\n1,a\n"), std::string(5000, 'x'),
                           std::string("SQLite format 3\0 and then nonsense", 34)}) {
    const std::string file = write("data.csv", text);
    const Error error = error_of([&] { Store::open_existing(file); });
    EXPECT_EQ(error.code(), Code::kData) << text.substr(0, 20);
    EXPECT_THAT(error.what(), HasSubstr("data.csv is no experiment store"));
    EXPECT_EQ(std::filesystem::file_size(file), text.size());
  }
}

TEST_F(SchemaTest, a_damaged_store_is_a_data_error) {
  {
    Store store = Store::open(path());
    for (int i = 0; i < 20; ++i) store.add(made_up_run(i, 200));
  }
  std::fstream file(path(), std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(4096);
  file << std::string(200'000, '\x5a');
  file.close();
  const Error error = error_of([&] {
    Store store = Store::open(path());
    for (const auto& run : store.list({})) store.find(run.id);
  });
  EXPECT_EQ(error.code(), Code::kData);
  EXPECT_THAT(error.what(), HasSubstr("is damaged"));
}

TEST_F(SchemaTest, places_that_cannot_hold_a_file_are_io_errors) {
  const std::string file = write("file", "x");
  for (const std::string& place :
       {path("none/runs.db"), path(""), file + "/runs.db", std::string("/proc/runs.db")}) {
    const Error error = error_of([&] { Store::open(place); });
    EXPECT_EQ(error.code(), Code::kIo) << place;
    EXPECT_THAT(error.what(), HasSubstr("cannot open the store " + place));
    EXPECT_THAT(error.hint(), HasSubstr("--store FILE"));
  }
}

TEST_F(SchemaTest, a_device_is_refused) {
  EXPECT_THAT(error_of([] { Store::open("/dev/null"); }).what(), HasSubstr("it is no file"));
}

TEST_F(SchemaTest, a_read_only_file_is_an_io_error_for_writing) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  Store::open(path());
  ::chmod(path().c_str(), 0444);
  const Error error = error_of([&] { Store::open(path()).add(made_up_run()); });
  EXPECT_EQ(error.code(), Code::kIo);
  EXPECT_THAT(error.what(), HasSubstr("read-only"));
}

// Runs body in a process of its own and returns its exit code.
template <class Body>
int in_child(const Body& body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// A limit on the size of files stands for a full disk: writing beyond it fails.
TEST_F(SchemaTest, where_the_disk_is_full_the_run_is_refused_and_the_others_stay) {
  Store::open(path()).add(made_up_run(1, 100));
  EXPECT_EQ(in_child([&] {
              ::signal(SIGXFSZ, SIG_IGN);
              const rlimit limit{200'000, 200'000};
              ::setrlimit(RLIMIT_FSIZE, &limit);
              try {
                Store store = Store::open(path());
                for (int i = 0; i < 100; ++i) store.add(made_up_run(i, 1000));
              } catch (const Error& e) {
                return e.code() == Code::kIo ? 7 : 8;
              }
              return 9;
            }),
            7);
  Store store = Store::open(path());
  EXPECT_TRUE(store.is_sound());
  EXPECT_EQ(store.list({}).back().seed, 1);
}

TEST_F(SchemaTest, a_writer_whose_patience_ends_says_so) {
  Store::open(path());
  Database first(path(), false), second(path(), false, std::chrono::milliseconds(50));
  Transaction open(first);
  const Error error = error_of([&] { Transaction never(second); });
  EXPECT_EQ(error.code(), Code::kIo);
  EXPECT_THAT(error.what(), HasSubstr("was busy for 0.05 s"));
}

}  // namespace
}  // namespace refrain::store

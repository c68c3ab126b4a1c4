#include "refrain/store/schema.h"

#include <fmt/format.h>

#include <iterator>

#include "refrain/base/error.h"

namespace refrain::store {
namespace {

constexpr std::int64_t kApplication = 0x52667273;  // "Rfrs"

constexpr MigrationStep kSteps[] = {
    // 1: runs with what belongs to them.
    R"(
CREATE TABLE run(
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created TEXT NOT NULL,
  command TEXT NOT NULL, task TEXT NOT NULL, model TEXT NOT NULL,
  options TEXT NOT NULL, job TEXT NOT NULL,
  data TEXT NOT NULL, data_path TEXT NOT NULL, data_hash TEXT NOT NULL,
  protocol TEXT NOT NULL, split_hash TEXT NOT NULL, leak_check TEXT NOT NULL,
  n_train INTEGER NOT NULL, n_valid INTEGER NOT NULL, n_test INTEGER NOT NULL,
  seed INTEGER NOT NULL, version TEXT NOT NULL, machine TEXT NOT NULL,
  parameters INTEGER NOT NULL, stop_reason TEXT NOT NULL,
  load_seconds REAL, train_seconds REAL, evaluate_seconds REAL,
  metric TEXT NOT NULL, interval_holds TEXT NOT NULL,
  parameters_hash TEXT NOT NULL, predictions_hash TEXT NOT NULL);
CREATE INDEX run_by_time ON run(created);
CREATE INDEX run_by_data ON run(data, created);
CREATE TABLE class(
  run INTEGER NOT NULL REFERENCES run(key) ON DELETE CASCADE, position INTEGER NOT NULL,
  label TEXT NOT NULL, PRIMARY KEY(run, position)) WITHOUT ROWID;
CREATE TABLE score(
  run INTEGER NOT NULL REFERENCES run(key) ON DELETE CASCADE, position INTEGER NOT NULL,
  metric TEXT NOT NULL, value REAL, low REAL, high REAL,
  PRIMARY KEY(run, position)) WITHOUT ROWID;
CREATE TABLE baseline(
  run INTEGER NOT NULL REFERENCES run(key) ON DELETE CASCADE, position INTEGER NOT NULL,
  model TEXT NOT NULL, metric TEXT NOT NULL, value REAL, low REAL, high REAL, seconds REAL,
  PRIMARY KEY(run, position)) WITHOUT ROWID;
CREATE TABLE prediction(
  run INTEGER NOT NULL REFERENCES run(key) ON DELETE CASCADE, position INTEGER NOT NULL,
  "repeat" INTEGER NOT NULL, fold INTEGER NOT NULL, sample TEXT NOT NULL, "group" TEXT NOT NULL,
  truth TEXT NOT NULL, predicted TEXT NOT NULL, probability BLOB NOT NULL,
  PRIMARY KEY(run, position)) WITHOUT ROWID;
CREATE TABLE curve(
  run INTEGER NOT NULL REFERENCES run(key) ON DELETE CASCADE, position INTEGER NOT NULL,
  "repeat" INTEGER NOT NULL, fold INTEGER NOT NULL, epoch INTEGER NOT NULL,
  loss REAL, lr REAL, valid_score REAL, valid_loss REAL,
  PRIMARY KEY(run, position)) WITHOUT ROWID;
)",
    // 2: published scores, to stand beside the runs.
    R"(
CREATE TABLE published(
  data TEXT NOT NULL, protocol TEXT NOT NULL, method TEXT NOT NULL, metric TEXT NOT NULL,
  value REAL NOT NULL, low REAL, high REAL, source TEXT NOT NULL,
  PRIMARY KEY(data, protocol, method, metric)) WITHOUT ROWID;
)",
    // 3: the unit of each sample (groups, copies), which comparisons draw as a whole.
    R"(
ALTER TABLE prediction ADD COLUMN unit TEXT NOT NULL DEFAULT '';
)",
};

struct Found {
  std::int64_t application = 0, version = 0, tables = 0;
};

// One statement, so that no other process's migration comes in between.
Found look(Database& database) {
  Statement statement(database,
                      "SELECT (SELECT application_id FROM pragma_application_id),"
                      " (SELECT user_version FROM pragma_user_version),"
                      " (SELECT count(*) FROM sqlite_master)");
  statement.next();
  return {statement.integer(0), statement.integer(1), statement.integer(2)};
}

// How many of the steps are done already. Throws for what is no store of ours.
std::size_t version_of(Database& database, std::size_t newest) {
  const Found found = look(database);
  const bool fresh = found.application == 0 && found.version == 0 && found.tables == 0;
  if (!fresh && found.application != kApplication) {
    throw Error(Code::kData, fmt::format("{} is a database of another program", database.path()),
                kOtherFile);
  }
  const auto version = static_cast<std::size_t>(found.version);
  if (version > newest) {
    throw Error(
        Code::kData,
        fmt::format("the store {} was written by a newer Refrain (version {} of its tables; "
                    "this one knows {})",
                    database.path(), version, newest),
        "use the newer Refrain, or another file with --store FILE");
  }
  return version;
}

}  // namespace

std::span<const MigrationStep> migration_steps() { return kSteps; }

void migrate(Database& database, std::span<const MigrationStep> steps) {
  if (version_of(database, steps.size()) == steps.size()) return;
  database.execute("PRAGMA journal_mode = WAL");  // for the life of the file; not in a transaction
  Transaction transaction(database);
  // Another process may have been first.
  for (std::size_t done = version_of(database, steps.size()); done < steps.size(); ++done) {
    database.execute(steps[done]);
  }
  database.execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplication,
                               steps.size())
                       .c_str());
  transaction.commit();
}

}  // namespace refrain::store

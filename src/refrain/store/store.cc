#include "refrain/store/store.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cctype>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <random>

#include "refrain/base/error.h"
#include "refrain/base/nearest.h"
#include "refrain/store/rows.h"
#include "refrain/store/schema.h"

namespace refrain::store {
namespace {

constexpr std::size_t kShortestPrefix = 4;
constexpr std::size_t kMostNamed = 5;
constexpr const char* kNewest = "last";  // in place of an id
constexpr int kMostIds = 20;             // tries; one in 10^12 / runs is taken

std::string now() {
  using namespace std::chrono;
  const auto time = system_clock::now();
  const auto ms = duration_cast<milliseconds>(time.time_since_epoch()).count() % 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(system_clock::to_time_t(time)), ms);
}

// From the system's entropy, not from a seed: two processes never draw the same row of ids.
std::string new_id() {
  std::random_device device;
  const auto low = device(), high = device();
  return fmt::format("{:08x}{:02x}", low, high & 0xff);
}

std::vector<std::string> ids(Database& database, const std::string& prefix) {
  std::vector<std::string> out;
  Statement statement(database, "SELECT id FROM run WHERE id >= ? AND id < ? ORDER BY id");
  const std::string end = prefix + "~";  // behind every digit and letter
  for (statement.with(prefix, end); statement.next();) out.push_back(statement.text(0));
  return out;
}

[[noreturn]] void no_such_run(Database& database, const std::string& prefix) {
  const std::string best = base::nearest(prefix, ids(database, ""));
  throw Error(
      Code::kUsage, fmt::format("there is no run '{}' in {}", prefix, database.path()),
      best.empty() ? "'refrain runs list' names them" : fmt::format("did you mean '{}'?", best));
}

// SQLite takes a file of a few bytes for an empty one and would write over it; it would also put
// its log beside a device.
const std::string& require_store_file(const std::string& path) {
  constexpr std::uintmax_t kSmallestPage = 512;
  std::error_code problem;
  const auto kind = std::filesystem::status(path, problem).type();
  if (kind == std::filesystem::file_type::regular) {
    const auto size = std::filesystem::file_size(path, problem);
    if (!problem && size > 0 && size < kSmallestPage) {
      throw Error(Code::kData, fmt::format("{} is no experiment store", path), kOtherFile);
    }
  } else if (!problem && kind != std::filesystem::file_type::directory &&
             kind != std::filesystem::file_type::not_found) {
    throw Error(Code::kIo, fmt::format("cannot open the store {}: it is no file", path),
                kOtherFile);
  }
  return path;
}

}  // namespace

Store::Store(Database database) : database_(std::move(database)) {
  migrate(database_, migration_steps());
  // FULL: the log is flushed to the disk before a commit is reported. NORMAL would be quicker and
  // safe against kill -9, but may lose the last runs when the power fails.
  database_.execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
}

Store Store::open(const std::string& path) {
  return Store(Database(require_store_file(path), true));
}

std::optional<Store> Store::open_existing(const std::string& path) {
  std::error_code problem;
  const auto kind = std::filesystem::status(path, problem).type();
  if (kind == std::filesystem::file_type::not_found) return std::nullopt;
  return Store(Database(require_store_file(path), false));
}

void stamp(Run& run) {
  if (run.created.empty()) run.created = now();
  if (run.predictions_hash.empty()) run.predictions_hash = predictions_hash(run.predictions);
}

std::string Store::add(Run run) {
  stamp(run);
  Transaction transaction(database_);
  for (int i = 0; i < kMostIds; ++i) {
    run.id = new_id();
    if (!insert_run(database_, run)) continue;
    transaction.commit();
    return run.id;
  }
  throw Error(Code::kInternal, "the store finds no free id");
}

std::string Store::resolve(const std::string& given) {
  if (given == kNewest) {
    Statement newest(database_, "SELECT id FROM run ORDER BY created DESC, key DESC LIMIT 1");
    if (newest.next()) return newest.text(0);
  }
  std::string prefix;
  for (const char c : given) {
    prefix += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  if (prefix.size() < kShortestPrefix) {
    throw Error(Code::kUsage, fmt::format("'{}' is too short for a run's id", given),
                fmt::format("give at least {} of its digits; 'refrain runs list' shows them",
                            kShortestPrefix));
  }
  const auto found = ids(database_, prefix);
  if (found.empty()) no_such_run(database_, given);
  if (found.size() == 1 || found.front() == prefix) return found.front();
  const std::span shown(found.data(), std::min(found.size(), kMostNamed));
  throw Error(Code::kUsage, fmt::format("{} runs begin with '{}'", found.size(), given),
              fmt::format("give more digits: {}{}", fmt::join(shown, ", "),
                          found.size() > kMostNamed ? ", ..." : ""));
}

Run Store::find(const std::string& prefix) {
  const std::string id = resolve(prefix);
  Statement statement(database_, fmt::format("SELECT {} FROM run WHERE id = ?", run_columns()));
  if (!statement.with(id).next()) no_such_run(database_, prefix);
  std::int64_t key = 0;
  Run run = read_run(statement, key);
  read_scores(database_, key, run);
  read_details(database_, key, run);
  return run;
}

std::vector<Run> Store::list(const Filter& filter) {
  Statement statement(database_, fmt::format("SELECT {} FROM run WHERE (?1 = '' OR data = ?1) AND "
                                             "(?2 = '' OR model = ?2) "
                                             "ORDER BY created DESC, key DESC LIMIT ?3",
                                             run_columns()));
  std::vector<Run> runs;
  statement.with(filter.data, filter.model, filter.limit > 0 ? filter.limit : -1);
  while (statement.next()) {
    std::int64_t key = 0;
    runs.push_back(read_run(statement, key));
    read_scores(database_, key, runs.back());
  }
  return runs;
}

void Store::remove(std::span<const std::string> prefixes) {
  Transaction transaction(database_);
  std::vector<std::string> chosen;  // all are resolved before the first is gone
  for (const auto& prefix : prefixes) chosen.push_back(resolve(prefix));
  Statement statement(database_, "DELETE FROM run WHERE id = ?");
  for (const auto& id : chosen) statement.with(id).run();
  transaction.commit();
}

void Store::add_published(std::span<const Published> rows) {
  Transaction transaction(database_);
  Statement statement(database_, "INSERT OR REPLACE INTO published VALUES (?,?,?,?,?,?,?,?)");
  for (const auto& r : rows) {
    statement.with(r.data, r.protocol, r.method, r.metric, r.value, r.low, r.high, r.source).run();
  }
  transaction.commit();
}

std::vector<Published> Store::published() {
  std::vector<Published> rows;
  Statement s(database_,
              "SELECT data, protocol, method, metric, value, low, high, source FROM published "
              "ORDER BY data, protocol, metric, method");
  while (s.next()) {
    rows.push_back(
        {s.text(0), s.text(1), s.text(2), s.text(3), s.real(4), s.real(5), s.real(6), s.text(7)});
  }
  return rows;
}

bool Store::is_sound() {
  Statement check(database_, "PRAGMA integrity_check");
  if (!check.next() || check.text(0) != "ok") return false;
  Statement keys(database_, "PRAGMA foreign_key_check");
  return !keys.next();
}

}  // namespace refrain::store

#include "refrain/store/database.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <thread>

#include "refrain/base/error.h"
#include "refrain/base/rng.h"

namespace refrain::store {

static_assert(std::endian::native == std::endian::little, "probabilities are kept as they lie");

namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kPlaceHint =
    "choose a file in a folder that exists, is writable and has space: --store FILE, or none";

// ":memory:" and "" mean something else to SQLite than a file.
std::string as_file_name(const std::string& path) {
  return path.starts_with(':') ? "./" + path : path;
}

}  // namespace

// SQLite asks again and again while another connection has the lock. Waits of random length, so
// that many writers do not march in step and none is always late.
struct Database::Waiting {
  std::chrono::milliseconds patience;
  Clock::time_point since{};
  base::Rng rng{static_cast<std::uint64_t>(::getpid())};

  bool again(int count) {
    const auto now = Clock::now();
    if (count == 0) since = now;
    if (now - since > patience) return false;
    const double longest = std::min(500.0 * (count + 1), 10'000.0);
    std::this_thread::sleep_for(
        std::chrono::microseconds(static_cast<int>(rng.uniform(100, longest))));
    return true;
  }
  static int ask(void* self, int count) {
    return static_cast<Waiting*>(self)->again(count) ? 1 : 0;
  }
};

void Database::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

Database::Database(const std::string& path, bool create, std::chrono::milliseconds patience)
    : path_(path), waiting_(std::make_unique<Waiting>(Waiting{patience})) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(as_file_name(path).c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (handle == nullptr) throw Error(Code::kInternal, "SQLite did not start");
  if (code != SQLITE_OK) fail(code, "open");
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_handler(handle, &Waiting::ask, waiting_.get());
}

Database::~Database() = default;
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;

void Database::execute(const char* sql) {
  for (int count = 0;; ++count) {
    const int code = sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) return;
    // Where waiting inside could block both sides SQLite gives up at once: the wait is here then.
    if ((code & 0xff) != SQLITE_BUSY || !waiting_->again(count)) fail(code, "write");
  }
}

std::int64_t Database::number(const char* sql) {
  Statement statement(*this, sql);
  return statement.next() ? statement.integer(0) : 0;
}

std::int64_t Database::last_key() const { return sqlite3_last_insert_rowid(handle()); }
int Database::changed_rows() const { return sqlite3_changes(handle()); }

void Database::fail(int code, const char* doing) const {
  const int reason = sqlite3_system_errno(handle());
  const auto io = [&](const std::string& why) {
    return Error(Code::kIo, fmt::format("cannot {} the store {}: {}", doing, path_, why),
                 kPlaceHint);
  };
  switch (code & 0xff) {
    case SQLITE_NOTADB:
      throw Error(Code::kData, fmt::format("{} is no experiment store", path_), kOtherFile);
    case SQLITE_CORRUPT:
      throw Error(Code::kData, fmt::format("the store {} is damaged", path_),
                  "restore a copy, or name another file with --store FILE");
    case SQLITE_FULL:
      throw io("No space left on device");
    case SQLITE_READONLY:
      throw io("it is read-only");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw Error(Code::kIo,
                  fmt::format("the store {} was busy for {} s", path_,
                              static_cast<double>(waiting_->patience.count()) / 1000),
                  "see what else is writing to it, and try again");
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      throw io(reason != 0 ? std::strerror(reason) : "the file cannot be used");
    case SQLITE_NOMEM:
      throw std::bad_alloc();
    default:
      throw Error(Code::kInternal,
                  fmt::format("the store {}: {} (code {})", path_, sqlite3_errmsg(handle()), code));
  }
}

Statement::Statement(Database& database, const std::string& sql) : database_(database) {
  const int code = sqlite3_prepare_v2(database.handle(), sql.c_str(), static_cast<int>(sql.size()),
                                      &handle_, nullptr);
  if (code != SQLITE_OK) database.fail(code, "read");
}

Statement::~Statement() { sqlite3_finalize(handle_); }

void Statement::reset() { sqlite3_reset(handle_); }

void Statement::bind(int place, std::string_view text) {
  const char* start = text.data() != nullptr ? text.data() : "";
  sqlite3_bind_text64(handle_, place, start, text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::bind(int place, std::int64_t value) { sqlite3_bind_int64(handle_, place, value); }
void Statement::bind(int place, double value) { sqlite3_bind_double(handle_, place, value); }

void Statement::bind(int place, const std::vector<double>& values) {
  const void* start = values.empty() ? static_cast<const void*>("") : values.data();
  sqlite3_bind_blob64(handle_, place, start, values.size() * sizeof(double), SQLITE_STATIC);
}

bool Statement::next() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  database_.fail(code, sqlite3_stmt_readonly(handle_) != 0 ? "read" : "write");
}

void Statement::run() {
  while (next()) {
  }
  reset();
}

std::string Statement::text(int column) const {
  const auto* start = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  if (start == nullptr) return "";
  return {start, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

double Statement::real(int column) const {
  if (sqlite3_column_type(handle_, column) == SQLITE_NULL) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return sqlite3_column_double(handle_, column);
}

std::vector<double> Statement::reals(int column) const {
  const void* start = sqlite3_column_blob(handle_, column);
  const auto bytes = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
  std::vector<double> values(bytes / sizeof(double));
  if (!values.empty()) std::memcpy(values.data(), start, values.size() * sizeof(double));
  return values;
}

Transaction::Transaction(Database& database) : database_(database) {
  database.execute("BEGIN IMMEDIATE");
}

// After an error SQLite may have undone everything already; then there is nothing to undo.
Transaction::~Transaction() {
  if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace refrain::store

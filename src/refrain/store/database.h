// SQLite as the store needs it: a connection, statements with bound values, transactions. Errors
// become refrain::Error that names the file: data for a file that is no database or is damaged, io
// for a full disk, a read-only place or a file locked for longer than the patience. A connection
// belongs to one thread at a time; other connections and processes may write the same file.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace refrain::store {

constexpr std::chrono::milliseconds kPatience{60'000};  // for others to finish writing
constexpr const char* kOtherFile =
    "name a file that Refrain wrote, or a new one, with --store FILE";

class Database {
 public:
  // Opens the file, or makes an empty one where `create`. Reads nothing of it yet.
  Database(const std::string& path, bool create, std::chrono::milliseconds patience = kPatience);
  ~Database();
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;

  // Statements that take no values; tries again while another connection is in the way.
  void execute(const char* sql);
  std::int64_t number(const char* sql);  // the first column of the first row

  std::int64_t last_key() const;  // of the row inserted last
  int changed_rows() const;       // by the statement run last
  const std::string& path() const { return path_; }
  sqlite3* handle() const { return handle_.get(); }

  // Turns the code of a failed call into an Error; `doing` is "read" or "write".
  [[noreturn]] void fail(int code, const char* doing) const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  struct Waiting;  // how long the busy handler has waited

  std::string path_;
  std::unique_ptr<Waiting> waiting_;  // outlives the handle, which points to it
  std::unique_ptr<sqlite3, Close> handle_;
};

// A prepared statement. Values are bound in the order of the question marks; text and bytes must
// live until the row is done.
class Statement {
 public:
  Statement(Database& database, const std::string& sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Binds all values and starts anew.
  template <class... Values>
  Statement& with(const Values&... values) {
    reset();
    int place = 0;
    (bind(++place, values), ...);
    return *this;
  }
  void bind(int place, std::string_view text);
  void bind(int place, std::int64_t value);
  void bind(int place, int value) { bind(place, static_cast<std::int64_t>(value)); }
  void bind(int place, double value);  // NaN is kept as NULL
  void bind(int place, const std::vector<double>& values);

  bool next();  // false after the last row
  void run();   // to the end

  std::string text(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;  // NULL gives NaN
  std::vector<double> reals(int column) const;

 private:
  void reset();

  Database& database_;
  sqlite3_stmt* handle_ = nullptr;
};

// All or nothing: what is not committed is undone. commit() returns when the disk has it.
class Transaction {
 public:
  explicit Transaction(Database& database);  // waits for its turn to write
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace refrain::store

// The experiment store: every run with its scores, predictions and curve, and published scores, in
// one SQLite file. A run is written as one transaction with write-ahead log and synchronous = FULL:
// once add() has returned, the run survives kill -9 and a loss of power; before, nothing of it is
// seen. Any number of processes may read and write one file; a writer waits its turn for up to
// kPatience. One Store belongs to one thread at a time. Write-ahead logs need a local file system.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "refrain/store/database.h"
#include "refrain/store/run.h"

namespace refrain::store {

// Fills in the time and the hash of the predictions where they are empty, as add() does.
void stamp(Run& run);

struct Filter {
  std::string data, model;  // exact; "" = any
  int limit = 0;            // the newest so many; 0 = all
};

class Store {
 public:
  // Opens the file and makes it where there is none (its folder must exist). Throws io where it
  // cannot be written, data where the file is something else or was written by a newer version.
  static Store open(const std::string& path);

  // Opens a store for reading; returns nothing if there is no file, and makes none.
  static std::optional<Store> open_existing(const std::string& path);

  // Keeps a run and returns its id; id, created and predictions_hash are filled in. Throws io.
  std::string add(Run run);

  // The whole id that begins so. Throws usage where none or several do.
  std::string resolve(const std::string& prefix);

  // Everything of the run whose id begins so. Throws usage.
  Run find(const std::string& prefix);

  // Newest first, without predictions and curves.
  std::vector<Run> list(const Filter& filter);

  // All of these or, where one is not there, none; prefixes as in resolve().
  void remove(std::span<const std::string> prefixes);

  // Adds rows; a row of the same data, protocol, method and metric is replaced. All or none.
  void add_published(std::span<const Published> rows);
  std::vector<Published> published();

  bool is_sound();  // SQLite's own check of the whole file

 private:
  explicit Store(Database database);

  Database database_;
};

}  // namespace refrain::store

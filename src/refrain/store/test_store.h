// For tests: a folder for a store that is gone afterwards, and made-up runs.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "refrain/base/error.h"
#include "refrain/base/test_folder.h"
#include "refrain/store/run.h"

namespace refrain::store {

class StoreFolder : public testing::Test {
 protected:
  std::string path(const std::string& name = "runs.db") const { return folder_.path(name); }
  std::string write(const std::string& name, const std::string& text) const {
    return folder_.write(name, text);
  }

 private:
  base::TestFolder folder_;
};

// Returns the error that `body` throws; fails if it throws none.
template <class Body>
Error error_of(const Body& body) {
  try {
    body();
  } catch (const Error& e) {
    return e;
  }
  ADD_FAILURE() << "nothing was thrown";
  return Error(Code::kInternal, "");
}

// A run of `n` predictions with a value in every field.
inline Run made_up_run(int seed = 1, int n = 3) {
  Run run;
  run.command = "train", run.task = "classify", run.model = "gru";
  run.options = R"({"hidden": 8})", run.job = R"({"data": "a.ts"})";
  run.data = "bearings", run.data_path = "data/bearings.csv", run.data_hash = "d1";
  run.protocol = "5 folds, by group", run.split_hash = "s1", run.leak_check = "none found";
  run.n_train = 80, run.n_valid = 10, run.n_test = n;
  run.classes = {"up", "down"};
  run.seed = seed, run.version = "0.1.0", run.machine = "x86_64, 2 cores";
  run.parameters = 594, run.stop_reason = "epochs", run.seconds = {0.25, 3.5, 0.125};
  run.metric = "accuracy", run.interval_holds = "samples";
  run.scores = {{"accuracy", 0.9, 0.8, 0.95}, {"auroc", 0.5, kUnknown, kUnknown}};
  run.baselines = {{"majority", {"accuracy", 0.5, 0.4, 0.6}, 0.001}};
  run.parameters_hash = "p1";
  for (int i = 0; i < n; ++i) {
    run.predictions.push_back({i % 2,
                               i % 5,
                               "row " + std::to_string(i),
                               "m1",
                               "up",
                               i % 3 == 0 ? "up" : "down",
                               {1.0 / (i + 3), 1 - 1.0 / (i + 3)},
                               std::to_string(i / 2)});
  }
  run.curve = {{0, 0, 1, 0.7, 0.01, kUnknown, kUnknown}, {0, 1, 2, 0.5, 0.005, 0.75, 0.6}};
  return run;
}

}  // namespace refrain::store

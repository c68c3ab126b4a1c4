// store_stress FILE [--processes N] [--runs N] [--kill]: N processes write N runs each into one new
// store at once. With --kill every process is killed (SIGKILL) again and again in the middle of
// writing and started anew. Then every run that was reported saved must be there once, whole, with
// nothing half written, and SQLite must find the file sound. Exit code 0 or 1.
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "refrain/base/error.h"
#include "refrain/base/rng.h"
#include "refrain/store/store.h"

namespace {

using refrain::store::Run;
using refrain::store::Store;
using Clock = std::chrono::steady_clock;

constexpr int kPredictions = 100, kEpochs = 30;
constexpr int kIdLength = 10;

struct Plan {
  std::string file;
  int processes = 8, runs = 1000;
  bool kill = false;
};

struct Reported {
  int writer = 0, number = 0;
  char id[kIdLength + 1] = "";
};

// Of a writer's n-th run: which one it is stands in the seed, for the count afterwards.
Run made_up_run(int writer, int number) {
  Run run;
  run.command = "train", run.task = "classify", run.model = "gru", run.data = "stress";
  run.metric = "accuracy", run.protocol = "official";
  run.seed = writer * 1'000'000 + number;
  run.scores = {{"accuracy", 0.9, 0.8, 0.95}};
  for (int i = 0; i < kPredictions; ++i) {
    run.predictions.push_back({0, 0, std::to_string(i), "", "a", "b", {0.25, 0.75}});
  }
  for (int i = 1; i <= kEpochs; ++i) run.curve.push_back({0, 0, i, 1.0 / i, 0.01, 0.5, 0.5});
  return run;
}

// Writes the runs and reports each through the pipe once add() has returned.
int write_runs(const Plan& plan, int writer, int pipe) {
  try {
    Store store = Store::open(plan.file);
    for (int number = 0; number < plan.runs; ++number) {
      Reported report{writer, number, ""};
      const std::string id = store.add(made_up_run(writer, number));
      std::memcpy(report.id, id.c_str(), kIdLength + 1);
      if (::write(pipe, &report, sizeof(report)) != sizeof(report)) return 1;
    }
  } catch (const refrain::Error& e) {
    fmt::print(stderr, "writer {}: {}\n", writer, e.what());
    return 1;
  }
  return 0;
}

class Stress {
 public:
  explicit Stress(Plan plan) : plan_(std::move(plan)) {}

  bool run() {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(plan_.file + end);
    const auto start = Clock::now();
    bool good = plan_.kill ? write_and_kill() : write_all();
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    good = check() && good;
    fmt::print(
        "{} processes, {} runs each, {} kills: {} reported saved, {:.2f} s, {:.0f} runs/s: {}\n",
        plan_.processes, plan_.runs, kills_, reported_.size(), seconds,
        static_cast<double>(reported_.size()) / seconds, good ? "all there" : "FAILED");
    return good;
  }

 private:
  // Starts the writers from `first` on, with a pipe of their own. This program has no threads: a
  // process that forks while another of its threads holds a lock leaves the child waiting for it
  // for ever (AddressSanitizer's allocator is such a lock).
  bool start(int first) {
    int ends[2];
    if (::pipe(ends) != 0) return false;
    std::fflush(nullptr);
    for (int i = 0; i < plan_.processes; ++i) {
      const pid_t child = ::fork();
      if (child == 0) {
        ::close(ends[0]);
        ::_exit(write_runs(plan_, first + i, ends[1]));
      }
      if (child > 0) children_.push_back(child);
    }
    ::close(ends[1]);
    reports_ = ends[0];
    return children_.size() == static_cast<std::size_t>(plan_.processes);
  }

  // Reads what the writers report until the last one has gone; whether all of them ended well.
  bool finish() {
    Reported report;
    while (::read(reports_, &report, sizeof(report)) == sizeof(report)) reported_.push_back(report);
    ::close(reports_);
    bool good = true;
    for (const pid_t child : children_) {
      int status = 0;
      ::waitpid(child, &status, 0);
      good = good && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    children_.clear();
    return good;
  }

  bool write_all() {
    const bool started = start(0);
    return finish() && started;
  }

  // Every round's writers have numbers of their own, so that a run is written at most once. What
  // they report before they are killed fits into the pipe.
  bool write_and_kill() {
    refrain::base::Rng rng(1);
    const int rounds = std::max(4, plan_.runs / 20);
    for (int round = 0; round < rounds; ++round) {
      const bool started = start(round * plan_.processes);
      for (const pid_t child : children_) {
        std::this_thread::sleep_for(
            std::chrono::microseconds(static_cast<int>(rng.uniform(1'000, 40'000))));
        ::kill(child, SIGKILL);
        ++kills_;
      }
      finish();
      if (!started) return false;
    }
    return true;
  }

  bool check() {
    Store store = Store::open(plan_.file);
    bool good = store.is_sound();
    if (!good) fmt::print("the file is not sound\n");
    std::map<std::string, long> stored;
    std::set<long> seeds;
    for (const auto& run : store.list({})) {
      stored[run.id] = run.seed;
      if (!seeds.insert(run.seed).second) {
        fmt::print("run {} is there twice\n", run.seed);
        good = false;
      }
    }
    for (const auto& report : reported_) {
      const auto found = stored.find(report.id);
      if (found == stored.end() || found->second != report.writer * 1'000'000L + report.number) {
        fmt::print("run {} of writer {} was reported saved and is lost\n", report.number,
                   report.writer);
        good = false;
      }
    }
    for (const auto& [id, seed] : stored) good = is_whole(store, id) && good;
    const auto all =
        static_cast<std::size_t>(plan_.processes) * static_cast<std::size_t>(plan_.runs);
    return good && !reported_.empty() &&
           (plan_.kill || (stored.size() == all && reported_.size() == all));
  }

  static bool is_whole(Store& store, const std::string& id) {
    const Run run = store.find(id);
    const bool whole = run.predictions.size() == kPredictions && run.curve.size() == kEpochs &&
                       run.predictions_hash == refrain::store::predictions_hash(run.predictions);
    if (!whole) fmt::print("run {} is half written\n", id);
    return whole;
  }

  Plan plan_;
  int reports_ = -1;  // the reading end of the pipe
  std::vector<pid_t> children_;
  int kills_ = 0;
  std::vector<Reported> reported_;
};

}  // namespace

int main(int argc, char** argv) {
  Plan plan;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--kill") {
      plan.kill = true;
    } else if (word == "--processes" && i + 1 < argc) {
      plan.processes = std::stoi(argv[++i]);
    } else if (word == "--runs" && i + 1 < argc) {
      plan.runs = std::stoi(argv[++i]);
    } else {
      plan.file = word;
    }
  }
  if (plan.file.empty()) {
    fmt::print(stderr, "usage: store_stress FILE [--processes N] [--runs N] [--kill]\n");
    return 2;
  }
  return Stress(plan).run() ? 0 : 1;
}

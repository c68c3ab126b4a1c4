// A labelled set of runs: so many machines, each with the same number of runs in each condition.
// A machine and its runs depend on the seed and the machine's number only, so that machines 9 to 12
// are the same whether they are made alone or with others.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace refrain::bearing {

struct DatasetSpec {
  int machines = 8;
  int first_machine = 1;
  int per_condition = 5;
  int length = 256;  // values a channel
  int channels = 1;  // 1: envelope; 2: envelope and acceleration
  std::uint64_t seed = 7;
};

struct LabelledRun {
  std::string id;
  std::string group;  // the machine
  std::string label;  // the condition
  std::vector<std::vector<double>> channels;
};

// All runs, machine by machine, the conditions of a machine in random order.
std::vector<LabelledRun> make_dataset(const DatasetSpec& spec);

}  // namespace refrain::bearing

// Two files, whose lines belong together by their numbers. Blank lines at the end need no partner;
// a line that is blank in both files is passed over with a remark.
#include <fmt/format.h>

#include <algorithm>

#include "refrain/base/error.h"
#include "refrain/data/pairs/pair_reader.h"
#include "refrain/data/readers/lines.h"

namespace refrain::data {
namespace {

int recognise_parallel(const PairInput& input) { return input.targets != nullptr ? 100 : 0; }

struct ParallelFile {
  const std::string& path;
  std::vector<std::string_view> lines;  // trimmed
  std::size_t filled = 0;               // up to the last line that is not blank
};

ParallelFile parallel_file(const Source& source) {
  ParallelFile out{source.path, {}};
  Lines lines(source.text);
  Line line;
  while (lines.next(line)) {
    out.lines.push_back(trim(line.text));
    if (!out.lines.back().empty()) out.filled = out.lines.size();
  }
  return out;
}

void settle_lengths(ParallelFile& sources, ParallelFile& targets) {
  const std::size_t count = std::max(sources.filled, targets.filled);
  const bool more_sources = sources.filled > targets.filled;
  const ParallelFile& longer = more_sources ? sources : targets;
  const ParallelFile& shorter = more_sources ? targets : sources;
  if (shorter.lines.size() < count) {
    const std::size_t first = shorter.lines.size();
    throw Error(
        Code::kData,
        fmt::format("{}:{}: {} has no partner: {} has {} line{}, {} has {}", longer.path, first + 1,
                    shown(longer.lines[first]), sources.path,
                    more_sources ? count : sources.lines.size(),
                    !more_sources && sources.lines.size() == 1 ? "" : "s", targets.path,
                    more_sources ? targets.lines.size() : count),
        "line N of one file belongs to line N of the other: look where they begin to differ, "
        "for example for a sentence that is cut in two");
  }
  sources.lines.resize(count);
  targets.lines.resize(count);
}

Dataset read_parallel(const PairInput& input) {
  if (input.targets == nullptr) {
    throw Error(Code::kUsage, input.source.path + ": --format parallel reads two files",
                "write them with a comma between: FILE,FILE");
  }
  ParallelFile sources = parallel_file(input.source), targets = parallel_file(*input.targets);
  settle_lengths(sources, targets);
  PairCollector collector(input);
  std::size_t blank = 0;
  for (std::size_t i = 0; i < sources.lines.size(); ++i) {
    if (sources.lines[i].empty() && targets.lines[i].empty()) {
      ++blank;
      continue;
    }
    collector.add({.line = static_cast<std::int64_t>(i) + 1,
                   .source = sources.lines[i],
                   .target = targets.lines[i]});
  }
  Dataset out = collector.finish(
      "each line of one file needs a line of the other, of words: mend these lines, or take them "
      "out of both files");
  if (blank > 0) {
    out.remarks.push_back(fmt::format("{},{}: {} line{} blank in both files passed over",
                                      input.source.path, input.targets->path, blank,
                                      blank == 1 ? "" : "s"));
  }
  return out;
}

}  // namespace

PairReader parallel_pairs() { return {recognise_parallel, read_parallel}; }

}  // namespace refrain::data

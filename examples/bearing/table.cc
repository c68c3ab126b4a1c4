#include "bearing/table.h"

#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>

#include "bearing/machine.h"
#include "refrain/base/error.h"

namespace refrain::bearing {
namespace {

std::string joined(const std::vector<double>& values) {
  std::string out;
  for (const double value : values) {
    fmt::format_to(std::back_inserter(out), "{}{:.5g}", out.empty() ? "" : ",", value);
  }
  return out;
}

}  // namespace

std::string as_csv(const std::vector<LabelledRun>& runs) {
  std::string out = "id,group,label";
  const std::size_t length = runs.empty() ? 0 : runs.front().channels.front().size();
  for (std::size_t i = 0; i < length; ++i) out += fmt::format(",x_{}", i);
  out += '\n';
  for (const LabelledRun& run : runs) {
    if (run.channels.size() != 1) {
      throw Error(Code::kUsage, "a wide CSV holds one channel, got 2",
                  "choose --format jsonl or ts");
    }
    out += fmt::format("{},{},{},{}\n", run.id, run.group, run.label, joined(run.channels.front()));
  }
  return out;
}

std::string as_jsonl(const std::vector<LabelledRun>& runs) {
  std::string out;
  for (const LabelledRun& run : runs) {
    std::string series;
    for (const auto& channel : run.channels) {
      series += fmt::format("{}[{}]", series.empty() ? "" : ",", joined(channel));
    }
    const auto quoted = [](const std::string& text) { return nlohmann::json(text).dump(); };
    out += fmt::format(R"({{"id":{},"group":{},"label":{},"series":[{}]}})", quoted(run.id),
                       quoted(run.group), quoted(run.label), series);
    out += '\n';
  }
  return out;
}

std::string as_ts(const std::vector<LabelledRun>& runs) {
  const std::size_t channels = runs.empty() ? 1 : runs.front().channels.size();
  const std::size_t length = runs.empty() ? 0 : runs.front().channels.front().size();
  std::string out = "@problemName Bearing\n@timeStamps false\n@missing false\n";
  out += fmt::format("@univariate {}\n", channels == 1);
  if (channels > 1) out += fmt::format("@dimensions {}\n", channels);
  out += fmt::format("@equalLength true\n@seriesLength {}\n@classLabel true", length);
  for (const Condition condition : kConditions)
    out += fmt::format(" {}", condition_name(condition));
  out += "\n@data\n";
  for (const LabelledRun& run : runs) {
    for (const auto& channel : run.channels) out += joined(channel) + ":";
    out += run.label + "\n";
  }
  return out;
}

}  // namespace refrain::bearing

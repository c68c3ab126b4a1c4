// Feeds any bytes to the readers of series in time: they may refuse them with refrain::Error and
// must do nothing worse. The first byte chooses the format, or recognition.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "refrain/base/error.h"
#include "refrain/data/history/history_reader.h"

namespace {

using refrain::data::Histories;

void require(bool holds) {
  if (!holds) std::abort();
}

// What read_histories promises.
void check(const Histories& read) {
  require(!read.series.empty() && read.calendar.every > 0 && !read.format.empty());
  for (const auto& history : read.series) {
    const std::size_t steps = history.steps();
    require(steps > 0 && !std::isnan(history.value.front()) && !std::isnan(history.value.back()));
    for (const double value : history.value) require(!std::isinf(value));
    require(history.known.size() >= steps * read.known.size());
    require(read.known.empty() ? history.known.empty()
                               : history.known.size() % read.known.size() == 0);
    require(history.past.size() == steps * read.past.size());
    require(history.fixed.size() == read.fixed.size());
    require(!history.id.empty() && history.line > 0);
    require(!read.calendar.stamp(history.start, static_cast<std::int64_t>(steps)).empty());
    for (const auto& part : read.calendar.parts()) {
      const double at = read.calendar.position(part, history.start, 0);
      require(at >= 0 && at < 1);
    }
  }
  for (const int season : read.calendar.usual_seasons()) require(season > 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto formats = refrain::data::history_readers().names();
  refrain::data::HistorySpec spec;
  const std::size_t which = data[0] % (2 * formats.size());
  if (which < formats.size()) spec.format = formats[which];
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    check(refrain::data::read_histories_from(bytes, "fuzz.csv", spec, refrain::base::Log()));
  } catch (const refrain::Error&) {
  }
  return 0;
}

#include "refrain/forecast/join.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "refrain/base/at.h"
#include "refrain/base/error.h"

namespace refrain::forecast {
namespace {

using base::at;

constexpr double kUnseen = std::numeric_limits<double>::quiet_NaN();

bool begins_with(const std::vector<double>& all, const std::vector<double>& start) {
  return all.size() >= start.size() &&
         std::equal(start.begin(), start.end(), all.begin(),
                    [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); });
}

// Where in the training series the first value of the test series stands.
std::int64_t place_of(const data::History& test, const data::History& training,
                      const data::Calendar& calendar) {
  if (calendar.unit != data::Calendar::Unit::kNumber) {
    return (test.start - training.start) / calendar.every;
  }
  if (begins_with(test.value, training.value)) return 0;
  const std::int64_t by_number = (test.start - training.start) / calendar.every;
  const auto length = static_cast<std::int64_t>(training.steps());
  return by_number == length ? by_number : length;
}

// Rows of `from` put behind the rows that are there, from the training row `place` on.
void add_rows(const std::vector<double>& from, std::size_t width, std::int64_t place,
              std::size_t rows, std::vector<double>& to) {
  if (width == 0) return;
  const std::size_t begin = to.size() / width;
  if (rows > begin) to.resize(rows * width, kUnseen);
  for (std::size_t t = begin; t < rows; ++t) {
    const std::int64_t row = static_cast<std::int64_t>(t) - place;
    if (row < 0 || (static_cast<std::size_t>(row) + 1) * width > from.size()) continue;
    std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(row) * width),
                width, to.begin() + static_cast<std::ptrdiff_t>(t * width));
  }
}

}  // namespace

Joined join(data::Histories training, const data::Histories& test) {
  const auto refuse = [&](const std::string& what, const std::string& remedy) {
    throw Error(Code::kData, test.path + ": " + what, remedy);
  };
  const bool same_steps =
      test.calendar.unit == training.calendar.unit &&
      (test.calendar.every == training.calendar.every || test.series.front().steps() < 2);
  if (!same_steps) {
    refuse(fmt::format("its steps are {}, those of the training file {}", test.calendar.name(),
                       training.calendar.name()),
           "give a test file that goes on as the training file");
  }
  if (test.known.size() != training.known.size() || test.past.size() != training.past.size()) {
    refuse("its covariates are not those of the training file",
           "give both files the same columns; --known and --past tell what they are");
  }
  Joined out;
  std::map<std::string, std::size_t> places;
  for (std::size_t s = 0; s < training.series.size(); ++s) {
    places[training.series[s].id] = s;
    out.known.push_back(static_cast<int>(training.series[s].steps()));
  }
  for (const auto& more : test.series) {
    const auto found = places.find(more.id);
    if (found == places.end()) {
      refuse(fmt::format("series '{}' is not in the training file", more.id),
             "leave it out, or score it with 'refrain evaluate'");
    }
    data::History& h = training.series[found->second];
    const std::int64_t place = place_of(more, h, training.calendar);
    const auto length = static_cast<std::int64_t>(more.steps());
    const auto T = static_cast<std::int64_t>(h.steps());
    if (place < 0 && place + length <= T) continue;
    for (std::int64_t t = T; t < place + length; ++t) {
      h.value.push_back(t < place ? kUnseen : more.value[static_cast<std::size_t>(t - place)]);
    }
    add_rows(
        more.known, training.known.size(), place,
        std::max(h.steps(), static_cast<std::size_t>(std::max<std::int64_t>(0, place)) +
                                more.known.size() / std::max<std::size_t>(1, test.known.size())),
        h.known);
    add_rows(more.past, training.past.size(), place, h.steps(), h.past);
    out.horizon = std::max(out.horizon, static_cast<int>(h.steps()) - out.known[found->second]);
  }
  if (out.horizon == 0) {
    refuse("no series goes on behind the end of the training file",
           "give the values that follow it");
  }
  out.histories = std::move(training);
  return out;
}

}  // namespace refrain::forecast

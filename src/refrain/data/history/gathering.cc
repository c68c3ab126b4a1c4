#include "refrain/data/history/gathering.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "refrain/base/error.h"
#include "refrain/data/readers/lines.h"

namespace refrain::data {
namespace {

constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kMostFilled = 100'000'000;  // values of a file that were not there

constexpr const char* kTwiceHint =
    "a series has one row for each time: where several columns tell series apart name them all, as "
    "in "
    "--id shop,item; where a clock was set back write times in UTC or with their offset";
constexpr const char* kTimeHint =
    "times of all series lie equally far apart, with rows left out where values are missing; write "
    "months as 2020-01 and quarters as 2020Q1, part series of other frequencies into other files, "
    "or "
    "take the time column out: then rows are numbered";

bool is_there(double value) { return !std::isnan(value); }

// The part of rows [from, to) of a matrix with rows of `width`.
std::vector<double> rows_of(const std::vector<double>& matrix, std::size_t from, std::size_t to,
                            std::size_t width) {
  const auto place = [&](std::size_t row) {
    return matrix.begin() + static_cast<std::ptrdiff_t>(std::min(row * width, matrix.size()));
  };
  return {place(from), place(to)};
}

std::string in_words(const std::vector<std::string>& names) {
  constexpr std::size_t kMostNamed = 12;
  std::vector<std::string> some(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                                   names.size(), kMostNamed)));
  if (some.size() < names.size()) some.push_back(fmt::format("... ({} in all)", names.size()));
  return fmt::format("{}", fmt::join(some, ", "));
}

// " from 2020-01-01 to 2020-12-31": of all series.
std::string span_of(const Histories& out) {
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  for (const auto& history : out.series) {
    const auto steps = static_cast<std::int64_t>(history.steps());
    first = std::min(first, history.start);
    last = std::max(last, history.start + (steps - 1) * out.calendar.every);
  }
  return fmt::format(" from {} to {}", out.calendar.stamp(first, 0), out.calendar.stamp(last, 0));
}

std::string summary_of(const Histories& out) {
  std::size_t least = std::numeric_limits<std::size_t>::max(), most = 0;
  for (const auto& history : out.series) {
    least = std::min(least, history.steps());
    most = std::max(most, history.steps());
  }
  const std::string steps =
      least == most ? fmt::format("{}", most) : fmt::format("{} to {}", least, most);
  const bool numbered = out.calendar.unit == Calendar::Unit::kNumber;
  std::string text = fmt::format("{} series of {} step{}, {}", out.series.size(), steps,
                                 most == 1 ? "" : "s", numbered ? "numbered" : out.calendar.name());
  if (!numbered) text += span_of(out);
  if (!out.known.empty()) text += "; known for the future: " + in_words(out.known);
  if (!out.past.empty()) text += "; known up to now: " + in_words(out.past);
  if (!out.fixed.empty()) text += "; of a series: " + in_words(out.fixed);
  return text;
}

// Puts the rows of all groups on one calendar.
class TableGathering {
 public:
  TableGathering(TimedTable table, Histories& out, Problems& problems)
      : table_(std::move(table)), out_(out), problems_(problems) {}

  void run() {
    find_times();
    problems_.throw_if_any(kTwiceHint);
    out_.calendar = find_calendar(table_.stamps, times_, problems_);
    problems_.throw_if_any(kTimeHint);
    check_spans();
    problems_.throw_if_any(kTimeHint);
    settle_roles();
    HistoryGatherer gatherer(out_, problems_);
    for (std::size_t g = 0; g < table_.groups.size(); ++g) {
      lay_out(g);
      for (std::size_t target = 0; target < width(); ++target) gatherer.add(history_of(g, target));
      table_.groups[g] = TimedGroup();
    }
    remark();
    gatherer.finish(
        "a series needs at least one value; leave out the ones that have none, or name the columns "
        "that are series with --target");
  }

 private:
  std::size_t width() const { return table_.targets.size(); }

  void find_times() {
    for (auto& group : table_.groups) {
      std::vector<std::int64_t> time;
      for (const auto& moment : group.moments) time.push_back(table_.stamps.time(moment));
      group.moments = {};
      std::vector<std::size_t> order(time.size());
      std::iota(order.begin(), order.end(), std::size_t{0});
      if (!std::is_sorted(time.begin(), time.end())) {
        ++sorted_;
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return time[a] < time[b]; });
      }
      Times times;
      times.id = group.id.empty() ? table_.targets.front() : group.id;
      for (const std::size_t row : order) {
        if (!times.time.empty() && times.time.back() == time[row]) {
          problems_.add(group.lines[row], 0,
                        fmt::format("this time of series {} stands on line {} already",
                                    shown(times.id), times.line.back()));
        }
        times.time.push_back(time[row]);
        times.line.push_back(group.lines[row]);
      }
      times_.push_back(std::move(times));
      orders_.push_back(std::move(order));
    }
  }

  // From the first to the last time of a group.
  std::int64_t steps_of(std::size_t g) const {
    const auto& time = times_[g].time;
    return (time.back() - time.front()) / out_.calendar.every + 1;
  }

  void check_spans() {
    const auto wide = static_cast<std::int64_t>(width() + table_.covariates.size());
    std::int64_t filled = 0;
    for (std::size_t g = 0; g < times_.size(); ++g) {
      const std::int64_t steps = steps_of(g);
      const std::int64_t missing = steps - static_cast<std::int64_t>(times_[g].time.size());
      filled += std::min(missing, kMostFilled) * wide;
      if (steps <= kMostSteps && filled <= kMostFilled) continue;
      problems_.add(times_[g].line.back(), 0,
                    fmt::format("the times of series {} span {} steps of which {} are missing; a "
                                "series has at most {} and few gaps",
                                shown(times_[g].id), steps, missing, kMostSteps));
    }
  }

  // Rows behind the last value tell which covariates are known for the future.
  void settle_roles() {
    for (std::size_t c = 0; c < table_.roles.size(); ++c) {
      if (table_.roles[c] == CovariateRole::kOpen) {
        table_.roles[c] = goes_on(c) ? CovariateRole::kKnown : CovariateRole::kPast;
      }
      auto& names = table_.roles[c] == CovariateRole::kKnown  ? out_.known
                    : table_.roles[c] == CovariateRole::kPast ? out_.past
                                                              : out_.fixed;
      names.push_back(table_.covariates[c]);
    }
  }

  bool goes_on(std::size_t covariate) const {
    for (std::size_t g = 0; g < table_.groups.size(); ++g) {
      const auto& group = table_.groups[g];
      const auto& order = orders_[g];
      for (std::size_t i = order.size(); i-- > 0;) {
        const auto* values = group.values.data() + order[i] * width();
        if (std::any_of(values, values + width(), is_there)) break;
        if (is_there(group.covariates[order[i] * table_.roles.size() + covariate])) return true;
      }
    }
    return false;
  }

  // The row of each step, or none.
  void lay_out(std::size_t g) {
    const auto& time = times_[g].time;
    rows_.assign(static_cast<std::size_t>(steps_of(g)), kNoRow);
    for (std::size_t i = 0; i < time.size(); ++i) {
      const std::int64_t step = (time[i] - time.front()) / out_.calendar.every;
      rows_[static_cast<std::size_t>(step)] = orders_[g][i];
    }
    const std::size_t missing = rows_.size() - time.size();
    gaps_ += missing;
    gappy_ += missing > 0 ? 1 : 0;
  }

  History history_of(std::size_t g, std::size_t target) {
    const auto& group = table_.groups[g];
    History out;
    const std::string& name = table_.targets[target];
    out.id = group.id.empty() ? name : width() == 1 ? group.id : group.id + "/" + name;
    out.line = group.lines.empty() ? 1 : group.lines.front();
    out.start = times_[g].time.front();
    const auto value_at = [&](std::size_t row) { return group.values[row * width() + target]; };
    out.value.reserve(rows_.size());
    for (const std::size_t row : rows_) {
      out.value.push_back(row == kNoRow ? kNoValue : value_at(row));
    }
    add_covariates(group, CovariateRole::kKnown, out.known);
    add_covariates(group, CovariateRole::kPast, out.past);
    for (std::size_t c = 0; c < table_.roles.size(); ++c) {
      if (table_.roles[c] == CovariateRole::kFixed) out.fixed.push_back(fixed_of(group, c));
    }
    return out;
  }

  void add_covariates(const TimedGroup& group, CovariateRole role, std::vector<double>& to) const {
    for (const std::size_t row : rows_) {
      for (std::size_t c = 0; c < table_.roles.size(); ++c) {
        if (table_.roles[c] != role) continue;
        to.push_back(row == kNoRow ? kNoValue : group.covariates[row * table_.roles.size() + c]);
      }
    }
  }

  double fixed_of(const TimedGroup& group, std::size_t covariate) {
    double out = kNoValue;
    for (std::size_t row = 0; row < group.lines.size(); ++row) {
      const double value = group.covariates[row * table_.roles.size() + covariate];
      if (!is_there(value) || value == out) continue;
      if (is_there(out)) {
        problems_.add(group.lines[row], 0,
                      fmt::format("{} changes within series {}, and was named as fixed",
                                  shown(table_.covariates[covariate]), shown(group.id)));
        break;
      }
      out = value;
    }
    return out;
  }

  void remark() {
    if (sorted_ > 0) {
      out_.remarks.push_back(
          fmt::format("{}: the rows of {} series were not in the order of time; "
                      "they were sorted",
                      out_.path, sorted_ * (table_.groups.size() == 1 ? width() : 1)));
    }
    if (gaps_ > 0) {
      out_.remarks.push_back(fmt::format(
          "{}: {} step{} left out ({}); {} missing value{} in {} series", out_.path, gaps_,
          gaps_ == 1 ? " is" : "s are", out_.calendar.name(), gaps_ == 1 ? "it is a" : "they are",
          gaps_ == 1 ? "" : "s", gappy_ * (table_.groups.size() == 1 ? width() : 1)));
    }
  }

  static constexpr std::size_t kNoRow = std::numeric_limits<std::size_t>::max();

  TimedTable table_;
  Histories& out_;
  Problems& problems_;
  std::vector<Times> times_;                      // of each group
  std::vector<std::vector<std::size_t>> orders_;  // rows of each group by time
  std::vector<std::size_t> rows_;                 // of each step of the group in hand
  std::size_t sorted_ = 0, gaps_ = 0, gappy_ = 0;
};

}  // namespace

void HistoryGatherer::add(History history) {
  const auto [seen, fresh] = lines_.emplace(history.id, history.line);
  if (!fresh) {
    problems_.add(
        history.line, 0,
        fmt::format("the series {} stands on line {} already", shown(history.id), seen->second));
  } else if (static_cast<std::int64_t>(history.steps()) > kMostSteps) {
    problems_.add(history.line, 0,
                  fmt::format("series {} has {} steps; at most {} are read", shown(history.id),
                              history.steps(), kMostSteps));
  } else if (!cut_ends(history)) {
    problems_.add(history.line, 0,
                  fmt::format("series {} has no value: all are missing", shown(history.id)));
  } else {
    out_.series.push_back(std::move(history));
  }
}

// False where no value is there.
bool HistoryGatherer::cut_ends(History& history) const {
  auto& value = history.value;
  const auto first = std::find_if(value.begin(), value.end(), is_there);
  if (first == value.end()) return false;
  const auto last = std::find_if(value.rbegin(), value.rend(), is_there).base();
  const auto from = static_cast<std::size_t>(first - value.begin());
  const auto to = static_cast<std::size_t>(last - value.begin());
  const std::size_t known = out_.known.size(), past = out_.past.size();
  if (known > 0) {
    const auto end = std::find_if(history.known.rbegin(), history.known.rend(), is_there).base();
    const auto filled = static_cast<std::size_t>(end - history.known.begin());
    const std::size_t rows = std::max(to, (filled + known - 1) / known);
    history.known = rows_of(history.known, from, rows, known);
    history.known.resize((std::max(rows, to) - from) * known, kNoValue);
  }
  if (past > 0) history.past = rows_of(history.past, from, to, past);
  history.start += static_cast<std::int64_t>(from) * out_.calendar.every;
  value.erase(last, value.end());
  value.erase(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(from));
  return true;
}

void HistoryGatherer::finish(const std::string& hint) {
  problems_.throw_if_any(hint);
  if (out_.series.empty()) {
    throw Error(Code::kData, fmt::format("{}: there is no series in this file", out_.path),
                "give a file with at least one series");
  }
  out_.summary = summary_of(out_);
}

void gather_table(TimedTable table, Histories& out, Problems& problems) {
  TableGathering(std::move(table), out, problems).run();
}

}  // namespace refrain::data

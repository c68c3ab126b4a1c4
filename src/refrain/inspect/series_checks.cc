#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "refrain/inspect/file_checks.h"

namespace refrain::inspect {
namespace {

constexpr double kFewSteps = 10;      // runs of fewer equal values are none that stand out
constexpr double kStill = 0.4;        // share of the steps in a run of equal values that stands out
constexpr double kUsualStill = 0.1;   // where nine of ten samples have runs of at most this share
constexpr double kWhollyStill = 0.9;  // of channels with flat stretches of their own, or few steps
constexpr double kLeastSteps = 6, kFlatByNature = 0.7;
constexpr double kApart = 8;       // robust deviations that a sample stands apart by
constexpr double kTenfold = 1;     // and so many powers of ten of its spread
constexpr double kFewApart = 0.2;  // more samples than this share are no exceptions
constexpr double kEnd = 0.01;      // share of the values at one end of the range

class SeriesCheck {
 public:
  SeriesCheck(const Profile& profile, const Stream& stream, std::vector<Finding>& out)
      : profile_(profile), stream_(stream), out_(out) {}

  void run() {
    if (stream_.one_step.count > 0) {
      add(Severity::kNote, "one_step", nullptr,
          fmt::format("{} of {} series have one step", stream_.one_step.count, profile_.samples),
          "there is no order in them to learn from: a method for tables may serve better");
    }
    for (const auto& channel : stream_.channels) one(channel);
    tell_constant();
  }

 private:
  void one(const Channel& c) {
    missing(c);
    if (c.values == 0) return;
    if (c.constant() && c.values > 1) {
      constant_.push_back(fmt::format("{} ({:g})", c.name, c.low));
      return;
    }
    still(c);
    apart(c);
    ends(c);
    if (c.spiky_samples.count > 0) {
      add(Severity::kNote, "spikes", &c,
          fmt::format("{} of {} samples have single values far off their neighbours ({})",
                      c.spiky_samples.count, profile_.samples, lines_text(c.spiky_samples.lines)),
          "where they are faults of the sensor, mark them as missing");
    }
  }

  // One finding for all of them: some data have many.
  void tell_constant() {
    if (constant_.empty()) return;
    add(Severity::kWarning, "constant_channel", nullptr,
        fmt::format("{} of {} never {}: {}",
                    counted(static_cast<std::int64_t>(constant_.size()), "channel"),
                    stream_.channels.size(), constant_.size() == 1 ? "moves" : "move",
                    fmt::join(constant_, ", ")),
        "they tell nothing: leave them out, or find out why they stand still");
  }

  void missing(const Channel& c) {
    if (c.empty_samples.count > 0) {
      add(Severity::kWarning, "no_values", &c,
          fmt::format("{} of {} samples have no value at all ({})", c.empty_samples.count,
                      profile_.samples, lines_text(c.empty_samples.lines)),
          "drop them, or find out where the values were lost");
    }
    if (c.missing == 0) return;
    const auto all = static_cast<double>(c.values + c.missing);
    add(Severity::kNote, "missing_values", &c,
        fmt::format("{} of {} values are missing ({:.2g} %)", c.missing, c.values + c.missing,
                    100 * static_cast<double>(c.missing) / all),
        "they are replaced by the mean, and marked (--mask)");
  }

  // Samples in which it stands still, though it moves in most.
  void still(const Channel& c) {
    const double steps = quantile(stream_.steps.sorted(), 0.5);
    const double usual = quantile(c.still.sorted(), 0.9);
    if (steps < kLeastSteps || usual > kFlatByNature) return;
    const double least = steps >= kFewSteps && usual <= kUsualStill ? kStill : kWhollyStill;
    Noted found;
    for (const auto& entry : c.still.entries()) {
      if (entry.value >= least) found.add(line(entry.number));
    }
    if (found.count == 0) return;
    add(Severity::kWarning, "still_channel", &c,
        fmt::format("stands still for {:.0f} % and more of {} of {} samples ({})", 100 * least,
                    found.count, profile_.samples, lines_text(found.lines)),
        "was the sensor disconnected there? Drop these samples, or mark the values as missing");
  }

  // Samples of another scale or place than all others: another unit, a decimal point lost.
  void apart(const Channel& c) {
    std::vector<double> sizes;
    const auto spreads = c.spread.entries();
    for (const auto& entry : spreads) {
      if (entry.value > 0) sizes.push_back(std::log10(entry.value));
    }
    const Middle usual = middle_of(sizes);
    Noted found;
    double sum = 0;
    for (const auto& entry : spreads) {
      if (!(entry.value > 0)) continue;
      const double off = std::log10(entry.value) - usual.median;
      if (std::abs(off) < std::max(kTenfold, kApart * usual.deviation)) continue;
      found.add(line(entry.number));
      sum += off;
    }
    const auto few = kFewApart * static_cast<double>(spreads.size());
    if (found.count == 0 || static_cast<double>(found.count) > few) return;
    add(Severity::kWarning, "other_scale", &c,
        fmt::format("moves about {:.2g} times as much in {} of {} samples as in the others ({})",
                    std::pow(10, sum / static_cast<double>(found.count)), found.count,
                    profile_.samples, lines_text(found.lines)),
        "are they in another unit, or is a decimal point lost?");
  }

  // Many values at exactly one end of a range that has fractions.
  void ends(const Channel& c) {
    if (c.whole) return;
    const auto share = [&](std::int64_t n) {
      return static_cast<double>(n) / static_cast<double>(c.values);
    };
    const bool high = share(c.at_high) > kEnd, low = share(c.at_low) > kEnd;
    if (!high && !low) return;
    add(Severity::kNote, "clipped_values", &c,
        fmt::format("{:.2g} % of the values are exactly {:g}, the {} one",
                    100 * share(high ? c.at_high : c.at_low), high ? c.high : c.low,
                    high ? "largest" : "smallest"),
        "is that the end of the sensor's range?");
  }

  std::int64_t line(std::int64_t number) const {
    return profile_.marks[static_cast<std::size_t>(number)].line;
  }

  void add(Severity severity, const char* check, const Channel* channel, std::string sentence,
           std::string remedy) {
    std::string where = profile_.streams.size() == 1 ? "" : "stream " + stream_.name;
    if (channel != nullptr && stream_.channels.size() > 1) {
      where += (where.empty() ? "channel " : ", channel ") + channel->name;
    }
    out_.push_back({severity, check, profile_.path, where, std::move(sentence), std::move(remedy)});
  }

  const Profile& profile_;
  const Stream& stream_;
  std::vector<Finding>& out_;
  std::vector<std::string> constant_;
};

}  // namespace

void check_series(const Profile& p, const Stream& s, std::vector<Finding>& out) {
  SeriesCheck(p, s, out).run();
}

}  // namespace refrain::inspect

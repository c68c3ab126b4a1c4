#include "refrain/inspect/drift.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_set>

#include "refrain/inspect/unlike_channels.h"

namespace refrain::inspect {
namespace {

constexpr double kFamilyLevel = 0.01;  // of all tests of two files together
constexpr double kSlight = 0.15;       // a distance below it is none that matters
constexpr double kSlightCounts = 0.1;
constexpr double kLarge = 0.5;

// Samples that are no copies, or groups where there are some: what counts as independent.
double units_of(const Profile& p) {
  if (!p.groups.empty())
    return static_cast<double>(p.groups.size()) + static_cast<double>(p.without_group);
  std::unordered_set<std::uint64_t> contents;
  for (const Mark& mark : p.marks) contents.insert(mark.content);
  return static_cast<double>(contents.size());
}

class DriftSearch {
 public:
  DriftSearch(const Profile& known, const Profile& judged)
      : known_(known),
        judged_(judged),
        known_units_(units_of(known)),
        judged_units_(units_of(judged)) {}

  Drift run() {
    out_.known = known_.path, out_.judged = judged_.path;
    // Units that are to be judged stop earlier than those that failed: that is no drift.
    if (known_.lives || judged_.lives) return std::move(out_);
    const std::size_t count = std::min(known_.streams.size(), judged_.streams.size());
    for (std::size_t s = 0; s < count; ++s) {
      if (known_.streams[s].kind == judged_.streams[s].kind) {
        stream(known_.streams[s], judged_.streams[s]);
      }
    }
    targets();
    settle();
    for (std::size_t s = 0; s < count; ++s) channels(known_.streams[s], judged_.streams[s]);
    tell_rest();
    return std::move(out_);
  }

 private:
  void test(const std::string& where, const std::string& feature, const Reservoir& a,
            const Reservoir& b, double grain) {
    if (a.added() == 0 || b.added() == 0) return;
    const auto first = a.sorted(), second = b.sorted();
    const auto seen = [](const std::vector<double>& values, double units) {
      return std::min(units, static_cast<double>(values.size()));
    };
    out_.tests.push_back(
        {where, feature,
         compare_numbers({first, second, seen(first, known_units_), seen(second, judged_units_)},
                         grain)});
  }

  std::string place(const Stream& stream, const std::string& channel) const {
    const bool alone = known_.streams.size() == 1;
    if (channel.empty()) return alone ? "" : "stream " + stream.name;
    if (alone && stream.channels.size() == 1) return "";
    return alone ? "channel " + channel : fmt::format("channel {} of {}", channel, stream.name);
  }

  void stream(const Stream& a, const Stream& b) {
    const std::string where = place(a, "");
    test(where, "length", a.steps, b.steps, 1);
    const std::size_t count = std::min(a.channels.size(), b.channels.size());
    for (std::size_t c = 0; c < count; ++c) channel(a, a.channels[c], b.channels[c]);
    test(where, "characters", a.texts.characters, b.texts.characters, 1);
    test(where, "capitals", a.texts.capitals, b.texts.capitals, 0.01);
    test(where, "digits", a.texts.digits, b.texts.digits, 0.01);
    test(where, "Chinese characters", a.texts.chinese, b.texts.chinese, 0.01);
    test(where, "other letters", a.texts.other_letters, b.texts.other_letters, 0.01);
    test(where, "marks", a.texts.marks, b.texts.marks, 0.01);
    test(where, "seconds", a.sounds.seconds, b.sounds.seconds, 0.01);
    test(where, "loudness", a.sounds.loudness, b.sounds.loudness, 0.1);
    test(where, "silence", a.sounds.silence, b.sounds.silence, 0.01);
  }

  void channel(const Stream& of, const Channel& a, const Channel& b) {
    const std::string where = place(of, a.name);
    const double grain = 0.02 * a.deviation();
    test(where, "level", a.level, b.level, grain);
    test(where, "spread", a.spread, b.spread, grain);
    test(where, "roughness", a.roughness, b.roughness, 0.01);
    test(where, "missing values", a.gaps, b.gaps, 0.01);
    test(where, "longest run of equal values", a.still, b.still, 0.02);
  }

  void counts(const std::string& where, const std::map<std::string, double>& a,
              const std::map<std::string, double>& b) {
    if (!a.empty() && !b.empty()) out_.tests.push_back({where, "", compare_counts(a, b)});
  }

  static std::map<std::string, double> label_counts(const Profile& p) {
    std::map<std::string, double> out;
    for (std::size_t i = 0; i < p.label_names.size(); ++i) {
      out[p.label_names[i]] = static_cast<double>(p.label_count[i]);
    }
    return out;
  }

  void targets() {
    if (known_.number_labels && judged_.number_labels) {
      test("target", "values", known_.target, judged_.target, 0);
    } else if (known_.labelled && judged_.labelled) {
      counts("labels", label_counts(known_), label_counts(judged_));
    }
    if (!known_.tagged || !judged_.tagged) return;
    counts("tags", {known_.tags.begin(), known_.tags.end()},
           {judged_.tags.begin(), judged_.tags.end()});
  }

  void settle() {
    std::vector<double> p;
    for (const auto& one : out_.tests) p.push_back(one.found.p);
    const auto below = below_together(p, kFamilyLevel);
    for (std::size_t i = 0; i < p.size(); ++i) {
      DriftTest& one = out_.tests[i];
      one.differs =
          below[i] && one.found.distance > (one.feature.empty() ? kSlightCounts : kSlight);
    }
  }

  bool differs(const std::string& where) const {
    return std::any_of(out_.tests.begin(), out_.tests.end(),
                       [&](const DriftTest& one) { return one.differs && one.where == where; });
  }

  void add(const std::string& where, std::string check, std::string sentence, std::string remedy) {
    explained_.insert(where);
    out_.findings.push_back({Severity::kError, std::move(check), judged_.path, where,
                             std::move(sentence), std::move(remedy)});
  }

  void channels(const Stream& a, const Stream& b) {
    for (const auto& [i, j, sample_by_sample] : exchanged(a, b)) {
      const std::string first = place(a, a.channels[static_cast<std::size_t>(i)].name);
      const std::string second = place(a, a.channels[static_cast<std::size_t>(j)].name);
      if (!sample_by_sample && (!differs(first) || !differs(second))) continue;
      add(first, "exchanged_channels",
          fmt::format("{} and {} look as if they had changed places", first, second),
          fmt::format("compare the order of the columns with that of {}", known_.name));
      explained_.insert(second);
    }
    const std::size_t count = std::min(a.channels.size(), b.channels.size());
    for (std::size_t c = 0; c < count; ++c) {
      const std::string where = place(a, a.channels[c].name);
      if (explained_.contains(where) || !differs(where)) continue;
      explain(where, a.channels[c], b.channels[c]);
    }
  }

  void explain(const std::string& where, const Channel& a, const Channel& b) {
    const std::string subject = where.empty() ? "the series" : where;
    if (stopped(a, b)) {
      add(where, "stopped_channel",
          fmt::format("{} {} still in {} of {} samples, and moves in {}", subject,
                      where.empty() ? "stand" : "stands", b.still_samples.count, judged_.samples,
                      known_.name),
          "is the sensor broken, or the column filled with one value?");
    } else if (const auto change = rescaled(a, b)) {
      const bool scaled = change->factor != 1;
      add(where, scaled ? "unit" : "offset",
          scaled ? fmt::format(
                       "values of {} are about {:.4g} times those of {}{}", subject, change->factor,
                       known_.name,
                       change->offset == 0 ? "" : fmt::format(", and {:.3g} more", change->offset))
                 : fmt::format("values of {} are about {:.3g} {} than those of {}", subject,
                               std::abs(change->offset), change->offset > 0 ? "higher" : "lower",
                               known_.name),
          "bring both files to one unit");
    }
  }

  // One line for each place that differs without a known reason.
  void tell_rest() {
    std::set<std::string> told;
    for (const auto& one : out_.tests) {
      if (!one.differs || explained_.contains(one.where) || !told.insert(one.where).second)
        continue;
      std::vector<std::string> parts;
      double largest = 0;
      for (const auto& other : out_.tests) {
        if (!other.differs || other.where != one.where) continue;
        largest = std::max(largest, other.found.distance);
        parts.push_back(
            other.feature.empty()
                ? fmt::format("shares (distance {:.2f})", other.found.distance)
                : fmt::format("{} (distance {:.2f})", other.feature, other.found.distance));
      }
      out_.findings.push_back(
          {Severity::kWarning, "drift", judged_.path, one.where,
           fmt::format("{}{} from {} in {}", one.where.empty() ? "differs" : one.where + " differ",
                       one.where.empty() || one.where.ends_with("s") ? "" : "s", known_.name,
                       fmt::join(parts, ", ")),
           largest > kLarge
               ? "a model of one file will not fit the other: were they recorded alike?"
               : "expect a lower score than cross-validation gives"});
    }
  }

  const Profile &known_, &judged_;
  double known_units_, judged_units_;
  std::set<std::string> explained_;
  Drift out_;
};

}  // namespace

Drift drift_between(const Profile& known, const Profile& judged) {
  return DriftSearch(known, judged).run();
}

}  // namespace refrain::inspect

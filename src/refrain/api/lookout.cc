#include "refrain/api/inside/lookout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <set>

#include "refrain/api/inside/clock.h"
#include "refrain/api/inside/label_check.h"
#include "refrain/api/inside/options_impl.h"
#include "refrain/api/inside/settle.h"
#include "refrain/base/at.h"
#include "refrain/inspect/preflight.h"
#include "refrain/method/method.h"

namespace refrain::api {
namespace {

using base::at;

constexpr std::int64_t kLeastSamples = 20;  // fewer samples allow no conclusion
// Limits that keep the analysis within about half a minute on two cores.
constexpr double kMostCharacters = 1e6, kMostWords = 5e3, kMostValues = 5e6;
constexpr std::int64_t kMostSeries = 2000, kMostSounds = 1000;
constexpr double kPoints = 0.03;    // gain for which the needed samples are estimated
constexpr double kEnough = 0.97;    // accuracy at which a simple method is called sufficient
constexpr double kNothing = 0.005;  // a smaller gain counts as none
constexpr std::size_t kLinesTold = 20;

class Looking {
 public:
  explicit Looking(const LookoutWork& work)
      : work_(work),
        asked_(work.job.label_errors == "yes" || !work.job.fixes_out.empty()),
        spec_(work.job.options.impl().spec) {}

  Lookout run() {
    if (!can_learn()) return {};
    if (work_.file.profile.encoding != "utf-8") spec_.read.encoding = work_.file.profile.encoding;
    spec_.tag.span_tags = "bio";
    work_.log.info(work_.file.profile.name + ": asking simple methods about samples held out");
    const double start = now();
    data_ = read_to_learn(work_.job.data, spec_, silent_);
    if (!task::can_learn(task::task_of(spec_), {data_, all_of(data_)})) return {};
    all_ = all_of(data_);
    labels();
    if (out_.labels.empty()) return std::move(out_);
    preflight();
    work_.log.info(fmt::format("{}: that took {:.0f} s", work_.file.profile.name, now() - start));
    return std::move(out_);
  }

 private:
  bool stopped() const { return work_.job.hooks.stop != nullptr && work_.job.hooks.stop->load(); }

  bool can_learn() {
    const auto& file = work_.file;
    const bool task = file.task == "classify" || file.task == "regress" || file.task == "tag";
    if (!file.whole || !task || file.data.lives || file.profile.samples < kLeastSamples) {
      if (asked_) {
        throw Error(Code::kUsage,
                    file.profile.path + ": too few labels, or too many samples, to hold some out",
                    "leave --label-errors and --fixes-out out");
      }
      return false;
    }
    if (asked_ || !takes_long()) return true;
    work_.log.info(
        "wrong labels were not looked for: it would take minutes; --label-errors yes does it");
    return false;
  }

  bool takes_long() const {
    const auto& p = work_.file.profile;
    double characters = 0, values = 0;
    for (const auto& stream : p.streams) {
      if (stream.kind == data::StreamKind::kSound && p.samples > kMostSounds) return true;
      if (stream.kind == data::StreamKind::kSeries && p.samples > kMostSeries) return true;
      characters += mean_of(stream.texts.characters) * static_cast<double>(p.samples);
      for (const auto& c : stream.channels) values += static_cast<double>(c.values);
    }
    double words = 0;
    for (const auto& [tag, count] : p.tags) words += static_cast<double>(count);
    return characters > kMostCharacters || values > kMostValues ||
           (work_.file.task == "tag" && words > kMostWords);
  }

  static double mean_of(const inspect::Reservoir& values) {
    double sum = 0;
    const auto all = values.sorted();
    for (const double v : all) sum += v;
    return all.empty() ? 0 : sum / static_cast<double>(all.size());
  }

  HeldOutAnswers ask(double share, bool one, std::vector<int> left_out = {}) const {
    return held_out_answers(
        {data_, spec_, once_, work_.job.hooks.stop, 5, 1, share, one, std::move(left_out)});
  }

  // A second round learns nothing from what the first one flagged.
  void labels() {
    first_ = ask(1, true);
    if (first_.methods.empty() || stopped()) return;
    if (first_.goal->of_steps()) {  // hardly a sample has none of its tags flagged
      out_.labels = label_candidates(data_, first_);
    } else {
      const auto second = ask(1, false, flagged_samples(data_, first_));
      if (second.methods.empty() || stopped()) return;
      out_.labels = label_candidates(data_, second);
    }
    tell_labels();
  }

  void tell_labels() {
    std::int64_t flagged = 0;
    std::vector<std::int64_t> lines;
    for (const auto& c : out_.labels) {
      if (!c.flagged) continue;
      ++flagged;
      if (lines.size() < kLinesTold) lines.push_back(c.line);
    }
    if (flagged == 0) return;
    std::size_t all = data_.samples.size();
    if (data_.has_tags && !data_.has_labels) {
      all = 0;
      for (const auto& s : data_.samples) all += s.tags.size();
    }
    out_.findings.push_back(
        {inspect::Severity::kNote, "label_errors", work_.job.data, "labels",
         fmt::format("{} of {} look wrong ({})", flagged, all, inspect::lines_text(lines)),
         "look at them: --fixes-out FILE lists them, 'refrain train --fixes FILE' takes your "
         "decisions",
         flagged, lines});
  }

  // The loss of each sample when this share of the others is learned from.
  inspect::CurvePoint point_of(double share, const HeldOutAnswers& answers) const {
    inspect::CurvePoint out{share, {}};
    const auto width = at(answers.goal->width());
    if (!truth_.targets.empty()) {
      for (std::size_t i = 0; i < truth_.targets.size(); ++i) {
        const double* row = answers.numbers.data() + i * width;
        const auto best = std::max_element(row, row + width) - row;
        out.loss.push_back(best == truth_.targets[i] ? 0 : 1);
      }
    } else {
      for (std::size_t i = 0; i < data_.samples.size(); ++i) {
        const double d = answers.numbers[i * width] - truth_.values[i * width];
        out.loss.push_back(d * d);
      }
    }
    return out;
  }

  void preflight() {
    first_.goal->put_targets(truth_);
    if (first_.goal->of_steps()) return;
    std::vector<inspect::CurvePoint> curve;
    for (const double share : {0.25, 0.5}) {
      const auto answers = ask(share, true);
      if (answers.methods.empty() || stopped()) return;
      curve.push_back(point_of(share, answers));
    }
    curve.push_back(point_of(1, first_));
    const auto whole = inspect::growth_of(curve, 2, static_cast<std::uint64_t>(spec_.train.seed));
    truth_.targets.empty() ? tell_numbers(whole) : tell_classes(curve, whole);
  }

  void tell_classes(const std::vector<inspect::CurvePoint>& curve, const inspect::Growth& whole) {
    const auto n = static_cast<double>(data_.samples.size());
    std::vector<double> count(at(first_.goal->width()), 0);
    for (const int c : truth_.targets) ++count[at(c)];
    const double majority = *std::max_element(count.begin(), count.end()) / n;
    const double right = 1 - whole.loss;
    out_.preflight.push_back(fmt::format(
        "{} samples show a difference between two models from about {:.1f} points on (80 % power, "
        "paired)",
        data_.samples.size(), 100 * inspect::smallest_difference(whole.loss, n)));
    out_.preflight.push_back(fmt::format(
        "a simple method ({}) answers {:.1f} % rightly when asked about samples held out, always "
        "the most frequent class {:.1f} %{}",
        first_.methods.front(), 100 * right, 100 * majority,
        right >= kEnough          ? ": it may do"
        : right < majority + 0.02 ? ": it has learned next to nothing"
                                  : ""));
    const auto more = inspect::more_samples(curve, truth_.targets, kPoints,
                                            static_cast<std::uint64_t>(spec_.train.seed));
    const std::string all =
        whole.gain < kNothing
            ? "twice as many samples would change next to nothing"
            : fmt::format(
                  "twice as many samples would bring about {:.1f} points ({:.1f} to {:.1f})",
                  100 * whole.gain, 100 * whole.low, 100 * whole.high);
    if (more.of < 0 || more.growth.gain < kNothing) {
      out_.preflight.push_back(all);
      return;
    }
    const auto& g = more.growth;
    out_.preflight.push_back(
        fmt::format("about {} more samples of class {} (now {}) would bring {:.1f} points in that "
                    "class ({:.1f} to {:.1f}); {}",
                    more.more, first_.goal->classes()[at(more.of)], more.have, 100 * g.gain,
                    100 * g.low, 100 * g.high, all));
  }

  void tell_numbers(const inspect::Growth& whole) {
    const auto width = at(first_.goal->width());
    double mean = 0, variance = 0;
    const auto n = static_cast<double>(data_.samples.size());
    for (std::size_t i = 0; i < data_.samples.size(); ++i) mean += truth_.values[i * width] / n;
    for (std::size_t i = 0; i < data_.samples.size(); ++i) {
      variance += std::pow(truth_.values[i * width] - mean, 2) / n;
    }
    const double r2 = variance > 0 ? 1 - whole.loss / variance : 0;
    out_.preflight.push_back(
        fmt::format("{} samples show a difference in R2 of about {:.3f} (80 % power, paired)",
                    data_.samples.size(), 2.8 * (1 - r2) / std::sqrt(n)));
    out_.preflight.push_back(fmt::format(
        "a simple method ({}) has R2 {:.3f} (RMSE {:.4g}) on samples held out, the mean has 0{}",
        first_.methods.front(), r2, std::sqrt(whole.loss),
        r2 < 0.02 ? ": it has learned next to nothing" : ""));
    const auto percent = [&](double gain) {
      return 100 * (1 - std::sqrt(std::max(0.0, 1 - gain / std::max(1e-12, whole.loss))));
    };
    out_.preflight.push_back(fmt::format(
        "twice as many samples would lower the RMSE by about {:.1f} % ({:.1f} to {:.1f})",
        percent(whole.gain), percent(whole.low), percent(whole.high)));
  }

  const LookoutWork& work_;
  bool asked_;
  task::Spec spec_;
  base::Log silent_;
  std::mutex mutex_;
  std::set<std::string> said_;
  // Reports each remark of the methods once, even if several folds make it.
  base::Log once_{[this](base::Level, const std::string& sentence) {
    const std::lock_guard lock(mutex_);
    if (said_.insert(sentence).second) work_.log.info(sentence);
  }};
  data::Dataset data_;
  HeldOutAnswers first_;
  std::vector<int> all_;
  method::Training truth_{.samples = {data_, all_}, .targets = {}};
  Lookout out_;
};

}  // namespace

Lookout look_out(const LookoutWork& work) { return Looking(work).run(); }

}  // namespace refrain::api

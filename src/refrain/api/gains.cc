#include "refrain/api/gains.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/clock.h"
#include "refrain/api/inside/cross_validation.h"
#include "refrain/api/inside/options_impl.h"
#include "refrain/api/inside/settle.h"
#include "refrain/augment/pipeline.h"
#include "refrain/augment/pool.h"
#include "refrain/data/split.h"
#include "refrain/data/streams.h"
#include "refrain/score/compare.h"
#include "refrain/task/preset.h"

namespace refrain::api {
namespace {

constexpr double kLevel = 0.05;
constexpr int kFolds = 5;

// One network, that of the preset, and nothing beside it.
task::Spec spec_of(const Options& options) {
  task::Spec spec = options.impl().spec;
  const auto fields = task::spec_fields();
  const std::vector<std::pair<const char*, base::Json>> alone = {
      {"ensemble", 1},      {"blend", ""},        {"blend_weight", 1},
      {"blend_repeats", 1}, {"distil", false},    {"calibrate", false},
      {"refit", false},     {"baselines", false}, {"time_limit", ""}};
  for (const auto& [name, value] : alone) {
    spec.given.insert(base::set_field(fields.list(), &spec, name, value));
  }
  if (!spec.given.contains("repeats") && spec.split.fold_by == "stratified") spec.split.repeats = 3;
  return spec;
}

std::vector<std::string> candidates_of(const std::string& spec, const data::Dataset& data) {
  if (!spec.empty() && spec != "auto") {
    augment::Pipeline::from(spec).check(data);
    return {spec};
  }
  std::vector<std::string> list;
  const augment::Pool pool(data, all_of(data));
  for (const auto& item : augment::operations().items()) {
    const bool heard = item.value.input == data::StreamKind::kSound && data.front != nullptr;
    if (!data::has_any(data.streams, item.value.input) && !heard) continue;
    if (augment::can_be_done(item.name, pool)) list.push_back(item.name);
  }
  return list;
}

class Testing {
 public:
  explicit Testing(const GainsJob& job)
      : job_(job), spec_(spec_of(job.options)), log_(log_of(job.hooks)) {}

  Gains run() {
    if (!spec_.text_encoder.encoder.empty()) {
      throw Error(Code::kUsage, "steps of augmentation are not tested through --encoder",
                  "leave --encoder out");
    }
    const double end = end_of_time();
    data_ = read_to_learn(job_.data, spec_, log_);
    if (spec_.split.folds == 0 && spec_.split.fold_by == "stratified") settle_folds();
    const auto candidates = candidates_of(spec_.augment.augment, data_);
    test(candidates, end);
    judge();
    return std::move(out_);
  }

 private:
  // 0 without a limit.
  double end_of_time() const {
    const std::string& limit = job_.options.impl().spec.time_limit;
    const double end = deadline(limit, now());
    if (!limit.empty() && end == 0) {
      throw Error(Code::kUsage, "--time-limit: no time", "write for example 90s, 10m or 1h30m");
    }
    return end;
  }

  // Few groups give few folds; one is refused by the cross-validation.
  void settle_folds() {
    spec_.split.folds = std::clamp(data::unit_count(data_, all_of(data_)), 2, kFolds);
  }

  // One after the other, while there is time for another one as long as the longest so far.
  void test(const std::vector<std::string>& candidates, double end) {
    double before = now();
    const auto none = validate("");
    double longest = now() - before;
    for (const auto& candidate : candidates) {
      if (out_.interrupted) return;
      before = now();
      if (end > 0 && before + longest > end) {
        out_.left_out.push_back(candidate);
        continue;
      }
      add(candidate, none, validate(candidate));
      if (!out_.interrupted) out_.gains.back().seconds = now() - before;
      longest = std::max(longest, now() - before);
    }
  }

  CrossValidated validate(const std::string& augment) {
    task::Spec spec = spec_;
    spec.augment.augment = augment;
    const base::Log quiet;
    auto found = cross_validate({data_, spec, false, job_.hooks.stop, quiet, 0});
    out_.interrupted = found.report.stop_reason == "interrupted";
    return found;
  }

  void add(const std::string& candidate, const CrossValidated& none, const CrossValidated& with) {
    if (out_.interrupted) return;
    score::CompareOptions options;
    options.seed = spec_.train.seed;
    options.name_a = "none";
    options.name_b = candidate;
    options.fold = none.fold;
    const auto c =
        score::compare({score::Repeats(none.repeats), score::Repeats(with.repeats)}, options);
    out_.samples = static_cast<int>(data_.samples.size());
    out_.folds = none.report.folds;
    out_.repeats = none.report.repeats;
    out_.none = c.a;
    out_.metric = c.metric;
    out_.in_points = none.repeats.front()->metrics().front().value.is_share();
    out_.test = c.test;
    const auto& d = c.decision;
    out_.gains.push_back({candidate, c.b, {d.difference, d.low, d.high}, d.p, "", 0});
    log_.info(fmt::format("{}: {}", candidate, shown({d.difference, d.low, d.high})));
  }

  std::string shown(const Score& d) const {
    if (!out_.in_points) return fmt::format("{:+.4f} ({:+.4f} to {:+.4f})", d.value, d.low, d.high);
    return fmt::format("{:+.1f} points ({:+.1f} to {:+.1f})", 100 * d.value, 100 * d.low,
                       100 * d.high);
  }

  void judge() {
    const auto count = static_cast<double>(out_.gains.size());
    for (Gain& gain : out_.gains) {
      const char* what = gain.difference.value > 0 ? "help" : "harm";
      if (gain.p > kLevel) {
        gain.verdict = "no difference seen";
      } else if (gain.p * count > kLevel) {
        gain.verdict = fmt::format("may {}", what);
      } else {
        gain.verdict = fmt::format("{}s", what);
      }
    }
    std::stable_sort(out_.gains.begin(), out_.gains.end(), [](const Gain& a, const Gain& b) {
      return a.difference.value > b.difference.value;
    });
  }

  const GainsJob& job_;
  task::Spec spec_;
  base::Log log_;
  data::Dataset data_;
  Gains out_;
};

}  // namespace

Gains augmentation_gains(const GainsJob& job) { return Testing(job).run(); }

std::string Gains::json() const {
  base::Json list = base::Json::array();
  for (const auto& g : gains) {
    list.push_back(
        {{"augment", g.augment},
         {metric, g.score},
         {"difference",
          {{"value", g.difference.value}, {"low", g.difference.low}, {"high", g.difference.high}}},
         {"p", g.p},
         {"verdict", g.verdict},
         {"seconds", g.seconds}});
  }
  const base::Json out = {{"metric", metric},   {"samples", samples},  {"folds", folds},
                          {"repeats", repeats}, {"none", none},        {"test", test},
                          {"gains", list},      {"left_out", left_out}};
  return out.dump(2);
}

std::string Gains::text() const {
  std::string out = fmt::format(
      "{} samples, {} folds x {} repeats; {} without augmentation {:.3f}\n"
      "difference{}, 95 % interval ({})\n\n",
      samples, folds, repeats, metric, none, in_points ? " in points" : "", test);
  std::size_t width = 8;
  for (const auto& g : gains) width = std::max(width, g.augment.size());
  std::vector<std::string> harmful;
  for (const auto& g : gains) {
    const auto& d = g.difference;
    const double unit = in_points ? 100 : 1;
    const int digits = in_points ? 1 : 4;
    out +=
        fmt::format("{:<{}}  {:+6.{}f}  ({:+.{}f} to {:+.{}f})  {}\n", g.augment, width,
                    unit * d.value, digits, unit * d.low, digits, unit * d.high, digits, g.verdict);
    if (g.verdict.ends_with("harm") || g.verdict.ends_with("harms")) harmful.push_back(g.augment);
  }
  if (!harmful.empty()) out += fmt::format("\nharmful here: {}\n", fmt::join(harmful, ", "));
  if (!left_out.empty()) out += fmt::format("\nno time left for: {}\n", fmt::join(left_out, ", "));
  return out;
}

}  // namespace refrain::api

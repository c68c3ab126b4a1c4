#include "refrain/api/brief.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "refrain/api/inside/metric_kind.h"
#include "refrain/score/replies.h"

namespace refrain::api {
namespace {

constexpr std::size_t kSimpleShown = 2;

// "train.en,train.de" of two parallel files.
std::string file_name(const std::string& path) {
  const auto comma = path.find(',');
  std::error_code ignored;
  if (comma == std::string::npos || std::filesystem::exists(path, ignored)) {
    return std::filesystem::path(path).filename().string();
  }
  return file_name(path.substr(0, comma)) + "," + file_name(path.substr(comma + 1));
}

std::string counted(long long n, const std::string& what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

std::string kind_of(const Report& r) {
  return r.classes.empty() ? "" : fmt::format(" of {} classes", r.classes.size());
}

// "160 samples of machines.csv".
std::string part_of(long long n, const std::string& what, const std::string& file) {
  return counted(n, what) + (file.empty() ? "" : " of " + file_name(file));
}

std::string scored_part(const Report& r) {
  if (r.n_test == 0) return "nothing scored";
  std::string out = fmt::format("tested on {}", r.n_test);
  if (r.task == "forecast") out += r.n_test == 1 ? " window" : " windows";
  return out + (r.test.empty() ? " held out" : " of " + file_name(r.test));
}

std::string trained_line(const Report& r) {
  if (r.folds > 0) {
    return fmt::format("{}{}: {}, each tested by a model that never saw it ({})", r.task,
                       kind_of(r), part_of(r.n_test, "sample", r.data), r.protocol);
  }
  std::string valid;
  if (r.n_valid > 0 && r.task != "forecast") valid = fmt::format(" (+ {} to stop by)", r.n_valid);
  return fmt::format("{}{}: trained on {}{}, {}", r.task, kind_of(r),
                     part_of(r.n_train, r.task == "forecast" ? "series" : "sample", r.data), valid,
                     scored_part(r));
}

std::string made_line(const Report& r) {
  std::string out = r.made;
  if (out.empty()) out = "model";
  out += fmt::format("; {}", counted(r.params, "parameter"));
  if (r.epochs > 0) out += ", " + counted(r.epochs, "epoch");
  if (r.seconds.train > 0) out += fmt::format(", {:.1f} s", r.seconds.train);
  return out;
}

std::string metric_text(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

// "0.3 points [-2.6, 3.1]", in units of the metric where it is no share.
std::string amount(const Score& d, bool points, double sign) {
  const double low = sign > 0 ? d.low : -d.high, high = sign > 0 ? d.high : -d.low;
  if (points) {
    return fmt::format("{:.1f} points [{:.1f}, {:.1f}]", 100 * sign * d.value, 100 * low,
                       100 * high);
  }
  return fmt::format("{:.3g} [{:.3g}, {:.3g}]", sign * d.value, low, high);
}

// The score is known far better of these groups than of others.
bool says_little_of_others(const Report& r) {
  constexpr double kMuchNarrower = 0.2;
  if (!r.within_groups) return false;
  const Score &whole = r.score, &within = *r.within_groups;
  return r.units.units < 2 || within.high - within.low < kMuchNarrower * (whole.high - whole.low);
}

std::vector<std::pair<std::string, Score>> best_simple(const Report& r) {
  std::vector<std::pair<std::string, Score>> out;
  for (const auto& b : r.baselines) out.emplace_back(b.name, b.score);
  const bool smaller = metric_kind(r.metric).smaller_is_better;
  std::stable_sort(out.begin(), out.end(), [&](const auto& a, const auto& b) {
    return smaller ? a.second.value < b.second.value : a.second.value > b.second.value;
  });
  if (out.size() > kSimpleShown) out.resize(kSimpleShown);
  return out;
}

}  // namespace

std::string verdict_of(const AgainstBaseline& a, const std::string& metric) {
  const double d = a.difference.value;
  const std::string of = metric_text(metric);
  if (a.distinguishable && d > 0) {
    return fmt::format("better than {}, the best simple method, in {} by {}", a.baseline, of,
                       amount(a.difference, a.in_points, 1));
  }
  if (a.distinguishable) {
    const bool replies = score::reply_metrics().find(metric) != nullptr;
    return fmt::format("worse than the simple method {} in {} by {}: {}look for what is wrong",
                       a.baseline, of, amount(a.difference, a.in_points, -1),
                       replies ? "" : fmt::format("use --model {}, or ", a.baseline));
  }
  std::string out =
      fmt::format("these {} cannot tell the model from {}, the best simple method: difference {}",
                  a.samples, a.baseline, amount(a.difference, a.in_points, 1));
  return a.wanted.empty() ? out : out + "; " + a.wanted + " would be needed";
}

Brief brief_of(const Report& r) {
  Brief out;
  out.what = {trained_line(r), made_line(r)};
  if (!r.other.empty()) out.what.push_back(r.other);
  out.fixed = !r.classes.empty();
  if (r.stop_reason == "interrupted") {
    out.notes.emplace_back("interrupted: nothing was scored");
    return out;
  }
  if (!r.metrics.empty()) {
    out.scores.emplace_back(r.metric, r.score);
    // Replies are judged by their likeness to the truth and by how many are right as a whole.
    for (const auto& [name, score] : r.metrics) {
      const bool second =
          (r.task == "translate" && name == "exact") || (r.task == "transcribe" && name == "cer");
      if (second) out.scores.emplace_back(name, score);
    }
    out.simple = best_simple(r);
  }
  if (says_little_of_others(r)) out.notes.push_back(within_groups_text(r));
  if (r.against_baseline) out.verdict = verdict_of(*r.against_baseline, r.metric);
  if (const auto& added = r.networks_added) {
    out.notes.push_back("the networks add " + amount(added->difference, added->in_points, 1) +
                        " to the simple methods in the model");
  }
  if (r.transfer && !r.transfer->verdict.empty()) out.notes.push_back(r.transfer->verdict);
  if (r.transfer && r.transfer->forgetting) {
    out.notes.push_back(sentence_of(*r.transfer->forgetting));
  }
  return out;
}

}  // namespace refrain::api

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/memory_data.h"
#include "refrain/base/fields.h"
#include "refrain/data/content.h"
#include "refrain/data/spellings.h"

namespace refrain::api {
namespace {

using base::Json;

class Validation {
 public:
  explicit Validation(const Samples& samples) : samples_(samples) {}

  std::string run() {
    look_at_values();
    look_at_labels();
    look_at_spellings();
    look_for_duplicates();
    std::sort(lengths_.begin(), lengths_.end());
    if (lengths_.empty()) lengths_.push_back(0);
    const Json steps = {lengths_.front(), lengths_[lengths_.size() / 2], lengths_.back()};
    return Json({{"samples", samples_.size()},
                 {"channels", samples_.text ? 0 : samples_.channels},
                 {"steps", steps},
                 {"missing", values_ == 0 ? 0.0 : missing_ / values_},
                 {"classes", classes_},
                 {"problems", problems_},
                 {"warnings", warnings_}})
        .dump(-1, ' ', false, Json::error_handler_t::replace);
  }

 private:
  void problem(int sample, std::string text) { problems_.push_back({sample, std::move(text)}); }
  void warning(int sample, std::string text) { warnings_.push_back({sample, std::move(text)}); }

  void look_at_values() {
    std::vector<float> low(static_cast<std::size_t>(samples_.channels), INFINITY), high;
    for (float& v : low) high.push_back(-v);
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      if (samples_.text) {
        lengths_.push_back(samples_.texts[i].size());
        if (samples_.texts[i].empty()) warning(static_cast<int>(i), "the text is empty");
      } else {
        look_at_series(static_cast<int>(i), low, high);
      }
    }
    for (std::size_t c = 0; !samples_.text && c < low.size(); ++c) {
      if (low[c] > high[c]) problem(-1, fmt::format("channel {} has no values at all", c));
      if (low[c] == high[c]) warning(-1, fmt::format("channel {} is {} everywhere", c, low[c]));
    }
  }

  void look_at_series(int i, std::vector<float>& low, std::vector<float>& high) {
    const SeriesView& s = samples_.series[static_cast<std::size_t>(i)];
    const std::size_t size = s.steps * low.size();
    lengths_.push_back(s.steps);
    double missing = 0;
    bool infinite = false;
    for (std::size_t k = 0; k < size; ++k) {
      const float v = s.values[k];
      if (std::isnan(v)) ++missing;
      infinite = infinite || std::isinf(v);
      if (!std::isfinite(v)) continue;
      const std::size_t c = k % low.size();
      low[c] = std::min(low[c], v);
      high[c] = std::max(high[c], v);
    }
    values_ += static_cast<double>(size);
    missing_ += missing;
    if (s.steps == 0) problem(i, "the series has no steps");
    if (infinite) problem(i, "the series has infinite values; write NaN where one is missing");
    if (size > 0 && missing == static_cast<double>(size)) warning(i, "all values are missing");
  }

  void look_at_labels() {
    for (const auto& label : samples_.labels) ++classes_[label];
    if (classes_.size() == 1) problem(-1, "all samples have the same label");
    for (const auto& [label, count] : classes_) {
      if (count == 1) warning(-1, fmt::format("class '{}' has a single sample", label));
    }
  }

  // Labels and groups that are one, or may be, in several spellings; groups that are missing.
  void look_at_spellings() {
    data::Dataset names;
    names.samples.resize(samples_.size());
    int without = 0;
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      if (!samples_.labels.empty()) names.samples[i].label = samples_.labels[i];
      if (!samples_.groups.empty()) names.samples[i].group = samples_.groups[i];
    }
    const auto found = data::settle_spellings(names);
    for (const auto& sentence : found.joined) warning(-1, sentence);
    for (const auto& sentence : found.alike) warning(-1, sentence);
    for (const auto& sample : names.samples) without += sample.group.empty() ? 1 : 0;
    if (without == 0 || static_cast<std::size_t>(without) == samples_.size()) return;
    warning(-1, fmt::format("{} of {} samples have no group: each counts as a group of its own",
                            without, samples_.size()));
  }

  std::string differs(const std::vector<std::string>& of, std::size_t a, std::size_t b,
                      const char* what) const {
    return of.empty() || of[a] == of[b] ? "" : fmt::format(", but another {}", what);
  }

  void look_for_duplicates() {
    const data::Dataset dataset = contents_of(samples_);
    std::map<std::uint64_t, std::size_t> first;
    for (std::size_t i = 0; i < dataset.samples.size(); ++i) {
      const auto [place, fresh] = first.emplace(data::content_hash(dataset.samples[i]), i);
      if (fresh) continue;
      const std::size_t twin = place->second;
      warning(static_cast<int>(i), fmt::format("the same values as X[{}]{}{}", twin,
                                               differs(samples_.labels, i, twin, "label"),
                                               differs(samples_.groups, i, twin, "group")));
    }
  }

  const Samples& samples_;
  std::vector<std::size_t> lengths_;
  double values_ = 0, missing_ = 0;
  std::map<std::string, int> classes_;
  std::vector<std::pair<int, std::string>> problems_, warnings_;
};

}  // namespace

std::string validate(const Samples& samples) { return Validation(samples).run(); }

}  // namespace refrain::api

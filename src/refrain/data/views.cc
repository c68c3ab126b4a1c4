#include "refrain/data/views.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/data/normaliser.h"

namespace refrain::data {
namespace {

using base::Json;

constexpr double kLimit = 1e6;  // as the normaliser's
constexpr const char* kShape = "shape_";

[[noreturn]] void refuse_views(const std::string& what) {
  throw Error(Code::kData, "the views of the model are damaged: " + what,
              "fetch the model file again or train it again");
}

bool of_shape(const std::string& name) { return name == "shape" || name.starts_with(kShape); }

// Returns the transformation of the values: "" (none), deviation, step_scaled, difference,
// cumulative.
std::string kind_of(const std::string& name) {
  if (name == "raw" || name == "shape") return "";
  return name.starts_with(kShape) ? name.substr(std::string(kShape).size()) : name;
}

bool has_steps(const std::string& name) {
  return kind_of(name) == "deviation" || kind_of(name) == "step_scaled";
}

std::vector<std::string> parse(const std::string& list) {
  std::vector<std::string> out;
  for (std::size_t from = 0; from <= list.size();) {
    const std::size_t end = std::min(list.find(',', from), list.size());
    out.push_back(list.substr(from, end - from));
    const auto& known = Views::names();
    const bool twice = std::count(out.begin(), out.end(), out.back()) > 1;
    if (twice || std::find(known.begin(), known.end(), out.back()) == known.end()) {
      throw Error(Code::kUsage,
                  fmt::format("--views {} '{}'{}", twice ? "has" : "knows no", out.back(),
                              twice ? " twice" : ""),
                  fmt::format("give some of {} with commas between them", fmt::join(known, ", ")));
    }
    from = end + 1;
  }
  return out;
}

// A number that a model file holds in few characters.
double rounded(double x) { return std::strtod(fmt::format("{:.7g}", x).c_str(), nullptr); }

// Count, sum and sum of squares of a column.
struct Sums {
  double count = 0, sum = 0, squares = 0;
  void add(double x) {
    if (!std::isfinite(x)) return;
    ++count, sum += x, squares += x * x;
  }
  double mean() const { return count > 0 ? sum / count : 0; }
  double spread() const {
    return count > 0 ? std::sqrt(std::max(0.0, squares / count - mean() * mean())) : 0;
  }
};

void to_shape(std::vector<real>& values, int channels) {
  Normaliser own;
  own.fit({}, channels, "series");
  own.apply(values);
}

void differences(std::vector<real>& values, std::size_t C) {
  for (std::size_t i = values.size(); i-- > C;) values[i] -= values[i - C];
  std::fill_n(values.begin(), std::min(C, values.size()), real{0});
}

// A missing value adds nothing and stays missing.
void sums(std::vector<real>& values, std::size_t C) {
  std::vector<double> total(C);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    total[i % C] += static_cast<double>(values[i]);
    values[i] = static_cast<real>(total[i % C]);
  }
}

std::vector<double> numbers(const Json& json, const char* name, bool positive) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_array()) refuse_views(fmt::format("'{}' is no list", name));
  std::vector<double> out;
  for (const auto& value : *found) {
    const double x = value.is_number() ? value.get<double>() : std::nan("");
    if (!std::isfinite(x) || (positive && x <= 0))
      refuse_views(fmt::format("a number of '{}'", name));
    out.push_back(x);
  }
  return out;
}

}  // namespace

const std::vector<std::string>& Views::names() {
  static const std::vector<std::string> list = {
      "raw",   "deviation",       "step_scaled",       "difference",       "cumulative",
      "shape", "shape_deviation", "shape_step_scaled", "shape_difference", "shape_cumulative"};
  return list;
}

// Mean and deviation of each step and of all steps together.
void Views::fit_steps(const std::vector<std::vector<real>>& training, View& view) {
  const std::size_t C = view.scale.size();
  std::size_t longest = 0;
  for (const auto& series : training) longest = std::max(longest, series.size());
  std::vector<Sums> step(longest), all(C);
  for (const auto& series : training) {
    for (std::size_t i = 0; i < series.size(); ++i) {
      step[i].add(static_cast<double>(series[i]));
      all[i % C].add(static_cast<double>(series[i]));
    }
  }
  const double fewest = std::max(2.0, 0.1 * static_cast<double>(training.size()));
  std::vector<Sums> usual(C);  // of the squared deviations at the steps
  for (std::size_t i = 0; i < longest; ++i) {
    if (step[i].count >= fewest) usual[i % C].add(step[i].spread() * step[i].spread());
  }
  for (std::size_t c = 0; c < C; ++c) {
    view.all_mean.push_back(rounded(all[c].mean()));
    const double spread = rounded(all[c].spread());
    view.all_spread.push_back(spread > 0 ? spread : 1);
  }
  for (std::size_t i = 0; i < longest; ++i) {
    const std::size_t c = i % C;
    const bool enough = step[i].count >= fewest;
    const double floor = 0.1 * std::sqrt(usual[c].mean());
    const double spread = enough ? rounded(std::max(step[i].spread(), floor)) : view.all_spread[c];
    view.mean.push_back(enough ? rounded(step[i].mean()) : view.all_mean[c]);
    view.spread.push_back(spread > 0 ? spread : 1);
  }
}

std::vector<std::string> Views::lists(const std::string& all) {
  std::vector<std::string> out;
  for (std::size_t from = 0; from <= all.size();) {
    const std::size_t end = std::min(all.find('|', from), all.size());
    out.push_back(all.substr(from, end - from));
    parse(out.back());
    from = end + 1;
  }
  return out;
}

Views Views::fit(const std::string& list, const std::vector<std::vector<real>>& training,
                 int channels) {
  Views out;
  out.channels_ = channels;
  out.views_.clear();
  const auto C = static_cast<std::size_t>(channels);
  for (const auto& name : parse(list)) {
    View view;
    view.name = name;
    view.scale.assign(C, 1);
    if (!kind_of(name).empty()) {
      auto series = training;
      if (of_shape(name)) {
        for (auto& values : series) to_shape(values, channels);
      }
      if (has_steps(name)) fit_steps(series, view);
      std::vector<Sums> size(C);
      for (const auto& values : training) {
        const auto made = out.column(view, values);
        for (std::size_t i = 0; i < made.size(); ++i) size[i % C].add(static_cast<double>(made[i]));
      }
      for (std::size_t c = 0; c < C; ++c) {
        const double square = size[c].count > 0 ? size[c].squares / size[c].count : 0;
        if (square > 1e-20) view.scale[c] = rounded(std::sqrt(square));
      }
    }
    out.views_.push_back(std::move(view));
  }
  return out;
}

// One view of a series [T,C].
std::vector<real> Views::column(const View& view, std::vector<real> values) const {
  const auto C = static_cast<std::size_t>(channels_);
  const std::string kind = kind_of(view.name);
  if (of_shape(view.name)) to_shape(values, channels_);
  if (kind.empty()) return values;
  if (kind == "difference") differences(values, C);
  if (kind == "cumulative") sums(values, C);
  const bool steps = has_steps(view.name), scaled = kind == "step_scaled";
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t c = i % C;
    double x = static_cast<double>(values[i]);
    if (steps) x -= i < view.mean.size() ? view.mean[i] : view.all_mean[c];
    if (scaled) x /= i < view.spread.size() ? view.spread[i] : view.all_spread[c];
    values[i] = static_cast<real>(std::clamp(x / view.scale[c], -kLimit, kLimit));  // NaN stays
  }
  return values;
}

std::vector<real> Views::apply(const std::vector<real>& values) const {
  if (only_raw()) return values;
  const auto C = static_cast<std::size_t>(channels_), V = views_.size();
  std::vector<real> out(values.size() * V);
  for (std::size_t v = 0; v < V; ++v) {
    const auto made = column(views_[v], values);
    for (std::size_t i = 0; i < made.size(); ++i) out[(i / C * V + v) * C + i % C] = made[i];
  }
  return out;
}

Json Views::to_json() const {
  Json list = Json::array();
  for (const auto& view : views_) {
    Json json = {{"name", view.name}, {"scale", view.scale}};
    if (has_steps(view.name)) {
      json["mean"] = view.mean;
      json["all_mean"] = view.all_mean;
    }
    if (kind_of(view.name) == "step_scaled") {
      json["spread"] = view.spread;
      json["all_spread"] = view.all_spread;
    }
    list.push_back(std::move(json));
  }
  return list;
}

Views Views::from_json(const Json& json, int channels) {
  if (!json.is_array() || json.empty()) refuse_views("they are no list");
  Views out;
  out.channels_ = channels;
  out.views_.clear();
  const auto C = static_cast<std::size_t>(channels);
  for (const auto& item : json) {
    View view;
    if (!item.is_object() || !item.contains("name") || !item["name"].is_string()) {
      refuse_views("one has no name");
    }
    view.name = item["name"].get<std::string>();
    const bool known = std::find(names().begin(), names().end(), view.name) != names().end();
    if (!known) refuse_views("one has an unknown name");
    view.scale = numbers(item, "scale", true);
    bool fits = view.scale.size() == C;
    if (has_steps(view.name)) {
      view.mean = numbers(item, "mean", false);
      view.all_mean = numbers(item, "all_mean", false);
      fits = fits && view.all_mean.size() == C && view.mean.size() % C == 0;
    }
    if (kind_of(view.name) == "step_scaled") {
      view.spread = numbers(item, "spread", true);
      view.all_spread = numbers(item, "all_spread", true);
      fits = fits && view.all_spread.size() == C && view.spread.size() == view.mean.size();
    }
    if (!fits) refuse_views("one does not fit the channels");
    out.views_.push_back(std::move(view));
  }
  return out;
}

}  // namespace refrain::data

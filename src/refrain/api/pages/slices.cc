// How well parts of the samples are answered: short and long ones, groups, known and new words.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "refrain/api/pages/parts.h"
#include "refrain/data/tokenise.h"
#include "refrain/report/escape.h"
#include "refrain/score/distributions.h"
#include "refrain/score/intervals.h"

namespace refrain::api {
namespace {

using report::paragraph;
using report::Words;

constexpr std::size_t kMostGroups = 12;
constexpr std::size_t kFewestOfASlice = 3;

struct Slice {
  Words name;
  std::vector<std::vector<int>> chosen;  // of each repeat
};

std::size_t size_of(const Slice& s) { return s.chosen.empty() ? 0 : s.chosen.front().size(); }

// The samples by a name that `of` gives them; "" leaves one out.
template <class Of>
std::map<std::string, Slice> slices_by(const Told& told, const Of& of) {
  std::map<std::string, Slice> out;
  for (std::size_t r = 0; r < told.repeats.size(); ++r) {
    const auto& which = told.repeats[r].which;
    for (std::size_t i = 0; i < which.size(); ++i) {
      const std::string name = of(which[i]);
      if (name.empty()) continue;
      auto& slice = out[name];
      slice.name = report::same(name);
      slice.chosen.resize(told.repeats.size());
      slice.chosen[r].push_back(static_cast<int>(i));
    }
  }
  return out;
}

// Three parts of about the same size, by the length of what was read.
std::vector<Slice> by_length(const Told& told) {
  std::vector<int> lengths(told.run.predictions.size(), -1), sorted;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    if (const auto* sample = told.sample(static_cast<int>(i))) {
      sorted.push_back(lengths[i] = length_of(*sample));
    }
  }
  std::sort(sorted.begin(), sorted.end());
  if (sorted.size() < 3 * kFewestOfASlice || sorted.front() == sorted.back()) return {};
  const int first = sorted[sorted.size() / 3], second = sorted[2 * sorted.size() / 3];
  auto parts = slices_by(told, [&](int i) -> std::string {
    const int n = lengths[static_cast<std::size_t>(i)];
    return n < 0 ? "" : n < first ? "a" : n < second ? "b" : "c";
  });
  std::vector<Slice> out;
  for (auto& [key, slice] : parts) {
    int low = sorted.back(), high = sorted.front();
    for (const int i : slice.chosen.front()) {
      const int n = lengths[static_cast<std::size_t>(
          told.repeats.front().which[static_cast<std::size_t>(i)])];
      low = std::min(low, n), high = std::max(high, n);
    }
    const std::string range =
        low == high ? fmt::format("{}", low) : fmt::format("{}\u2013{}", low, high);
    slice.name = {"length " + range, "长度 " + range};
    out.push_back(std::move(slice));
  }
  return out;
}

std::vector<Slice> by_group(const Told& told) {
  auto groups = slices_by(
      told, [&](int i) { return told.run.predictions[static_cast<std::size_t>(i)].group; });
  std::vector<Slice> out;
  for (auto& [name, slice] : groups) out.push_back(std::move(slice));
  if (out.size() < 2) return {};
  std::stable_sort(out.begin(), out.end(),
                   [](const Slice& a, const Slice& b) { return size_of(a) > size_of(b); });
  if (out.size() > kMostGroups) out.resize(kMostGroups);
  return out;
}

// Words of the training part: of all samples that were not scored.
std::set<std::string> known_words(const Told& told) {
  std::set<const data::Sample*> scored(told.samples.begin(), told.samples.end());
  std::set<std::string> out;
  for (const auto& sample : told.data->data.samples) {
    if (scored.contains(&sample)) continue;
    if (const auto* text = data::text_of(sample)) {
      for (auto& word : data::tokenise(*text, true)) out.insert(std::move(word));
    }
  }
  return out;
}

std::vector<Slice> by_words(const Told& told) {
  const bool folds =
      std::any_of(told.run.predictions.begin(), told.run.predictions.end(),
                  [](const store::Prediction& p) { return p.fold > 0 || p.repeat > 0; });
  if (told.data == nullptr || folds) return {};
  const auto known = known_words(told);
  if (known.empty()) return {};
  auto parts = slices_by(told, [&](int i) -> std::string {
    const auto* sample = told.sample(i);
    const auto* text = sample == nullptr ? nullptr : data::text_of(*sample);
    if (text == nullptr) return "";
    const auto words = data::tokenise(*text, true);
    const bool all = std::all_of(words.begin(), words.end(),
                                 [&](const std::string& w) { return known.contains(w); });
    return all ? "a" : "b";
  });
  std::vector<Slice> out;
  for (auto& [key, slice] : parts) {
    slice.name =
        key == "a" ? Words{"all words seen", "词语均见过"} : Words{"some words new", "含有新词"};
    out.push_back(std::move(slice));
  }
  return out.size() < 2 ? std::vector<Slice>{} : out;
}

// Mean and Student's interval of numbers without limits; a unit counts as one.
Score plain_mean(const std::vector<double>& values, const std::vector<int>& unit) {
  std::map<int, std::pair<double, double>> sums;  // sum, count
  double total = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto& [sum, count] = sums[unit[i]];
    sum += values[i], ++count;
    total += values[i];
  }
  const auto n = static_cast<double>(values.size()), units = static_cast<double>(sums.size());
  const double mean = total / n;
  if (units < 2) return {mean, std::nan(""), std::nan("")};
  double squares = 0;
  for (const auto& [key, s] : sums) squares += std::pow(s.first - mean * s.second, 2);
  const double error = std::sqrt(units / (units - 1) * squares) / n;
  const double reach = score::t_quantile(0.975, units - 1) * error;
  return {mean, std::max(0.0, mean - reach), mean + reach};
}

}  // namespace

Score mean_told(const Told& told, const Measured& measured,
                const std::vector<std::vector<int>>& chosen) {
  std::vector<score::Classification> parts;  // only their size and their groups are looked at
  std::vector<std::vector<double>> values;
  std::vector<double> flat;
  std::vector<int> flat_unit;
  for (std::size_t r = 0; r < chosen.size(); ++r) {
    const auto& group = told.repeats[r].answers->group;
    auto& part = parts.emplace_back();
    auto& own = values.emplace_back();
    part.classes = 1;
    for (const int i : chosen[r]) {
      const auto at = static_cast<std::size_t>(i);
      part.truth.push_back(0), part.predicted.push_back(0);
      if (!group.empty()) part.group.push_back(group[at]);
      own.push_back(measured.values[r][at]);
      flat.push_back(own.back()), flat_unit.push_back(group.empty() ? i : group[at]);
    }
  }
  if (flat.empty()) return {std::nan(""), std::nan(""), std::nan("")};
  if (!measured.share) return plain_mean(flat, flat_unit);
  const auto s = score::share_interval(parts, values);
  return {s.value, s.low, s.high};
}

Score share_of(const std::vector<double>& hits, const std::vector<int>& unit) {
  score::Classification part;  // only its size and its groups are looked at
  part.classes = 1;
  part.truth.assign(hits.size(), 0);
  part.predicted = part.truth;
  part.group = unit;
  const auto s = score::share_interval(part, {hits});
  return {s.value, s.low, s.high};
}

void put_slices(const Told& told, const Measured& measured, report::Page& page) {
  std::string out;
  const auto add = [&](const char* id, const Words& title, const std::vector<Slice>& slices) {
    report::IntervalPlot plot;
    plot.share = measured.share;
    for (const auto& slice : slices) {
      if (size_of(slice) < kFewestOfASlice) continue;
      plot.rows.push_back({slice.name.en, mean_told(told, measured, slice.chosen), false,
                           fmt::format("n={}", size_of(slice))});
      plot.rows.back().shown = slice.name;
    }
    if (plot.rows.size() < 2) return;
    out += figure(id, title, interval_plot(plot));
  };
  add("figure-length", {"By length.", "按长度。"}, by_length(told));
  add("figure-words",
      {"By words that the training part had or had not.", "按训练集中是否出现过的词语。"},
      by_words(told));
  add("figure-group", {"By group; of many the largest.", "按组；组数多时只显示最大的几组。"},
      by_group(told));
  if (out.empty()) return;
  page.add("slices", {"Parts of the samples", "分组表现"},
           paragraph(measured.what + Words{", with 95 % intervals. Of many parts some differ by "
                                           "chance alone.",
                                           "，附 95% 区间。分组较多时，个别差异可能只是偶然。"},
                     "quiet") +
               out);
}

}  // namespace refrain::api

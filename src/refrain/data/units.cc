#include "refrain/data/units.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string_view>
#include <unordered_map>

#include "refrain/base/error.h"
#include "refrain/data/content.h"

namespace refrain::data {
namespace {

class UnionFind {
 public:
  explicit UnionFind(std::size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }
  std::size_t find(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  // The smaller number stays the representative.
  void join(std::size_t a, std::size_t b) {
    a = find(a);
    b = find(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::size_t> parent_;
};

const Sample& chosen_sample(const Dataset& dataset, int index) {
  if (index < 0 || static_cast<std::size_t>(index) >= dataset.samples.size()) {
    throw Error(Code::kInternal, fmt::format("sample {} of the pool does not exist", index));
  }
  return dataset.samples[static_cast<std::size_t>(index)];
}

std::vector<int> whole_of(const Dataset& dataset) {
  std::vector<int> all(dataset.samples.size());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

void number_units(UnionFind& sets, Units& out) {
  std::unordered_map<std::size_t, int> numbers;
  for (std::size_t i = 0; i < out.of.size(); ++i) {
    out.of[i] = numbers.try_emplace(sets.find(i), static_cast<int>(numbers.size())).first->second;
  }
  out.count = static_cast<int>(numbers.size());
}

}  // namespace

Units find_units(const Dataset& dataset, const std::vector<int>& chosen) {
  Units out;
  UnionFind sets(chosen.size());
  std::unordered_map<std::string_view, std::size_t> groups;
  std::unordered_map<std::uint64_t, std::size_t> contents;
  std::unordered_map<std::int64_t, std::size_t> origins;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const Sample& sample = chosen_sample(dataset, chosen[i]);
    if (sample.group.empty()) ++out.without_group;
    if (!sample.group.empty()) sets.join(i, groups.try_emplace(sample.group, i).first->second);
    const auto twin = contents.try_emplace(content_hash(sample), i);
    const auto source = origins.try_emplace(origin(dataset, chosen[i]), i);
    out.copies += twin.second ? 0 : 1;
    out.made += source.second ? 0 : 1;
    // Equal sentences of two documents (headings, bylines) make no one document of them.
    const bool tagged = dataset.has_tags && !dataset.has_labels;
    if (!tagged || sample.group.empty()) sets.join(i, twin.first->second);
    sets.join(i, source.first->second);
  }
  out.of.resize(chosen.size());
  number_units(sets, out);
  out.grouped = !groups.empty();
  if (!out.grouped) out.without_group = 0;
  return out;
}

std::vector<std::string> conflicting_labels(const Dataset& dataset, int* samples) {
  std::map<std::uint64_t, std::size_t> first;
  std::vector<std::vector<const Sample*>> sets;
  for (const auto& sample : dataset.samples) {
    const auto [at, is_new] = first.try_emplace(content_hash(sample), sets.size());
    if (is_new) sets.emplace_back();
    sets[at->second].push_back(&sample);
  }
  const bool in_file = dataset.format != "memory";
  std::vector<std::string> lines;
  *samples = 0;
  for (const auto& set : sets) {
    const auto other = [&](const Sample* s) { return s->label != set.front()->label; };
    if (std::none_of(set.begin(), set.end(), other)) continue;
    *samples += static_cast<int>(set.size());
    std::set<std::string> shown;
    std::vector<std::string> parts;
    for (const Sample* s : set) {  // the first one of each label
      if (!shown.insert(s->label).second) continue;
      parts.push_back(in_file && s->line > 0 ? fmt::format("line {} '{}'", s->line, s->label)
                                             : fmt::format("sample {} '{}'", s->id, s->label));
    }
    lines.push_back(fmt::format("{}", fmt::join(parts, ", ")));
  }
  return lines;
}

std::vector<std::string> classes_of_one_unit(const Dataset& dataset) {
  const Units units = find_units(dataset, whole_of(dataset));
  std::map<std::string, std::pair<std::set<int>, int>> classes;
  for (std::size_t i = 0; i < dataset.samples.size(); ++i) {
    auto& [of, count] = classes[dataset.samples[i].label];
    of.insert(units.of[i]);
    ++count;
  }
  std::vector<std::string> out;
  for (const auto& [label, found] : classes) {
    if (found.first.size() > 1) continue;
    out.push_back(found.second == 1
                      ? fmt::format("{} (1 sample)", label)
                      : fmt::format("{} ({} samples that belong together)", label, found.second));
  }
  return out;
}

}  // namespace refrain::data

#include "refrain/data/leak.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <unordered_map>

#include "refrain/base/at.h"
#include "refrain/base/error.h"
#include "refrain/data/content.h"
#include "refrain/data/near_copies.h"
#include "refrain/data/spellings.h"

namespace refrain::data {
namespace {

constexpr std::size_t kShown = 20;

const Sample& sample_at(const Side& side, std::size_t i) {
  return side.dataset.samples[static_cast<std::size_t>(side.chosen[i])];
}

std::string place(const Side& side, std::size_t i) {
  const Sample& s = sample_at(side, i);
  return s.line > 0 ? fmt::format("{}:{}", side.dataset.path, s.line)
                    : fmt::format("{} sample {}", side.dataset.path, s.id);
}

// Finds near copies, leaving out samples that have an exact copy.
void near_places(const Side& known, const Side& judged, const std::vector<char>& found,
                 std::vector<std::string>& near) {
  const Subset known_samples{known.dataset, known.chosen};
  for (const auto& copy : near_copies(known_samples, {judged.dataset, judged.chosen}, false)) {
    const std::size_t j = base::at(copy.judged);
    if (found[j] != 0) continue;
    near.push_back(place(judged, j) + " is nearly " + place(known, base::at(copy.known)));
  }
}

// Where the judged samples are in the same dataset, lineage can be followed.
void same_origin(const Side& known, const Side& judged, std::vector<char>& found,
                 std::vector<std::string>& same) {
  if (&known.dataset != &judged.dataset) return;
  std::unordered_map<std::int64_t, std::size_t> origins;
  for (std::size_t i = 0; i < known.chosen.size(); ++i) {
    origins.try_emplace(origin(known.dataset, known.chosen[i]), i);
  }
  for (std::size_t j = 0; j < judged.chosen.size(); ++j) {
    const auto twin = origins.find(origin(judged.dataset, judged.chosen[j]));
    if (found[j] != 0 || twin == origins.end()) continue;
    found[j] = 1;
    same.push_back(place(judged, j) + " and " + place(known, twin->second) +
                   " were made from the same sample");
  }
}

}  // namespace

Leaks find_leaks(const Side& known, const Side& judged) {
  Leaks out;
  std::unordered_map<std::uint64_t, std::size_t> contents;
  std::unordered_map<std::string, std::size_t> groups;
  for (std::size_t i = 0; i < known.chosen.size(); ++i) {
    const Sample& s = sample_at(known, i);
    contents.try_emplace(content_hash(s), i);
    if (!s.group.empty()) groups.try_emplace(spelling_key(s.group), i);
  }
  std::vector<char> found(judged.chosen.size(), 0);
  for (std::size_t j = 0; j < judged.chosen.size(); ++j) {
    const Sample& s = sample_at(judged, j);
    const auto twin = contents.find(content_hash(s));
    const auto group = s.group.empty() ? groups.end() : groups.find(spelling_key(s.group));
    if (twin != contents.end()) {
      out.same.push_back(place(judged, j) + " has the contents of " + place(known, twin->second));
    } else if (group != groups.end()) {
      out.same.push_back(fmt::format("{} is of group '{}', as is {}", place(judged, j), s.group,
                                     place(known, group->second)));
    } else {
      continue;
    }
    found[j] = 1;
  }
  same_origin(known, judged, found, out.same);
  // Windows of units are alike wherever the units are well.
  if (!known.dataset.lives) near_places(known, judged, found, out.near);
  return out;
}

std::string first_lines(const std::vector<std::string>& lines) {
  std::string out;
  for (std::size_t i = 0; i < std::min(kShown, lines.size()); ++i) out += "\n  " + lines[i];
  if (lines.size() > kShown) out += fmt::format("\n  ... and {} more", lines.size() - kShown);
  return out;
}

void refuse_leaks(const Leaks& leaks, const Side& known, const Side& judged) {
  if (leaks.same.empty()) return;
  throw Error(Code::kData,
              fmt::format("{}: {} of {} {} samples also stand in the {} part{}",
                          judged.dataset.path, leaks.same.size(), judged.chosen.size(), judged.name,
                          known.name, first_lines(leaks.same)),
              "take them out of one side; where a published split has them, --allow-overlap");
}

}  // namespace refrain::data

#include "refrain/data/leak.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <unordered_map>

#include "refrain/base/error.h"
#include "refrain/data/content.h"
#include "refrain/data/spellings.h"

namespace refrain::data {
namespace {

constexpr double kNear = 1e-4;      // mean squared difference of series scaled to variance 1
constexpr double kMostPairs = 1e8;  // beyond that near-duplicate series are not looked for
constexpr std::size_t kShown = 20;

const Sample& sample_at(const Side& side, std::size_t i) {
  return side.dataset.samples[static_cast<std::size_t>(side.chosen[i])];
}

std::string place(const Side& side, std::size_t i) {
  const Sample& s = sample_at(side, i);
  return s.line > 0 ? fmt::format("{}:{}", side.dataset.path, s.line)
                    : fmt::format("{} sample {}", side.dataset.path, s.id);
}

// Letters and digits in lower case; other bytes of UTF-8 as they are.
std::string bare(const std::string& text) {
  std::string out;
  for (const char ch : text) {
    const auto c = static_cast<unsigned char>(ch);
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80) out += ch;
  }
  return out;
}

// All values, each series shifted and scaled to mean 0 and variance 1; empty for texts alone and
// series that do not move or have gaps.
std::vector<float> shape_of(const Sample& s) {
  std::vector<float> out;
  if (s.text != nullptr) return out;
  for (const auto& value : s.streams) {
    const auto* series = std::get_if<Series>(&value);
    if (series == nullptr && std::holds_alternative<std::string>(value)) continue;
    if (series == nullptr) return {};
    double sum = 0, squares = 0;
    for (const float x : series->values) sum += x, squares += static_cast<double>(x) * x;
    const double n = std::max<double>(1, static_cast<double>(series->values.size()));
    const double mean = sum / n, variance = squares / n - mean * mean;
    if (!(variance > 1e-12)) return {};
    for (const float x : series->values) {
      out.push_back(static_cast<float>((x - mean) / std::sqrt(variance)));
    }
  }
  return out;
}

// Letters and digits of all texts.
std::string bare_texts(const Sample& s) {
  if (s.text != nullptr) return bare(*s.text) + '\n';
  std::string all;
  for (const auto& value : s.streams) {
    if (const auto* text = std::get_if<std::string>(&value)) all += bare(*text) + '\n';
  }
  return all;
}

bool nearly_equal(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size() || a.empty()) return false;
  const double most = kNear * static_cast<double>(a.size());
  double sum = 0;
  for (std::size_t i = 0; i < a.size() && sum <= most; ++i) {
    const double d = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    sum += d * d;
  }
  return sum <= most;
}

void near_series(const Side& known, const Side& judged, const std::vector<char>& found,
                 std::vector<std::string>& near) {
  const double pairs =
      static_cast<double>(known.chosen.size()) * static_cast<double>(judged.chosen.size());
  if (pairs > kMostPairs) return;
  std::vector<std::vector<float>> shapes;
  for (std::size_t i = 0; i < known.chosen.size(); ++i) {
    shapes.push_back(shape_of(sample_at(known, i)));
  }
  for (std::size_t j = 0; j < judged.chosen.size(); ++j) {
    const auto shape = shape_of(sample_at(judged, j));
    for (std::size_t i = 0; i < shapes.size() && found[j] == 0; ++i) {
      if (!nearly_equal(shape, shapes[i])) continue;
      if (bare_texts(sample_at(judged, j)) != bare_texts(sample_at(known, i))) continue;
      near.push_back(place(judged, j) + " is nearly " + place(known, i));
      break;
    }
  }
}

// Nothing but texts.
bool is_text(const Sample& s) {
  if (s.text != nullptr) return true;
  return !s.streams.empty() && std::all_of(s.streams.begin(), s.streams.end(), [](const Value& v) {
    return std::holds_alternative<std::string>(v);
  });
}

void near_texts(const Side& known, const Side& judged, const std::vector<char>& found,
                std::vector<std::string>& near) {
  std::unordered_map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < known.chosen.size(); ++i) {
    if (is_text(sample_at(known, i))) seen.try_emplace(bare_texts(sample_at(known, i)), i);
  }
  for (std::size_t j = 0; j < judged.chosen.size(); ++j) {
    if (found[j] != 0 || !is_text(sample_at(judged, j))) continue;
    const auto twin = seen.find(bare_texts(sample_at(judged, j)));
    if (twin != seen.end()) {
      near.push_back(place(judged, j) + " is nearly " + place(known, twin->second));
    }
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
  if (!known.dataset.lives) near_series(known, judged, found, out.near);
  near_texts(known, judged, found, out.near);
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

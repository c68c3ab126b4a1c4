#include "refrain/data/near_copies.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <unordered_map>

#include "refrain/base/at.h"
#include "refrain/data/content.h"
#include "refrain/data/shapes.h"

namespace refrain::data {
namespace {

constexpr double kNear = 1e-4;          // of the usual difference
constexpr double kNearSound = 1.5e-2;   // another encoding changes the quiet bands
constexpr int kMostSoundFrames = 8000;  // more are no clip: only exact copies are looked for

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

bool counts(utf8proc_int32_t point) {
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
    case UTF8PROC_CATEGORY_SO:
      return true;
    default:
      return false;
  }
}

std::string bare_ascii(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

Shape shape_of_any(const Sample& sample, bool* sound) {
  if (sample.text != nullptr || sample.streams.empty()) return {};
  const auto* recording = std::get_if<Sound>(&sample.streams.front());
  if (recording == nullptr) return shape_of(sample);
  *sound = true;
  if (recording->samples.size() / 128 > kMostSoundFrames) return {};
  return shape_of_sound(*recording);
}

// The rows of near_copies: one for each sample of both sides.
class NearSearch {
 public:
  NearSearch(const Subset& known, const Subset& judged)
      : known_(known),
        judged_(judged),
        own_(&known.dataset == &judged.dataset && known.chosen == judged.chosen) {}

  std::vector<NearCopy> run(bool parts) {
    texts();
    series(parts);
    std::vector<NearCopy> out;
    for (const auto& [judged, found] : first_) out.push_back(found);
    return out;
  }

 private:
  void note(NearCopy found) {
    if (own_ && found.known == found.judged) return;
    if (own_ && found.known > found.judged) std::swap(found.known, found.judged);
    const auto have = first_.find(found.judged);
    if (have != first_.end()) {
      const auto rank = [](const NearCopy& c) { return std::pair(c.part, c.known); };
      if (rank(have->second) <= rank(found)) return;
    }
    if (content_hash(known_[found.known]) == content_hash(judged_[found.judged])) return;
    first_[found.judged] = found;
  }

  void texts() {
    std::unordered_map<std::string, int> seen;
    for (int i = 0; i < known_.size(); ++i) {
      if (is_text(known_[i])) seen.try_emplace(bare_texts(known_[i]), i);
    }
    for (int j = 0; j < judged_.size() && !seen.empty(); ++j) {
      if (!is_text(judged_[j])) continue;
      const std::string bare = bare_texts(judged_[j]);
      const auto twin = seen.find(bare);
      if (twin != seen.end() && bare.find_first_not_of('\n') != std::string::npos) {
        note({twin->second, j});
      }
    }
  }

  std::vector<Shape> shapes(const Subset& side) {
    std::vector<Shape> out;
    for (int i = 0; i < side.size(); ++i) {
      out.push_back(is_text(side[i]) ? Shape() : shape_of_any(side[i], &sound_));
    }
    return out;
  }

  void series(bool parts) {
    const auto known = shapes(known_);
    const auto judged = own_ ? known : shapes(judged_);
    const double most = (sound_ ? kNearSound : kNear) * std::min(1.0, usual_difference(known));
    for (const auto& [k, j] : equal_shapes(known, judged, most)) {
      if (bare_texts(known_[k]) == bare_texts(judged_[j])) note({k, j});
    }
    if (!parts || sound_) return;
    for (const auto& [k, j] : equal_stretches(known, judged, most)) note({k, j, true});
  }

  const Subset known_, judged_;
  bool own_, sound_ = false;
  std::map<int, NearCopy> first_;  // by judged sample
};

}  // namespace

std::string bare_text(std::string_view text) {
  if (is_ascii(text)) return bare_ascii(text);
  utf8proc_uint8_t* folded = nullptr;
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE |
                                                      UTF8PROC_COMPAT | UTF8PROC_CASEFOLD);
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                 static_cast<utf8proc_ssize_t>(text.size()), &folded, options);
  if (size < 0) return std::string(text);
  std::string out;
  utf8proc_ssize_t at = 0;
  while (at < size) {
    utf8proc_int32_t point = 0;
    const auto step = utf8proc_iterate(folded + at, size - at, &point);
    if (step <= 0) break;
    if (counts(point)) {
      out.append(reinterpret_cast<const char*>(folded + at), static_cast<std::size_t>(step));
    }
    at += step;
  }
  std::free(folded);
  return out;
}

std::string bare_texts(const Sample& sample) {
  if (sample.text != nullptr) return bare_text(*sample.text) + '\n';
  std::string all;
  for (const auto& value : sample.streams) {
    if (const auto* text = std::get_if<std::string>(&value)) all += bare_text(*text) + '\n';
  }
  return all;
}

bool is_text(const Sample& sample) {
  if (sample.text != nullptr) return true;
  const auto& streams = sample.streams;
  return !streams.empty() && std::all_of(streams.begin(), streams.end(), [](const Value& v) {
    return std::holds_alternative<std::string>(v);
  });
}

std::vector<NearCopy> near_copies(const Subset& known, const Subset& judged, bool parts) {
  return NearSearch(known, judged).run(parts);
}

}  // namespace refrain::data

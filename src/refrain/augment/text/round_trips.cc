#include "refrain/augment/text/round_trips.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "refrain/augment/text/likeness.h"
#include "refrain/augment/text/line_cache.h"
#include "refrain/base/error.h"

namespace refrain::augment {
namespace {

std::string as_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  std::replace(text.begin(), text.end(), '\r', ' ');
  return text;
}

void check(const RoundTripSpec& spec) {
  if (!spec.model.empty() || !spec.texts.empty() || !spec.forward.empty()) {
    throw Error(Code::kUsage, "model, texts and forward make pairs for --task translate",
                "for other tasks give there and back");
  }
  if (!spec.there.empty() && !spec.back.empty()) return;
  throw Error(
      Code::kUsage,
      fmt::format("a command for the way {} is missing", spec.there.empty() ? "there" : "back"),
      "back_translation(there=\"translate --from en --to de\", back=\"...\"): programs that "
      "read lines and write as many, or models of 'refrain train --task translate'");
}

}  // namespace

std::string RoundTrips::summary() const {
  return fmt::format("{} texts, {} back in other words, {} unchanged, {} too far from their source",
                     asked, texts.size(), equal, far);
}

RoundTrips round_trips(const RoundTripSpec& spec, const std::vector<std::string>& texts) {
  check(spec);
  std::unordered_set<std::string> seen;
  std::vector<std::string> sources, lines;
  for (const auto& text : texts) {
    if (normalised(text).empty() || !seen.insert(text).second) continue;
    sources.push_back(text);
    lines.push_back(as_line(text));
  }
  LineCache& cache = line_cache(spec.cache);
  const auto back = cache.ask(spec.back, cache.ask(spec.there, lines));
  RoundTrips trips;
  trips.asked = static_cast<int>(sources.size());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const std::string plain = normalised(back[i]);
    if (plain == normalised(sources[i])) {
      ++trips.equal;
    } else if (plain.empty() || likeness(sources[i], back[i]) < spec.likeness) {
      ++trips.far;
    } else {
      trips.texts.emplace(sources[i], back[i]);
    }
  }
  return trips;
}

}  // namespace refrain::augment

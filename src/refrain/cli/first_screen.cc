#include "refrain/cli/first_screen.h"

#include <fmt/format.h>

#include <algorithm>

namespace refrain::cli {
namespace {

constexpr std::size_t kWidestName = 28;

std::string score_lines(const api::Brief& brief, const Screen& screen) {
  std::size_t width = 0;
  for (const auto& list : {brief.scores, brief.simple}) {
    for (const auto& [name, score] : list) width = std::max(width, columns_of(name) + 2);
  }
  width = std::min(width, kWidestName);
  std::string out;
  for (const auto& [name, score] : brief.scores) {
    const std::string text = api::score_text(score, brief.fixed);
    out += bold(left_in(cut_to(name, width), width) + "  " + text, screen) + "\n";
  }
  for (const auto& [name, score] : brief.simple) {
    out += left_in("  " + cut_to(name, width - 2), width) + "  " +
           api::score_text(score, brief.fixed) + "\n";
  }
  return out;
}

}  // namespace

std::string first_screen(const api::Brief& brief, const Places& places, const Screen& screen) {
  std::string out;
  const auto line = [&](const std::string& text, int indent) {
    out += folded(text, screen.width, indent) + "\n";
  };
  for (const auto& sentence : brief.what) line(sentence, 2);
  if (!brief.scores.empty()) out += "\n" + score_lines(brief, screen);
  if (!brief.verdict.empty()) line(with_capital(brief.verdict) + ".", 2);
  for (const auto& note : brief.notes) line(with_capital(note) + ".", 2);
  const std::pair<const char*, const std::string*> list[] = {
      {"model", &places.model}, {"details", &places.details}, {"report", &places.report}};
  for (const auto& [name, text] : list) {
    if (!text->empty()) line(fmt::format("{:<8} {}", name, *text), 9);
  }
  if (places.hidden > 0) {
    line(fmt::format("{} more remark{}: --details shows {}", places.hidden,
                     places.hidden == 1 ? "" : "s", places.hidden == 1 ? "it" : "them"),
         2);
  }
  return out;
}

}  // namespace refrain::cli

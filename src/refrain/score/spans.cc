#include "refrain/score/spans.h"

namespace refrain::score {
namespace {

// A tag's letter ('O' outside of all spans, '?' where it is none that the rules know) and type.
struct TagParts {
  char letter = 'O';
  std::string_view type;

  bool outside() const { return letter == 'O'; }
  bool is(std::string_view letters) const { return letters.find(letter) != std::string_view::npos; }
};

char letter_of(std::string_view head) {
  if (head.size() != 1) return '?';
  switch (head[0]) {
    case '.':
      return 'O';
    case 'M':
      return 'I';
    case 'L':
      return 'E';
    case 'U':
      return 'S';
    default:
      return head[0];
  }
}

TagParts parts_of(std::string_view tag) {
  const auto hyphen = tag.find('-');
  const char letter = letter_of(tag.substr(0, hyphen));
  if (hyphen == std::string_view::npos || letter == 'O') return {letter, {}};
  return {letter, tag.substr(hyphen + 1)};
}

bool begins(const TagParts& before, const TagParts& now) {
  if (now.outside()) return false;
  if (now.type != before.type || now.is("BS[]")) return true;
  return now.is("IE") && (before.outside() || before.is("ES"));
}

bool ends(const TagParts& before, const TagParts& now) {
  return now.outside() || now.type != before.type || before.is("ES[]");
}

}  // namespace

std::vector<SpanView> span_views(const std::vector<std::string>& tags) {
  std::vector<SpanView> out;
  bool open = false;
  TagParts before;
  for (std::size_t t = 0; t < tags.size(); ++t) {
    const TagParts now = parts_of(tags[t]);
    const int at = static_cast<int>(t);
    const bool starts = begins(before, now);
    if (open && (starts || ends(before, now))) {
      out.back().end = at;
      open = false;
    }
    if (starts) {
      out.push_back({at, at, now.type});
      open = true;
    }
    before = now;
  }
  if (open) out.back().end = static_cast<int>(tags.size());
  return out;
}

std::vector<Span> spans_of(const std::vector<std::string>& tags) {
  std::vector<Span> out;
  for (const auto& view : span_views(tags)) {
    out.push_back({view.begin, view.end, std::string(view.type)});
  }
  return out;
}

std::vector<SpanView> runs_of(const std::vector<std::string>& tags, const std::string* background) {
  std::vector<SpanView> out;
  for (std::size_t t = 0; t < tags.size(); ++t) {
    if (background != nullptr && tags[t] == *background) continue;
    const int at = static_cast<int>(t);
    if (out.empty() || out.back().end != at || out.back().type != tags[t]) {
      out.push_back({at, at, tags[t]});
    }
    out.back().end = at + 1;
  }
  return out;
}

}  // namespace refrain::score

#include "refrain/data/tag_scheme.h"

namespace refrain::data {
namespace {

constexpr std::string_view kFirst = "BSU";  // begin a span whatever stands before
constexpr std::string_view kLast = "ESLU";  // nothing goes on with the span behind them
constexpr std::string_view kLetters = "BIMELSU";

bool has(std::string_view letters, char c) { return letters.find(c) != std::string_view::npos; }

bool in_span(std::string_view tag) {
  return tag.size() > 2 && tag[1] == '-' && has(kLetters, tag[0]);
}

}  // namespace

bool is_span_tag(std::string_view tag) { return tag == "O" || in_span(tag); }

std::vector<std::string> to_bio(const std::vector<std::string>& tags) {
  std::vector<std::string> out;
  std::string_view open;  // the type of the span that may go on
  for (const std::string& tag : tags) {
    if (!in_span(tag)) {
      out.push_back(tag);
      open = {};
      continue;
    }
    const std::string_view type = std::string_view(tag).substr(2);
    const bool goes_on = type == open && !has(kFirst, tag[0]);
    out.push_back((goes_on ? "I-" : "B-") + std::string(type));
    open = has(kLast, tag[0]) ? std::string_view() : type;
  }
  return out;
}

}  // namespace refrain::data

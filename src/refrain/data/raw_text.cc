#include "refrain/data/raw_text.h"

#include "refrain/data/tokenise.h"

namespace refrain::data {
namespace {

bool begins_character(char c) { return (c & 0xc0) != 0x80; }

// How much a byte adds to an offset.
int width_of(char c, OffsetUnit unit) {
  if (unit == OffsetUnit::kBytes) return 1;
  if (!begins_character(c)) return 0;
  return unit == OffsetUnit::kUtf16 && static_cast<unsigned char>(c) >= 0xf0 ? 2 : 1;
}

}  // namespace

RawText cut_raw(std::string text, OffsetUnit unit) {
  RawText out;
  std::size_t at = 0;
  int offset = 0;
  const auto offset_at = [&](std::size_t byte) {
    for (; at < byte; ++at) offset += width_of(text[at], unit);
    return offset;
  };
  for (const TokenSpan& span : token_spans(text)) {
    out.begin.push_back(offset_at(span.begin));
    out.end.push_back(offset_at(span.end));
  }
  out.text = std::move(text);
  return out;
}

std::vector<std::string_view> words_of(const RawText& raw) {
  std::vector<std::string_view> out;
  const std::string_view text = raw.text;
  std::size_t at = 0;
  int offset = 0;
  const auto byte_at = [&](int wanted) {
    while (at < text.size() && (offset < wanted || !begins_character(text[at]))) {
      offset += begins_character(text[at++]) ? 1 : 0;
    }
    return at;
  };
  for (std::size_t i = 0; i < raw.begin.size(); ++i) {
    const std::size_t begin = byte_at(raw.begin[i]), end = byte_at(raw.end[i]);
    out.push_back(text.substr(begin, end - begin));
  }
  return out;
}

std::string joined_words(const RawText& raw) {
  std::string out;
  for (const auto word : words_of(raw)) {
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

const RawText* raw_of(const Sample& sample) {
  if (sample.raw == nullptr) return nullptr;
  const std::string* text = text_of(sample);
  return text != nullptr && *text == joined_words(*sample.raw) ? sample.raw.get() : nullptr;
}

void cut_words(Dataset& dataset) {
  if (dataset.streams.empty() || dataset.streams.front().kind != StreamKind::kText) return;
  for (auto& sample : dataset.samples) {
    if (!sample.tags.empty() || sample.raw != nullptr || sample.in_words) continue;
    auto& text = std::get<std::string>(sample.streams.front());
    auto raw = std::make_shared<RawText>(cut_raw(std::move(text)));
    text = joined_words(*raw);
    sample.raw = std::move(raw);
  }
}

}  // namespace refrain::data

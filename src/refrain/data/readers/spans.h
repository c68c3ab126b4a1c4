// Spans in raw texts, as annotation tools export them: the text is cut into words, which get their
// tags in BIO. A span that does not begin and end with words is refused, never moved; so are
// spans that overlap. Offsets that count bytes or UTF-16 units instead of characters are told.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "refrain/data/raw_text.h"
#include "refrain/data/reader.h"

namespace refrain::data {

struct RawSpan {
  std::int64_t begin = 0, end = 0;  // characters [begin, end)
  std::string label;
  std::string id = {};  // for messages, where it has one
};

class SpanTagger {
 public:
  // Without places the text's name says where a problem is.
  explicit SpanTagger(const std::string& path, bool places = true)
      : path_(path), places_(places), problems_(path, places ? "texts" : "spans", places) {}

  // The sample's words, their tags and the text they come from; returns the words with one blank
  // between. `name` stands before the messages on this text.
  std::string tag(const std::string& name, std::string text, std::vector<RawSpan> spans,
                  Sample& sample);

  // A span that belongs to no text, or is none.
  void add_problem(const std::string& message);

  // Throws data where spans were bad.
  void finish() const;

 private:
  void refuse(const std::string& message);
  bool check(const RawText& raw, const RawSpan& span);
  void check_units(const RawText& raw, const std::vector<RawSpan>& spans);

  std::string path_;
  bool places_;
  Problems problems_;
  std::int64_t line_ = 0;
  std::string name_;
  bool misfit_ = false;                   // a span does not fit as characters
  std::array<bool, 2> fits_{true, true};  // all spans fit as bytes, as UTF-16 units
  std::string first_misfit_;
};

}  // namespace refrain::data

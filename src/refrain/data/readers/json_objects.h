// The objects of a file of JSON Lines or of one JSON array, and the spans of raw texts in them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "refrain/base/json.h"
#include "refrain/data/reader.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/spans.h"

namespace refrain::data {

// The objects of a file one after another: the filled lines, or the elements of one array.
class Objects {
 public:
  explicit Objects(const Source& source);

  // The text of the next one and the line where it begins; what is no object comes too.
  bool next(Line& out);

 private:
  void skip_to(char wanted);
  void step() { line_ += text_[at_++] == '\n' ? 1 : 0; }
  bool take_rest(Line& out);
  bool next_element(Line& out);

  std::string_view text_;
  Lines lines_;
  bool array_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1;
};

// Null where the line is not a JSON object, which is then a problem. ["text", {...}], as spaCy
// writes examples, is the object with that text.
nlohmann::json parse_object(const Line& line, Problems& problems);

// The key that holds lists of spans: --tag-column, or else that of training, spans, entities, ents,
// labels or label; "" where none does, or where objects have tokens and tags. A key is taken by the
// first of its lists that is not empty; `label` is never one.
std::string spans_key(const Source& source, const std::string& tag_column,
                      const std::string& label);

// The spans of one text: [start, end, "TYPE"] or {"start", "end", "label"}, also "start_offset",
// "end_offset" and "labels": ["TYPE"]. Returns what is wrong with the list, or "".
std::string read_spans(const nlohmann::json& list, std::vector<RawSpan>& out);

}  // namespace refrain::data

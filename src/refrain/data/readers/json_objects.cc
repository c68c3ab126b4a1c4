#include "refrain/data/readers/json_objects.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace refrain::data {
namespace {

using nlohmann::json;

bool is_array(std::string_view text) {
  Lines lines(text);
  Line line;
  return lines.next_filled(line) && trim(line.text).starts_with('[');
}

// Null where the object has none of these keys.
const json* value_at(const json& object, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    const auto found = object.find(key);
    if (found != object.end()) return &*found;
  }
  return nullptr;
}

const json* start_of(const json& span) {
  if (span.is_array()) return span.size() > 2 ? &span[0] : nullptr;
  return span.is_object() ? value_at(span, {"start", "start_offset"}) : nullptr;
}

const json* end_of(const json& span) {
  if (span.is_array()) return span.size() > 2 ? &span[1] : nullptr;
  return span.is_object() ? value_at(span, {"end", "end_offset"}) : nullptr;
}

// A string, or a list of one.
const json* label_of(const json& span) {
  if (span.is_array()) return span.size() > 2 ? &span[2] : nullptr;
  const json* found = value_at(span, {"label", "labels"});
  return found != nullptr && found->is_array() && found->size() == 1 ? &(*found)[0] : found;
}

// True if the first of these values looks like a span.
bool are_spans(const json& list) {
  const json& first = list[0];
  if (start_of(first) == nullptr || end_of(first) == nullptr) return false;
  return first.is_object() || first[2].is_string();
}

// Returns the possible keys of spans, in the order in which they are tried.
std::vector<std::string> span_keys(const Source& source, const std::string& tag_column) {
  if (!tag_column.empty()) return {tag_column};
  std::vector<std::string> out = {"spans", "entities", "ents", "labels", "label"};
  if (source.expected != nullptr && !source.expected->columns.tag.empty()) {
    out.insert(out.begin(), source.expected->columns.tag);
  }
  return out;
}

}  // namespace

Objects::Objects(const Source& source)
    : text_(source.text), lines_(source.text), array_(is_array(source.text)) {
  if (array_) skip_to('[');
  if (array_) ++at_;
}

bool Objects::next(Line& out) { return array_ ? next_element(out) : lines_.next_filled(out); }

void Objects::skip_to(char wanted) {
  while (at_ < text_.size() && text_[at_] != wanted) step();
}

// Reads the text behind the array, which should be empty.
bool Objects::take_rest(Line& out) {
  ++at_;
  while (at_ < text_.size() && is_blank(text_[at_])) step();
  out = {text_.substr(at_), line_};
  at_ = text_.size();
  return !out.text.empty();
}

bool Objects::next_element(Line& out) {
  while (at_ < text_.size() && (is_blank(text_[at_]) || text_[at_] == ',')) step();
  if (at_ >= text_.size()) return false;
  if (text_[at_] == ']') return take_rest(out);
  const std::size_t start = at_;
  out.number = line_;
  int depth = 0;
  for (bool quoted = false; at_ < text_.size(); step()) {
    const char c = text_[at_];
    if (quoted && c == '\\') {
      if (++at_ >= text_.size()) break;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted) {
      if (depth == 0 && (c == ',' || c == ']')) break;
      depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
    }
  }
  out.text = text_.substr(start, at_ - start);
  return true;
}

json parse_object(const Line& line, Problems& problems) {
  try {
    json object = json::parse(line.text);
    if (object.is_object()) return object;
    if (object.is_array() && object.size() == 2 && object[0].is_string() && object[1].is_object()) {
      object[1]["text"] = std::move(object[0]);
      return std::move(object[1]);
    }
    problems.add(line.number, 0, "not a JSON object: write one {...} a line");
  } catch (const json::parse_error& error) {
    const bool nan = line.text.find("NaN") != std::string_view::npos;
    problems.add(line.number, static_cast<std::int64_t>(error.byte),
                 nan ? "not valid JSON: a missing value is null here, not NaN" : "not valid JSON");
  } catch (const json::exception&) {
    problems.add(line.number, 0, "a number is too large");
  }
  return {};
}

std::string spans_key(const Source& source, const std::string& tag_column,
                      const std::string& label) {
  constexpr int kObjectsLooked = 200;  // while there is no list at all
  Objects objects(source);
  Line line;
  Problems ignored(source.path);
  const auto keys = span_keys(source, tag_column);
  std::string empty;  // a key whose lists were all empty so far
  for (int count = 0; (count < kObjectsLooked || !empty.empty()) && objects.next(line); ++count) {
    const json object = parse_object(line, ignored);
    if (!object.is_object()) continue;
    if (object.contains("tokens") && object.contains("tags")) return "";
    for (const std::string& key : keys) {
      const auto found = object.find(key);
      if (key == label || found == object.end() || !found->is_array()) continue;
      if (found->empty() && empty.empty()) empty = key;
      if (!found->empty() && are_spans(*found)) return key;
    }
  }
  return empty == tag_column ? "" : empty;
}

std::string read_spans(const json& list, std::vector<RawSpan>& out) {
  if (!list.is_array()) return "must be a list of spans";
  for (std::size_t i = 0; i < list.size(); ++i) {
    const json* start = start_of(list[i]);
    const json* end = end_of(list[i]);
    if (start == nullptr || end == nullptr) {
      return fmt::format("[{}] is not {{\"start\":, \"end\":, \"label\":}} or [start, end, label]",
                         i);
    }
    const json* label = label_of(list[i]);
    if (!start->is_number_integer() || !end->is_number_integer()) {
      return fmt::format("[{}]: start and end must be whole numbers", i);
    }
    if (label == nullptr || !label->is_string()) return fmt::format("[{}]: no label", i);
    out.push_back(
        {start->get<std::int64_t>(), end->get<std::int64_t>(), label->get<std::string>()});
  }
  return "";
}

}  // namespace refrain::data

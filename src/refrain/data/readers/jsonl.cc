// JSON Lines: {"series": [[v, ...], ...], "label":, "id":, "group":} or {"text":, "label":, ...}.
// A series is a list of time steps, each a number (one channel) or a list of one number a channel,
// or the other way round a list of channels (--series-layout); null is a missing value. Labels may
// be strings, numbers or booleans. --target, --text-column, --id and --group name other keys.
// "derived_from" is the id of the sample that augmentation made this one from. Tagged text has
// "tokens", a list of words, in place of "text", and "tags" a tag each (--tag-column names another
// key); steps of a series may have "tags" too. A raw text may have spans (readers/json_objects.h).
// A series without label may have its transcript in "transcript" or "text".
// Several streams stand in "streams": {"accelerometer": [[v, ...], ...], "note": "a
// text"}; several texts are named by --text-column title,body. A JSON array of such objects is read
// alike.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "refrain/base/error.h"
#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/json_objects.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/streams.h"
#include "refrain/data/transcripts.h"

namespace refrain::data {
namespace {

using nlohmann::json;

struct Keys {
  std::string label, text, id, group, tags;
  std::string spans = {};  // of raw texts; "" = none
};

// The streams that the objects of a file have, and their keys.
struct Form {
  std::vector<StreamInfo> streams;
  bool inside = false;  // they stand in "streams"

  bool one() const { return !inside && streams.size() == 1; }
  bool text() const { return one() && streams.front().kind == StreamKind::kText; }
  bool series() const { return one() && streams.front().kind == StreamKind::kSeries; }
  bool names(const std::string& key) const {
    return std::any_of(streams.begin(), streams.end(),
                       [&](const StreamInfo& stream) { return stream.name == key; });
  }
};

// Returns the keys that the options name, else those of training, else the usual ones.
Keys keys_of(const ReadSpec& spec, const Expected* expected) {
  const bool known = expected != nullptr &&
                     (expected->columns.format == "jsonl" || expected->columns.format.empty());
  const Columns trained = known ? expected->columns : Columns();
  const auto first = [](const std::string& given, const std::string& before, const char* usual) {
    return !given.empty() ? given : !before.empty() ? before : std::string(usual);
  };
  return {first(spec.target, trained.label, "label"), first(spec.text_column, trained.text, "text"),
          first(spec.id, trained.id, "id"), first(spec.group, trained.group, "group"),
          first(spec.tag_column, trained.tag, "tags")};
}

// The keys that objects have, each once, for what a model remembers.
class KeyNames {
 public:
  void add(const json& object, const Keys& keys) {
    for (const auto& [name, value] : object.items()) {
      tags_ = tags_ || name == keys.tags || name == keys.spans;
      if (name == "derived_from" || name == keys.tags || name == "tokens") continue;
      if (name == keys.spans) continue;
      if (seen_.insert(name).second) names_.push_back(name);
    }
  }

  Columns columns(const Keys& keys, const Form& form) const {
    const auto if_there = [this](const std::string& name) {
      return seen_.contains(name) ? name : std::string();
    };
    Columns out;
    out.names = names_;
    if (form.series()) out.values = {"series"};
    if (form.inside) out.values = {"streams"};
    if (form.text()) out.text = if_there(keys.text);
    if (!form.one() && !form.inside) out.text = if_there(form.streams.front().name);
    out.label = if_there(keys.label);
    out.id = if_there(keys.id);
    out.group = if_there(keys.group);
    if (tags_) out.tag = keys.spans.empty() ? keys.tags : keys.spans;
    return out;
  }

 private:
  std::vector<std::string> names_;
  std::set<std::string> seen_;
  bool tags_ = false;
};

// The keys that every object of a file must have.
struct Required {
  bool label = false, tags = false, spans = false;
};

Required required_of(const Source& source, const ReadSpec& spec) {
  const bool learned = source.expected == nullptr || source.expected->labelled;
  return {!spec.target.empty(), learned && !spec.tag_column.empty(), learned};
}

class ObjectReader {
 public:
  ObjectReader(const Keys& keys, const Form& form, Required required, Collector& collector,
               SpanTagger& tagger)
      : keys_(keys),
        form_(form),
        required_(required),
        collector_(collector),
        problems_(collector.problems()),
        tagger_(tagger) {}

  void read(const json& object, std::int64_t line) {
    line_ = line;
    Sample sample;
    sample.line = line;
    const bool label = word(object, keys_.label, required_.label, sample.label);
    const bool id = word(object, keys_.id, false, sample.id);
    const bool group = word(object, keys_.group, false, sample.group);
    std::vector<RawValue> values;
    const bool read = form_.one() ? read_one(object, values) : read_streams(object, values);
    std::string source;
    const bool derived = word(object, "derived_from", false, source);
    const bool tagged = !read || read_tags(object, values, sample);
    if (!label || !id || !group || !read || !derived || !tagged) return;
    collector_.add(std::move(sample), std::move(values));
    collector_.name_source(source);
  }

  // Tokens that held blanks.
  std::int64_t blanks() const { return blanks_; }

 private:
  // A string, number or boolean as text; "" for null and a missing key.
  bool word(const json& object, const std::string& key, bool required, std::string& out) {
    const auto found = object.find(key);
    if (found == object.end()) {
      return !required || fail(fmt::format("no key {}", shown(key)));
    }
    if (key == keys_.label && found->is_array()) return joined(*found, out);
    if (found->is_structured()) {
      return fail(fmt::format("{} must be a string, a number or true or false", shown(key)));
    }
    if (!found->is_null()) out = found->is_string() ? found->get<std::string>() : found->dump();
    return true;
  }

  // Several numbers to predict, with blanks between.
  bool joined(const json& list, std::string& out) {
    for (const json& item : list) {
      if (!item.is_number()) return fail("a label that is a list must hold numbers alone");
      out += (out.empty() ? "" : " ") + item.dump();
    }
    return true;
  }

  bool read_one(const json& object, std::vector<RawValue>& out) {
    if (form_.text()) {
      std::string text;
      if (!read_text(object, text)) return false;
      out.emplace_back(std::move(text));
      return true;
    }
    const auto found = object.find("series");
    if (found == object.end()) return fail("no key 'series'");
    return read_series(*found, "series", out);
  }

  // Each under its name; other keys of "streams" are those of no other sample.
  bool read_streams(const json& object, std::vector<RawValue>& out) {
    const json* holder = &object;
    if (form_.inside) {
      const auto found = object.find("streams");
      if (found == object.end()) return fail("no key 'streams'");
      if (!found->is_object()) return fail("'streams' must be an object: a value for each stream");
      holder = &*found;
    }
    for (const auto& stream : form_.streams) {
      const auto found = holder->find(stream.name);
      if (found == holder->end() || found->is_null()) {
        return fail(fmt::format("no {} {}{}", form_.inside ? "stream" : "key", shown(stream.name),
                                form_.inside ? " in 'streams'" : ""));
      }
      if (stream.kind == StreamKind::kSeries) {
        if (!read_series(*found, stream.name, out)) return false;
      } else if (found->is_string()) {
        out.emplace_back(found->get<std::string>());
      } else {
        return fail(fmt::format("{} must be a string", shown(stream.name)));
      }
    }
    return true;
  }

  // A list of strings, or with `scalars` of numbers or booleans too; none where the key is missing.
  bool read_words(const json& object, const std::string& key, bool scalars,
                  std::vector<std::string>& out) {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) return true;
    const auto is_word = [&](const json& item) {
      return item.is_string() || (scalars && item.is_primitive() && !item.is_null());
    };
    if (!found->is_array() || !std::all_of(found->begin(), found->end(), is_word)) {
      return fail(fmt::format("'{}' must be a list of strings", key));
    }
    for (const json& item : *found) {
      out.push_back(item.is_string() ? item.get<std::string>() : item.dump());
    }
    return true;
  }

  // A tag for each step of the series, or each word where there is none. The steps of a series are
  // known later.
  bool read_tags(const json& object, std::vector<RawValue>& values, Sample& sample) {
    if (!keys_.spans.empty()) return read_spans_of(object, values.front(), sample);
    if (required_.tags && !object.contains(keys_.tags)) {
      return fail(fmt::format("no key {}", shown(keys_.tags)));
    }
    auto& tags = sample.tags;
    const bool series = form_.series();
    if (!read_words(object, keys_.tags, series, tags)) return false;
    sample.in_words = form_.text() && has_tokens(object);
    if (tags.empty()) return true;
    if (!form_.one()) return fail("'tags' beside several streams: which one is meant?");
    if (series) return true;
    if (!sample.in_words) return fail("'tags' without 'tokens': which words are meant?");
    const auto& text = std::get<std::string>(values.front());
    const auto blanks = static_cast<std::size_t>(std::count(text.begin(), text.end(), ' '));
    const std::size_t size = text.empty() ? 0 : 1 + blanks;
    return tags.size() == size || fail(fmt::format("{} tags for {} tokens", tags.size(), size));
  }

  // Tags of the words of a raw text.
  bool read_spans_of(const json& object, RawValue& value, Sample& sample) {
    const auto found = object.find(keys_.spans);
    if (found == object.end() || found->is_null()) {
      return !required_.spans ||
             fail(fmt::format("no key {}; a text without spans has an empty list",
                              shown(keys_.spans)));
    }
    std::vector<RawSpan> spans;
    const std::string wrong = read_spans(*found, spans);
    if (!wrong.empty()) {
      return fail(fmt::format("{}{}{}", shown(keys_.spans), wrong[0] == '[' ? "" : " ", wrong));
    }
    auto& text = std::get<std::string>(value);
    text = tagger_.tag("", std::move(text), std::move(spans), sample);
    return true;
  }

  // True if its words are given in place of a text.
  bool has_tokens(const json& object) const {
    return keys_.spans.empty() && !object.contains(keys_.text) && object.contains("tokens");
  }

  bool read_text(const json& object, std::string& out) {
    if (has_tokens(object)) return read_tokens(object, out);
    const auto found = object.find(keys_.text);
    if (found == object.end()) return fail(fmt::format("no key {}", shown(keys_.text)));
    if (!found->is_string()) return fail(fmt::format("{} must be a string", shown(keys_.text)));
    out = found->get<std::string>();
    return true;
  }

  // Words with a blank between.
  bool read_tokens(const json& object, std::string& out) {
    std::vector<std::string> tokens;
    if (!read_words(object, "tokens", false, tokens)) return false;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (tokens[i].empty()) return fail(fmt::format("token {} is empty", i + 1));
      if (i > 0) out += ' ';
      blanks_ += add_word(tokens[i], out) ? 1 : 0;
    }
    return true;
  }

  bool read_series(const json& list, const std::string& name, std::vector<RawValue>& values) {
    if (!list.is_array()) return fail(fmt::format("'{}' must be a list of time steps", name));
    RawSeries out;
    out.steps = static_cast<int>(list.size());
    for (std::size_t t = 0; t < list.size(); ++t) {
      const json& step = list[t];
      const auto width = step.is_array() ? static_cast<int>(step.size()) : 1;
      if (t == 0) out.channels = width;
      if (width != out.channels) {
        return fail(fmt::format("{0}[{1}] has {2} values, but {0}[0] has {3}", name, t, width,
                                out.channels));
      }
      for (std::size_t c = 0; c < static_cast<std::size_t>(width); ++c) {
        const char* wrong = add_number(step.is_array() ? step[c] : step, out);
        if (wrong == nullptr) continue;
        return fail(step.is_array() ? fmt::format("{}[{}][{}] is {}", name, t, c, wrong)
                                    : fmt::format("{}[{}] is {}", name, t, wrong));
      }
    }
    if (out.channels <= 0 && !list.empty()) return fail(name + "[0] holds no values");
    values.emplace_back(std::move(out));
    return true;
  }

  // Null, or what is wrong with the value.
  static const char* add_number(const json& value, RawSeries& out) {
    if (value.is_boolean()) return out.values.push_back(value.get<bool>() ? 1 : 0), nullptr;
    if (!value.is_number() && !value.is_null()) return "not a number";
    const double number =
        value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
    const double largest = std::numeric_limits<float>::max();
    if (std::fabs(number) > largest) return "too large a number";
    out.values.push_back(number);
    return nullptr;
  }

  bool fail(const std::string& message) {
    problems_.add(line_, 0, message);
    return false;
  }

  const Keys& keys_;
  const Form& form_;
  Required required_;
  Collector& collector_;
  Problems& problems_;
  SpanTagger& tagger_;
  std::int64_t line_ = 0;
  std::int64_t blanks_ = 0;
};

// "[" and then "{", with a key.
bool looks_like_array(std::string_view text) {
  std::string_view rest = trim(text.substr(0, 4000)).substr(1);
  rest = trim(rest);
  return rest.starts_with('{') && rest.find("\":") != std::string_view::npos;
}

int recognise_jsonl(const Source& source, const ReadSpec&) {
  Lines lines(source.text);
  Line line;
  lines.next_filled(line);
  const bool extension =
      source.extension == "jsonl" || source.extension == "ndjson" || source.extension == "json";
  const std::string_view first = trim(line.text);
  if (first.starts_with('[') && (extension || looks_like_array(source.text))) return 90;
  if (!first.starts_with('{')) return extension ? 40 : 0;
  if (extension) return 99;
  return first.ends_with('}') && first.find("\":") != std::string_view::npos ? 90 : 20;
}

constexpr std::size_t kLongestName = 100;

// Throws data: a name that no stream can have.
std::vector<StreamInfo> streams_of(const json& object, const Source& source, std::int64_t line) {
  std::vector<StreamInfo> out;
  for (const auto& [name, value] : object.items()) {
    if (name.empty() || name.size() > kLongestName) {
      throw Error(Code::kData,
                  fmt::format("{}:{}: {} is no name of a stream", source.path, line, shown(name)),
                  fmt::format("a name has 1 to {} bytes", kLongestName));
    }
    out.push_back({name, value.is_string() ? StreamKind::kText : StreamKind::kSeries, 0, {}});
  }
  return out;
}

// The streams of training, which a file that follows must have.
std::vector<StreamInfo> trained_streams(const Expected& expected) {
  std::vector<StreamInfo> out = expected.streams;
  for (auto& stream : out) stream.channels = 0;
  return out;
}

// The streams that the first object has.
Form form_of_first(const json& object, const Line& line, const Source& source) {
  const auto streams = object.find("streams");
  if (streams == object.end() || !streams->is_object() || streams->empty()) {
    const bool series = object.contains("series");
    return {
        {{series ? "series" : "text", series ? StreamKind::kSeries : StreamKind::kText, 0, {}}}};
  }
  Form form{streams_of(*streams, source, line.number), true};
  if (source.expected == nullptr) return form;
  const auto& trained = source.expected->streams;
  const bool known = std::all_of(trained.begin(), trained.end(),
                                 [&](const StreamInfo& stream) { return form.names(stream.name); });
  if (known && !trained.empty()) form.streams = trained_streams(*source.expected);
  return form;
}

// The first object of the file and where it stands; null where there is none.
json first_object(const Source& source, Line& line) {
  Objects objects(source);
  Problems ignored(source.path);
  json out;
  while (!out.is_object() && objects.next(line)) out = parse_object(line, ignored);
  return out;
}

// Finds the form: as in training, as the options say, or else as in the first object.
Form form_of(const Source& source, const ReadSpec& spec) {
  const Expected* expected = source.expected;
  if (expected != nullptr && expected->columns.format == "jsonl") {
    const bool inside = expected->columns.values == std::vector<std::string>{"streams"};
    if (!inside && expected->streams.size() == 1) {
      const StreamKind kind = expected->streams.front().kind;
      return {{{kind == StreamKind::kText ? "text" : "series", kind, 0, {}}}};
    }
    return {trained_streams(*expected), inside};
  }
  const StreamInfo text{"text", StreamKind::kText, 0, {}};
  if (!spec.text_column.empty()) {
    Form form;
    for (const auto& name : text_columns(spec)) {
      if (form.names(name)) refuse_twice(name);
      form.streams.push_back({name, StreamKind::kText, 0, {}});
    }
    return form.streams.size() > 1 ? form : Form{{text}};
  }
  Line line;
  const json object = first_object(source, line);
  if (object.is_object()) return form_of_first(object, line, source);
  return {{text}};
}

// Looks for a key that suggests a group in the first object.
void suspect_group_in(const json& object, const Keys& keys, const Form& form, Dataset& out) {
  if (object.contains(keys.group)) return;
  std::vector<std::string> names;
  for (const auto& [name, value] : object.items()) {
    const bool stream = !form.one() && !form.inside && form.names(name);
    if (name != keys.label && name != keys.id && name != keys.text && !stream) {
      names.push_back(name);
    }
  }
  suspect_group(names, {}, out);
}

// Records the keys of the first object that have no role.
void note_keys(const json& object, const Keys& keys, const Form& form, Dataset& out) {
  const bool text = form.text();
  for (const auto& [name, value] : object.items()) {
    const bool used = name == keys.label || name == keys.id || name == keys.group ||
                      name == "derived_from" || name == keys.tags || name == keys.spans ||
                      (text && name == keys.text) || (form.series() && name == "series") ||
                      (form.inside ? name == "streams" : !form.one() && form.names(name)) ||
                      (text && name == "tokens" && !object.contains(keys.text));
    if (!used) out.not_read.push_back(name);
  }
}

// Streams that some rows have and the first one, or training, has not.
void refuse_more_streams(const json& object, const Form& form, const Line& line,
                         const Source& source, Problems& problems) {
  if (!form.inside || source.expected != nullptr) return;
  const auto streams = object.find("streams");
  if (streams == object.end() || !streams->is_object()) return;
  for (const auto& [name, value] : streams->items()) {
    if (form.names(name)) continue;
    problems.add(line.number, 0,
                 fmt::format("a stream {} that the first row does not have", shown(name)));
    return;
  }
}

// Texts with spans: the key that holds them plays no other part.
void find_spans(const Source& source, const ReadSpec& spec, const Form& form, Keys& keys) {
  if (!form.text()) return;
  std::string label = spec.target;
  if (label.empty() && source.expected != nullptr) label = source.expected->columns.label;
  keys.spans = spans_key(source, spec.tag_column, label);
  if (keys.spans == keys.label) keys.label.clear();
}

// Series without labels may have transcripts; their group is the speaker.
void find_transcript(const Source& source, const ReadSpec& spec, const Form& form, Keys& keys) {
  const auto is_series = [](const StreamInfo& s) { return s.kind == StreamKind::kSeries; };
  if (!std::all_of(form.streams.begin(), form.streams.end(), is_series)) return;
  Line line;
  const json object = first_object(source, line);
  if (!object.is_object()) return;
  std::vector<std::string> names;
  for (const auto& [name, value] : object.items()) {
    if (value.is_string()) names.push_back(name);
  }
  const auto take = [&](const std::vector<std::string_view>& usual, std::string& key) {
    const int found = object.contains(key) ? -1 : first_called(names, usual);
    if (found >= 0) key = names[static_cast<std::size_t>(found)];
  };
  const bool named = !spec.target.empty() || source.expected != nullptr;
  if (!named && !object.contains(keys.tags)) take(transcript_names(), keys.label);
  if (spec.group.empty() && is_transcript_name(keys.label)) take(speaker_names(), keys.group);
}

Dataset read_jsonl(const Source& source, const ReadSpec& spec) {
  const Form form = form_of(source, spec);
  Collector collector(source, form.streams);
  collector.set_scheme(spec.scheme);
  Keys keys = keys_of(spec, source.expected);
  find_spans(source, spec, form, keys);
  find_transcript(source, spec, form, keys);
  SpanTagger tagger(source.path);
  ObjectReader reader(keys, form, required_of(source, spec), collector, tagger);
  KeyNames names;
  Objects objects(source);
  Line line;
  json first;
  while (objects.next(line)) {
    const json object = parse_object(line, collector.problems());
    if (object.is_object()) {
      refuse_more_streams(object, form, line, source, collector.problems());
      reader.read(object, line.number);
      names.add(object, keys);
    }
    if (first.empty()) first = object;
  }
  if (collector.problems().count() == 0) tagger.finish();
  collector.settle_layout(spec.series_layout);
  Dataset out = collector.finish(
      "a line is {\"series\": [[...], ...], \"label\": ...} or {\"text\": ..., \"label\": ...}; "
      "null is a missing value");
  remark_on_blanks(reader.blanks(), out);
  out.columns = names.columns(keys, form);
  suspect_group_in(first, keys, form, out);
  note_keys(first, keys, form, out);
  return out;
}

}  // namespace

Reader jsonl_reader() { return {recognise_jsonl, read_jsonl}; }

}  // namespace refrain::data

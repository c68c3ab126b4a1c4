// JSON Lines: {"source":, "target":, "id":, "group":}, also with other usual names or those of
// --text-column and --target; or {"translation": {"en":, "de":}}, whose two keys the options name.
// A JSON array of such objects is read alike.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/data/pairs/pair_reader.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/json_objects.h"
#include "refrain/data/readers/lines.h"

namespace refrain::data {
namespace {

using nlohmann::json;

constexpr const char* kInside = "translation";

struct PairKeys {
  bool inside = false;  // source and target stand in "translation"
  std::string source, target, id, group;
};

int recognise_json_pairs(const PairInput& input) {
  if (input.targets != nullptr) return 0;
  Lines lines(input.source.text);
  Line line;
  if (!lines.next_filled(line)) return 0;
  const auto& extension = input.source.extension;
  const bool named = extension == "jsonl" || extension == "ndjson" || extension == "json";
  const std::string_view first = trim(line.text);
  if (first.starts_with('{')) return named || first.find("\":") != first.npos ? 99 : 0;
  return named ? 90 : 0;
}

std::vector<std::string> keys_in(const json& object) {
  std::vector<std::string> out;
  for (const auto& [name, value] : object.items()) out.push_back(name);
  return out;
}

// The keys of JSON have no order: two languages do not say which is the source.
PairColumns without_languages(const PairInput& input, const std::vector<std::string>& names) {
  const Columns* trained = input.wanted.trained;
  const auto is_key = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  const bool given = !input.spec.text_column.empty() || !input.spec.target.empty() ||
                     (trained != nullptr && (is_key(trained->text) || is_key(trained->label)));
  const auto has = [&](const std::vector<std::string_view>& usual) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return std::find(usual.begin(), usual.end(), lower(name)) != usual.end();
    });
  };
  if (given || has(source_names()) || has(target_names()) || names.size() < 2) {
    return find_pair_columns(input, names);
  }
  throw Error(
      Code::kData,
      fmt::format("{}: which keys hold source and target? The keys are {}", input.source.path,
                  list_columns(names)),
      "name them with --text-column and --target, for example --text-column en --target de");
}

// Finds the keys in the first object.
PairKeys keys_of_pairs(const PairInput& input, const json& object) {
  PairKeys out;
  const auto found = object.find(kInside);
  out.inside = found != object.end() && found->is_object();
  const auto names = keys_in(out.inside ? *found : object);
  ReadSpec spec = input.spec;
  if (out.inside) spec.id = spec.group = "";
  const PairInput own{input.source, nullptr, spec, input.wanted};
  const PairColumns columns = without_languages(own, names);
  const auto name_of = [&](int column, const std::string& given) {
    if (column != kNoColumn) return names[static_cast<std::size_t>(column)];
    return given;
  };
  out.source = name_of(columns.source, "");
  out.target = name_of(columns.target, input.spec.target);
  out.id = !input.spec.id.empty() ? input.spec.id : "id";
  out.group = !input.spec.group.empty() ? input.spec.group : "group";
  return out;
}

class PairObjects {
 public:
  PairObjects(const PairKeys& keys, bool replies, PairCollector& collector)
      : keys_(keys), replies_(replies), collector_(collector) {}

  void read(const json& object, std::int64_t line) {
    const json* inside = &object;
    if (keys_.inside) {
      const auto found = object.find(kInside);
      if (found == object.end() || !found->is_object()) {
        return collector_.problems().add(line, 0, "'translation' is not an object");
      }
      inside = &*found;
    }
    std::string source, target;
    PairRow row{.line = line, .source = {}, .target = {}};
    bool good = take(*inside, {keys_.source, true}, line, source);
    good = take(*inside, {keys_.target, replies_}, line, target) && good;
    good = take(object, {keys_.id, false}, line, row.id) && good;
    good = take(object, {keys_.group, false}, line, row.group) && good;
    row.source = source;
    row.target = target;
    if (good) collector_.add(row);
  }

 private:
  struct Wanted {
    const std::string& key;
    bool needed;
  };

  // A string, a number or a boolean as text.
  bool take(const json& object, const Wanted& wanted, std::int64_t line, std::string& out) {
    const auto found = object.find(wanted.key);
    const bool there = found != object.end() && !found->is_null();
    if (!there && !wanted.needed) return true;
    if (!there) {
      collector_.problems().add(line, 0, fmt::format("no key {}", shown(wanted.key)));
    } else if (found->is_structured()) {
      collector_.problems().add(line, 0, fmt::format("{} must be a string", shown(wanted.key)));
    } else {
      out = found->is_string() ? found->get<std::string>() : found->dump();
      return true;
    }
    return false;
  }

  const PairKeys& keys_;
  bool replies_;
  PairCollector& collector_;
};

void note_pair_keys(const json& object, const PairKeys& keys, Dataset& out) {
  out.columns.names = keys_in(object);
  out.columns.text = keys.source;
  out.columns.label = keys.target;
  if (object.contains(keys.id)) out.columns.id = keys.id;
  if (object.contains(keys.group)) out.columns.group = keys.group;
  for (const auto& name : out.columns.names) {
    const bool pair = keys.inside ? name == kInside : name == keys.source || name == keys.target;
    if (!pair && name != keys.id && name != keys.group) out.not_read.push_back(name);
  }
  if (out.columns.group.empty()) suspect_group(out.not_read, {}, out);
}

Dataset read_json_pairs(const PairInput& input) {
  PairCollector collector(input);
  Objects objects(input.source);
  Line line;
  json first;
  PairKeys keys;
  PairObjects reader(keys, input.wanted.replies, collector);
  while (objects.next(line)) {
    const json object = parse_object(line, collector.problems());
    if (!object.is_object()) continue;
    if (first.is_null()) {
      keys = keys_of_pairs(input, object);
      first = object;
    }
    reader.read(object, line.number);
  }
  Dataset out = collector.finish(
      "a line is {\"source\": \"...\", \"target\": \"...\"}, with a text of at most 10,000 words "
      "on both sides");
  note_pair_keys(first, keys, out);
  return out;
}

}  // namespace

PairReader jsonl_pairs() { return {recognise_json_pairs, read_json_pairs}; }

}  // namespace refrain::data

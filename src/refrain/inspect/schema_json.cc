#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/inspect/schema.h"

namespace refrain::inspect {
namespace {

using base::Json;

[[noreturn]] void refuse(const std::string& member, const std::string& wanted) {
  throw Error(Code::kData, fmt::format("the schema's '{}' is not {}", member, wanted),
              "write a schema with --write-schema and edit that one");
}

Json json_of(const Range& range) { return {range.low, range.high}; }

template <class T>
void put(const char* name, const std::optional<T>& value, Json& out) {
  if (value) out[name] = *value;
}

void put(const char* name, const std::optional<Range>& value, Json& out) {
  if (value) out[name] = json_of(*value);
}

Json json_of(const ChannelSchema& c) {
  Json out = {{"name", c.name}};
  put("range", c.range, out);
  put("most_missing", c.most_missing, out);
  out["moves"] = c.moves;
  return out;
}

Json json_of(const StreamSchema& s) {
  Json out = {{"name", s.name}, {"kind", s.kind}};
  put("steps", s.steps, out);
  put("characters", s.characters, out);
  put("seconds", s.seconds, out);
  put("rates", s.rates, out);
  if (!s.letters.empty()) out["letters"] = s.letters;
  if (!s.frequent_words.empty()) out["frequent_words"] = s.frequent_words;
  if (s.channels.empty()) return out;
  out["channels"] = Json::array();
  for (const auto& channel : s.channels) out["channels"].push_back(json_of(channel));
  return out;
}

// The members of one object of the file; what is not read is a mistake in spelling.
class Members {
 public:
  Members(const Json& json, std::string name) : json_(json), name_(std::move(name)) {
    if (!json.is_object()) refuse(name_, "an object");
  }
  ~Members() = default;

  const Json* find(const std::string& member) {
    known_.push_back(member);
    const auto at = json_.find(member);
    return at == json_.end() ? nullptr : &*at;
  }
  std::string path(const std::string& member) const {
    return name_.empty() ? member : name_ + "." + member;
  }
  template <class T>
  void read(const char* member, const char* wanted, T& out) {
    const Json* json = find(member);
    if (json == nullptr) return;
    try {
      out = json->get<T>();
    } catch (const Json::exception&) {
      refuse(path(member), wanted);
    }
  }
  template <class T>
  void read_if_there(const char* member, const char* wanted, std::optional<T>& out) {
    if (find(member) == nullptr) return;
    T value{};
    read(member, wanted, value);
    out = std::move(value);
  }
  void read_range(const char* member, std::optional<Range>& out) {
    std::optional<std::vector<double>> pair;
    read_if_there(member, "a list of two numbers", pair);
    if (!pair) return;
    if (pair->size() != 2 || (*pair)[0] > (*pair)[1]) {
      refuse(path(member), "a list of two numbers, the smaller one first");
    }
    out = Range{(*pair)[0], (*pair)[1]};
  }
  void require_known() const {
    for (const auto& [key, value] : json_.items()) {
      if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
      throw Error(Code::kData, fmt::format("the schema has no member '{}'", path(key)),
                  fmt::format("known are {}", fmt::join(known_, ", ")));
    }
  }

 private:
  const Json& json_;
  std::string name_;
  std::vector<std::string> known_;
};

ChannelSchema channel_of_json(const Json& json, const std::string& name) {
  Members in(json, name);
  ChannelSchema out;
  in.read("name", "a text", out.name);
  in.read_range("range", out.range);
  in.read_if_there("most_missing", "a number", out.most_missing);
  in.read("moves", "true or false", out.moves);
  in.require_known();
  return out;
}

StreamSchema stream_of_json(const Json& json, const std::string& name) {
  Members in(json, name);
  StreamSchema out;
  in.read("name", "a text", out.name);
  in.read("kind", "a text", out.kind);
  if (out.kind != "series" && out.kind != "text" && out.kind != "sound") {
    refuse(in.path("kind"), "'series', 'text' or 'sound'");
  }
  in.read_range("steps", out.steps);
  in.read_range("characters", out.characters);
  in.read_range("seconds", out.seconds);
  in.read_if_there("rates", "a list of whole numbers", out.rates);
  in.read("letters", "a text", out.letters);
  in.read("frequent_words", "a list of texts", out.frequent_words);
  if (const Json* channels = in.find("channels")) {
    if (!channels->is_array()) refuse(in.path("channels"), "a list");
    for (const auto& channel : *channels) {
      out.channels.push_back(channel_of_json(
          channel, fmt::format("{}[{}]", in.path("channels"), out.channels.size())));
    }
  }
  in.require_known();
  return out;
}

void read_labels(Members& in, Schema& out) {
  const Json* labels = in.find("labels");
  if (labels == nullptr) return;
  Members of(*labels, "labels");
  of.read_if_there("classes", "a list of texts", out.classes);
  of.read_range("range", out.target);
  of.require_known();
}

}  // namespace

Json to_json(const Schema& schema) {
  Json out = {{"refrain_schema", 1}, {"least_samples", schema.least_samples}};
  if (!schema.encoding.empty()) out["encoding"] = schema.encoding;
  out["streams"] = Json::array();
  for (const auto& stream : schema.streams) out["streams"].push_back(json_of(stream));
  if (schema.classes) out["labels"]["classes"] = *schema.classes;
  if (schema.target) out["labels"]["range"] = json_of(*schema.target);
  put("tags", schema.tags, out);
  out["groups"] = schema.groups;
  return out;
}

Schema schema_of_json(const Json& json) {
  Members in(json, "");
  Schema out;
  int version = 0;
  in.read("refrain_schema", "1", version);
  if (version != 1) refuse("refrain_schema", "1");
  in.read("least_samples", "a whole number", out.least_samples);
  in.read("encoding", "a text", out.encoding);
  if (const Json* streams = in.find("streams")) {
    if (!streams->is_array()) refuse("streams", "a list");
    for (const auto& stream : *streams) {
      out.streams.push_back(stream_of_json(stream, fmt::format("streams[{}]", out.streams.size())));
    }
  }
  read_labels(in, out);
  in.read_if_there("tags", "a list of texts", out.tags);
  in.read("groups", "true or false", out.groups);
  in.require_known();
  return out;
}

}  // namespace refrain::inspect

#include "refrain/data/column_names.h"

#include <nlohmann/json.hpp>

namespace refrain::data {

base::Json to_json(const Columns& c) {
  base::Json out = {{"format", c.format}, {"names", c.names}, {"values", c.values},
                    {"label", c.label},   {"text", c.text},   {"id", c.id},
                    {"group", c.group},   {"time", c.time}};
  if (!c.tag.empty()) out["tag"] = c.tag;
  return out;
}

Columns columns_from_json(const base::Json& json) {
  return {json.at("format"),
          json.at("names").get<std::vector<std::string>>(),
          json.at("values").get<std::vector<std::string>>(),
          json.at("label"),
          json.at("text"),
          json.at("id"),
          json.at("group"),
          json.at("time"),
          json.value("tag", "")};
}

}  // namespace refrain::data

// What samples of some data have to look like: a JSON file that is inferred from one file, that
// people edit, and that others are checked against. A member that is left out is not checked.
//
//   {"refrain_schema": 1, "least_samples": 1,
//    "streams": [{"name": "series", "kind": "series", "steps": [60, 60],
//                 "channels": [{"name": "ax", "range": [-2, 2], "most_missing": 0, "moves":
//                 true}]}],
//    "labels": {"classes": ["a", "b"]}, "groups": true}
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "refrain/base/json.h"
#include "refrain/inspect/finding.h"
#include "refrain/inspect/profile.h"

namespace refrain::inspect {

struct Range {
  double low = 0, high = 0;

  bool operator==(const Range&) const = default;
};

struct ChannelSchema {
  std::string name;
  std::optional<Range> range;
  std::optional<double> most_missing;  // share of the values
  bool moves = false;                  // its values are not all equal

  bool operator==(const ChannelSchema&) const = default;
};

struct StreamSchema {
  std::string name;
  std::string kind;            // "series", "text", "sound"
  std::optional<Range> steps;  // series: of each sample
  std::vector<ChannelSchema> channels;
  std::optional<Range> characters;        // texts
  std::optional<Range> seconds;           // recordings
  std::optional<std::vector<int>> rates;  // recordings: samples a second
  std::string letters;  // texts: "Latin letters", "Chinese characters", ...; "" = any
  std::vector<std::string> frequent_words = {};  // for people; not checked

  bool operator==(const StreamSchema&) const = default;
};

struct Schema {
  std::int64_t least_samples = 1;
  std::string encoding;  // "" = any
  std::vector<StreamSchema> streams;
  std::optional<std::vector<std::string>> classes;
  std::optional<Range> target;  // of labels that are numbers
  std::optional<std::vector<std::string>> tags;
  bool groups = false;  // every sample has one

  bool operator==(const Schema&) const = default;
};

Schema schema_of(const Profile& profile);

base::Json to_json(const Schema& schema);
// Throws data, naming the member, where it is no schema.
Schema schema_of_json(const base::Json& json);

// `given`: a person has written or agreed to the schema, so that what breaks it is an error. Else
// it was inferred from another file: ranges are left to the tests of drift.
std::vector<Finding> check(const Schema& schema, const Profile& profile, bool given);

}  // namespace refrain::inspect

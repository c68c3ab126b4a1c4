#include "refrain/inspect/schema.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/inspect/test_data.h"

namespace refrain::inspect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Schema, of_a_file_is_kept_by_that_file_and_by_another_of_its_kind) {
  const Profile a = profile_of(waves("a", 50, 2, 1));
  const Schema schema = schema_of(a);
  EXPECT_THAT(check(schema, a, true), IsEmpty());
  EXPECT_THAT(check(schema, profile_of(waves("b", 50, 2, 2)), true), IsEmpty());
}

TEST(Schema, comes_back_from_json) {
  for (const Profile& p :
       {profile_of(waves("a", 9, 2, 1)), profile_of(texts("b", {"a b", "你好"}))}) {
    const Schema schema = schema_of(p);
    EXPECT_TRUE(schema_of_json(base::Json::parse(to_json(schema).dump())) == schema);
  }
}

TEST(Schema, names_what_is_broken) {
  const Schema schema = schema_of(profile_of(waves("a", 50, 2, 1)));
  data::Dataset d = waves("b", 50, 2, 2);
  change_channel(d, 1, [](float x) { return x + 100; });
  d.samples[3].label = "z";
  series_of(d, 0).steps = 39;
  series_of(d, 0).values.resize(78);
  const auto found = check(schema, profile_of(d), true);
  EXPECT_THAT(checks_of(found), ElementsAre("range", "steps", "unknown_class"));
  for (const auto& f : found) EXPECT_EQ(f.severity, Severity::kError);
}

TEST(Schema, that_was_inferred_leaves_ranges_alone_and_warns_of_classes) {
  const Schema schema = schema_of(profile_of(waves("a", 50, 2, 1)));
  data::Dataset d = waves("b", 50, 2, 2);
  change_channel(d, 1, [](float x) { return x + 100; });
  d.samples[3].label = "z";
  const auto found = check(schema, profile_of(d), false);
  ASSERT_THAT(checks_of(found), ElementsAre("unknown_class"));
  EXPECT_EQ(found[0].severity, Severity::kWarning);
}

TEST(Schema, of_other_channels_or_another_kind_is_broken) {
  const Schema schema = schema_of(profile_of(waves("a", 9, 2, 1)));
  EXPECT_THAT(checks_of(check(schema, profile_of(waves("b", 9, 3, 2)), false)),
              ElementsAre("channels"));
  EXPECT_THAT(checks_of(check(schema, profile_of(texts("b", {"a", "b"})), false)),
              ElementsAre("kind"));
}

TEST(Schema, that_is_misspelt_is_refused_with_its_member) {
  const auto refused = [](const char* json) {
    try {
      schema_of_json(base::Json::parse(json));
    } catch (const Error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_THAT(refused("[]"), HasSubstr("is not an object"));
  EXPECT_THAT(refused("{}"), HasSubstr("'refrain_schema' is not 1"));
  EXPECT_THAT(refused(R"({"refrain_schema": 1, "stream": []})"), HasSubstr("no member 'stream'"));
  EXPECT_THAT(refused(R"({"refrain_schema": 1, "streams": [{"kind": "series", "steps": [3]}]})"),
              HasSubstr("'streams[0].steps' is not a list of two numbers"));
}

}  // namespace
}  // namespace refrain::inspect

#include "refrain/api/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/scratch_folder.h"
#include "refrain/base/fields.h"

namespace refrain::api {
namespace {

using testing::HasSubstr;

Error error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  return Error(Code::kInternal, "no error");
}

TEST(Options, are_set_and_read_as_text) {
  Options o;
  o.set("hidden", "17");
  o.set("lr", "0.25");
  o.set("bidirectional", "false");
  o.set("cell", "lstm");
  o.set("target", "fault");
  EXPECT_EQ(o.get("hidden"), "17");
  EXPECT_EQ(o.get("lr"), "0.25");
  EXPECT_EQ(o.get("bidirectional"), "false");
  EXPECT_EQ(o.get("cell"), "lstm");
  EXPECT_EQ(o.get("target"), "fault");
}

TEST(Options, of_a_copy_are_its_own) {
  Options a;
  a.set("hidden", "17");
  Options b = a;
  b.set("hidden", "18");
  EXPECT_EQ(a.get("hidden"), "17");
  a = b;
  b.set("hidden", "19");
  EXPECT_EQ(a.get("hidden"), "18");
}

TEST(Options, a_mistyped_name_gets_the_nearest_one) {
  const Error error = error_of([] { Options().set("hiden", "3"); });
  EXPECT_EQ(error.code(), Code::kUsage);
  EXPECT_STREQ(error.what(), "unknown option --hiden");
  EXPECT_EQ(error.hint(), "did you mean --hidden?");
  EXPECT_EQ(error_of([] { Options().get("hiden"); }).code(), Code::kUsage);
}

TEST(Options, a_value_out_of_range_is_refused_and_changes_nothing) {
  Options o;
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{{"hidden", "0"},
                                                        {"hidden", "4.5"},
                                                        {"hidden", "many"},
                                                        {"hidden", ""},
                                                        {"lr", "nan"},
                                                        {"lr", "1e9"},
                                                        {"l1", "-0.1"},
                                                        {"cell", "lstn"},
                                                        {"bidirectional", "perhaps"}}) {
    const std::string before = o.get(name);
    const Error error = error_of([&, n = name, v = value] { o.set(n, v); });
    EXPECT_EQ(error.code(), Code::kUsage) << name << " " << value;
    EXPECT_THAT(error.what(), HasSubstr("--" + name));
    EXPECT_THAT(error.what(), HasSubstr("'" + value + "'"));
    EXPECT_EQ(o.get(name), before);
  }
  EXPECT_THAT(error_of([&] { o.set("hidden", "0"); }).what(), HasSubstr("in [1, 4096]"));
  EXPECT_EQ(error_of([&] { o.set("cell", "lstn"); }).hint(), "did you mean 'lstm'?");
}

TEST(OptionList, holds_the_names_of_the_contract) {
  std::set<std::string> names;
  for (const auto& option : Options::list()) {
    EXPECT_TRUE(names.insert(option.name).second) << option.name;
    EXPECT_EQ(Options().get(option.name), option.default_value) << option.name;
  }
  for (const char* name : {"task",
                           "target",
                           "text_column",
                           "group",
                           "format",
                           "encoding",
                           "cell",
                           "hidden",
                           "layers",
                           "bidirectional",
                           "pooling",
                           "attention",
                           "embedding_dim",
                           "dropout",
                           "recurrent_dropout",
                           "embedding_dropout",
                           "l1",
                           "l2",
                           "label_smoothing",
                           "optimiser",
                           "lr",
                           "schedule",
                           "clip_norm",
                           "clip_value",
                           "batch_size",
                           "epochs",
                           "patience",
                           "valid_fraction",
                           "class_weight",
                           "seed",
                           "threads"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

class OptionFile : public ScratchFolder {};

TEST_F(OptionFile, toml_and_json_give_the_same_options) {
  const std::string toml = write("a.toml",
                                 "# a comment\nhidden = 17\nlr = 0.25\nbidirectional = false\n"
                                 "cell = \"lstm\"\n\"batch-size\" = 9\n");
  const std::string json = write("a.json",
                                 R"({"hidden": 17, "lr": 0.25, "bidirectional": false,
                                     "cell": "lstm", "batch_size": 9})");
  const std::string unnamed = write("config", read(json));
  Options by_hand;
  by_hand.set("hidden", "17");
  by_hand.set("lr", "0.25");
  by_hand.set("bidirectional", "false");
  by_hand.set("cell", "lstm");
  by_hand.set("batch-size", "9");
  for (const auto& file : {toml, json, unnamed}) {
    Options o;
    o.load(file);
    EXPECT_EQ(o.json(), by_hand.json()) << file;
  }
  EXPECT_NE(by_hand.json(), Options().json());
}

TEST_F(OptionFile, what_json_gives_can_be_loaded) {
  Options o;
  o.set("hidden", "17");
  o.set("pooling", "attention");
  o.set("target", "caf\xc3\xa9 \"x\"");
  Options again;
  again.load(write("o.json", o.json()));
  EXPECT_EQ(again.json(), o.json());
  EXPECT_EQ(again.get("target"), "caf\xc3\xa9 \"x\"");
  const auto parsed = base::Json::parse(o.json());
  EXPECT_EQ(parsed.size(), Options::list().size());
}

TEST_F(OptionFile, errors_name_the_file_and_the_place) {
  const auto load = [&](const std::string& name, const std::string& text) {
    const std::string file = write(name, text);
    const Error error = error_of([&] { Options().load(file); });
    EXPECT_EQ(error.code(), Code::kUsage) << text;
    EXPECT_THAT(error.what(), HasSubstr(file)) << text;
    EXPECT_NE(error.hint(), "") << text;
    return std::string(error.what());
  };
  EXPECT_THAT(load("a.toml", "hiden = 3\n"), HasSubstr("unknown option --hiden"));
  EXPECT_THAT(load("a.toml", "hidden = 0\n"), HasSubstr("--hidden must be"));
  EXPECT_THAT(load("a.toml", "lr = 1\nhidden == 3\n"), HasSubstr("a.toml:2:"));
  EXPECT_THAT(load("a.json", "{\n\"hidden\": }"), HasSubstr("a.json:"));
  load("a.json", "[1, 2]");
  load("a.json", "{\"hidden\": [1]}");
  load("a.toml", "[hidden]\nx = 1\n");
  const Error missing = error_of([&] { Options().load(path("absent.toml")); });
  EXPECT_EQ(missing.code(), Code::kIo);
  EXPECT_THAT(missing.what(), HasSubstr("absent.toml"));
}

}  // namespace
}  // namespace refrain::api

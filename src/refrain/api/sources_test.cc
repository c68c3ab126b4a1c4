#include "refrain/api/sources.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/python_packages.h"
#include "refrain/api/inside/record.h"
#include "refrain/base/files.h"
#include "refrain/base/json.h"
#include "refrain/base/test_folder.h"
#include "refrain/tensor/safetensors.h"

namespace refrain::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A file with this head; nothing here computes anything, so its numbers do not matter.
std::string made_file(const base::Json& head) {
  tensor::TensorFile file;
  file.metadata["refrain"] = head.dump();
  file.tensors = {{"encoder.0.forward.w_x", {2, 2}, {1, 2, 3, 4}}};
  return tensor::to_safetensors(file);
}

base::Json series_head() {
  return {{"format", 1},
          {"task", "classify"},
          {"features",
           {{"streams",
             {{{"name", "series"},
               {"kind", "series"},
               {"channels", 2},
               {"channel_names", {"x", "y"}}}}}}}};
}

base::Json language_head(const std::string& unit) {
  return {{"format", 1},
          {"kind", "source"},
          {"task", "language-model"},
          {"units", {{"unit", unit}, {"vocabulary", {"<unk>", "</s>", "cat"}}}}};
}

class Sources : public testing::Test {
 protected:
  std::map<std::string, FoundSource> find(SourceSearch search = {}) {
    search.folder = folder_.path();
    if (search.store.empty()) search.store = "none";
    if (!search.packages) search.packages.emplace();
    found_ = find_sources(search);
    std::map<std::string, FoundSource> out;
    for (const auto& s : found_.sources) {
      out[std::filesystem::path(s.path).filename().string()] = s;
    }
    return out;
  }

  base::TestFolder folder_;
  SourceList found_;
};

TEST_F(Sources, models_and_language_models_are_known_whatever_their_names) {
  folder_.write("one.bin", made_file(series_head()));
  folder_.write("two", made_file(language_head("word")));
  folder_.write("three.txt", made_file(language_head("character")));
  folder_.write("notes.txt", "words and words\n");
  folder_.write("state.checkpoint", made_file({{"format", 1}}));
  const auto found = find();
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found.at("one.bin").kind, "model");
  EXPECT_EQ(found.at("one.bin").task, "classify");
  EXPECT_EQ(found.at("one.bin").reads, "2 channels: x, y");
  EXPECT_EQ(found.at("one.bin").numbers, 4);
  EXPECT_EQ(found.at("one.bin").option, "init");
  EXPECT_EQ(found.at("two").kind, "language model");
  EXPECT_EQ(found.at("two").reads, "words (3)");
  EXPECT_EQ(found.at("two").option, "init");
  EXPECT_EQ(found.at("three.txt").option, "");
  EXPECT_THAT(found.at("three.txt").trouble, HasSubstr("reads characters"));
}

TEST_F(Sources, a_model_of_simple_methods_cannot_be_begun_with) {
  base::Json head = series_head();
  head["members"] = {{{"method", "hydra"}}};
  folder_.write("m.refrain", made_file(head));
  EXPECT_THAT(find().at("m.refrain").trouble, HasSubstr("no network"));
  head["members"].push_back({{"method", "network"}});
  folder_.write("m.refrain", made_file(head));
  EXPECT_EQ(find().at("m.refrain").option, "init");
}

TEST_F(Sources, damaged_files_are_named_and_end_nothing) {
  const std::string whole = made_file(series_head());
  std::string flipped = whole;
  flipped[flipped.size() - 3] ^= 1;
  folder_.write("a.refrain", whole.substr(0, whole.size() - 5));
  folder_.write("b.refrain", flipped);
  folder_.write("c.refrain", "text");
  folder_.write("d.source", "");
  folder_.write("e.refrain", made_file({{"task", "classify"}, {"features", 3}}));
  folder_.write("f.refrain", made_file({{"task", 3}}));
  folder_.write("g.refrain", made_file({{"task", "classify"}, {"features", {{"streams", {{3}}}}}}));
  folder_.write("x.gz", "\x1f\x8b damaged");
  folder_.write("z.refrain", whole);
  const auto found = find();
  ASSERT_EQ(found.size(), 8U);
  EXPECT_THAT(found.at("a.refrain").trouble, HasSubstr("cut off"));
  EXPECT_THAT(found.at("b.refrain").trouble, HasSubstr("checksum"));
  for (const char* name : {"c.refrain", "d.source", "e.refrain", "f.refrain", "g.refrain"}) {
    EXPECT_NE(found.at(name).trouble, "") << name;
    EXPECT_EQ(found.at(name).option, "") << name;
  }
  EXPECT_EQ(found.at("z.refrain").trouble, "");
}

TEST_F(Sources, what_is_no_regular_file_is_passed_over) {
  std::filesystem::create_directory(folder_.path("folder.refrain"));
  ASSERT_EQ(::mkfifo(folder_.path("pipe.refrain").c_str(), 0600), 0);
  std::filesystem::create_symlink(folder_.path("nowhere"), folder_.path("link.refrain"));
  EXPECT_THAT(find(), IsEmpty());
}

TEST_F(Sources, models_of_runs_are_found_where_they_were_written) {
  base::TestFolder elsewhere;
  const std::string path = elsewhere.write("kept.refrain", made_file(series_head()));
  const auto keep = [&](const std::string& out) {
    store::Run run;
    run.task = "classify", run.data = "bearings";
    run.job = base::Json({{"out", out}}).dump();
    return record(elsewhere.path("runs.db"), run);
  };
  keep(elsewhere.path("gone.refrain"));
  keep(path);
  keep("");
  const std::string newest = keep(path);
  SourceSearch search;
  search.store = elsewhere.path("runs.db");
  const auto found = find(search);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.at("kept.refrain").from, "run " + newest + " on bearings");
  EXPECT_THAT(found_.remarks, ElementsAre(HasSubstr("the model of one of the runs")));
}

TEST_F(Sources, a_damaged_store_and_a_missing_folder_are_remarks) {
  SourceSearch search;
  search.store = folder_.write("runs.db", "this is no database");
  EXPECT_THAT(find(search), IsEmpty());
  EXPECT_THAT(found_.remarks, ElementsAre(HasSubstr("the runs could not be read")));
  search.store = "none";
  search.folder = folder_.path("nowhere");
  search.packages.emplace();
  EXPECT_THAT(find_sources(search).remarks, ElementsAre(HasSubstr("cannot be read")));
}

TEST_F(Sources, the_time_is_kept) {
  folder_.write("m.refrain", made_file(series_head()));
  SourceSearch search;
  search.seconds = 0;
  EXPECT_THAT(find(search), IsEmpty());
  EXPECT_THAT(found_.remarks, ElementsAre(HasSubstr("1 file was not looked at")));
}

TEST_F(Sources, encoders_that_cannot_be_read_are_named) {
  folder_.write("gpt/config.json", "{\"model_type\": \"gpt2\"}");
  folder_.write("gpt/model.safetensors", "");
  folder_.write("pickle/config.json", "{}");
  folder_.write("pickle/pytorch_model.bin", "");
  folder_.write("site/config.json", "{\"port\": 80}");
  const auto found = find();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_THAT(found.at("gpt").trouble, HasSubstr("gpt2"));
  EXPECT_NE(found.at("pickle").trouble, "");
}

TEST_F(Sources, are_one_json_object) {
  folder_.write("m.refrain", made_file(series_head()));
  find();
  const auto json = base::Json::parse(found_.json());
  ASSERT_EQ(json.at("sources").size(), 1U);
  EXPECT_EQ(json.at("sources")[0].at("numbers"), 4);
  EXPECT_EQ(json.at("sources")[0].at("trouble"), "");
  EXPECT_TRUE(json.at("remarks").empty());
}

TEST_F(Sources, packages_list_their_encoders_themselves) {
  folder_.write("big_encoder-2.0.dist-info/RECORD",
                "big_encoder/a/config.json,sha256=x,3\n\"big_encoder/a/model.safetensors\",,\n"
                "big_encoder/b/config.json,,\n../c/config.json,,\n../c/model.safetensors,,\n"
                "/d/config.json,,\n/d/model.safetensors,,\n");
  folder_.write("other-1.dist-info/METADATA", "");
  const auto found = packaged_encoders({folder_.path(), folder_.path("nowhere")});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].folder, folder_.path("big_encoder/a"));
  EXPECT_EQ(found[0].package, "big_encoder 2.0");
}

}  // namespace
}  // namespace refrain::api

#include "refrain/api/inspection.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "refrain/base/json.h"
#include "refrain/base/test_folder.h"

namespace refrain::api {
namespace {

using testing::HasSubstr;

InspectJob job_of(const std::string& data, std::vector<std::string> others) {
  InspectJob job;
  job.data = data;
  job.others = std::move(others);
  job.label_errors = "no";
  return job;
}

std::string shared(const std::string& name) { return REFRAIN_SOURCE_DIR "/../shared/data/" + name; }

bool has_check(const Inspection& found, const std::string& check) {
  return std::any_of(found.findings.begin(), found.findings.end(),
                     [&](const DataFinding& f) { return f.check == check; });
}

TEST(Inspection, counts_copies_in_its_text_and_its_json) {
  const base::TestFolder folder;
  const auto a = folder.write("a.csv", "text,label\none two,x\nthree four,y\nfive six,x\n");
  const auto b = folder.write("b.csv", "text,label\nthree four,y\nnew,x\n");
  const Inspection found = inspect(job_of(a, {b}));
  EXPECT_TRUE(found.failed);
  ASSERT_EQ(found.leaks.size(), 1U);
  EXPECT_EQ(found.leaks[0].exact, 1);
  const auto json = base::Json::parse(found.json());
  EXPECT_EQ(json["leaks"][0]["exact"], 1);
  EXPECT_EQ(json["failed"], true);
  const auto sections = found.sections();
  ASSERT_EQ(sections[0].name, "verdict");
  EXPECT_THAT(std::get<Sentences>(sections[0].content).lines[0], HasSubstr("FAILED: 1 error"));
}

TEST(Inspection, of_each_pair_of_files_is_made) {
  const base::TestFolder folder;
  std::vector<std::string> files;
  for (const char* name : {"a", "b", "c"}) {
    files.push_back(folder.write(std::string(name) + "/data.csv",
                                 std::string("text,label\nsame,x\nown ") + name + ",y\n"));
  }
  const Inspection found = inspect(job_of(files[0], {files[1], files[2]}));
  EXPECT_EQ(found.leaks.size(), 3U);
  EXPECT_EQ(found.names[0], "a/data.csv");
}

TEST(Inspection, matches_columns_by_name_and_tells_of_missing_ones) {
  const base::TestFolder folder;
  const std::string head = "id,time,ax,ay,label\n";
  std::string a = head, b = "id,time,ay,ax,label\n", c = "id,time,ax,label\n";
  for (int i = 0; i < 12; ++i) {
    for (int t = 0; t < 10; ++t) {
      const std::string key = std::to_string(i) + "," + std::to_string(t) + ",";
      const std::string x = std::to_string((i * 7 + t * 3) % 11), y = std::to_string(100 + t % 5);
      const std::string label = i % 2 == 0 ? ",u\n" : ",v\n";
      a += key + x + "," + y + label;
      b += key + y + "," + x + label;
      c += key + x + label;
    }
  }
  const auto first = folder.write("a.csv", a);
  const Inspection same = inspect(job_of(first, {folder.write("b.csv", b)}));
  EXPECT_EQ(same.leaks[0].exact, same.leaks[0].of);
  EXPECT_FALSE(has_check(same, "exchanged_channels"));
  EXPECT_TRUE(has_check(inspect(job_of(first, {folder.write("c.csv", c)})), "channels"));
}

// What the READMEs of the public sets say of them.
TEST(Inspection, finds_the_copies_that_public_sets_are_known_for) {
  if (!std::filesystem::exists(shared("text"))) GTEST_SKIP() << "no ../shared/data";
  struct Known {
    std::string first, second;
    std::int64_t exact, different;
  };
  const auto ts = [](const std::string& name, const std::string& part) {
    return shared("timeseries/" + name + "/" + name + "_" + part + ".ts");
  };
  std::vector<Known> all = {
      {shared("text/trec/TREC.train.all"), shared("text/trec/TREC.test.all"), 10, 10},
      {shared("text/atis/train"), shared("text/atis/valid"), 52, 48},
      {shared("text/atis/train"), shared("text/atis/test"), 13, 10},
      // 38 of these are equal in the places of the characters in words too.
      {shared("text/weibo-ner/weiboNER_2nd_conll.train"),
       shared("text/weibo-ner/weiboNER_2nd_conll.test"), 38, 36},
      {shared("text/thucnews-title/dev.txt"), shared("text/thucnews-title/test.txt"), 8, 8}};
  for (const auto& [name, count] : {std::pair{"Libras", 19},
                                    {"ToeSegmentation1", 4},
                                    {"SwedishLeaf", 2},
                                    {"MedicalImages", 1}}) {
    all.push_back({ts(name, "TRAIN"), ts(name, "TEST"), count, count});
  }
  for (const auto& known : all) {
    const auto leak = inspect(job_of(known.first, {known.second})).leaks.at(0);
    EXPECT_EQ(leak.exact, known.exact) << known.second;
    EXPECT_LE(leak.different, known.different) << known.second;
  }
  EXPECT_EQ(inspect(job_of(ts("PowerCons", "TRAIN"), {ts("PowerCons", "TEST")})).leaks[0].exact,
            67);
}

TEST(Inspection, finds_the_sentences_that_sets_have_in_common_and_contradictions) {
  if (!std::filesystem::exists(shared("text"))) GTEST_SKIP() << "no ../shared/data";
  const auto mr =
      inspect(job_of(shared("text/mr/rt-polarity.all"), {shared("text/sst2/stsa.binary.test")}));
  EXPECT_EQ(mr.leaks[0].exact + mr.leaks[0].near, 1431);
  const auto waimai = inspect(job_of(shared("text/waimai10k/waimai_10k.csv"), {}));
  for (const auto& f : waimai.findings) {
    if (f.check == "contradictions") {
      EXPECT_EQ(f.count, 7);
    }
  }
  EXPECT_TRUE(has_check(waimai, "contradictions"));
}

}  // namespace
}  // namespace refrain::api

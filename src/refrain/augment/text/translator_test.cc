#include "refrain/augment/text/translator.h"

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "refrain/augment/operation.h"
#include "refrain/augment/pool.h"
#include "refrain/augment/text/line_cache.h"
#include "refrain/augment/text/round_trips.h"
#include "refrain/base/error.h"
#include "refrain/base/test_folder.h"

namespace refrain::augment {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::string message_of(const std::string& command, const std::vector<std::string>& lines) {
  try {
    run_lines(command, lines);
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

class RoundTripFiles : public testing::Test {
 protected:
  int calls() const {
    std::ifstream file(log_);
    return static_cast<int>(std::count(std::istreambuf_iterator<char>(file), {}, '\n'));
  }

  const base::TestFolder folder_;
  const std::string cache_ = folder_.path("cache.jsonl");
  const std::string log_ = folder_.path("log");
};

TEST(Translator, lines_go_in_and_as_many_come_out) {
  EXPECT_THAT(run_lines("tr a-z A-Z", {"one two", "", "很好"}), ElementsAre("ONE TWO", "", "很好"));
  EXPECT_TRUE(run_lines("false", {}).empty());
}

TEST(Translator, large_input_and_output_never_block) {
  const std::vector<std::string> lines(20000, std::string(200, 'x'));
  EXPECT_EQ(run_lines("cat", lines), lines);
  EXPECT_EQ(run_lines("cat; head -c 3000000 /dev/zero >&2", lines), lines);
  // All is read before the first line is written, and the other way round.
  EXPECT_EQ(run_lines("tac | tac", lines).size(), lines.size());
}

TEST(Translator, failures_name_the_command) {
  EXPECT_THAT(message_of("echo broken >&2; exit 3", {"a"}),
              AllOf(HasSubstr("exit code 3"), HasSubstr("broken"), HasSubstr("echo")));
  EXPECT_THAT(message_of("no-such-program-here", {"a"}), HasSubstr("exit code 127"));
  EXPECT_THAT(message_of("kill -9 $$", {"a"}), HasSubstr("signal 9"));
  EXPECT_THAT(message_of("head -1", {"a", "b"}), HasSubstr("was given 2 lines and wrote 1"));
  EXPECT_THAT(message_of("printf '\\377\\n'", {"a"}), HasSubstr("not UTF-8"));
}

TEST(Translator, a_program_that_does_not_read_is_an_error_and_no_signal) {
  const std::vector<std::string> lines(50000, std::string(100, 'x'));
  EXPECT_THAT(message_of("exec <&-; echo", lines), HasSubstr("wrote 1"));
  EXPECT_THAT(message_of("exit 0", lines), HasSubstr("wrote 0"));
}

TEST_F(RoundTripFiles, equal_and_far_round_trips_are_left_out_and_counted) {
  RoundTripSpec spec;
  spec.there = "cat";
  spec.back = "sed -e 's/film/movie/' -e 's/^far.*/zzzz/' -e 's/^gone.*//'";
  const auto trips = round_trips(spec, {"a good film", "A good film", "same", "far away", "gone",
                                        "a good film", " ", "a long\nfilm"});
  EXPECT_EQ(trips.asked, 6);
  EXPECT_EQ(trips.equal, 1);
  EXPECT_EQ(trips.far, 2);
  EXPECT_EQ(trips.texts.at("a good film"), "a good movie");
  EXPECT_EQ(trips.texts.at("a long\nfilm"), "a long movie");
  EXPECT_EQ(trips.summary(),
            "6 texts, 3 back in other words, 1 unchanged, 2 too far from their source");
}

TEST_F(RoundTripFiles, the_cache_spares_what_was_asked_before) {
  const std::string command = "tee -a " + log_ + " | tr a-z A-Z";
  EXPECT_THAT(LineCache(cache_).ask(command, {"a", "b", "a"}), ElementsAre("A", "B", "A"));
  EXPECT_EQ(calls(), 2);
  EXPECT_THAT(LineCache(cache_).ask(command, {"b", "c"}), ElementsAre("B", "C"));
  EXPECT_EQ(calls(), 3);
  EXPECT_THAT(LineCache(cache_).ask("cat", {"b"}), ElementsAre("b"));  // another command
  std::ofstream(cache_, std::ios::app) << "nonsense\n";
  EXPECT_THROW(LineCache{cache_}, Error);
}

TEST_F(RoundTripFiles, the_operation_runs_the_translators_once) {
  data::Dataset dataset;
  for (const char* text : {"a good film", "same"}) {
    data::Sample sample;
    sample.streams = {std::string(text)};
    dataset.samples.push_back(sample);
  }
  const Pool pool(dataset, {0, 1});
  const auto operation = operations()
                             .at("back_translation")
                             .make({{"there", "tee -a " + log_}, {"back", "sed s/film/movie/"}});
  EXPECT_THAT(operation->prepare(pool), HasSubstr("2 texts, 1 back in other words"));
  data::Sample changed = dataset.samples[0];
  for (int i = 0; i < 3; ++i) {
    Draw draw{base::Rng(1), pool, 0};
    changed.streams[0] = std::string("a fine film");  // as another step left it
    operation->apply(changed, draw);
  }
  EXPECT_EQ(std::get<std::string>(changed.streams[0]), "a good movie");
  EXPECT_EQ(calls(), 2);
}

TEST_F(RoundTripFiles, a_missing_command_is_named) {
  const data::Dataset dataset;
  const Pool pool(dataset, {});
  const auto operation = operations().at("back_translation").make({{"there", "cat"}});
  try {
    operation->prepare(pool);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::kUsage);
    EXPECT_THAT(e.what(), HasSubstr("the way back is missing"));
  }
}

}  // namespace
}  // namespace refrain::augment

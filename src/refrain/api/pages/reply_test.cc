#include <gmock/gmock.h>

#include "refrain/api/inside/page_of.h"
#include "refrain/api/inside/scratch_folder.h"
#include "refrain/api/page.h"
#include "refrain/api/pages/parts.h"
#include "refrain/api/pages/reply_parts.h"
#include "refrain/api/runs.h"
#include "refrain/api/train.h"
#include "refrain/api/transducer.h"

namespace refrain::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

store::Run a_translation(int n) {
  store::Run run;
  run.task = "translate";
  run.metric = "bleu";
  run.scores = {{"bleu", 50, 40, 60}};
  run.data = "made";
  run.n_test = n;
  for (int i = 0; i < n; ++i) {
    const std::string truth = "the <b>cat</b> " + std::to_string(i) + std::string(i % 4, '!') +
                              (i % 2 == 0 ? " sleeps" : " sees a small dog");
    const std::string said = i % 3 == 0 ? truth : "the dog " + std::to_string(i) + " sleeps";
    run.predictions.push_back({0, 0, "s" + std::to_string(i), "", truth, said, {-1.0}, ""});
  }
  return run;
}

TEST(ReplyPage, a_run_whose_files_are_gone_still_shows_its_replies_with_differences_marked) {
  const std::string html = page_of(a_translation(40), "", {});
  EXPECT_THAT(html, HasSubstr("14 of 40 replies are equal to their references."));
  EXPECT_THAT(html, HasSubstr("<mark class=\"missed\">&lt;b&gt;cat&lt;/b&gt;</mark>"));
  EXPECT_THAT(html, HasSubstr("<mark class=\"false\">dog</mark>"));
  EXPECT_THAT(html, HasSubstr("id=\"figure-references\""));
  EXPECT_THAT(html, HasSubstr("nrefs:1|case:mixed|eff:no|tok:13a"));
  EXPECT_THAT(html, HasSubstr("Alignments are not drawn: the samples are not there."));
  EXPECT_THAT(html, HasSubstr("翻译"));
  EXPECT_THAT(html, Not(HasSubstr("<b>cat")));
}

TEST(ReplyPage, transcripts_name_the_words_that_are_mistaken_for_others) {
  store::Run run = a_translation(30);
  run.task = "transcribe";
  run.metric = "wer";
  const std::string html = page_of(run, "zh", {});
  EXPECT_THAT(html, HasSubstr("&lt;b&gt;cat&lt;/b&gt; -&gt; dog"));
  EXPECT_THAT(html, HasSubstr("转写"));
}

TEST(ReplyPage, replies_are_ranked_by_their_errors_and_long_ones_are_in_front_of_equals) {
  score::Replies answers;
  answers.truth = {"a b", "a b c", "x", "long words here"};
  answers.predicted = {"a c", "a b c", "", "long words here"};
  std::vector<std::size_t> order;
  for (const auto& r : ranked_replies(answers)) order.push_back(r.number);
  EXPECT_THAT(order, ElementsAre(3, 1, 0, 2));
}

TEST(ReplyPage, a_run_without_answers_has_a_page) {
  store::Run run;
  run.task = "translate";
  EXPECT_THAT(page_of(run, "", {}), HasSubstr("Nothing was scored"));
}

class WrittenPage : public ScratchFolder {
 protected:
  std::string letters(int n) const {
    std::string out;
    for (int i = 0; i < n; ++i) {
      const std::string word = {static_cast<char>('a' + i % 5), static_cast<char>('a' + i / 5 % 5),
                                static_cast<char>('a' + i / 25 % 5)};
      out += word + "\t" + std::string(word.rbegin(), word.rend()) + "\n";
    }
    return out;
  }
  std::string page_after(const std::string& decoder) {
    write("a.tsv", letters(100));
    TrainJob job;
    job.data = path("a.tsv");
    job.out = path("m.refrain");
    job.store = path("runs.db");
    for (const auto& [name, value] : {std::pair<const char*, std::string>{"task", "translate"},
                                      {"decoder", decoder},
                                      {"preset", "none"},
                                      {"hidden", "24"},
                                      {"lr", "0.01"},
                                      {"epochs", "30"}}) {
      job.options.set(name, value);
    }
    train(job);
    return page_of_run(path("m.refrain"));
  }
  std::string page_of_run(const std::string& subject) const {
    PageJob job;
    job.subject = subject;
    job.store = path("runs.db");
    return report_page(job);
  }
};

TEST_F(WrittenPage, the_model_of_a_run_draws_what_it_attends_to) {
  const std::string html = page_after("attention");
  EXPECT_THAT(html, HasSubstr("id=\"figure-alignment0\""));
  EXPECT_THAT(html, HasSubstr("id=\"figure-alignment3\""));
  EXPECT_THAT(html, HasSubstr(">&lt;/s&gt;</text>"));
  PageJob job;
  job.subject = path("m.refrain");
  job.data = path("a.tsv");
  const std::string other = report_page(job);
  EXPECT_THAT(other, HasSubstr("id=\"figure-alignment0\""));
  EXPECT_THAT(other, HasSubstr(" of 100 replies are equal"));
}

TEST_F(WrittenPage, ctc_has_a_picture_of_its_symbols_and_another_model_in_the_file_is_told) {
  EXPECT_THAT(page_after("ctc"), HasSubstr("id=\"figure-alignment0\""));
  const std::string first = list_runs(path("runs.db"), {}).front().id;
  page_after("attention");
  const std::string html = page_of_run(first);
  EXPECT_THAT(html, HasSubstr("Alignments are not drawn: another model has been written"));
  EXPECT_THAT(html, Not(HasSubstr("figure-alignment0")));
}

}  // namespace
}  // namespace refrain::api

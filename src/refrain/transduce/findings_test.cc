#include "refrain/transduce/findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "refrain/transduce/fit.h"
#include "refrain/transduce/made_up_pairs.h"

namespace refrain::transduce {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Settings doctored(const std::string& task, int epochs) {
  Settings s;
  s.task = task;
  s.preset = "none";
  s.encoder.hidden = 24;
  s.encoder.layers = 1;
  s.encoder.embedding_dim = 16;
  s.encoder.dropout = 0.05;
  s.train.threads = 2;
  s.train.epochs = epochs;
  s.given = {"hidden", "layers", "embedding_dim", "dropout", "epochs"};
  return s;
}

struct Doctored {
  data::Dataset data;
  std::vector<int> train = first_numbers(data, 0, 200), valid = first_numbers(data, 200, 230);

  WritingFacts facts(const Transducer& t) const { return facts_of_writing(t, {data, valid}, 2); }
  FittedTransducer fit(const Settings& s) const {
    return fit_transducer({{data, train}, {data, valid}}, s, {});
  }
};

// A transducer whose scores are `bias` for the mark and nothing for others, in all places.
void let_nothing_count_but_the_mark(Transducer& t, real bias) {
  auto& params = t.networks.front()->params();
  for (std::size_t i = 0; i < params.params().size(); ++i) {
    const auto value = params.value(static_cast<int>(i));
    std::fill(value.data, value.data + value.count(), real{0});
    const auto& name = params.params()[i].name;
    if (name == "ctc.b" || name.ends_with(".bias")) {
      value.data[Symbols::kMark] = bias;
    }
  }
}

TEST(SlowFindings, ctc_that_writes_blanks_alone_is_told_with_its_shares) {
  const Doctored toy{made_up_spellings(230, 1)};
  auto fitted = toy.fit(doctored(kTranscribe, 1));
  let_nothing_count_but_the_mark(fitted.model, 5);
  const auto facts = toy.facts(fitted.model);
  EXPECT_EQ(facts.replies, 30);
  EXPECT_EQ(facts.empty, 30);
  EXPECT_DOUBLE_EQ(facts.blank, 1);
  EXPECT_THAT(reply_findings(facts, fitted.model.settings, fitted.outcomes.front()),
              Contains(HasSubstr("the network writes nothing: 100 % of its steps are blank and 30 "
                                 "of 30 validation replies are empty: more --epochs (1)")));
}

TEST(SlowFindings, attention_that_never_ends_is_told_and_so_is_one_that_ends_at_once) {
  const auto rule = [](const std::string& s) { return s; };
  const Doctored toy{made_up_texts(
      230, 1, [](base::Rng& rng) { return random_word(rng, 3, 6); }, rule)};
  auto fitted = toy.fit(doctored(kTranslate, 1));
  Transducer& t = fitted.model;
  let_nothing_count_but_the_mark(t, -5);
  auto facts = toy.facts(t);
  EXPECT_EQ(facts.cut, 30);
  EXPECT_EQ(facts.empty, 0);
  EXPECT_EQ(facts.blank, 0);
  EXPECT_THAT(reply_findings(facts, t.settings, fitted.outcomes.front()),
              Contains(HasSubstr("30 of 30 validation replies go on without end and were cut")));
  let_nothing_count_but_the_mark(t, 5);
  facts = toy.facts(t);
  EXPECT_EQ(facts.cut, 0);
  EXPECT_EQ(facts.empty, 30);
  EXPECT_THAT(reply_findings(facts, t.settings, fitted.outcomes.front()),
              Contains(HasSubstr("30 of 30 validation replies are empty: the decoder ends")));
}

TEST(SlowFindings, a_training_that_learns_has_none_though_most_steps_of_ctc_are_blank) {
  const Doctored toy{made_up_spellings(230, 1)};
  const auto fitted = toy.fit(doctored(kTranscribe, 40));
  const auto facts = toy.facts(fitted.model);
  EXPECT_LT(facts.empty, 3);
  EXPECT_GT(facts.blank, 0.2);
  EXPECT_LT(facts.blank, 1);
  EXPECT_THAT(reply_findings(facts, fitted.model.settings, fitted.outcomes.front()), IsEmpty());
}

TEST(Findings, of_few_replies_nothing_is_concluded_and_a_rising_loss_is_told) {
  WritingFacts facts;
  facts.replies = facts.empty = 3;
  train::Outcome outcome;
  outcome.has_valid = true;
  for (int e = 1; e <= 12; ++e) {
    train::EpochRecord r;
    r.epoch = e;
    r.loss = 3.0 / e;
    r.valid.loss = e < 4 ? 3.0 / e : 0.5 * e;
    outcome.history.push_back(r);
  }
  outcome.epochs = outcome.best_epoch = 12;
  outcome.reason = train::StopReason::kPatience;
  const auto found = reply_findings(facts, Settings(), outcome);
  EXPECT_THAT(found, SizeIs(1));
  EXPECT_THAT(found, Contains(HasSubstr("the validation loss rose from 1 to 6")));
}

}  // namespace
}  // namespace refrain::transduce

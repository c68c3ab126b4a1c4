#include "refrain/transduce/pretrained_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/language/made_up_text.h"
#include "refrain/transduce/reply_model.h"

namespace refrain::transduce {
namespace {

// A network that has learned nothing, of ten characters and the unknown one.
language::Source made_up_source() {
  language::Source out;
  out.spec.units.unit = "character";
  out.units = language::Units::fit("abcdefghi\n", out.spec.units);
  out.network = std::make_unique<language::LanguageNetwork>(language::made_up_network({}));
  out.spec.network = out.network->form().spec;
  for (real& x : out.network->params().values()) x *= 4;  // far from alike
  return out;
}

PretrainedModel made_up_model() {
  return PretrainedModel::read(language::source_bytes(made_up_source()), "lm.refrain");
}

Symbols letters() { return Symbols::fit({"abcdefghi"}, Symbols::Kind::kCharacters, 0); }

// log p of each symbol of a text and of its end, by the network alone.
std::vector<double> by_hand(const language::Source& source, const std::string& text) {
  std::vector<real> start(source.network->carried_count(1)), end(start.size());
  std::vector<double> log_p, out;
  tape::Tape tape;
  int id = source.units.mark();
  for (const int next : source.units.encode(text + "\n")) {
    source.network->next(tape, id, {start.data(), end.data()}, log_p);
    start.swap(end);
    out.push_back(log_p[static_cast<std::size_t>(next)]);
    id = next;
  }
  return out;
}

TEST(PretrainedModel, gives_symbols_the_probabilities_of_its_network) {
  const auto source = made_up_source();
  ASSERT_EQ(source.units.size(), language::kMadeUpVocabulary);
  const auto model = made_up_model();
  const Symbols symbols = letters();
  nn::CtcSearch search;
  model.help(symbols, search);
  const std::string text = "abacad";
  const auto ids = symbols.encode(text);
  const auto expected = by_hand(source, text);
  // The longest prefix first: its states are then made from the beginning.
  EXPECT_NEAR(search.end(ids), expected[ids.size()], 1e-6);
  for (const bool again : {false, true}) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const std::vector<int> before(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(i));
      EXPECT_NEAR(search.model(before, ids[i]), expected[i], 1e-6) << i << again;
    }
  }
  double sum = std::exp(search.end({}));
  for (int k = 1; k < symbols.size(); ++k) sum += std::exp(search.model({}, k));
  EXPECT_NEAR(sum, 1, 1e-6);
}

TEST(PretrainedModel, symbols_that_it_does_not_know_are_its_unknown_unit) {
  const auto model = made_up_model();
  const Symbols symbols = Symbols::fit({"axy"}, Symbols::Kind::kCharacters, 0);
  nn::CtcSearch search;
  model.help(symbols, search);
  const int x = symbols.encode("x").front(), y = symbols.encode("y").front();
  EXPECT_EQ(search.model({}, x), search.model({}, y));
  EXPECT_NE(search.model({}, x), search.model({}, symbols.encode("a").front()));
}

TEST(PretrainedModel, refuses_symbols_of_another_kind_with_the_remedy) {
  const auto model = made_up_model();
  EXPECT_NO_THROW(model.check(letters()));
  try {
    model.check(Symbols::fit({"go stop"}, Symbols::Kind::kTokens, 0));
    FAIL();
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr("lm.refrain: its units are characters"));
    EXPECT_THAT(e.hint(), testing::HasSubstr("--unit word"));
  }
}

TEST(PretrainedModel, is_kept_in_the_file_of_a_transducer) {
  const Symbols symbols = letters();
  const auto before = ReplyModel::read(language::source_bytes(made_up_source()), "lm.refrain");
  tensor::TensorFile file;
  const auto head = before.put(file);
  const auto read = tensor::from_safetensors(tensor::to_safetensors(file), "t");
  const auto after = ReplyModel::from(read, head, symbols);
  nn::CtcSearch a, b;
  before.help(symbols, a);
  after.help(symbols, b);
  EXPECT_EQ(a.model({2, 3}, 4), b.model({2, 3}, 4));
  auto damaged = head;
  damaged["network"]["self_test"][0] = 7;
  EXPECT_THROW(ReplyModel::from(read, damaged, symbols), Error);
}

}  // namespace
}  // namespace refrain::transduce

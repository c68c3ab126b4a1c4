#include "refrain/transduce/simple/simple.h"

#include <gmock/gmock.h>

#include <cmath>
#include <map>
#include <numeric>

#include "refrain/transduce/simple/ibm_model1.h"

namespace refrain::transduce {
namespace {

using testing::ElementsAre;
using SourceReplies = std::vector<std::pair<std::string, std::string>>;  // source, reply

data::Dataset simple_pairs(const SourceReplies& pairs) {
  data::Dataset out;
  out.streams.push_back({"text", data::StreamKind::kText, 0, {}});
  for (const auto& [source, reply] : pairs) {
    data::Sample& sample = out.samples.emplace_back();
    sample.streams.emplace_back(source);
    sample.label = reply;
  }
  return out;
}

std::vector<int> all_samples(const data::Dataset& dataset) {
  std::vector<int> out(dataset.samples.size());
  std::iota(out.begin(), out.end(), 0);
  return out;
}

std::vector<std::string> simple_answers(const std::string& name, const data::Dataset& training,
                                        const data::Dataset& test, int threads = 1) {
  const auto known = all_samples(training), asked = all_samples(test);
  return simple_replies().at(name).answer({training, known}, {test, asked}, threads);
}

// Waves of this many periods, the reply being their number.
data::Dataset period_waves(const std::vector<double>& periods, int steps, double level) {
  data::Dataset out;
  out.streams.push_back({"series", data::StreamKind::kSeries, 2, {}});
  for (const double period : periods) {
    data::Series series{steps, 2, {}};
    for (int t = 0; t < steps; ++t) {
      series.values.push_back(static_cast<float>(level + std::sin(period * 6.283 * t / steps)));
      series.values.push_back(t % 7 == 3 ? std::nanf("") : 5.0F);
    }
    data::Sample& sample = out.samples.emplace_back();
    sample.label = std::to_string(static_cast<int>(std::lround(period)));
    sample.streams.emplace_back(std::move(series));
    steps += 3;
  }
  return out;
}

std::vector<UnitPair> toy_unit_pairs() {
  return {{{"das", "haus"}, {"the", "house"}},
          {{"das", "buch"}, {"the", "book"}},
          {{"ein", "buch"}, {"a", "book"}},
          {{"ein", "kleines", "haus"}, {"a", "small", "house"}}};
}

// The same by its definition: maps of all pairs of units.
std::map<std::pair<std::string, std::string>, double> defined_table(
    const std::vector<UnitPair>& pairs, int iterations) {
  std::map<std::pair<std::string, std::string>, double> t;
  for (int i = 0; i <= iterations; ++i) {
    std::map<std::pair<std::string, std::string>, double> counts;
    std::map<std::string, double> totals;
    for (const auto& pair : pairs) {
      UnitList sources = pair.source;
      sources.emplace_back();
      for (const auto& target : pair.target) {
        double sum = 0;
        for (const auto& source : sources) sum += i == 0 ? 1 : t[{target, source}];
        for (const auto& source : sources) {
          const double share = (i == 0 ? 1 : t[{target, source}]) / sum;
          counts[{target, source}] += share;
          totals[source] += share;
        }
      }
    }
    if (i == iterations) return t;
    for (auto& [key, count] : counts) t[key] = count / totals[key.second];
  }
  return t;
}

TEST(IbmModel1, is_what_its_definition_says) {
  IbmModel1 model;
  model.fit(toy_unit_pairs(), 3);
  const auto table = defined_table(toy_unit_pairs(), 3);
  EXPECT_EQ(table.size(), 22U);
  for (const auto& [key, probability] : table) {
    EXPECT_NEAR(model.probability(key.first, key.second), probability, 1e-12) << key.first;
  }
  EXPECT_EQ(model.probability("a", "das"), 0);
  EXPECT_EQ(model.probability("a", "nie"), 0);
}

TEST(IbmModel1, the_likelihood_never_falls_and_words_find_each_other) {
  IbmModel1 model;
  model.fit(toy_unit_pairs(), 30);
  const auto& likelihoods = model.likelihoods();
  ASSERT_EQ(likelihoods.size(), 30U);
  for (std::size_t i = 1; i < likelihoods.size(); ++i) {
    EXPECT_GE(likelihoods[i], likelihoods[i - 1] - 1e-12);
  }
  EXPECT_GT(likelihoods[29], likelihoods[0] + 1);
  for (const auto& [source, target] :
       SourceReplies{{"das", "the"}, {"haus", "house"}, {"buch", "book"}, {"ein", "a"}}) {
    ASSERT_NE(model.best(source), nullptr);
    EXPECT_EQ(*model.best(source), target);
    EXPECT_GT(model.probability(target, source), 0.8);
  }
  EXPECT_EQ(model.best("katze"), nullptr);
}

TEST(WordTable, words_are_replaced_in_order_and_unknown_ones_copied) {
  const auto training = simple_pairs({{"a dog runs", "Ein Hund rennt"},
                                      {"A cat runs", "Eine Katze rennt"},
                                      {"the dog sleeps", "Der Hund schläft"},
                                      {"the cat sleeps", "Die Katze schläft"},
                                      {"dog", "Hund"},
                                      {"cat", "Katze"},
                                      {"a bird runs .", "ein Vogel rennt ."}});
  const auto test = simple_pairs({{"DOG runs", ""}, {"Zoe sleeps", ""}, {"", ""}});
  EXPECT_THAT(simple_answers("word_table", training, test),
              ElementsAre("Hund rennt", "Zoe schläft", ""));
}

TEST(WordTable, words_are_spelt_by_their_place_and_marks_stand_as_in_training) {
  const auto training = simple_pairs({{"The old dog .", "Der alte Hund."},
                                      {"Old (big) dog .", "Alter (großer) Hund."},
                                      {"The dog .", "Der Hund."},
                                      {"see the dog", "siehe der Hund"},
                                      {"the dog here", "der Hund hier"},
                                      {"see the old dog here", "siehe der alte Hund hier"},
                                      {"see here", "siehe hier"},
                                      {"(big)", "(großer)"},
                                      {"big", "großer"},
                                      {"(", "("},
                                      {")", ")"},
                                      {".", "."},
                                      {"dog", "Hund"}});
  const auto test = simple_pairs({{"the the", ""}, {"Dog (dog) .", ""}});
  EXPECT_THAT(simple_answers("word_table", training, test), ElementsAre("Der der", "Hund (Hund)."));
}

TEST(WordTable, chinese_replies_stand_without_blanks) {
  const auto training = simple_pairs(
      {{"I see you", "我看你"}, {"I call you", "我叫你"}, {"you see", "你看"}, {"I call", "我叫"}});
  EXPECT_THAT(simple_answers("word_table", training, simple_pairs({{"you call Bob", ""}})),
              ElementsAre("你叫Bob"));
}

TEST(WordTable, single_words_are_read_letter_by_letter) {
  const auto training =
      simple_pairs({{"ab", "A: b"}, {"ba", "b A:"}, {"ac", "A: k"}, {"cb", "k b"}});
  EXPECT_THAT(simple_answers("word_table", training, simple_pairs({{"cab", ""}, {"bä", ""}})),
              ElementsAre("k A: b", "b ä"));
  const auto letters = simple_pairs({{"ab", "яб"}, {"ba", "бя"}, {"a", "я"}});
  EXPECT_THAT(simple_answers("word_table", letters, simple_pairs({{"abba", ""}})),
              ElementsAre("яббя"));
}

TEST(WordTable, spellings_without_blanks_are_told_from_sentences_without_blanks) {
  const auto kana = simple_pairs({{"あす", "A: s"}, {"すあ", "s A:"}, {"あし", "A: S"}});
  EXPECT_THAT(simple_answers("word_table", kana, simple_pairs({{"しあ", ""}})),
              ElementsAre("S A:"));
  const auto sentences = simple_pairs({{"我看你", "I see you"},
                                       {"你看", "you see"},
                                       {"我", "I"},
                                       {"看", "see"},
                                       {"我你", "I you"}});
  EXPECT_THAT(simple_answers("word_table", sentences, simple_pairs({{"你看我", ""}})),
              ElementsAre("you see I"));
}

TEST(NearestSource, the_most_similar_source_answers) {
  const auto training = simple_pairs({{"a man plays guitar", "1"},
                                      {"two dogs run in the snow", "2"},
                                      {"a woman plays the violin", "3"},
                                      {"the violin", "4"}});
  const auto test = simple_pairs({{"a dog is running in snow", ""},
                                  {"the violins", ""},
                                  {"one man playing", ""},
                                  {"xyz", ""}});
  EXPECT_THAT(simple_answers("nearest_source", training, test), ElementsAre("2", "4", "1", "1"));
}

TEST(NearestSeries, the_training_series_of_the_same_shape_answers) {
  const auto training = period_waves({1, 2, 3, 4, 5}, 150, 0);
  const auto test = period_waves({3.05, 1.02, 4.95, 1.98}, 260, 0.02);
  EXPECT_THAT(simple_answers("nearest_series", training, test), ElementsAre("3", "1", "5", "2"));
  const auto few = period_waves({1, 2}, 9, 0);
  EXPECT_THAT(simple_answers("nearest_series", few, few), ElementsAre("1", "2"));
}

TEST(NearestSeries, of_more_training_series_than_are_affordable_some_are_taken) {
  auto training = period_waves({1, 3}, 12, 0);
  for (int i = 2; i < 2500; ++i) {
    training.samples.push_back(training.samples[static_cast<std::size_t>(i % 2)]);
  }
  EXPECT_THAT(simple_answers("nearest_series", training, period_waves({3, 1}, 14, 0)),
              ElementsAre("3", "1"));
}

TEST(NearestSeries, other_channels_than_in_training_are_an_error) {
  auto test = period_waves({1}, 20, 0);
  auto& series = std::get<data::Series>(test.samples[0].streams[0]);
  series.channels = 1;
  series.steps = 40;
  try {
    simple_answers("nearest_series", period_waves({1, 2}, 20, 0), test);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kData);
  }
}

TEST(SimpleReplies, all_answer_each_test_sample_for_any_number_of_threads) {
  const auto texts = simple_pairs({{"a b c", "A B C"}, {"b c", "B C"}, {"c a", "C A"}});
  const auto asked = simple_pairs({{"c b", "secret"}, {"a", "other"}});
  const auto hidden = simple_pairs({{"c b", ""}, {"a", ""}});
  const auto series = period_waves({1, 2, 3}, 30, 0), later = period_waves({2, 3}, 40, 0);
  for (const auto& item : simple_replies().items()) {
    const auto& training = item.value.texts ? texts : series;
    const auto& test = item.value.texts ? asked : later;
    const auto one = simple_answers(item.name, training, test, 1);
    EXPECT_EQ(one.size(), 2U) << item.name;
    EXPECT_EQ(one, simple_answers(item.name, training, test, 3)) << item.name;
    const auto unlabelled = simple_answers(item.name, training, item.value.texts ? hidden : later);
    EXPECT_EQ(one, unlabelled) << item.name;
    EXPECT_TRUE(simple_answers(item.name, training, data::Dataset()).empty()) << item.name;
  }
  EXPECT_THAT(simple_answers("copy", texts, asked), ElementsAre("c b", "a"));
}

TEST(SimpleReplies, without_training_samples_nothing_is_learnt) {
  for (const auto& item : simple_replies().items()) {
    if (item.name == "copy") continue;
    const auto test = item.value.texts ? simple_pairs({{"a", "b"}}) : period_waves({1}, 9, 0);
    EXPECT_THROW(simple_answers(item.name, data::Dataset(), test), Error) << item.name;
  }
}

}  // namespace
}  // namespace refrain::transduce

#include "refrain/transduce/fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "refrain/base/error.h"
#include "refrain/base/test_folder.h"
#include "refrain/transduce/made_up_pairs.h"
#include "refrain/transduce/model_file.h"

namespace refrain::transduce {
namespace {

Settings small_settings(const std::string& task) {
  Settings s;
  s.task = task;
  s.preset = "none";
  s.encoder.hidden = 32;
  s.encoder.layers = 1;
  s.encoder.embedding_dim = 24;
  s.encoder.dropout = 0.05;
  s.train.threads = 2;
  s.given = {"hidden", "layers", "embedding_dim", "dropout"};
  return s;
}

struct Toy {
  data::Dataset data;
  std::vector<int> train, valid, test;

  Toy(data::Dataset d, int n_train, int n_test)
      : data(std::move(d)),
        train(first_numbers(data, 0, n_train)),
        valid(first_numbers(data, n_train, n_train + n_test)),
        test(first_numbers(data, n_train + n_test, n_train + 2 * n_test)) {}
  FitParts parts() const { return {{data, train}, {data, valid}}; }
  FittedTransducer fit(const Settings& s, const FitHooks& hooks = {}) const {
    return fit_transducer(parts(), s, hooks);
  }
  double share_right(const Transducer& t) const {
    Writing how;
    how.threads = 2;
    const auto replies = write(t, data::Subset{data, test}, how);
    double right = 0;
    for (std::size_t i = 0; i < test.size(); ++i) {
      const auto& truth = data.samples[static_cast<std::size_t>(test[i])].label;
      right += replies[i].options.front().text == truth ? 1 : 0;
    }
    return right / static_cast<double>(test.size());
  }
};

std::string word_of(base::Rng& rng) { return random_word(rng, 3, 7); }

Toy reversal(int n_train = 500) {
  return {made_up_texts(n_train + 80, 1, word_of,
                        [](const std::string& s) { return std::string(s.rbegin(), s.rend()); }),
          n_train, 40};
}

// "7 3 2" -> "3 June 1992" style: day, month, year in another order and spelling.
std::string date_of(base::Rng& rng) {
  const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun"};
  return std::string(months[rng.below(6)]) + " " + std::to_string(1 + rng.below(28)) + ", " +
         std::to_string(1990 + rng.below(30));
}

std::string iso_date(const std::string& text) {
  const std::vector<std::string> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun"};
  const auto month = std::find(months.begin(), months.end(), text.substr(0, 3)) - months.begin();
  const auto comma = text.find(',');
  std::string day = text.substr(4, comma - 4);
  if (day.size() == 1) day = "0" + day;
  return text.substr(comma + 2) + "-0" + std::to_string(month + 1) + "-" + day;
}

TEST(SlowToyReplies, an_attention_decoder_learns_to_copy) {
  const Toy toy(made_up_texts(580, 2, word_of, [](const std::string& s) { return s; }), 500, 40);
  Settings s = small_settings(kTranslate);
  s.train.epochs = 20;
  s.given.insert("epochs");
  EXPECT_GE(toy.share_right(toy.fit(s).model), 0.9);
}

TEST(SlowToyReplies, an_attention_decoder_learns_to_reverse) {
  Settings s = small_settings(kTranslate);
  s.train.epochs = 25;
  s.given.insert("epochs");
  const Toy toy = reversal();
  EXPECT_GE(toy.share_right(toy.fit(s).model), 0.9);
}

TEST(SlowToyReplies, dates_are_written_in_another_form) {
  const Toy toy(made_up_texts(680, 3, date_of, iso_date), 600, 40);
  Settings s = small_settings(kTranslate);
  s.train.epochs = 20;
  s.given.insert("epochs");
  EXPECT_GE(toy.share_right(toy.fit(s).model), 0.9);
}

TEST(SlowToyReplies, digits_are_added) {
  const auto sum_of = [](const std::string& s) {
    return std::to_string(std::stoi(s.substr(0, s.find('+'))) +
                          std::stoi(s.substr(s.find('+') + 1)));
  };
  const auto draw = [](base::Rng& rng) {
    return std::to_string(rng.below(20)) + "+" + std::to_string(rng.below(20));
  };
  const Toy toy(made_up_texts(880, 4, draw, sum_of), 800, 40);
  Settings s = small_settings(kTranslate);
  s.train.epochs = 40;
  s.given.insert("epochs");
  EXPECT_GE(toy.share_right(toy.fit(s).model), 0.8);
}

TEST(SlowToyReplies, ctc_reads_letters_off_a_series) {
  const Toy toy(made_up_spellings(380, 5), 300, 40);
  Settings s = small_settings(kTranscribe);
  s.encoder.stem.stem = "none";
  s.given.insert("stem");
  s.train.epochs = 30;
  s.given.insert("epochs");
  const auto fitted = toy.fit(s);
  EXPECT_EQ(fitted.model.settings.reply.decoder, "ctc");
  EXPECT_GE(toy.share_right(fitted.model), 0.85);
}

TEST(SlowToyReplies, ctc_reads_each_letter_of_a_text_several_times_where_replies_are_longer) {
  const Toy toy(made_up_texts(480, 6, word_of,
                              [](const std::string& s) {
                                std::string out;
                                for (const char c : s) out += std::string(2, c);
                                return out;
                              }),
                400, 40);
  Settings s = small_settings(kTranslate);
  s.reply.decoder = "ctc";
  s.train.epochs = 30;
  s.given.insert("epochs");
  const auto fitted = toy.fit(s);
  EXPECT_EQ(fitted.model.settings.reply.repeat, 4);  // two equal symbols need a blank between
  EXPECT_GE(toy.share_right(fitted.model), 0.85);
}

TEST(Transducers, scores_of_both_decoders_are_joined_by_the_weight_of_ctc) {
  const Toy toy(made_up_spellings(60, 7), 40, 10);
  Settings s = small_settings(kTranscribe);
  s.ensemble = 2;
  s.reply.decoder = "both";
  s.train.epochs = 3;
  s.given.insert("epochs");
  const auto model = toy.fit(s).model;
  Writing how;
  how.best = 5;
  how.aligned = true;
  how.search = model.settings.reply;
  std::map<double, std::map<std::vector<int>, double>> score;  // by weight and symbols
  for (const double weight : {0.0, 0.3, 0.8, 1.0}) {
    how.search->ctc_weight = weight;
    const auto replies = write(model, data::Subset{toy.data, toy.test}, how);
    const auto& options = replies.front().options;
    ASSERT_EQ(options.size(), 5U);
    // CTC alone writes at steps, attention beside the whole source.
    EXPECT_EQ(options.front().weights.empty(), weight == 1);
    EXPECT_EQ(options.front().first.empty(), weight < 1);
    for (const auto& o : options) score[weight][o.symbols] = o.score;
    EXPECT_TRUE(std::is_sorted(options.begin(), options.end(),
                               [](const auto& a, const auto& b) { return a.score > b.score; }));
  }
  for (const auto& [symbols, attention] : score[0.0]) {
    const double ctc = (score[0.3].at(symbols) - 0.7 * attention) / 0.3;
    EXPECT_LT(ctc, 0);
    EXPECT_NEAR(score[0.8].at(symbols), 0.2 * attention + 0.8 * ctc, 1e-9);
  }
  EXPECT_NE(score[1.0], score[0.8]);
}

// What a short training of several networks, with augmentation, ends with.
std::string bytes_of(int threads, const FitHooks& hooks = {}) {
  const Toy toy(made_up_spellings(60, 7), 40, 10);
  Settings s = small_settings(kTranscribe);
  s.ensemble = 2;
  s.reply.decoder = "both";
  s.augment = "jitter(sigma=0.1) | time_mask";
  s.train.epochs = 3;
  s.train.threads = threads;
  s.given.insert("epochs");
  return transducer_bytes(toy.fit(s, hooks).model);
}

TEST(Transducers, are_the_same_bits_on_any_number_of_threads) {
  EXPECT_EQ(bytes_of(1), bytes_of(2));
}

TEST(Transducers, go_on_from_a_checkpoint_to_the_same_bits) {
  const base::TestFolder folder;
  FitHooks hooks;
  hooks.checkpoint = folder.path() + "/run";
  std::atomic<bool> stop = false;
  int epochs = 0;
  hooks.train.stop = &stop;
  hooks.train.progress = [&](const train::Progress& p) {
    if (p.epoch_done && ++epochs == 4) stop = true;  // in the second network
  };
  const Toy toy(made_up_spellings(60, 7), 40, 10);
  Settings s = small_settings(kTranscribe);
  s.ensemble = 2;
  s.reply.decoder = "both";
  s.augment = "jitter(sigma=0.1) | time_mask";
  s.train.epochs = 3;
  s.given.insert("epochs");
  EXPECT_TRUE(toy.fit(s, hooks).interrupted);
  FitHooks again;
  again.checkpoint = hooks.checkpoint;
  again.resume = true;
  EXPECT_EQ(transducer_bytes(toy.fit(s, again).model), bytes_of(2));
  EXPECT_FALSE(std::filesystem::exists(hooks.checkpoint + ".network1"));
}

TEST(Transducers, write_the_same_after_they_were_saved_and_read) {
  const Toy toy = reversal(100);
  Settings s = small_settings(kTranslate);
  s.train.epochs = 2;
  s.given.insert("epochs");
  const auto fitted = toy.fit(s);
  const std::string bytes = transducer_bytes(fitted.model);
  const Transducer read = transducer_from(bytes, "model");
  EXPECT_EQ(transducer_bytes(read), bytes);
  Writing how;
  how.best = 3;
  const auto a = write(fitted.model, data::Subset{toy.data, toy.test}, how);
  const auto b = write(read, data::Subset{toy.data, toy.test}, how);
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(a[i].options.size(), 3U);
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_EQ(a[i].options[k].text, b[i].options[k].text);
      EXPECT_EQ(a[i].options[k].log_p, b[i].options[k].log_p);
    }
    EXPECT_GE(a[i].options[0].score, a[i].options[1].score);
  }
}

TEST(Transducers, that_are_damaged_are_refused) {
  const Toy toy = reversal(40);
  Settings s = small_settings(kTranslate);
  s.train.epochs = 1;
  s.given.insert("epochs");
  std::string bytes = transducer_bytes(toy.fit(s).model);
  EXPECT_THROW(transducer_from(bytes.substr(0, bytes.size() / 2), "m"), Error);
  const auto at = bytes.find("\"longest\\\":");
  ASSERT_NE(at, std::string::npos);
  bytes[bytes.size() - 9] = static_cast<char>(bytes[bytes.size() - 9] ^ 0x7F);
  EXPECT_THROW(transducer_from(bytes, "m"), Error);
}

TEST(Transducers, tell_when_each_symbol_was_written) {
  const Toy toy(made_up_spellings(140, 8), 120, 10);
  Settings s = small_settings(kTranscribe);
  s.encoder.stem.stem = "none";
  s.train.epochs = 8;
  s.given.insert("stem");
  s.given.insert("epochs");
  const auto fitted = toy.fit(s);
  Writing how;
  how.aligned = true;
  for (const auto& reply : write(fitted.model, data::Subset{toy.data, toy.test}, how)) {
    const auto& o = reply.options.front();
    ASSERT_EQ(o.first.size(), o.symbols.size());
    for (std::size_t k = 0; k < o.first.size(); ++k) {
      EXPECT_LE(o.first[k], o.last[k]);
      EXPECT_LT(o.last[k], reply.steps);
      if (k > 0) {
        EXPECT_GT(o.first[k], o.last[k - 1]);
      }
    }
  }
}

TEST(Transducers, are_judged_by_samples_from_the_whole_of_a_long_validation_part) {
  const Toy toy = reversal(660);
  const auto loss_of = [&](const std::vector<int>& valid) {
    Settings s = small_settings(kTranslate);
    s.train.epochs = 1;
    s.given.insert("epochs");
    const auto training = first_numbers(toy.data, 0, 60);
    return fit_transducer({{toy.data, training}, {toy.data, valid}}, s, {})
        .outcomes.front()
        .history.front()
        .valid.loss;
  };
  std::vector<int> spread;
  for (int i = 0; i < 500; ++i) spread.push_back(60 + i * 600 / 500);
  const double whole = loss_of(first_numbers(toy.data, 60, 660));
  EXPECT_EQ(whole, loss_of(spread));
  EXPECT_NE(whole, loss_of(first_numbers(toy.data, 60, 560)));
}

TEST(Transducers, leave_frozen_parameters_as_they_began) {
  const Toy toy = reversal(40);
  Settings s = small_settings(kTranslate);
  s.train.epochs = 1;
  s.train.freeze = "encoder.*";
  s.given.insert("epochs");
  const auto first = toy.fit(s);
  s.train.epochs = 3;
  const auto longer = toy.fit(s);
  const auto &a = first.model.networks[0]->params(), &b = longer.model.networks[0]->params();
  int still = 0, moved = 0;
  for (int i = 0; i < static_cast<int>(a.params().size()); ++i) {
    const auto x = a.value(i), y = b.value(i);
    (std::equal(x.data, x.data + x.count(), y.data) ? still : moved) += 1;
    if (a.params()[static_cast<std::size_t>(i)].name.starts_with("encoder.")) {
      EXPECT_TRUE(std::equal(x.data, x.data + x.count(), y.data));
    }
  }
  EXPECT_GT(still, 0);
  EXPECT_GT(moved, 0);
}

TEST(TimeLimits, leave_fewer_networks_but_one_at_least) {
  Settings s = small_settings(kTranslate);
  s.ensemble = 1000;
  s.seconds = 1;
  const auto fitted = reversal(100).fit(s);
  const auto networks = fitted.model.networks.size();
  EXPECT_GE(networks, 1U);
  EXPECT_LT(networks, 1000U);
  EXPECT_EQ(fitted.model.settings.ensemble, static_cast<int>(networks));
}

TEST(TimeLimits, change_nothing_where_there_is_time_enough) {
  const Toy toy = reversal(40);
  Settings s = small_settings(kTranslate);
  s.train.epochs = 2;
  s.ensemble = 2;
  s.given.insert("epochs");
  const auto as_it_takes = toy.fit(s);
  s.seconds = 1e6;
  const auto timed = toy.fit(s);
  ASSERT_EQ(timed.model.networks.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(timed.model.networks[i]->params().values(),
              as_it_takes.model.networks[i]->params().values());
  }
}

TEST(ImpossibleReplies, are_named_and_left_out_where_that_is_asked_for) {
  data::Dataset d = made_up_spellings(60, 9);
  d.samples[3].label = std::string(200, 'a');
  const Toy toy(std::move(d), 40, 10);
  Settings s = small_settings(kTranscribe);
  s.train.epochs = 1;
  s.given.insert("epochs");
  try {
    toy.fit(s);
    FAIL() << "a reply that cannot be written was taken";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::kData);
    EXPECT_THAT(e.what(), testing::HasSubstr("made-up.jsonl:4"));
    EXPECT_THAT(e.hint(), testing::HasSubstr("--skip-impossible"));
  }
  s.reply.skip_impossible = true;
  EXPECT_EQ(toy.fit(s).skipped, 1);
}

TEST(ImpossibleReplies, of_made_pairs_are_left_out_without_a_word) {
  auto d = made_up_texts(
      60, 2, [](base::Rng& rng) { return random_word(rng, 3, 6); },
      [](const std::string& text) { return text; });
  d.samples[45].label = std::string(200, 'a');
  const auto train = first_numbers(d, 0, 50), valid = first_numbers(d, 50, 60);
  Settings s = small_settings(kTranslate);
  s.reply.decoder = "ctc";
  s.train.epochs = 1;
  s.given.insert("epochs");
  const auto fitted = fit_transducer({{d, train}, {d, valid}, 40}, s, {});
  EXPECT_EQ(fitted.skipped, 0);
  EXPECT_EQ(fitted.model.receipt.n_train, 49);
  EXPECT_LE(fitted.model.settings.reply.repeat, 2);
  EXPECT_THROW(fit_transducer({{d, train}, {d, valid}}, s, {}), Error);
}

TEST(Replies, have_no_symbols_that_training_did_not_know) {
  const Toy toy = reversal(60);
  Settings s = small_settings(kTranslate);
  s.train.epochs = 1;
  s.given.insert("epochs");
  const auto fitted = toy.fit(s);
  data::Sample unknown;
  unknown.streams.emplace_back(std::string("日本 xyz"));
  const auto replies = write(fitted.model, {encode(fitted.model, unknown, 0)}, {});
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_FALSE(replies.front().options.empty());
}

}  // namespace
}  // namespace refrain::transduce

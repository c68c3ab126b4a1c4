#include "refrain/language/pretrain.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <filesystem>

#include "refrain/base/duration.h"
#include "refrain/base/error.h"
#include "refrain/base/test_folder.h"
#include "refrain/language/generate.h"
#include "refrain/language/made_up_text.h"
#include "refrain/language/resolve.h"
#include "refrain/nn/encoder.h"

namespace refrain::language {
namespace {

LanguageSpec small_spec(const std::string& unit = "word") {
  LanguageSpec spec;
  spec.units.unit = unit;
  spec.units.vocabulary_size = 60;
  spec.network.hidden = 12;
  spec.network.layers = 1;
  spec.train.epochs = 6;
  spec.train.batch_size = 4;
  spec.reading.bptt = 10;
  spec.optim.lr = 0.02;
  spec.train.threads = 1;
  return spec;
}

Texts texts_of(int lines) { return {made_up_lines(lines), "", made_up_lines(80, 7)}; }

TEST(Pretrain, learns_a_little_grammar_about_as_well_as_can_be) {
  LanguageSpec spec = small_spec();
  spec.train.epochs = 12;
  const Pretrained found = pretrain(texts_of(300), spec, {});
  // Four choices among four, then the end of the line: 4 log 4 / 5 a word.
  const double best = 4 * std::log(4.0) / 5;
  EXPECT_LT(found.figures.nats.value, best * 1.06);
  EXPECT_GT(found.figures.nats.value, best * 0.98);
  ASSERT_EQ(found.ngrams.size(), 1U);
  EXPECT_LT(found.ngrams[0].figures.nats.value, 1.4);
  EXPECT_LT(found.figures.nats.low, found.figures.nats.value);
  EXPECT_GT(found.figures.nats.high, found.figures.nats.value);
  EXPECT_EQ(found.figures.unknown, 0);
}

TEST(Pretrain, a_pair_learns_both_ways) {
  LanguageSpec spec = small_spec();
  spec.network.bidirectional = true;
  spec.train.epochs = 12;
  const Pretrained found = pretrain(texts_of(300), spec, {});
  EXPECT_LT(found.figures.nats.value, 1.3);
  EXPECT_LT(found.backward.nats.value, 1.3);
}

std::vector<real> values_after(const LanguageSpec& spec, const PretrainHooks& hooks,
                               double* nats = nullptr) {
  Pretrained found = pretrain(texts_of(120), spec, hooks);
  if (nats != nullptr) *nats = found.figures.nats.value;
  return found.source.network->params().values();
}

TEST(Pretrain, stopped_anywhere_and_resumed_it_is_the_uninterrupted_run_to_the_bit) {
  const base::TestFolder folder;
  for (const bool averaged : {false, true}) {
    LanguageSpec spec = small_spec();
    spec.network.dropout = spec.network.weight_drop = spec.network.input_dropout = 0.2;
    spec.reading.jitter = true;
    if (averaged) {
      spec.optim.optimiser = "sgd";
      spec.optim.lr = 2;
      spec.optim.schedule = "constant";
      spec.train.average = "nt_asgd";
      spec.train.nt_window = 1;
    }
    double whole_nats = 0, nats = 0;
    const auto whole = values_after(spec, {}, &whole_nats);
    PretrainHooks hooks;
    hooks.checkpoint = folder.path(averaged ? "a.checkpoint" : "b.checkpoint");
    hooks.resume = true;
    std::atomic<bool> stop{false};
    int updates = 0;
    hooks.train.stop = &stop;
    hooks.train.progress = [&](const train::Progress& p) {
      if (!p.epoch_done && (++updates == 4 || updates == 41)) stop = true;
    };
    for (int part = 0; part < 2; ++part) {
      EXPECT_TRUE(pretrain(texts_of(120), spec, hooks).interrupted);
      stop = false;
    }
    EXPECT_EQ(values_after(spec, hooks, &nats), whole);
    EXPECT_EQ(nats, whole_nats);
  }
}

TEST(Pretrain, a_checkpoint_of_another_text_or_of_other_options_is_refused) {
  const base::TestFolder folder;
  PretrainHooks hooks;
  hooks.checkpoint = folder.path("c");
  pretrain(texts_of(60), small_spec(), hooks);
  hooks.resume = true;
  EXPECT_THROW(pretrain(texts_of(61), small_spec(), hooks), Error);
  LanguageSpec other = small_spec();
  other.network.hidden = 13;
  EXPECT_THROW(pretrain(texts_of(60), other, hooks), Error);
}

TEST(Pretrain, one_thread_and_two_give_the_same_bits) {
  LanguageSpec spec = small_spec("character");
  spec.train.epochs = 1;
  spec.train.batch_size = 20;
  const auto one = values_after(spec, {});
  spec.train.threads = 2;
  EXPECT_EQ(one, values_after(spec, {}));
}

TEST(Pretrain, a_time_limit_ends_it_and_is_told) {
  LanguageSpec spec = small_spec();
  spec.train.epochs = 0;
  spec.train.patience = 0;
  spec.reading.time_limit = "1s";
  PretrainHooks hooks;
  hooks.begun = base::steady_seconds();
  const Pretrained found = pretrain(texts_of(120), spec, hooks);
  EXPECT_EQ(train::to_string(found.outcome.reason), "time");
  EXPECT_LT(found.train_seconds, 3);
}

TEST(Pretrain, texts_too_short_or_without_anything_to_score_are_refused) {
  EXPECT_THROW(pretrain({"a b c\n", "", ""}, small_spec(), {}), Error);
  LanguageSpec spec = small_spec();
  spec.reading.valid_fraction = 0;
  EXPECT_THROW(pretrain({made_up_lines(100), "", ""}, spec, {}), Error);
  spec.reading.time_limit = "soon";
  EXPECT_THROW(pretrain(texts_of(100), spec, {}), Error);
}

class SourceFiles : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(All, SourceFiles, testing::Values("character", "word", "subword"),
                         [](const auto& p) { return std::string(p.param); });

TEST_P(SourceFiles, predict_and_write_what_the_source_did_before_it_was_saved) {
  LanguageSpec spec = small_spec(GetParam());
  spec.train.epochs = 1;
  spec.network.layers = 2;
  spec.network.softmax = "adaptive";
  const Pretrained found = pretrain(texts_of(60), spec, {});
  const Source read = source_from(source_bytes(found.source), "a.source");
  const std::string text = made_up_lines(20, 9);
  EXPECT_EQ(score_text(read, text, 0, 1).nats.value,
            score_text(found.source, text, 0, 1).nats.value);
  Generation g;
  g.prompt = "the ";
  g.length = 20;
  EXPECT_EQ(generate(read, g), generate(found.source, g));
  EXPECT_EQ(read.receipt.n_train, found.n_train);
  EXPECT_EQ(source_bytes(read), source_bytes(found.source));
}

TEST(Source, holds_the_layers_of_a_classifier_under_its_names) {
  LanguageSpec spec = small_spec();
  spec.network.layers = 2;
  const Pretrained found = pretrain(texts_of(60), spec, {});
  nn::ParamSet classifier;
  nn::make_encoder(encoder_spec(found.source.spec.network),
                   {data::StreamKind::kText, found.source.units.size()}, "encoder", classifier);
  int shared = 0;
  for (const auto& want : classifier.params()) {
    for (const auto& have : found.source.network->params().params()) {
      if (have.name != want.name) continue;
      EXPECT_EQ(have.shape, want.shape) << want.name;
      EXPECT_EQ(have.start, want.start) << want.name;
      ++shared;
    }
  }
  EXPECT_EQ(shared, 1 + 2 * 3);  // the vectors; w_x, w_h and b of each layer
}

TEST(Source, what_is_none_or_is_damaged_is_refused) {
  LanguageSpec spec = small_spec();
  spec.train.epochs = 1;
  const std::string bytes = source_bytes(pretrain(texts_of(60), spec, {}).source);
  EXPECT_THROW(source_from("", "x"), Error);
  EXPECT_THROW(source_from(bytes.substr(0, bytes.size() / 2), "x"), Error);
  for (const auto& [word, other] :
       {std::pair<std::string, std::string>{"\\\"source\\\"", "\\\"sauce!\\\""},
        {"\\\"hidden\\\":12", "\\\"hidden\\\":13"},
        {"\\\"layers\\\":1", "\\\"layers\\\":2"}}) {
    std::string changed = bytes;
    const auto at = changed.find(word);
    ASSERT_NE(at, std::string::npos) << word;
    changed.replace(at, word.size(), other);
    EXPECT_THROW(source_from(changed, "x"), Error) << word;
  }
}

TEST(Generate, is_the_same_again_and_another_text_with_another_seed) {
  const Pretrained found = pretrain(texts_of(60), small_spec(), {});
  Generation g;
  g.length = 60;
  const std::string text = generate(found.source, g);
  EXPECT_EQ(generate(found.source, g), text);
  g.seed = 2;
  EXPECT_NE(generate(found.source, g), text);
  g.temperature = 0;
  const std::string likeliest = generate(found.source, g);
  g.seed = 3;
  EXPECT_EQ(generate(found.source, g), likeliest);
}

TEST(Generate, a_unit_is_drawn_by_probability_from_those_that_top_p_leaves) {
  const std::vector<double> log_p = {std::log(0.1), std::log(0.5), std::log(0.15), std::log(0.25)};
  Generation g;
  EXPECT_EQ(choose_unit(log_p, g, -1, 0.0), 1);
  EXPECT_EQ(choose_unit(log_p, g, -1, 0.49), 1);
  EXPECT_EQ(choose_unit(log_p, g, -1, 0.51), 3);
  EXPECT_EQ(choose_unit(log_p, g, -1, 0.91), 0);
  EXPECT_EQ(choose_unit(log_p, g, 1, 0.0), 3);
  g.top_p = 0.6;
  EXPECT_EQ(choose_unit(log_p, g, -1, 0.99), 3);
  g.top_p = 0;
  EXPECT_EQ(choose_unit(log_p, g, -1, 0.99), 1);
  g = {};
  g.temperature = 0.01;
  EXPECT_EQ(choose_unit(log_p, g, -1, 0.99), 1);
}

TEST(Resolve, clusters_save_work_where_few_words_are_most_of_the_text) {
  std::vector<double> zipf, even(5000, 1.0);
  for (int v = 1; v <= 50'000; ++v) zipf.push_back(1e6 / v);
  const auto cuts = choose_clusters(zipf);
  NetworkForm full{{}, 50'000, true, {}};
  full.spec.hidden = full.spec.embedding_dim = 300;
  full.spec.layers = 1;
  NetworkForm cut = full;
  cut.clusters = cuts;
  EXPECT_LT(operations_of(cut, zipf), operations_of(full, zipf) / 5);
  ASSERT_FALSE(choose_clusters(even).empty());
  ASSERT_FALSE(choose_clusters({0, 0, 0, 0}).empty());
}

TEST(Resolve, leaves_nothing_open_from_the_shortest_to_long_texts) {
  const Units units = Units::fit(made_up_lines(50), {});
  std::vector<double> counts(static_cast<std::size_t>(units.size()), 5.0);
  int before = 0;
  for (const double n : {50.0, 5e3, 5e4, 5e5, 5e6, 5e7}) {
    LanguageSpec spec;
    const NetworkForm form = resolve({n, 0, 2}, units, counts, spec);
    EXPECT_GT(form.spec.embedding_dim, 0);
    EXPECT_GE(form.spec.hidden, before);
    EXPECT_GT(spec.train.epochs, 0);
    EXPECT_GT(spec.train.batch_size, 0);
    EXPECT_GT(spec.reading.bptt, 0);
    EXPECT_GT(spec.optim.lr, 0);
    EXPECT_GE(form.spec.dropout, 0);
    EXPECT_GE(form.spec.embedding_dropout, 0);
    before = form.spec.hidden;
  }
}

}  // namespace
}  // namespace refrain::language

#include "refrain/transformer/front_end.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/base/test_folder.h"
#include "refrain/data/content.h"
#include "refrain/transformer/pretrained.h"
#include "refrain/transformer/state_cache.h"

namespace refrain::transformer {
namespace {

namespace fs = std::filesystem;
const std::string kBert = REFRAIN_SOURCE_DIR "/tests/golden/encoders/bert";

data::Dataset texts(const std::vector<std::string>& list) {
  data::Dataset d;
  d.path = "t.csv";
  d.streams = {{"text", data::StreamKind::kText, 0, {}}};
  for (const auto& text : list) d.samples.emplace_back().streams.emplace_back(text);
  return d;
}

std::vector<std::string> many() {
  std::vector<std::string> out = {"", "good film"};
  for (int i = 0; i < 30; ++i) out.push_back("the film is good " + std::string(i, 'a'));
  return out;
}

const data::Series& series(const data::Dataset& d, std::size_t i) {
  return std::get<data::Series>(d.samples[i].streams[0]);
}

// An encoder that a test may damage.
struct Copy {
  base::TestFolder folder;
  Copy() {
    fs::copy(kBert, folder.path(), fs::copy_options::recursive | fs::copy_options::update_existing);
  }
  std::string error() const {
    try {
      data::Dataset d = texts({"film"});
      encode_texts(d, {{.encoder = folder.path(), .encoder_layer = 0, .encoder_cache = "none"}},
                   {});
    } catch (const Error& e) {
      EXPECT_FALSE(e.hint().empty());
      std::string what = e.what();
      const auto at = what.find(folder.path());
      return at == std::string::npos ? what : what.substr(at + folder.path().size());
    }
    return "no error";
  }
};

TEST(FrontEnd, texts_become_series_of_states_and_stay_at_hand) {
  data::Dataset d = texts({"good film", "", "good film"});
  const auto before = data::dataset_hash(d);
  encode_texts(d, {{.encoder = kBert, .encoder_layer = 0, .encoder_cache = "none"}}, {});
  EXPECT_EQ(d.streams[0].kind, data::StreamKind::kSeries);
  EXPECT_TRUE(d.streams[0].from_text);
  EXPECT_EQ(d.streams[0].channels, 24);
  EXPECT_EQ(series(d, 0).steps, 4);  // with [CLS] and [SEP]
  EXPECT_EQ(series(d, 1).steps, 2);
  EXPECT_EQ(series(d, 0).values, series(d, 2).values);
  EXPECT_EQ(*data::text_of(d.samples[0]), "good film");
  EXPECT_EQ(data::dataset_hash(d), before) << "what is the same text stays the same sample";
  EXPECT_EQ(d.encoder.size(), 64u);
  EXPECT_EQ(data::as_read(d.streams)[0].kind, data::StreamKind::kText);
}

TextStates mean_of_rows(const data::Series& s, int first, int count) {
  TextStates out(static_cast<std::size_t>(s.channels), 0.0F);
  for (int t = first; t < first + count; ++t) {
    for (int k = 0; k < s.channels; ++k) {
      out[static_cast<std::size_t>(k)] +=
          s.values[static_cast<std::size_t>(t * s.channels + k)] / static_cast<float>(count);
    }
  }
  return out;
}

TextStates row_of(const data::Series& s, int t) { return mean_of_rows(s, t, 1); }

TEST(FrontEnd, by_word_each_word_has_the_mean_of_its_pieces) {
  const auto pieces_of = [](const char* word) {
    const auto encoder = Pretrained::open(kBert, {});
    return static_cast<int>(encoder->pieces().tokens(word, 64).ids.size()) - 2;
  };
  const TextEncoderSpec spec{.encoder = kBert, .encoder_cache = "none"};
  data::Dataset whole = texts({"good aaaa film"}), words = texts({"good aaaa film", ""});
  encode_texts(whole, {spec}, {});
  encode_texts(words, {.spec = spec, .by_word = true}, {});
  const int middle = pieces_of("aaaa");
  ASSERT_GT(middle, 1);
  ASSERT_EQ(series(words, 0).steps, 3);
  EXPECT_EQ(row_of(series(words, 0), 0), row_of(series(whole, 0), 1));
  EXPECT_EQ(row_of(series(words, 0), 1), mean_of_rows(series(whole, 0), 2, middle));
  EXPECT_EQ(row_of(series(words, 0), 2), row_of(series(whole, 0), 2 + middle));
  EXPECT_EQ(series(words, 1).steps, 1) << "a text without words";
}

TEST(FrontEnd, by_word_long_texts_are_cut_between_words_and_lose_none) {
  const TextEncoderSpec spec{.encoder = kBert, .encoder_cache = "none"};
  data::Dataset words = texts({"good film good film good", "good film"});
  encode_texts(words, {.spec = spec, .max_length = 4, .by_word = true}, {});
  const auto& long_one = series(words, 0);
  const auto& pair = series(words, 1);
  ASSERT_EQ(long_one.steps, 5);
  for (int t = 0; t < 4; ++t) EXPECT_EQ(row_of(long_one, t), row_of(pair, t % 2)) << t;
}

TEST(FrontEnd, without_an_encoder_texts_stay_texts) {
  data::Dataset d = texts({"a"});
  encode_texts(d, {{}}, {});
  EXPECT_EQ(d.streams[0].kind, data::StreamKind::kText);
}

TEST(FrontEnd, states_depend_neither_on_threads_nor_on_the_cache) {
  const base::TestFolder folder;
  std::vector<data::Dataset> all;
  for (const std::string cache : {"none", "fill", "use", "none"}) {
    data::Dataset d = texts(many());
    std::vector<std::string> said;
    const base::Log log([&](base::Level, const std::string& s) { said.push_back(s); });
    const std::string place = cache == "none" ? cache : folder.path("cache");
    encode_texts(
        d, {{.encoder = kBert, .encoder_layer = 0, .encoder_cache = place}, 0, all.empty() ? 1 : 2},
        log);
    EXPECT_EQ(said.empty(), cache == "use") << "what is known is not encoded";
    all.push_back(std::move(d));
  }
  for (std::size_t k = 1; k < all.size(); ++k) {
    for (std::size_t i = 0; i < many().size(); ++i) {
      ASSERT_EQ(series(all[k], i).values, series(all[0], i).values) << k << ", text " << i;
    }
  }
}

TEST(FrontEnd, any_layer_can_be_read_and_the_usual_one_is_the_last_but_one) {
  const auto states_of = [](int layer) {
    data::Dataset d = texts({"good film"});
    encode_texts(d, {{.encoder = kBert, .encoder_layer = layer, .encoder_cache = "none"}}, {});
    return series(d, 0).values;
  };
  EXPECT_EQ(states_of(0), states_of(1));
  EXPECT_NE(states_of(1), states_of(2));
  EXPECT_THROW(states_of(3), Error);
}

TEST(FrontEnd, where_layers_are_tuned_the_states_are_those_below_them) {
  const auto encoded = [](int layer, int tuned) {
    data::Dataset d = texts({"good film"});
    encode_texts(d,
                 {{.encoder = kBert,
                   .encoder_layer = layer,
                   .encoder_tune = tuned,
                   .encoder_cache = "none"}},
                 {});
    return d;
  };
  const auto below = encoded(2, 1), plain = encoded(1, 0);
  EXPECT_EQ(series(below, 0).values, series(plain, 0).values);
  EXPECT_EQ(below.encoder, plain.encoder);
  EXPECT_EQ(plain.streams[0].tuned.count, 0);
  EXPECT_EQ(plain.samples[0].mean_state, nullptr);
  const auto whole = encoded(2, 0);
  double sum = 0;
  for (std::size_t i = 0; i < series(whole, 0).values.size(); i += 24) {
    sum += static_cast<double>(series(whole, 0).values[i]);
  }
  EXPECT_EQ(below.samples[0].mean_state->size(), 24u);
  EXPECT_NEAR(static_cast<double>(below.samples[0].mean_state->front()), sum / 4, 1e-6);
  const data::TunedLayers expected = {1, 1, 3, 40, "gelu", 1e-12};
  EXPECT_EQ(below.streams[0].tuned, expected);
  EXPECT_EQ(encoded(0, 1).streams[0].tuned, expected) << "the last layer is the usual one";
  EXPECT_EQ(encoded(2, 2).streams[0].tuned.first, 0) << "all can be tuned";
  EXPECT_EQ(data::as_read(below.streams)[0].tuned.count, 0);
  EXPECT_THROW(encoded(2, 3), Error);
  EXPECT_THROW(encoded(1, 2), Error);
}

TEST(FrontEnd, longer_texts_are_cut_and_it_is_said) {
  data::Dataset d = texts({"the film is good", "film"});
  std::string said;
  const base::Log log([&](base::Level, const std::string& s) { said += s + "\n"; });
  encode_texts(d, {{.encoder = kBert, .encoder_layer = 0, .encoder_cache = "none"}, 4}, log);
  EXPECT_EQ(series(d, 0).steps, 4);
  EXPECT_NE(said.find("1 of 2 texts are longer than 4 tokens and are cut there"),
            std::string::npos);
}

TEST(FrontEnd, what_is_no_text_is_refused) {
  data::Dataset d = texts({"a"});
  d.streams[0].kind = data::StreamKind::kSeries;
  EXPECT_THROW(
      encode_texts(d, {{.encoder = kBert, .encoder_layer = 0, .encoder_cache = "none"}}, {}),
      Error);
}

TEST(FrontEnd, other_weights_than_a_model_was_trained_with_are_refused) {
  data::Dataset d = texts({"a"});
  const std::string digest = Pretrained(kBert, {}).digest();
  encode_texts(d, {{.encoder = kBert, .encoder_layer = 0, .encoder_cache = "none"}, 0, 0, digest},
               {});
  const Copy copy;
  std::string weights = base::read_file(copy.folder.path("model.safetensors")).bytes;
  weights.back() ^= 1;
  copy.folder.write("model.safetensors", weights);
  d = texts({"a"});
  EXPECT_THROW(
      encode_texts(d,
                   {{.encoder = copy.folder.path(), .encoder_layer = 0, .encoder_cache = "none"},
                    0,
                    0,
                    digest},
                   {}),
      Error);
}

TEST(FrontEnd, every_missing_or_damaged_file_is_one_error) {
  const Copy copy;
  const auto weights = base::read_file(copy.folder.path("model.safetensors")).bytes;
  copy.folder.write("model.safetensors", weights.substr(0, weights.size() / 2));
  EXPECT_TRUE(copy.error().starts_with("/model.safetensors: ")) << copy.error();
  fs::remove(copy.folder.path("model.safetensors"));
  EXPECT_EQ(copy.error(), ": there is no model.safetensors");
  copy.folder.write("model.safetensors.index.json", "{}");
  EXPECT_EQ(copy.error(), ": the weights are cut into several files");
  copy.folder.write("pytorch_model.bin", "x");
  EXPECT_EQ(copy.error(),
            ": pytorch_model.bin is a pickle, which can run any code, and is not read");
  copy.folder.write("model.safetensors", weights);
  EXPECT_EQ(copy.error(), "no error");
  fs::remove(copy.folder.path("tokenizer.json"));
  EXPECT_EQ(copy.error(), "no error") << "the encoder is known already";
  EXPECT_THROW(Pretrained(copy.folder.path(), {}), Error);
  fs::remove(copy.folder.path("config.json"));
  EXPECT_EQ(copy.error(), ": there is no config.json");
}

TEST(FrontEnd, a_vocabulary_larger_than_the_weights_is_refused) {
  const Copy copy;
  std::string words = "[UNK]\n[CLS]\n[SEP]\n";
  for (int i = 0; i < 200; ++i) words += "w" + std::to_string(i) + "\n";
  fs::remove(copy.folder.path("tokenizer.json"));
  copy.folder.write("vocab.txt", words);
  EXPECT_EQ(copy.error(), ": the vocabulary has 203 words, but config.json says 101");
}

}  // namespace
}  // namespace refrain::transformer

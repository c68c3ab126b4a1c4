// Token numbers and states against Hugging Face Transformers (tests/golden/make_encoders.py), and
// the same bits in any company.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "refrain/base/at.h"
#include "refrain/base/files.h"
#include "refrain/kernels/isa.h"
#include "refrain/transformer/encoder.h"
#include "refrain/transformer/wordpiece.h"

namespace refrain::transformer {
namespace {

using base::at;
using Golden = nlohmann::json;

const std::string kGolden = REFRAIN_SOURCE_DIR "/tests/golden/";

Golden read_golden() { return Golden::parse(base::read_file(kGolden + "encoders.json").bytes); }

std::string folder_of(const std::string& name) { return kGolden + "encoders/" + name; }

Encoder encoder_of(const std::string& folder) {
  const std::string path = folder + "/model.safetensors";
  return {read_config(folder), base::read_file(path).bytes, path};
}

std::vector<TokenIds> all_ids(const std::string& name) {
  return read_golden()["encoders"][name]["ids"].get<std::vector<TokenIds>>();
}

class EveryEncoder : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Golden, EveryEncoder, testing::Values("bert", "distilbert", "minilm"),
                         [](const auto& p) { return p.param; });

TEST_P(EveryEncoder, token_numbers_are_those_of_transformers) {
  const Golden golden = read_golden();
  const auto pieces = WordPiece::from_folder(folder_of(GetParam()));
  const int longest = read_config(folder_of(GetParam())).positions;
  for (std::size_t i = 0; i < golden["texts"].size(); ++i) {
    const std::string text = golden["texts"][i];
    const auto tokens = pieces.tokens(text, longest);
    EXPECT_EQ(tokens.ids, golden["encoders"][GetParam()]["ids"][i].get<TokenIds>()) << text;
  }
}

TEST_P(EveryEncoder, states_are_those_of_transformers_on_every_instruction_set) {
  const Golden golden = read_golden()["encoders"][GetParam()];
  const auto ids = golden["ids"].get<std::vector<TokenIds>>();
  const Encoder encoder = encoder_of(folder_of(GetParam()));
  for (const auto& isa : kernels::available_isas()) {
    kernels::choose_isa(isa);
    const Encoder packed_for_it = encoder_of(folder_of(GetParam()));
    const auto states = packed_for_it.states(ids, 1);
    for (const auto& [text, rows] : golden["states"].items()) {
      const auto& got = states[at(std::stoi(text))];
      const auto width = rows[0].size();
      ASSERT_EQ(got.size(), rows.size() * width);
      for (std::size_t i = 0; i < got.size(); ++i) {
        const double expected = rows[i / width][i % width];
        ASSERT_NEAR(static_cast<double>(got[i]), expected, 1e-5)
            << isa << ", text " << text << ", place " << i;
      }
    }
  }
  kernels::choose_isa("auto");
}

TEST_P(EveryEncoder, bits_depend_neither_on_company_nor_on_threads) {
  const Encoder encoder = encoder_of(folder_of(GetParam()));
  const auto ids = all_ids(GetParam());
  const auto one_by_one = [&] {
    std::vector<std::vector<real>> out;
    for (const auto& text : ids) out.push_back(encoder.states(std::span(&text, 1), 1).front());
    return out;
  }();
  std::vector<TokenIds> many;
  for (int i = 0; i < 40; ++i) many.insert(many.end(), ids.begin(), ids.end());
  for (const int threads : {1, 2, 3}) {
    const auto states = encoder.states(many, threads);
    for (std::size_t i = 0; i < many.size(); ++i) {
      ASSERT_EQ(states[i], one_by_one[i % ids.size()]) << threads << " threads, text " << i;
    }
    const auto alone = encoder.states(std::span(&ids[12], 1), threads);  // shared inside
    EXPECT_EQ(alone.front(), one_by_one[12]) << threads;
  }
}

TEST(Encoder, no_texts_have_no_states) {
  EXPECT_TRUE(encoder_of(folder_of("bert")).states({}, 2).empty());
}

TEST(Encoder, texts_without_tokens_and_unknown_tokens_are_refused) {
  const Encoder encoder = encoder_of(folder_of("bert"));
  for (const TokenIds& ids : {TokenIds{}, TokenIds{101}, TokenIds{-1}, TokenIds(37, 5)}) {
    EXPECT_THROW(encoder.states(std::span(&ids, 1), 1), Error) << ids.size();
  }
}

std::string error_of(const Config& config, const std::string& weights) {
  try {
    Encoder(config, weights, "x/model.safetensors");
  } catch (const Error& e) {
    EXPECT_EQ(e.exit_code(), 2);
    EXPECT_FALSE(e.hint().empty());
    return e.what();
  }
  return "no error";
}

TEST(Encoder, weights_that_are_cut_off_are_an_error_wherever_they_end) {
  const Config config = read_config(folder_of("bert"));
  const std::string weights = base::read_file(folder_of("bert") + "/model.safetensors").bytes;
  for (std::size_t size = 0; size < weights.size(); size += 997) {
    const std::string error = error_of(config, weights.substr(0, size));
    EXPECT_TRUE(error.starts_with("x/model.safetensors: ")) << size << ": " << error;
  }
}

TEST(Encoder, weights_of_another_model_are_an_error_that_names_the_tensor) {
  const std::string weights = base::read_file(folder_of("bert") + "/model.safetensors").bytes;
  Config config = read_config(folder_of("bert"));
  config.inner = 41;
  EXPECT_EQ(error_of(config, weights),
            "x/model.safetensors: tensor 'encoder.layer.0.intermediate.dense.weight' is [40,24], "
            "but config.json asks for [41,24]");
  config = read_config(folder_of("distilbert"));
  config.vocabulary = 101;
  EXPECT_NE(error_of(config, weights).find("config.json asks for"), std::string::npos);
  config = read_config(folder_of("bert"));
  config.layers = 3;
  EXPECT_NE(error_of(config, weights).find("there is no tensor 'encoder.layer.2."),
            std::string::npos);
}

}  // namespace
}  // namespace refrain::transformer

#include "refrain/transformer/config.h"

#include <gtest/gtest.h>

#include "refrain/base/error.h"
#include "refrain/base/test_folder.h"

namespace refrain::transformer {
namespace {

const std::string kGood =
    R"({"model_type": "bert", "vocab_size": 9, "hidden_size": 8, "num_hidden_layers": 2,
        "num_attention_heads": 2, "intermediate_size": 16, "max_position_embeddings": 12)";

std::string config_error(const std::string& text) {
  try {
    parse_config(text, "f/config.json");
  } catch (const Error& e) {
    EXPECT_FALSE(e.hint().empty());
    return e.what();
  }
  return "no error";
}

TEST(Config, sizes_are_read_and_the_rest_has_the_usual_values) {
  const Config c = parse_config(kGood + "}", "");
  EXPECT_EQ(c.hidden, 8);
  EXPECT_EQ(c.positions, 12);
  EXPECT_EQ(c.epsilon, 1e-12);
  EXPECT_EQ(c.activation, Activation::kGelu);
}

TEST(Config, an_unknown_architecture_is_named) {
  EXPECT_EQ(config_error(R"({"model_type": "roberta"})"),
            "f/config.json: the architecture 'roberta' is not supported");
  EXPECT_EQ(config_error("{}"), "f/config.json: 'model_type' is missing");
}

TEST(Config, what_is_no_json_is_an_error) {
  EXPECT_EQ(config_error("{\"a\": "), "f/config.json: not a JSON object, or cut off");
  EXPECT_EQ(config_error("[1]"), "f/config.json: not a JSON object, or cut off");
  EXPECT_EQ(config_error(std::string(100000, '[')), "f/config.json: not a JSON object, or cut off");
}

TEST(Config, sizes_out_of_range_are_named) {
  EXPECT_EQ(config_error(R"({"model_type": "bert"})"),
            "f/config.json: 'vocab_size' is missing or no integer");
  EXPECT_EQ(config_error(R"({"model_type": "bert", "vocab_size": 0})"),
            "f/config.json: 'vocab_size' is 0, not in [1, 10000000]");
  EXPECT_EQ(config_error(R"({"model_type": "bert", "vocab_size": 1e3})"),
            "f/config.json: 'vocab_size' is missing or no integer");
  const std::string three_heads = kGood + R"(, "num_attention_heads": 3})";
  EXPECT_EQ(config_error(three_heads), "f/config.json: 3 heads do not divide 8 states");
}

TEST(Config, activations_and_positions_of_another_kind_are_refused) {
  EXPECT_EQ(config_error(kGood + R"(, "hidden_act": "swish"})"),
            "f/config.json: the activation 'swish' is not supported");
  EXPECT_EQ(config_error(kGood + R"(, "position_embedding_type": "relative_key"})"),
            "f/config.json: positions of the kind 'relative_key' are not supported");
  EXPECT_EQ(config_error(kGood + R"(, "layer_norm_eps": "x"})"),
            "f/config.json: 'layer_norm_eps' is \"x\"");
}

TEST(Config, a_folder_without_it_is_an_error) {
  const base::TestFolder folder;
  EXPECT_THROW(read_config(folder.path()), Error);
  EXPECT_THROW(read_config(folder.path("none")), Error);
}

}  // namespace
}  // namespace refrain::transformer

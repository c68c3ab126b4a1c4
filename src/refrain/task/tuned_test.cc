// Layers of a text encoder as parameters of a network: they begin as the encoder has them, learn,
// stand in the model file and resume.
#include "refrain/task/tuned.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "refrain/base/test_folder.h"
#include "refrain/task/fit.h"
#include "refrain/task/made_up_data.h"
#include "refrain/task/model_file.h"
#include "refrain/task/transfer.h"
#include "refrain/transformer/front_end.h"

namespace refrain::task {
namespace {

using testing::HasSubstr;

std::string folder_of(const std::string& kind) {
  return REFRAIN_SOURCE_DIR "/tests/golden/encoders/" + kind;
}

// Layers up to `layer`, of which so many are tuned.
Spec tuned_spec(const std::string& kind, int layer, int tuned) {
  Spec spec = small_spec();
  spec.text_encoder.encoder = folder_of(kind);
  spec.text_encoder.encoder_layer = layer;
  spec.text_encoder.encoder_tune = tuned;
  spec.text_encoder.encoder_cache = "none";
  spec.text_encoder.encoder_lr = 0.001;
  return spec;
}

data::Dataset encoded_opinions(const Spec& spec, int n = 40) {
  data::Dataset d = opinions(n);
  transformer::encode_texts(d, {spec.text_encoder, 0, 1}, {});
  return d;
}

Fitted fitted_to(const Spec& spec, const data::Dataset& d) {
  return fit_model(spec, {&d, all_of(d), &d, {}}, {});
}

std::vector<double> answers_of(const Model& model, const data::Dataset& d, int threads = 1) {
  return model.predict({d, all_of(d)}, threads);
}

const nn::ParamSet& params_of(const Model& model) {
  return model.members.front().learner->network()->params();
}

std::vector<real> values_of(const Model& model, const std::string& beginning) {
  std::vector<real> out;
  const auto& params = params_of(model);
  for (std::size_t i = 0; i < params.params().size(); ++i) {
    const auto& p = params.params()[i];
    const auto values = params.value(static_cast<int>(i)).span();
    if (p.name.starts_with(beginning)) out.insert(out.end(), values.begin(), values.end());
  }
  return out;
}

class TunedEncoder : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Golden, TunedEncoder, testing::Values("bert", "distilbert", "minilm"),
                         [](const auto& p) { return p.param; });

TEST_P(TunedEncoder, without_training_answers_as_without_tuning) {
  for (const char* normalise : {"channel", "none"}) {
    Spec frozen = tuned_spec(GetParam(), 2, 0);
    frozen.features.normalise = normalise;
    const auto plain = encoded_opinions(frozen);
    const Network wanted = make_network(frozen, plain);
    const auto expected = wanted.predict(wanted.encode(plain, all_of(plain)), 1);
    for (const int tuned : {1, 2}) {
      Spec spec = tuned_spec(GetParam(), 2, tuned);
      spec.features.normalise = normalise;
      const auto d = encoded_opinions(spec);
      Network network = make_network(spec, d);
      TunedStart(network, {d, all_of(d)}).put_in(network);
      const auto got = network.predict(network.encode(d, all_of(d)), 1);
      ASSERT_EQ(got.size(), expected.size());
      for (std::size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], expected[i], 1e-5) << tuned;
    }
  }
}

TEST_P(TunedEncoder, has_the_states_of_the_encoder) {
  Spec spec = tuned_spec(GetParam(), 2, 2);
  spec.features.normalise = "none";
  const auto d = encoded_opinions(spec), plain = encoded_opinions(tuned_spec(GetParam(), 2, 0));
  Network network = make_network(spec, d);
  TunedStart(network, {d, all_of(d)}).put_in(network);
  const auto samples = network.encode(d, all_of(d));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const int chosen[] = {static_cast<int>(i)};
    data::Batch batch;
    data::assemble(samples, chosen, 1, network.features().streams(), batch);
    tape::Tape tape;
    tape.reset(false);
    nn::Look look;
    nn::Context context{tape, network.params(), nullptr, false, base::Rng(0), batch};
    context.look = &look;
    network.outputs(context);
    ASSERT_EQ(look.seen.front().first, "input");
    const auto got = tape.value(look.seen.front().second).span();
    const auto& expected = std::get<data::Series>(plain.samples[i].streams[0]).values;
    ASSERT_EQ(got.size(), expected.size());
    for (std::size_t k = 0; k < got.size(); ++k) {
      ASSERT_NEAR(static_cast<double>(got[k]), static_cast<double>(expected[k]), 1e-5);
    }
  }
}

TEST(Tuned, layers_learn_at_their_rate_and_frozen_ones_stand_still) {
  Spec spec = tuned_spec("minilm", 3, 2);
  const auto d = encoded_opinions(spec);
  Spec still = spec;
  still.train.freeze = "encoder.bert.*";
  const Model before = fitted_to(still, d).model;
  spec.train.freeze = "encoder.bert.1.*";
  const Model after = fitted_to(spec, d).model;
  EXPECT_EQ(values_of(after, "encoder.bert.1."), values_of(before, "encoder.bert.1."));
  EXPECT_NE(values_of(after, "encoder.bert.2."), values_of(before, "encoder.bert.2."));
  EXPECT_EQ(values_of(after, "encoder.bert.0.").size(), 0U) << "is below the tuned ones";
  const auto moved = [&](double lr) {
    spec.text_encoder.encoder_lr = lr;
    const auto from = values_of(before, "encoder.bert.2."),
               to = values_of(fitted_to(spec, d).model, "encoder.bert.2.");
    double sum = 0;
    for (std::size_t i = 0; i < to.size(); ++i)
      sum += std::abs(static_cast<double>(to[i] - from[i]));
    return sum;
  };
  EXPECT_LT(moved(1e-6), moved(1e-4) / 20);
}

TEST(Tuned, numbers_of_layers_count_for_freeze_and_decay) {
  Spec spec = tuned_spec("minilm", 3, 2);
  spec.train.freeze = "1";
  const auto d = encoded_opinions(spec);
  const Network network = make_network(spec, d);
  for (const auto& p : network.params().params()) {
    EXPECT_EQ(p.frozen, p.name.starts_with("encoder.bert.1.")) << p.name;
    const bool tuned = p.name.starts_with("encoder.bert.");
    EXPECT_DOUBLE_EQ(p.rate, tuned ? 0.001 / spec.optim.lr : 1) << p.name;
  }
}

TEST(Tuned, training_is_the_same_for_one_and_two_threads_and_after_a_pause) {
  Spec spec = tuned_spec("bert", 2, 2);
  spec.train.epochs = 4;
  const auto d = encoded_opinions(spec, 70);
  const auto whole = values_of(fitted_to(spec, d).model, "");
  spec.train.threads = 2;
  const Fitted two = fitted_to(spec, d);
  EXPECT_EQ(values_of(two.model, ""), whole);
  EXPECT_EQ(answers_of(two.model, d, 1), answers_of(two.model, d, 2));
  std::optional<train::State> middle;
  FitHooks hooks;
  hooks.watch = [&](const NetworkRun&) {
    train::Hooks out;
    out.checkpoint = [&](const train::State& s) {
      if (s.epoch == 2) middle = s;
    };
    return out;
  };
  fit_model(spec, {&d, all_of(d), &d, {}}, hooks);
  ASSERT_TRUE(middle.has_value());
  hooks = {};
  hooks.resume = [&](const NetworkRun&) { return middle; };
  EXPECT_EQ(values_of(fit_model(spec, {&d, all_of(d), &d, {}}, hooks).model, ""), whole);
}

TEST(Tuned, layers_stand_in_the_model_file) {
  const base::TestFolder folder;
  const std::string encoder = folder.path("encoder");
  std::filesystem::copy(folder_of("bert"), encoder);
  Spec spec = tuned_spec("bert", 2, 1);
  spec.text_encoder.encoder = encoder;
  spec.model.ensemble = 2;
  const auto d = encoded_opinions(spec);
  const Model model = fitted_to(spec, d).model;
  const std::string bytes = model_bytes(model);
  std::filesystem::remove_all(encoder);
  const Model loaded = parse_model(bytes, "m.refrain");
  EXPECT_EQ(answers_of(loaded, d), answers_of(model, d));
  EXPECT_EQ(model_bytes(loaded), bytes);
  EXPECT_THAT(bytes, HasSubstr("members.1.encoder.bert.1.w_in"));
  const auto plain = encoded_opinions(tuned_spec("bert", 1, 0));
  EXPECT_THROW(loaded.features.check(plain), Error) << "states that no layer is tuned above";
}

TEST(Tuned, layers_move_over_to_a_network_that_tunes_the_same_ones) {
  const auto network_of = [](int layer, int tuned, int seed) {
    Spec spec = tuned_spec("minilm", layer, tuned);
    spec.train.seed = seed;
    return make_network(spec, encoded_opinions(spec));
  };
  const Network first = network_of(3, 2, 1);
  const auto source = [](const Network& n) {
    return Source{"s", "classify", n.spec().encoder, n.features(), n.params(), n.goal().classes()};
  };
  Network second = network_of(3, 2, 9);
  move_over(source(first), second);
  EXPECT_EQ(second.params().values(), first.params().values());
  Network other = network_of(3, 1, 9);
  EXPECT_THROW(move_over(source(first), other), Error);
  const Moved moved = move_over(source(network_of(2, 0, 1)), second);
  EXPECT_THAT(moved.anew, testing::Contains("encoder.bert.1.w_in"));
  EXPECT_THAT(moved.taken, testing::Contains("encoder.0.forward.w_x"));
}

TEST(Tuned, what_makes_no_sense_is_refused) {
  const auto refused = [](const std::function<void(Spec&)>& change) {
    Spec spec = tuned_spec("bert", 2, 1);
    const auto d = encoded_opinions(spec);
    change(spec);
    try {
      fitted_to(spec, d);
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Code::kUsage);
      EXPECT_FALSE(e.hint().empty());
      return std::string(e.what());
    }
    return std::string("nothing");
  };
  EXPECT_THAT(refused([](Spec& s) { s.text_encoder.encoder.clear(); }),
              HasSubstr("--encoder-tune is of an encoder"));
  EXPECT_THAT(refused([](Spec& s) { s.model.model = "mean_logistic"; }),
              HasSubstr("--model mean_logistic is none"));
  EXPECT_THAT(refused([](Spec& s) { s.features.normalise = "series"; }), HasSubstr("as they are"));
  EXPECT_THAT(refused([](Spec& s) { s.features.views = "raw,difference"; }),
              HasSubstr("as they are"));
  EXPECT_THAT(refused([](Spec& s) { s.optim.optimiser = "lbfgs"; }), HasSubstr("lbfgs"));
  EXPECT_THAT(refused([](Spec& s) {
                s.text_encoder.encoder_tune = 0;
                s.given.insert("encoder_lr");
              }),
              HasSubstr("--encoder-lr is of tuned layers"));
}

}  // namespace
}  // namespace refrain::task

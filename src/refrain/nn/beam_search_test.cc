#include "refrain/nn/beam_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace refrain::nn {
namespace {

constexpr int kChoices = 4, kSourceSteps = 3, kSourceWidth = 6;

// A decoder with random weights and a source of random states.
struct RandomDecoder {
  ParamSet params;
  Decoder decoder;
  tape::Tape tape;
  tensor::StepTable steps;
  std::vector<real> states;
  data::Batch batch;

  explicit RandomDecoder(std::uint64_t seed)
      : decoder(spec(), kChoices, kSourceWidth, "decoder", params) {
    params.initialise(base::Rng(seed));
    base::Rng rng(seed + 1);
    for (real& x : params.values()) x = static_cast<real>(rng.normal() * 0.8);
    for (int i = 0; i < kSourceSteps * kSourceWidth; ++i)
      states.push_back(static_cast<real>(rng.normal()));
    steps.assign({kSourceSteps});
    batch.B = 1;
    batch.key = {0};
  }

  static DecoderSpec spec() {
    DecoderSpec s;
    s.hidden = 6;
    s.embedding_dim = 4;
    s.heads = 2;
    return s;
  }

  tensor::Tensor source() { return {{kSourceSteps, kSourceWidth}, states.data()}; }

  std::vector<Hypothesis> search(const BeamOptions& o) {
    const PackedDecoder packed(decoder, params);
    return beam_search({&packed, source()}, o);
  }

  std::vector<int> greedy(int longest) {
    const PackedDecoder packed(decoder, params);
    DecoderStream stream(packed);
    stream.begin(source(), 1);
    std::vector<int> out;
    for (int symbol = 0; static_cast<int>(out.size()) < longest;) {
      stream.step(&symbol);
      const real* p = stream.probabilities();
      symbol = static_cast<int>(std::max_element(p, p + kChoices) - p);
      if (symbol == 0) break;
      out.push_back(symbol);
    }
    return out;
  }

  // log p of the symbols and the end behind them.
  double log_p(const std::vector<int>& symbols) {
    std::vector<int> read = {0}, target = symbols;
    read.insert(read.end(), symbols.begin(), symbols.end());
    target.push_back(0);
    tensor::StepTable own;
    own.assign({static_cast<int>(read.size())});
    tape.reset(false);
    Context context{tape, params, nullptr, false, base::Rng(0), batch};
    const StepStates encoded{tape.constant({{kSourceSteps, kSourceWidth}, states.data()}),
                             &steps.steps()};
    std::vector<double> surprise(read.size());
    decoder.loss(context, encoded, {read.data(), target.data(), &own.steps(), 1, surprise.data()});
    double sum = 0;
    for (const double s : surprise) sum -= s;
    return sum;
  }
};

// All sequences of at most three symbols.
std::vector<std::vector<int>> all_short() {
  std::vector<std::vector<int>> out = {{}};
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i].size() == 3) continue;
    for (int v = 1; v < kChoices; ++v) {
      auto longer = out[i];
      longer.push_back(v);
      out.push_back(longer);
    }
  }
  return out;
}

TEST(BeamSearch, with_room_for_everything_finds_the_best_sequences) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    RandomDecoder net(seed);
    BeamOptions o;
    o.beam = 100;
    o.best = 4;
    o.longest = 4;
    std::vector<std::pair<double, std::vector<int>>> expected;
    for (const auto& s : all_short()) {
      const double length = static_cast<double>(s.size()) + 1;
      expected.emplace_back(net.log_p(s) / std::pow((5 + length) / 6, o.length_power), s);
    }
    std::sort(expected.begin(), expected.end(), std::greater<>());
    const auto found = net.search(o);
    ASSERT_EQ(found.size(), 4U);
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].symbols, expected[i].second) << seed;
      EXPECT_NEAR(found[i].score, expected[i].first, 1e-4);
      EXPECT_NEAR(found[i].log_p, net.log_p(found[i].symbols), 1e-4);
      EXPECT_TRUE(found[i].ended);
    }
  }
}

TEST(BeamSearch, of_one_hypothesis_takes_the_likeliest_symbol_each_time) {
  RandomDecoder net(4);
  BeamOptions o;
  o.beam = 1;
  o.longest = 6;
  o.length_power = 0;
  const auto found = net.search(o);
  ASSERT_EQ(found.size(), 1U);
  ASSERT_FALSE(found[0].symbols.empty());
  EXPECT_EQ(found[0].symbols, net.greedy(o.longest));
}

TEST(BeamSearch, weights_of_the_attention_add_up_to_one_and_little_attention_costs) {
  RandomDecoder net(5);
  BeamOptions o;
  o.longest = 5;
  const auto plain = net.search(o);
  ASSERT_EQ(plain.size(), 1U);
  const auto& h = plain[0];
  ASSERT_EQ(h.weights.size(), (h.symbols.size() + (h.ended ? 1 : 0)) * kSourceSteps);
  for (std::size_t i = 0; i < h.weights.size(); i += kSourceSteps) {
    EXPECT_NEAR(static_cast<double>(h.weights[i] + h.weights[i + 1] + h.weights[i + 2]), 1, 1e-5);
  }
  o.coverage = 1;
  EXPECT_LE(net.search(o)[0].score, h.score);
}

TEST(BeamSearch, of_two_decoders_takes_the_mean_of_their_probabilities) {
  RandomDecoder a(8), b(9);
  const PackedDecoder of_a(a.decoder, a.params), of_b(b.decoder, b.params);
  BeamOptions o;
  o.beam = 100;
  o.longest = 3;
  const Voice both[] = {{&of_a, a.source()}, {&of_b, b.source()}};
  const auto found = beam_search(both, o);
  ASSERT_EQ(found.size(), 1U);
  std::vector<int> read = {0};
  double log_p = 0;
  DecoderStream streams[] = {DecoderStream(of_a), DecoderStream(of_b)};
  streams[0].begin(a.source(), 1);
  streams[1].begin(b.source(), 1);
  for (std::size_t i = 0; i <= found[0].symbols.size(); ++i) {
    const int symbol = i == 0 ? 0 : found[0].symbols[i - 1];
    const int next = i < found[0].symbols.size() ? found[0].symbols[i] : 0;
    for (auto& s : streams) s.step(&symbol);
    const double sum = static_cast<double>(streams[0].probabilities()[next]) +
                       static_cast<double>(streams[1].probabilities()[next]);
    log_p += std::log(sum / 2);
  }
  EXPECT_NEAR(found[0].log_p, log_p, 1e-5);
}

TEST(BeamSearch, what_is_cut_off_says_so) {
  RandomDecoder net(6);
  BeamOptions o;
  o.longest = 1;
  o.beam = 3;
  o.best = 4;
  const auto found = net.search(o);
  EXPECT_TRUE(std::any_of(found.begin(), found.end(), [](const auto& h) { return !h.ended; }));
  for (const auto& h : found) EXPECT_EQ(h.ended, h.symbols.empty());
}

TEST(Sampling, draws_sequences_as_often_as_they_are_probable) {
  RandomDecoder d(5);
  BeamOptions o;
  o.longest = 1;  // one symbol: its probability is known
  const PackedDecoder packed(d.decoder, d.params);
  DecoderStream stream(packed);
  stream.begin(d.source(), 1);
  const int mark = 0;
  stream.step(&mark);
  const real* p = stream.probabilities();
  double most = 0;
  int drawn[kChoices] = {}, total = 0;
  for (std::uint64_t draws = 0; draws < 4000; ++draws) {
    o.beam = o.best = 1;
    o.temperature = 1;
    o.draws = draws;
    const auto found = d.search(o);
    ASSERT_EQ(found.size(), 1U);
    ++drawn[found[0].symbols.empty() ? 0 : found[0].symbols[0]];
    ++total;
  }
  for (int v = 0; v < kChoices; ++v) {
    most = std::max(most, std::fabs(static_cast<double>(p[v]) - drawn[v] / double(total)));
  }
  EXPECT_LT(most, 0.03);
  o.temperature = 0.01;  // hardly anything but the likeliest
  o.longest = 20;
  EXPECT_EQ(d.search(o).front().symbols, d.greedy(20));
}

}  // namespace
}  // namespace refrain::nn

#include "refrain/nn/decoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "refrain/nn/decoder_stream.h"

namespace refrain::nn {
namespace {

constexpr bool kInDouble = sizeof(real) == 8;
constexpr int kLetters = 6, kEndMark = 0;

// Sequences whose encoder's states are one-hot vectors of their symbols 1 .. kLetters - 1, with the
// place of the step in column 0.
class Writing {
 public:
  Writing(const DecoderSpec& spec, std::vector<std::vector<int>> read,
          std::vector<std::vector<int>> written)
      : read_(std::move(read)),
        written_(std::move(written)),
        decoder(spec, kLetters, kLetters, "decoder", params) {
    params.initialise(base::Rng(5));
    gradient.resize(params.count());
    std::vector<int> in, out;
    for (const auto& s : read_) in.push_back(static_cast<int>(s.size()));
    for (const auto& s : written_) out.push_back(static_cast<int>(s.size()) + 1);
    in_.assign(in);
    out_.assign(out);
    batch.B = static_cast<int>(read_.size());
    batch.key.resize(read_.size());
    std::iota(batch.key.begin(), batch.key.end(), 0);
    fill();
  }

  double loss(bool training, std::vector<double>* surprise = nullptr) {
    tape.reset(true);
    std::fill(gradient.begin(), gradient.end(), real{0});
    Context context{tape, params, gradient.data(), training, base::Rng(3), batch};
    Written w{symbol_.data(), target_.data(), &out_.steps(), static_cast<double>(target_.size()),
              nullptr};
    if (surprise != nullptr) {
      surprise->assign(target_.size(), 0);
      w.surprise = surprise->data();
    }
    const tape::Var l = decoder.loss(context, encoded(), w);
    tape.backward(l);
    return static_cast<double>(tape.value(l).data[0]);
  }

  StepStates encoded() {
    return {tape.constant({{in_.steps().N, kLetters}, states_.data()}), &in_.steps()};
  }
  // The states of sequence b alone.
  tensor::Tensor encoded_alone(int b) {
    const auto& read = read_[static_cast<std::size_t>(b)];
    one_states_.assign(read.size() * kLetters, real{0});
    for (std::size_t t = 0; t < read.size(); ++t) put(read, t, one_states_.data() + t * kLetters);
    return {{static_cast<int>(read.size()), kLetters}, one_states_.data()};
  }

  // The most probable symbol at each step, at most `longest`.
  std::vector<int> greedy(int b, int longest) {
    const PackedDecoder packed(decoder, params);
    DecoderStream stream(packed);
    stream.begin(encoded_alone(b), 1);
    std::vector<int> out;
    int symbol = kEndMark;
    while (static_cast<int>(out.size()) < longest) {
      stream.step(&symbol);
      const real* p = stream.probabilities();
      symbol = static_cast<int>(std::max_element(p, p + kLetters) - p);
      if (symbol == kEndMark) break;
      out.push_back(symbol);
    }
    return out;
  }

  const tensor::Steps& steps() const { return out_.steps(); }
  const std::vector<std::vector<int>>& written() const { return written_; }

 private:
  static void put(const std::vector<int>& read, std::size_t t, real* state) {
    state[read[t]] = 1;
    state[0] = static_cast<real>(t + 1) / 4;
  }

  void fill() {
    states_.assign(static_cast<std::size_t>(in_.steps().N * kLetters), real{0});
    symbol_.resize(static_cast<std::size_t>(out_.steps().N));
    target_.resize(symbol_.size());
    for (int b = 0; b < batch.B; ++b) {
      const auto& read = read_[static_cast<std::size_t>(in_.steps().position[b])];
      for (int t = 0; t < in_.steps().length[b]; ++t) {
        put(read, static_cast<std::size_t>(t), states_.data() + in_.steps().row(t, b) * kLetters);
      }
      const auto& s = written_[static_cast<std::size_t>(out_.steps().position[b])];
      for (int t = 0; t < out_.steps().length[b]; ++t) {
        const auto n = static_cast<std::size_t>(out_.steps().row(t, b));
        const auto at = static_cast<std::size_t>(t);
        symbol_[n] = t == 0 ? kEndMark : s[at - 1];
        target_[n] = at < s.size() ? s[at] : kEndMark;
      }
    }
  }

  std::vector<std::vector<int>> read_, written_;
  tensor::StepTable in_, out_;
  std::vector<real> states_, one_states_;
  std::vector<int> symbol_, target_;

 public:
  ParamSet params;
  Decoder decoder;
  std::vector<real> gradient;
  data::Batch batch;
  tape::Tape tape;
};

DecoderSpec small_decoder(bool additive, const std::string& cell = "gru", bool feeds = false) {
  DecoderSpec spec;
  spec.cell = cell;
  spec.hidden = 8;
  spec.embedding_dim = 4;
  spec.additive = additive;
  spec.heads = additive ? 1 : 2;
  spec.feeds = feeds;
  return spec;
}

std::vector<std::vector<int>> reversed(std::vector<std::vector<int>> sequences) {
  for (auto& s : sequences) std::reverse(s.begin(), s.end());
  return sequences;
}

const std::vector<std::vector<int>> kToRead = {{1, 2}, {3, 1, 5, 4}, {2}};

TEST(Decoder, has_the_gradient_that_finite_differences_have_with_dropout_on) {
  for (const int kind : {0, 1, 2, 3}) {
    const bool additive = kind % 2 == 1, feeds = kind >= 2;
    Writing net(small_decoder(additive, additive ? "lstm" : "gru", feeds), kToRead,
                reversed(kToRead));
    net.loss(true);
    const auto gradient = net.gradient;
    double square = 0;
    for (const real g : gradient) square += static_cast<double>(g) * static_cast<double>(g);
    const double norm = std::sqrt(square), h = kInDouble ? 1e-5 : 1e-2;
    const auto start = net.params.values();
    const auto at = [&](double step) {
      for (std::size_t i = 0; i < start.size(); ++i) {
        const double d = step * static_cast<double>(gradient[i]) / norm;
        net.params.values()[i] = static_cast<real>(static_cast<double>(start[i]) + d);
      }
      return net.loss(true);
    };
    const double slope = (at(h) - at(-h)) / (2 * h);
    EXPECT_NEAR(slope / norm, 1, kInDouble ? 1e-7 : 0.01) << kind;
  }
}

TEST(Decoder, every_parameter_has_a_gradient) {
  for (const bool feeds : {false, true}) {
    Writing net(small_decoder(true, "slstm", feeds), kToRead, reversed(kToRead));
    net.loss(false);
    for (const auto& p : net.params.params()) {
      const auto begin = net.gradient.begin() + static_cast<std::ptrdiff_t>(p.offset);
      EXPECT_TRUE(std::any_of(begin, begin + static_cast<std::ptrdiff_t>(p.shape.count()),
                              [](real g) { return g != 0; }))
          << p.name << feeds;
    }
  }
}

TEST(Decoder, step_by_step_gives_the_probabilities_of_the_whole_sequence) {
  for (const int kind : {0, 1, 2, 3}) {
    const bool additive = kind % 2 == 1, feeds = kind >= 2;
    for (const std::string cell : {"gru", "lstm", "slstm"}) {
      Writing net(small_decoder(additive, cell, feeds), kToRead, reversed(kToRead));
      for (real& x : net.params.values()) x += real{0.1};  // biases that are not zero
      std::vector<double> surprise;
      net.loss(false, &surprise);
      const PackedDecoder packed(net.decoder, net.params);
      DecoderStream stream(packed);
      for (int b = 0; b < 3; ++b) {
        const int place = net.steps().position[b];
        const tensor::Tensor source = net.encoded_alone(place);
        stream.begin(source, 2);
        const int same[] = {0, 0};  // two hypotheses that stay the same
        stream.keep(same, 2);
        int symbol[] = {kEndMark, kEndMark};
        for (int t = 0; t < net.steps().length[b]; ++t) {
          stream.step(symbol);
          const auto& s = net.written()[static_cast<std::size_t>(place)];
          const auto next =
              static_cast<std::size_t>(t) < s.size() ? s[static_cast<std::size_t>(t)] : kEndMark;
          const auto n = static_cast<std::size_t>(net.steps().row(t, b));
          const real* p = stream.probabilities();
          EXPECT_NEAR(-std::log(static_cast<double>(p[next])), surprise[n], 1e-5)
              << kind << cell << b << t;
          EXPECT_EQ(p[next], p[kLetters + next]);
          symbol[0] = symbol[1] = next;
        }
        const real* w = stream.weights();
        EXPECT_NEAR(static_cast<double>(std::accumulate(w, w + source.rows(), real{0})), 1, 1e-5);
      }
    }
  }
}

TEST(Decoder, hypotheses_that_are_kept_go_on_from_their_own_states) {
  Writing net(small_decoder(false, "lstm", true), kToRead, reversed(kToRead));
  const PackedDecoder packed(net.decoder, net.params);
  const tensor::Tensor source = net.encoded_alone(1);
  DecoderStream all(packed), one(packed);
  all.begin(source, 3);
  const int begin[] = {0, 0}, first[] = {kEndMark, kEndMark}, second[] = {2, 4};
  all.keep(begin, 2);
  all.step(first);
  all.step(second);
  const int order[] = {1, 0, 1}, third[] = {3, 3, 5};
  all.keep(order, 3);
  all.step(third);
  for (int i = 0; i < 3; ++i) {
    one.begin(source, 1);
    one.step(first);
    one.step(&second[order[i]]);
    one.step(&third[i]);
    for (int v = 0; v < kLetters; ++v) {
      EXPECT_EQ(all.probabilities()[i * kLetters + v], one.probabilities()[v]) << i << v;
    }
  }
}

TEST(Decoder, learns_to_write_what_it_reads_the_other_way_round) {
  std::vector<std::vector<int>> read;
  base::Rng rng(11);
  for (int i = 0; i < 40; ++i) {
    read.emplace_back();
    for (std::size_t n = 1 + rng.below(4); n > 0; --n) {
      read.back().push_back(1 + static_cast<int>(rng.below(kLetters - 1)));
    }
  }
  DecoderSpec spec = small_decoder(false);
  spec.hidden = 24;
  spec.embedding_dim = 12;
  spec.dropout = 0;
  Writing net(spec, read, reversed(read));
  std::vector<double> m(net.params.count()), v(net.params.count());
  for (int update = 1; update <= 250; ++update) {  // Adam
    net.loss(true);
    for (std::size_t i = 0; i < m.size(); ++i) {
      const auto g = static_cast<double>(net.gradient[i]);
      m[i] = 0.9 * m[i] + 0.1 * g;
      v[i] = 0.99 * v[i] + 0.01 * g * g;
      const double step = 0.01 * m[i] / (1 - std::pow(0.9, update)) /
                          (std::sqrt(v[i] / (1 - std::pow(0.99, update))) + 1e-8);
      net.params.values()[i] -= static_cast<real>(step);
    }
  }
  int right = 0;
  for (int b = 0; b < 40; ++b) {
    right += net.greedy(b, 8) == net.written()[static_cast<std::size_t>(b)] ? 1 : 0;
  }
  EXPECT_GE(right, 38);
}

}  // namespace
}  // namespace refrain::nn

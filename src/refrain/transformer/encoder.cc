#include "refrain/transformer/encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numeric>

#include "refrain/base/at.h"
#include "refrain/base/error.h"
#include "refrain/base/threads.h"
#include "refrain/kernels/attention.h"
#include "refrain/kernels/elementwise.h"
#include "refrain/kernels/normalise.h"
#include "refrain/kernels/product.h"
#include "refrain/transformer/weights.h"

namespace refrain::transformer {
namespace {

using base::at;

constexpr int kGroupTokens = 256;  // at most, unless one text has more
constexpr int kFewestTokens = 64;  // in a group that a thread has to itself

void normalise_rows(const Norm& norm, int rows, int H, double epsilon, real* x) {
  for (int r = 0; r < rows; ++r) {
    real* row = x + static_cast<std::ptrdiff_t>(r) * H;
    kernels::normalise_row(row, at(H), row, static_cast<real>(epsilon));
    kernels::scale_and_shift(row, norm.gain, norm.bias, at(H), row);
  }
}

void activate(Activation kind, std::size_t count, real* x) {
  switch (kind) {
    case Activation::kGelu:
      return kernels::gelu(count, x);
    case Activation::kGeluTanh:
      return kernels::gelu_tanh(count, x);
    case Activation::kRelu:
      for (std::size_t i = 0; i < count; ++i) x[i] = x[i] > 0 ? x[i] : 0;
  }
}

// One head of one text: out [L,D] = softmax(Q K^T / sqrt(D)) V.
struct AttentionHead {
  const real* query;      // [L,D], rows 3H apart; keys H and values 2H behind
  std::ptrdiff_t stride;  // 3H
  int H, L, D;
  real* out;  // [L,D], rows H apart
};

void attend(const AttentionHead& head, real* score, real* packed) {
  const int L = head.L, D = head.D;
  kernels::pack({head.query + head.H, D, L, 1, head.stride}, packed);
  kernels::product({.a = head.query,
                    .a_stride = head.stride,
                    .rows = L,
                    .K = D,
                    .N = L,
                    .packed = packed,
                    .bias = nullptr,
                    .c = score,
                    .c_stride = L});
  const auto scale = static_cast<real>(1 / std::sqrt(static_cast<double>(D)));
  kernels::softmax_rows({score, L, L, L, scale});
  kernels::pack({head.query + 2 * head.H, L, D, head.stride, 1}, packed);
  kernels::product({.a = score,
                    .a_stride = L,
                    .rows = L,
                    .K = L,
                    .N = D,
                    .packed = packed,
                    .bias = nullptr,
                    .c = head.out,
                    .c_stride = head.H});
}

}  // namespace

// One of the texts that are encoded together.
struct EncodedText {
  int text = 0;   // its number
  int first = 0;  // row of its first token
  int count = 0;  // of its tokens
};

// Memory that calls leave to one another.
class ArenaPool {
 public:
  std::unique_ptr<tensor::Arena> take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return std::make_unique<tensor::Arena>();
    auto out = std::move(free_.back());
    free_.pop_back();
    return out;
  }
  void give_back(std::unique_ptr<tensor::Arena> scratch) {
    scratch->reset();
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(scratch));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<tensor::Arena>> free_;
};

struct Encoder::Weights : EncoderWeights {
  explicit Weights(EncoderWeights weights) : EncoderWeights(std::move(weights)) {}
  mutable ArenaPool pool;
};

struct Encoder::Group {
  std::span<const TokenIds> texts;
  std::vector<std::vector<real>>* out;
  std::vector<EncodedText> members;
  int tokens = 0;
};

Encoder::Encoder(const Config& config, std::string_view weights, const std::string& path)
    : config_(config), weights_(std::make_unique<Weights>(read_weights(config, weights, path))) {}
Encoder::~Encoder() = default;
Encoder::Encoder(Encoder&&) noexcept = default;

namespace {

void check_texts(std::span<const TokenIds> texts, const Config& config) {
  for (const auto& ids : texts) {
    if (ids.empty() || ids.size() > at(config.positions)) {
      throw Error(Code::kShape, fmt::format("[encoder] a text has {} tokens, not 1 to {}",
                                            ids.size(), config.positions));
    }
    for (const int id : ids) {
      if (id < 0 || id >= config.vocabulary) {
        throw Error(Code::kShape,
                    fmt::format("[encoder] token {} is not below {}", id, config.vocabulary));
      }
    }
  }
}

// Longest first, so that the last groups are quick.
std::vector<int> by_length(std::span<const TokenIds> texts) {
  std::vector<int> order(texts.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return texts[at(a)].size() > texts[at(b)].size(); });
  return order;
}

}  // namespace

std::vector<std::vector<real>> Encoder::states(std::span<const TokenIds> texts, int threads) const {
  check_texts(texts, config_);
  std::vector<std::vector<real>> out(texts.size());
  std::size_t total = 0;
  for (const auto& ids : texts) total += ids.size();
  const auto share =
      static_cast<int>(std::min<std::size_t>(total / at(std::max(1, threads)) + 1, kGroupTokens));
  const int most = std::max(share, kFewestTokens);
  std::vector<Group> groups;
  for (const int text : by_length(texts)) {
    const auto count = static_cast<int>(texts[at(text)].size());
    if (groups.empty() || groups.back().tokens + count > most) groups.push_back({texts, &out, {}});
    auto& group = groups.back();
    group.members.push_back({text, group.tokens, count});
    group.tokens += count;
  }
  const int count = static_cast<int>(groups.size());
  const int inside = count >= threads ? 1 : threads;
  base::parallel_for(count, inside > 1 ? 1 : threads, [&](int i) { run(groups[at(i)], inside); });
  return out;
}

// A group of texts on its way through the layers.
class Encoder::Pass {
 public:
  Pass(const Encoder& encoder, const Group& group, int threads)
      : config_(encoder.config_),
        weights_(*encoder.weights_),
        group_(group),
        threads_(threads),
        scratch_(weights_.pool.take()) {
    x_ = numbers(group.tokens, H_);
    y_ = numbers(group.tokens, H_);
    mixed_ = numbers(group.tokens, 3 * H_);
    inner_ = numbers(group.tokens, std::max(H_, config_.inner));
    int longest = 0;
    for (const auto& m : group.members) longest = std::max(longest, m.count);
    const int D = H_ / config_.heads;
    const std::size_t packed =
        std::max(kernels::packed_size(D, longest), kernels::packed_size(longest, D));
    for (int t = 0; t < threads; ++t) {
      score_.push_back(numbers(longest, longest));
      packed_.push_back(scratch_->array<real>(packed));
    }
  }
  ~Pass() { weights_.pool.give_back(std::move(scratch_)); }
  Pass(const Pass&) = delete;
  Pass& operator=(const Pass&) = delete;

  void run() {
    embed();
    for (const auto& layer : weights_.layers) {
      layer.query_key_value.apply(x_, group_.tokens, mixed_, threads_);
      base::parallel_for(threads_, threads_, [&](int share) { attend_share(share); });
      layer.attended.apply(inner_, group_.tokens, y_, threads_);
      add_and_normalise(layer.attention_norm);
      layer.widen.apply(x_, group_.tokens, inner_, threads_);
      activate(config_.activation, at(group_.tokens) * at(config_.inner), inner_);
      layer.narrow.apply(inner_, group_.tokens, y_, threads_);
      add_and_normalise(layer.norm);
    }
    for (const auto& m : group_.members) {
      (*group_.out)[at(m.text)].assign(x_ + m.first * wide_, x_ + (m.first + m.count) * wide_);
    }
  }

 private:
  real* numbers(int rows, int columns) { return scratch_->array<real>(at(rows) * at(columns)); }

  void embed() {
    for (const auto& m : group_.members) {
      for (int p = 0; p < m.count; ++p) {
        real* row = x_ + (m.first + p) * wide_;
        std::copy_n(weights_.words + group_.texts[at(m.text)][at(p)] * wide_, H_, row);
        kernels::add(weights_.positions + p * wide_, at(H_), row);
      }
    }
    normalise_rows(weights_.norm, group_.tokens, H_, config_.epsilon, x_);
  }

  // The heads of all texts that fall to one thread; their results stand in inner_ [tokens,H].
  void attend_share(int share) {
    const int heads = config_.heads, D = H_ / heads;
    const int jobs = static_cast<int>(group_.members.size()) * heads;
    for (int i = jobs * share / threads_; i < jobs * (share + 1) / threads_; ++i) {
      const auto& m = group_.members[at(i / heads)];
      const int column = i % heads * D;
      attend({mixed_ + m.first * 3 * wide_ + column, 3 * wide_, H_, m.count, D,
              inner_ + m.first * wide_ + column},
             score_[at(share)], packed_[at(share)]);
    }
  }

  // x = LN(x + y)
  void add_and_normalise(const Norm& norm) {
    kernels::add(y_, at(group_.tokens) * at(H_), x_);
    normalise_rows(norm, group_.tokens, H_, config_.epsilon, x_);
  }

  const Config& config_;
  const Weights& weights_;
  const Group& group_;
  const int threads_;
  std::unique_ptr<tensor::Arena> scratch_;
  const int H_ = config_.hidden;
  const std::ptrdiff_t wide_ = config_.hidden;
  real *x_ = nullptr, *y_ = nullptr;   // [tokens,H]
  real* mixed_ = nullptr;              // [tokens,3H]
  real* inner_ = nullptr;              // [tokens,inner]
  std::vector<real*> score_, packed_;  // one a thread
};

void Encoder::run(const Group& group, int threads) const { Pass(*this, group, threads).run(); }

}  // namespace refrain::transformer

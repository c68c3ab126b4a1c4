#include "refrain/tape/chain_loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "refrain/base/rng.h"
#include "refrain/tape/gradient_check.h"

namespace refrain::tape {
namespace {

constexpr double kClose = sizeof(real) == 8 ? 1e-10 : 2e-5;

// Scores of some sequences of tags, and what enumerating all of them gives.
struct Chain {
  int K;
  tensor::StepTable table;
  std::vector<real> emissions, transitions, begin, end;
  std::vector<unsigned char> pair, first, last;
  std::vector<int> tag;

  Chain(int tags, const std::vector<int>& lengths, double size, std::uint64_t seed = 1) : K(tags) {
    table.assign(lengths);
    base::Rng rng(seed);
    const auto fill = [&](std::vector<real>& x, int n) {
      for (int i = 0; i < n; ++i) x.push_back(static_cast<real>(rng.uniform(-size, size)));
    };
    fill(emissions, steps().N * K);
    fill(transitions, K * K);
    fill(begin, K);
    fill(end, K);
    for (int n = 0; n < steps().N; ++n) tag.push_back(n % K);
  }

  const tensor::Steps& steps() const { return table.steps(); }

  // Tag 1 follows 1 and 2 alone, does not begin, and 2 does not end.
  void restrict_tags() {
    pair.assign(static_cast<std::size_t>(K * K), 1);
    first.assign(static_cast<std::size_t>(K), 1);
    last = first;
    for (int i = 0; i < K; ++i) {
      if (i != 1 && i != 2) pair[static_cast<std::size_t>(i * K + 1)] = 0;
    }
    first[1] = 0;
    last[2] = 0;
    std::fill(tag.begin(), tag.end(), 0);
  }

  ChainRules rules() const {
    if (pair.empty()) return {};
    return {pair.data(), first.data(), last.data()};
  }

  bool allows(const std::vector<int>& tags) const {
    if (pair.empty()) return true;
    bool good = first[static_cast<std::size_t>(tags.front())] != 0 &&
                last[static_cast<std::size_t>(tags.back())] != 0;
    for (std::size_t t = 1; t < tags.size(); ++t) {
      good = good && pair[static_cast<std::size_t>(tags[t - 1] * K + tags[t])] != 0;
    }
    return good;
  }

  double score(int b, const std::vector<int>& tags) const {
    double sum = static_cast<double>(begin[static_cast<std::size_t>(tags.front())]) +
                 static_cast<double>(end[static_cast<std::size_t>(tags.back())]);
    for (std::size_t t = 0; t < tags.size(); ++t) {
      const int n = steps().row(static_cast<int>(t), b);
      sum += static_cast<double>(emissions[static_cast<std::size_t>(n * K + tags[t])]);
      if (t > 0)
        sum +=
            static_cast<double>(transitions[static_cast<std::size_t>(tags[t - 1] * K + tags[t])]);
    }
    return sum;
  }

  void for_all(int b, const std::function<void(const std::vector<int>&)>& see) const {
    std::vector<int> tags(static_cast<std::size_t>(steps().length[b]));
    for (bool more = true; more;) {
      if (allows(tags)) see(tags);
      more = false;
      for (auto& t : tags) {
        if (++t < K) {
          more = true;
          break;
        }
        t = 0;
      }
    }
  }

  double log_z(int b) const {
    double most = -1e300, sum = 0;
    for_all(b, [&](const auto& tags) { most = std::max(most, score(b, tags)); });
    for_all(b, [&](const auto& tags) { sum += std::exp(score(b, tags) - most); });
    return most + std::log(sum);
  }

  std::vector<int> truth(int b) const {
    std::vector<int> out;
    for (int t = 0; t < steps().length[b]; ++t) {
      out.push_back(tag[static_cast<std::size_t>(steps().row(t, b))]);
    }
    return out;
  }

  ChainScores on(Tape& tape) {
    return {tape.constant({{steps().N, K}, emissions.data()}),
            tape.constant({{K, K}, transitions.data()}), tape.constant({{K}, begin.data()}),
            tape.constant({{K}, end.data()})};
  }

  ChainLoss options() const {
    ChainLoss o;
    o.rules = rules();
    o.tag = tag.data();
    return o;
  }
};

void expect_enumerated(Chain& chain) {
  Tape tape;
  tape.reset(false);
  std::vector<double> surprise(static_cast<std::size_t>(chain.steps().B));
  ChainLoss o = chain.options();
  o.surprise = surprise.data();
  chain_loss(tape, chain.on(tape), o, chain.steps());
  const Tensor p = chain_marginals(tape, chain.on(tape), o.rules, chain.steps());
  std::vector<double> expected(p.count());
  for (int b = 0; b < chain.steps().B; ++b) {
    const double log_z = chain.log_z(b), own = log_z - chain.score(b, chain.truth(b));
    EXPECT_NEAR(surprise[static_cast<std::size_t>(b)], own,
                kClose * std::max(1.0, std::abs(log_z)));
    chain.for_all(b, [&](const std::vector<int>& tags) {
      for (std::size_t t = 0; t < tags.size(); ++t) {
        const int n = chain.steps().row(static_cast<int>(t), b);
        expected[static_cast<std::size_t>(n * chain.K + tags[t])] +=
            std::exp(chain.score(b, tags) - log_z);
      }
    });
  }
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(p.data[i]), expected[i], kClose) << i;
  }
}

TEST(ChainLoss, is_what_enumerating_all_sequences_gives) {
  for (const int tags : {1, 2, 3, 5}) {
    Chain chain(tags, {4, 1, 3}, 2);
    expect_enumerated(chain);
  }
}

TEST(ChainLoss, keeps_to_the_rules) {
  Chain chain(4, {4, 1, 5}, 2);
  chain.restrict_tags();
  expect_enumerated(chain);
}

TEST(ChainLoss, is_exact_where_probabilities_leave_the_range_of_numbers) {
  const double large = sizeof(real) == 8 ? 2000 : 300;
  for (const std::uint64_t seed : {1, 2, 3}) {
    Chain chain(4, {4, 2, 5}, large, seed);
    expect_enumerated(chain);
    chain.restrict_tags();
    expect_enumerated(chain);
  }
}

TEST(ChainLoss, has_the_gradient_that_finite_differences_have) {
  for (const double size : {1.0, sizeof(real) == 8 ? 900.0 : 1.0}) {
    for (const bool restricted : {false, true}) {
      Chain chain(3, {4, 1, 3}, 1);
      if (restricted) chain.restrict_tags();
      const std::vector<real> weight = {1, real{0.5}, 2};
      GradientCheck check;
      auto& emissions = check.leaf("emissions", {chain.steps().N, 3}, size);
      if (size > 1) std::fill(emissions.begin() + 3, emissions.end(), real{0});
      check.leaf("transitions", {3, 3}, 2);
      check.leaf("begin", {3}, 2);
      check.leaf("end", {3}, 2);
      EXPECT_LT(check.worst([&](Tape& t, const Var* v) {
        ChainLoss o = chain.options();
        o.weight = weight.data();
        o.total_weight = 3.5;
        return chain_loss(t, {v[0], v[1], v[2], v[3]}, o, chain.steps());
      }),
                GradientCheck::kTolerance)
          << size << restricted;
    }
  }
}

TEST(ChainLoss, of_a_sequence_is_the_same_in_any_batch_to_the_bit) {
  Chain all(5, {3, 7, 2, 7, 1}, 3);
  std::vector<double> surprise(5);
  Tape tape;
  tape.reset(false);
  ChainLoss o = all.options();
  o.surprise = surprise.data();
  chain_loss(tape, all.on(tape), o, all.steps());
  const Tensor p = chain_marginals(tape, all.on(tape), {}, all.steps());
  for (int b = 0; b < 5; ++b) {
    Chain one(5, {all.steps().length[b]}, 3);
    one.transitions = all.transitions, one.begin = all.begin, one.end = all.end;
    for (int t = 0; t < all.steps().length[b]; ++t) {
      const auto n = static_cast<std::size_t>(all.steps().row(t, b)),
                 at = static_cast<std::size_t>(t);
      one.tag[at] = all.tag[n];
      std::copy_n(all.emissions.begin() + static_cast<std::ptrdiff_t>(n * 5), 5,
                  one.emissions.begin() + static_cast<std::ptrdiff_t>(at * 5));
    }
    Tape alone;
    alone.reset(false);
    double own = 0;
    ChainLoss options = one.options();
    options.surprise = &own;
    chain_loss(alone, one.on(alone), options, one.steps());
    EXPECT_EQ(own, surprise[static_cast<std::size_t>(b)]);
    const Tensor q = chain_marginals(alone, one.on(alone), {}, one.steps());
    for (int t = 0; t < all.steps().length[b]; ++t) {
      for (int k = 0; k < 5; ++k) EXPECT_EQ(q.row(t)[k], p.row(all.steps().row(t, b))[k]);
    }
  }
}

}  // namespace
}  // namespace refrain::tape

#include "refrain/method/chain.h"

#include <gmock/gmock.h>

#include <cmath>

#include "refrain/base/error.h"
#include "refrain/base/rng.h"

namespace refrain::method {
namespace {

double weight_of(const Chain& chain, const std::vector<double>& rows,
                 const std::vector<int>& path) {
  const auto pairs = chain.pairs();
  const auto K = static_cast<std::size_t>(chain.tags);
  double sum = 0;
  for (std::size_t t = 0; t < path.size(); ++t) {
    const auto tag = static_cast<std::size_t>(path[t]);
    sum += rows[t * K + tag] + (t == 0 ? chain.start[tag] : 0);
    if (t > 0) sum += pairs[static_cast<std::size_t>(path[t - 1]) * K + tag];
    if (t + 1 == path.size()) sum += chain.end[tag];
  }
  return sum;
}

// All that can be found out by going through every sequence of tags.
struct Enumerated {
  double log_sum = 0;
  std::vector<double> marginals, pairs;  // [T,K]; expected, [K,K]
  std::vector<int> best;

  Enumerated(const Chain& chain, const std::vector<double>& rows, int steps) {
    const auto K = static_cast<std::size_t>(chain.tags);
    marginals.resize(rows.size());
    pairs.resize(K * K);
    std::vector<int> path(static_cast<std::size_t>(steps));
    double total = 0, most = kForbidden;
    for (bool more = true; more;) {
      const double weight = weight_of(chain, rows, path), share = std::exp(weight);
      total += share;
      if (weight > most) {
        most = weight;
        best = path;
      }
      for (std::size_t t = 0; t < path.size(); ++t) {
        const auto tag = static_cast<std::size_t>(path[t]);
        marginals[t * K + tag] += share;
        if (t > 0) pairs[static_cast<std::size_t>(path[t - 1]) * K + tag] += share;
      }
      std::size_t t = path.size();
      while (t > 0 && ++path[t - 1] == chain.tags) path[--t] = 0;
      more = t > 0;
    }
    for (auto* list : {&marginals, &pairs}) {
      for (double& value : *list) value /= total;
    }
    log_sum = std::log(total);
  }
};

Chain random_chain(base::Rng& rng, int tags, bool shared) {
  const auto K = static_cast<std::size_t>(tags);
  std::vector<double> pairs(K * K);
  for (double& weight : pairs) weight = rng.uniform() < 0.2 ? kForbidden : 3 * rng.normal();
  Chain chain = chain_of_pairs(tags, pairs);
  if (shared) {
    chain.links.clear();
    chain.other = rng.normal();
    for (int to = 0; to < tags; ++to) {
      chain.open[static_cast<std::size_t>(to)] = to != 1;
      chain.free[static_cast<std::size_t>(to)] = rng.uniform() < 0.7;
      for (int from = 0; from < tags; ++from) {
        if (rng.uniform() < 0.5) chain.links.push_back({from, to, 3 * rng.normal()});
      }
    }
  }
  for (auto* list : {&chain.start, &chain.end}) {
    for (double& weight : *list) weight = rng.normal();
  }
  chain.start[1] = kForbidden;
  return chain;
}

TEST(Chain, sums_marginals_and_best_path_are_those_of_enumeration) {
  for (int problem = 0; problem < 60; ++problem) {
    base::Rng rng = base::Rng(1).fork(static_cast<std::uint64_t>(problem));
    const int tags = 2 + problem % 3, steps = 1 + problem % 5;
    const Chain chain = random_chain(rng, tags, problem % 2 == 0);
    std::vector<double> rows(static_cast<std::size_t>(tags * steps));
    for (double& x : rows) x = 2 * rng.normal();
    const Enumerated all(chain, rows, steps);
    if (!std::isfinite(all.log_sum)) continue;
    EXPECT_EQ(best_path(chain, rows.data(), steps), all.best);
    ChainSums::Work work;
    std::vector<double> marginals = rows, expected(chain.links.size() + 1);
    EXPECT_NEAR(ChainSums(chain)(marginals.data(), steps, work, expected.data()), all.log_sum,
                1e-10);
    for (std::size_t k = 0; k < rows.size(); ++k) {
      EXPECT_NEAR(marginals[k], all.marginals[k], 1e-10);
    }
    double others = 0;
    for (const double share : all.pairs) others += share;
    for (std::size_t e = 0; e < chain.links.size(); ++e) {
      const auto& link = chain.links[e];
      const double share = all.pairs[static_cast<std::size_t>(link.from * tags + link.to)];
      EXPECT_NEAR(expected[e], share, 1e-10);
      others -= share;
    }
    EXPECT_NEAR(expected.back(), others, 1e-10);
  }
}

TEST(Chain, very_long_and_very_sure_sequences_are_no_trouble) {
  Chain chain = chain_of_pairs(2, {0, -1, -1, 0});
  chain.start = {1000, -2000};
  std::vector<double> rows(20000);
  for (std::size_t k = 0; k < rows.size(); ++k) rows[k] = (k % 6 < 2) == (k % 2 == 0) ? 900 : -900;
  ChainSums::Work work;
  std::vector<double> marginals = rows;
  const double log_sum = ChainSums(chain)(marginals.data(), 10000, work, nullptr);
  EXPECT_TRUE(std::isfinite(log_sum));
  const auto path = best_path(chain, rows.data(), 10000);
  EXPECT_NEAR(log_sum / weight_of(chain, rows, path), 1, 1e-6);
  for (std::size_t t = 1; t < path.size(); ++t) {
    EXPECT_NEAR(marginals[2 * t] + marginals[2 * t + 1], 1, 1e-9);
  }
}

TEST(Chain, where_nothing_is_allowed_that_is_said) {
  const Chain chain = chain_of_pairs(2, {kForbidden, kForbidden, kForbidden, kForbidden});
  std::vector<double> rows(4);
  ChainSums::Work work;
  const ChainSums sums(chain);
  EXPECT_THROW(sums(rows.data(), 2, work, nullptr), Error);
  EXPECT_NO_THROW(sums(rows.data(), 1, work, nullptr));
}

// The names of the tags that may follow each tag, "" standing for the start.
std::string followers(const std::vector<std::string>& names, const std::string& of) {
  const Chain chain = allowed_chain(names);
  const auto pairs = chain.pairs();
  std::string out;
  for (std::size_t to = 0; to < names.size(); ++to) {
    bool allowed = chain.start[to] == 0;
    for (std::size_t from = 0; from < names.size(); ++from) {
      if (names[from] == of) allowed = pairs[from * names.size() + to] == 0;
    }
    if (allowed) out += (out.empty() ? "" : " ") + names[to];
  }
  return out;
}

TEST(Chain, names_of_tags_say_what_may_follow) {
  const std::vector<std::string> bio = {"O", "B-X", "I-X", "B-Y"};
  EXPECT_EQ(followers(bio, ""), "O B-X B-Y");
  EXPECT_EQ(followers(bio, "O"), "O B-X B-Y");
  EXPECT_EQ(followers(bio, "B-X"), "O B-X I-X B-Y");
  EXPECT_EQ(followers(bio, "I-X"), "O B-X I-X B-Y");
  EXPECT_EQ(followers(bio, "B-Y"), "O B-X B-Y");
  EXPECT_THAT(allowed_chain(bio).end, testing::Each(0));
  const std::vector<std::string> bioes = {"O", "B-X", "I-X", "E-X", "S-X", "S-Y"};
  EXPECT_EQ(followers(bioes, ""), "O B-X S-X S-Y");
  EXPECT_EQ(followers(bioes, "B-X"), "I-X E-X");
  EXPECT_EQ(followers(bioes, "I-X"), "I-X E-X");
  EXPECT_EQ(followers(bioes, "E-X"), "O B-X S-X S-Y");
  EXPECT_EQ(followers(bioes, "S-Y"), "O B-X S-X S-Y");
  EXPECT_THAT(allowed_chain(bioes).end, testing::ElementsAre(0, kForbidden, kForbidden, 0, 0, 0));
  for (const std::vector<std::string>& names :
       {std::vector<std::string>{"walking", "B-X", "I-X"}, {"O", "B-X", "S-X"}, {"I-X"}}) {
    const Chain chain = allowed_chain(names);
    EXPECT_THAT(chain.pairs(), testing::Each(0));
    EXPECT_THAT(chain.start, testing::Each(0));
  }
}

TEST(Chain, the_best_allowed_path_heals_impossible_tags) {
  const Chain chain = allowed_chain({"O", "B-X", "I-X"});
  // Alone, the likeliest tags would be O I I.
  const std::vector<double> rows = {std::log(0.6), std::log(0.4),  std::log(0.0),
                                    std::log(0.1), std::log(0.3),  std::log(0.6),
                                    std::log(0.2), std::log(0.05), std::log(0.75)};
  EXPECT_THAT(best_path(chain, rows.data(), 3), testing::ElementsAre(1, 2, 2));
  EXPECT_TRUE(best_path(chain, rows.data(), 0).empty());
}

}  // namespace
}  // namespace refrain::method

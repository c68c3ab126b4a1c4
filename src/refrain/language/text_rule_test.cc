#include "refrain/language/text_rule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "refrain/language/made_up_text.h"

namespace refrain::language {
namespace {

Reading reading_of(const LanguageNetwork& network, const std::vector<int>& text, int streams) {
  Reading r;
  r.network = &network;
  r.text = &text;
  r.streams = streams;
  r.bptt = 5;
  r.jitter = false;
  return r;
}

double loss_at(TextRule& rule, int update) {
  const base::Rng rng(9);
  rule.take(std::span<const int>(&update, 1), rng);
  return rule.evaluate(rng, update);
}

TEST(Windows, cover_each_stream_once_a_pass_and_begin_elsewhere_in_the_next) {
  const std::vector<int> text(1003, 1);
  LanguageNetwork network = made_up_network({});
  Reading r = reading_of(network, text, 4);
  r.bptt = 16;
  r.jitter = true;
  Windows windows(text.size(), r);
  const int pass = windows.first_pass();
  int next = 0;
  std::set<int> lengths;
  for (int u = 0; u < pass; ++u) {
    const auto place = windows.at(u);
    EXPECT_EQ(place.first, next);
    EXPECT_EQ(place.offset, 0);
    EXPECT_GE(place.length, 1);
    next += place.length;
    lengths.insert(place.length);
  }
  EXPECT_EQ(next, 1003 / 4);
  EXPECT_GT(lengths.size(), 2U);
  EXPECT_EQ(windows.at(pass).first, 0);
  EXPECT_NE(windows.at(pass).offset, 0);
}

TEST(Windows, are_found_again_in_any_order) {
  const std::vector<int> text(300, 1);
  LanguageNetwork network = made_up_network({});
  Reading r = reading_of(network, text, 2);
  r.jitter = true;
  r.bptt = 9;
  Windows in_order(text.size(), r), anew(text.size(), r);
  std::vector<Windows::Place> all;
  for (int u = 0; u < 80; ++u) all.push_back(in_order.at(u));
  for (const int u : {79, 3, 40, 0, 41}) {
    EXPECT_EQ(anew.at(u).first, all[static_cast<std::size_t>(u)].first) << u;
    EXPECT_EQ(anew.at(u).length, all[static_cast<std::size_t>(u)].length) << u;
    EXPECT_EQ(anew.at(u).offset, all[static_cast<std::size_t>(u)].offset) << u;
  }
}

TEST(TextRule, gives_the_same_bits_on_one_thread_and_two) {
  const auto text = made_up_ids(600, kMadeUpVocabulary);
  std::vector<real> gradients[2];
  for (const int threads : {1, 2}) {
    MadeUp m;
    m.drop = 0.3;
    m.bidirectional = true;
    const LanguageNetwork network = made_up_network(m);
    Reading r = reading_of(network, text, 20);
    r.threads = threads;
    TextRule rule(r);
    for (const int update : {0, 1, 2}) loss_at(rule, update);
    gradients[threads - 1] = rule.gradient();
  }
  EXPECT_EQ(gradients[0], gradients[1]);
}

// One stream: windows of 5 carried on are the text read at once.
TEST(TextRule, carries_the_states_from_window_to_window) {
  const auto text = made_up_ids(40, kMadeUpVocabulary);
  const LanguageNetwork network = made_up_network({});
  TextRule pieces(reading_of(network, text, 1));
  double sum = 0;
  for (int update = 0; update < 4; ++update) sum += loss_at(pieces, update);
  Reading whole = reading_of(network, text, 1);
  whole.bptt = 20;
  TextRule at_once(whole);
  EXPECT_NEAR(sum / 4, loss_at(at_once, 0), 1e-5);
  Reading cold = reading_of(network, text, 8);  // eight streams, each from zero
  TextRule other(cold);
  EXPECT_GT(std::abs(loss_at(other, 0) - sum / 4), 1e-4);
}

TEST(TextRule, a_pass_begins_from_zero_states) {
  const auto text = made_up_ids(50, kMadeUpVocabulary);
  const LanguageNetwork network = made_up_network({});
  TextRule rule(reading_of(network, text, 1)), fresh(reading_of(network, text, 1));
  const double first = loss_at(rule, 0);
  loss_at(rule, 1);
  EXPECT_EQ(loss_at(rule, 0), first);
  EXPECT_NE(loss_at(rule, 1), loss_at(fresh, 1));  // which has no state to go on from
}

// All windows from zero: each is what a fresh reading of this window gives. None: the state counts.
TEST(TextRule, begins_some_windows_from_zero_states) {
  const auto text = made_up_ids(60, kMadeUpVocabulary);
  MadeUp pair;
  pair.bidirectional = true;
  const LanguageNetwork network = made_up_network(pair);
  Reading r = reading_of(network, text, 3);
  TextRule fresh(r), carried(r);
  const double from_zero = loss_at(fresh, 1);
  loss_at(carried, 0);
  const double from_state = loss_at(carried, 1);
  EXPECT_NE(from_zero, from_state);
  r.zero_state = 1;
  TextRule always(r);
  loss_at(always, 0);
  EXPECT_EQ(loss_at(always, 1), from_zero);
  r.zero_state = 0.5;
  std::set<double> some;
  for (const int seed : {1, 2, 3, 4, 5, 6, 7, 8}) {
    r.seed = static_cast<std::uint64_t>(seed);
    TextRule rule(r);
    loss_at(rule, 0);
    some.insert(loss_at(rule, 1));
  }
  EXPECT_GT(some.size(), 2U);  // one, two, three of the streams
}

struct RuleCase {
  const char* name;
  MadeUp network;
  int streams;
};

class RuleGradients : public testing::TestWithParam<RuleCase> {};

std::vector<RuleCase> rule_cases() {
  MadeUp pair, projected, clusters, dropped, gru;
  pair.bidirectional = true;
  projected.embedding = 4;
  clusters.clusters = {3, 7};
  clusters.tied = false;
  dropped.drop = 0.3;
  gru.cell = "gru";
  return {{"plain", {}, 2},
          {"two_shards", {}, 16},
          {"pair", pair, 2},
          {"projected", projected, 2},
          {"clusters", clusters, 2},
          {"dropped", dropped, 2},
          {"gru", gru, 2}};
}
INSTANTIATE_TEST_SUITE_P(All, RuleGradients, testing::ValuesIn(rule_cases()),
                         [](const auto& p) { return p.param.name; });

// Differentiates in a second window, so that states are carried in.
TEST_P(RuleGradients, agree_with_finite_differences) {
  constexpr bool kDouble = sizeof(real) == 8;
  const auto text = made_up_ids(200, kMadeUpVocabulary);
  LanguageNetwork network = made_up_network(GetParam().network);
  TextRule rule(reading_of(network, text, GetParam().streams));
  loss_at(rule, 0);
  loss_at(rule, 1);
  const std::vector<real> gradient = rule.gradient();
  const base::Rng rng(9);
  double largest = 0;
  for (const real g : gradient) largest = std::max(largest, std::abs(static_cast<double>(g)));
  ASSERT_GT(largest, 0);
  auto& values = network.params().values();
  const double h = kDouble ? 1e-5 : 1e-2;
  for (const auto& p : network.params().params()) {
    for (std::size_t i = 0; i < p.shape.count(); i += kDouble ? 3 : 17) {
      real& x = values[p.offset + i];
      const real old = x;
      x = old + static_cast<real>(h);
      const double up = rule.evaluate(rng, 1);
      x = old - static_cast<real>(h);
      const double down = rule.evaluate(rng, 1);
      x = old;
      EXPECT_NEAR((up - down) / (2 * h), static_cast<double>(gradient[p.offset + i]),
                  (kDouble ? 1e-7 : 0.03) * largest)
          << p.name << "[" << i << "]";
    }
  }
}

}  // namespace
}  // namespace refrain::language

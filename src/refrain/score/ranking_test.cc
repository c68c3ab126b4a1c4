#include "refrain/score/ranking.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/base/fields.h"
#include "refrain/score/paired.h"

namespace refrain::score {
namespace {

using base::Json;

Json golden(const char* part) {
  std::ifstream file(REFRAIN_SOURCE_DIR "/tests/golden/tests.json");
  return Json::parse(file)[part];
}

TEST(Wilcoxon, is_that_of_scipy) {
  for (const Json& item : golden("wilcoxon")) {
    const SignedRank s = wilcoxon(item["differences"].get<std::vector<double>>());
    EXPECT_NEAR(s.statistic, item["statistic"].get<double>(), 1e-9) << item["name"];
    EXPECT_NEAR(s.p, item["p"].get<double>(), 1e-10) << item["name"];
  }
}

TEST(Wilcoxon, no_difference_is_no_evidence) { EXPECT_EQ(wilcoxon({0, 0, 0}).p, 1); }

TEST(Ranking, is_that_of_scipy) {
  for (const Json& item : golden("rankings")) {
    const Ranking r = rank_methods(item["table"].get<ScoreTable>());
    for (std::size_t m = 0; m < r.average_rank.size(); ++m) {
      EXPECT_NEAR(r.average_rank[m], item["average_rank"][m].get<double>(), 1e-12);
    }
    const std::vector<double> got = {r.friedman.chi_square, r.friedman.p, r.friedman.f,
                                     r.friedman.f_p};
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_NEAR(got[i], item["friedman"][i].get<double>(), 1e-9) << item["name"] << i;
    }
    EXPECT_NEAR(r.critical_difference, item["critical_difference"].get<double>(), 1e-8);
    for (const Json& pair : item["pairs"]) {
      const std::size_t a = pair[0], b = pair[1];
      EXPECT_NEAR(r.pair_p[a][b], pair[2].get<double>(), 1e-10) << item["name"];
      EXPECT_EQ(r.pair_p[b][a], r.pair_p[a][b]);
    }
  }
}

TEST(Ranking, cliques_are_the_longest_runs_within_the_critical_difference) {
  // 30 sets: methods 2 and 0 take turns at the top, 1 and 3 at the bottom.
  ScoreTable table;
  for (int i = 0; i < 30; ++i) {
    const double swap = i % 2 == 0 ? 0.1 : 0;
    table.push_back({0.8 + swap, 0.4 + swap, 0.85, 0.45});
  }
  const Ranking r = rank_methods(table);
  EXPECT_EQ(r.average_rank, (std::vector<double>{1.5, 3.5, 1.5, 3.5}));
  EXPECT_EQ(r.order, (std::vector<int>{0, 2, 1, 3}));
  EXPECT_EQ(r.cliques, (std::vector<std::vector<int>>{{0, 2}, {1, 3}}));
}

TEST(Ranking, methods_that_always_tie_are_one_clique) {
  const Ranking r = rank_methods(ScoreTable(5, {0.5, 0.5, 0.5}));
  EXPECT_EQ(r.average_rank, (std::vector<double>{2, 2, 2}));
  EXPECT_EQ(r.friedman.p, 1);
  EXPECT_EQ(r.cliques.size(), 1u);
}

TEST(Ranking, a_missing_score_is_refused) {
  EXPECT_THROW(rank_methods({{1, 2}, {1}}), Error);
  EXPECT_THROW(rank_methods({{1, 2}, {1, std::nan("")}}), Error);
  EXPECT_THROW(rank_methods({}), Error);
}

TEST(Holm, grows_with_rank_and_stops_at_one) {
  const auto p = holm({0.04, 0.01, 0.03, 0.5});
  EXPECT_NEAR(p[1], 0.04, 1e-12);
  EXPECT_NEAR(p[2], 0.09, 1e-12);
  EXPECT_NEAR(p[0], 0.09, 1e-12);
  EXPECT_EQ(holm({0.9, 0.9})[0], 1);
}

TEST(ResampledT, is_nadeau_and_bengio_s) {
  for (const Json& item : golden("resampled_t")) {
    const Tested t = corrected_resampled_t(item["differences"].get<std::vector<double>>(),
                                           item["ratio"].get<double>());
    EXPECT_NEAR(t.p, item["p"].get<double>(), 1e-10);
    EXPECT_NEAR(t.low, item["low"].get<double>(), 1e-10);
  }
}

}  // namespace
}  // namespace refrain::score

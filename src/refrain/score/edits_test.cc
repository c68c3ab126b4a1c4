#include "refrain/score/edits.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <string>

#include "refrain/base/rng.h"

namespace refrain::score {
namespace {

using testing::ElementsAre;

std::u32string drawn_text(std::size_t length, std::uint64_t letters, base::Rng& rng) {
  std::u32string out;
  for (std::size_t i = 0; i < length; ++i) out += static_cast<char32_t>('a' + rng.next() % letters);
  return out;
}

// By the definition, cell by cell.
std::size_t plain_distance(const std::u32string& a, const std::u32string& b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      const std::size_t substituted = d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      d[i][j] = std::min({substituted, d[i - 1][j] + 1, d[i][j - 1] + 1});
    }
  }
  return d[a.size()][b.size()];
}

TEST(EditDistance, of_small_texts_is_that_by_hand) {
  EXPECT_EQ(edit_distance(U"", U""), 0u);
  EXPECT_EQ(edit_distance(U"", U"abc"), 3u);
  EXPECT_EQ(edit_distance(U"abc", U""), 3u);
  EXPECT_EQ(edit_distance(U"kitten", U"sitting"), 3u);
  EXPECT_EQ(edit_distance(U"abc", U"cab"), 2u);
}

TEST(EditDistance, is_that_of_its_definition_for_texts_of_any_length) {
  base::Rng rng(7);
  for (const std::size_t length : {1, 5, 63, 64, 65, 127, 128, 129, 200}) {
    for (const std::uint64_t letters : {1, 2, 4, 26}) {
      const auto a = drawn_text(length, letters, rng);
      const auto b = drawn_text(1 + rng.next() % (2 * length), letters, rng);
      EXPECT_EQ(edit_distance(a, b), plain_distance(a, b)) << length << " of " << letters;
      EXPECT_EQ(edit_distance(b, a), plain_distance(a, b)) << length << " of " << letters;
    }
  }
}

// Does the edits where they must be, and returns whether that leads from one text to the other.
bool leads(const std::vector<Edit>& edits, std::u32string from, std::u32string to) {
  for (const Edit& e : edits) {  // what is left without the edits is equal up to its order
    if (e.reference != Edit::kNone) {
      const auto at = from.find(e.reference);
      if (at == std::u32string::npos) return false;
      from.erase(at, 1);
    }
    if (e.answer != Edit::kNone) {
      const auto at = to.find(e.answer);
      if (at == std::u32string::npos) return false;
      to.erase(at, 1);
    }
  }
  std::sort(from.begin(), from.end());
  std::sort(to.begin(), to.end());
  return from == to;
}

TEST(EditsBetween, are_as_many_as_the_distance_and_lead_from_one_to_the_other) {
  base::Rng rng(11);
  for (int trial = 0; trial < 60; ++trial) {
    const auto a = drawn_text(rng.next() % 30, 4, rng), b = drawn_text(rng.next() % 30, 4, rng);
    const auto edits = edits_between(a, b);
    EXPECT_EQ(edits.size(), edit_distance(a, b)) << trial;
    EXPECT_TRUE(leads(edits, a, b)) << trial;
  }
}

TEST(EditsBetween, name_what_was_substituted_left_out_and_added) {
  constexpr char32_t none = Edit::kNone;
  EXPECT_THAT(edits_between(U"abcd", U"abxd"), ElementsAre(Edit{'c', 'x'}));
  EXPECT_THAT(edits_between(U"abcd", U"acd"), ElementsAre(Edit{'b', none}));
  EXPECT_THAT(edits_between(U"abcd", U"abcde"), ElementsAre(Edit{none, 'e'}));
  EXPECT_THAT(edits_between(U"", U""), ElementsAre());
}

TEST(Ngrams, are_counted_and_clipped_by_the_reference) {
  const auto counts = count_ngrams(U"aaab", U"aab", 4);
  ASSERT_EQ(counts.size(), 4u);
  const double answer[] = {4, 3, 2, 1}, reference[] = {3, 2, 1, 0}, matched[] = {3, 2, 1, 0};
  for (std::size_t n = 0; n < 4; ++n) {
    EXPECT_EQ(counts[n].answer, answer[n]) << n;
    EXPECT_EQ(counts[n].reference, reference[n]) << n;
    EXPECT_EQ(counts[n].matched, matched[n]) << n;
  }
}

TEST(Ngrams, are_those_of_a_table_of_them) {
  base::Rng rng(3);
  for (int trial = 0; trial < 30; ++trial) {
    const auto a = drawn_text(rng.next() % 40, 3, rng), b = drawn_text(rng.next() % 40, 3, rng);
    const auto counts = count_ngrams(a, b, 5);
    for (std::size_t n = 1; n <= 5; ++n) {
      std::map<std::u32string, std::pair<double, double>> table;
      for (std::size_t i = 0; i + n <= a.size(); ++i) table[a.substr(i, n)].first += 1;
      for (std::size_t i = 0; i + n <= b.size(); ++i) table[b.substr(i, n)].second += 1;
      double matched = 0;
      for (const auto& [gram, both] : table) matched += std::min(both.first, both.second);
      EXPECT_EQ(counts[n - 1].matched, matched) << trial << " " << n;
    }
  }
}

}  // namespace
}  // namespace refrain::score

// The weigher of replies: what each sample adds to the counts of which the metrics are functions,
// worked out once, and their weighted sums. It does not refer to the replies. For the sources of
// this layer only.
#pragma once

#include <array>

#include "refrain/score/replies.h"
#include "refrain/score/reply_text.h"

namespace refrain::score {

constexpr std::size_t kBleuOrder = 4, kChrfOrder = 6;

// The counts of bleu: of tokens, and of n-grams for each n.
struct BleuCounts {
  double answer_length = 0, reference_length = 0;
  std::array<double, kBleuOrder> matched{}, answer{};
};

// The counts of chrf, for each n; an answer's n-grams of a length that its reference lacks are
// none.
struct ChrfCounts {
  std::array<double, kChrfOrder> answer{}, reference{}, matched{};
};

struct ReplyCounts {
  double samples = 0, exact = 0;
  double edits = 0, characters = 0;  // of characters; those of the reference
  double word_edits = 0, words = 0;
  BleuCounts bleu, bleu_lower;
  ChrfCounts chrf;
};
// The same as plain numbers, so that a weighted sum is one loop.
using ReplyNumbers = std::array<double, sizeof(ReplyCounts) / sizeof(double)>;

struct WeightedReplies : Weigher {
  explicit WeightedReplies(const Replies& r);  // with the samples' own weights; throws as r.check()

  void reweigh(const std::vector<double>& factor) override;

  ReplyCounts sum;

 private:
  std::vector<double> own_;           // [n]
  std::vector<ReplyNumbers> counts_;  // [n]
};

// The text of a reply as exact, edit_distance and cer read it.
Points compared_text(Replies::Kind kind, const std::string& text);

}  // namespace refrain::score

// Answers that are texts: translations, transcripts, spellings, beside one reference each.
//
//   bleu           100 BP (p1 p2 p3 p4)^(1/4) of the corpus (Papineni et al. 2002), cased; p_n is
//   the
//                  share of the answers' n-grams of tokens that the references have, BP = min(1,
//                  exp(1 - reference length / answer length)); a p_n of 0 is smoothed exponentially
//   bleu_lower     the same of texts in lower case
//   chrf           100 F2 of n-grams of characters, n from 1 to 6, without blanks (Popovic 2015)
//   exact          share of answers that are equal to their references
//   edit_distance  mean number of characters to insert, delete and substitute (Levenshtein 1966)
//   wer, cer       edits of words, of characters, over the references' number of them
//
// bleu and chrf are those of sacreBLEU kSacreBleuVersion, wer and cer those of jiwer 4.0.0: equal
// to the last digits of a double (tests/golden/reply_scores.json). Words stand between white space
// of any kind; a transcript's white space is one blank, none at its ends. Without any word in the
// references wer is the number of edits, as jiwer has it; without a match bleu and chrf are 0.
#pragma once

#include "refrain/score/answers.h"

namespace refrain::score {

constexpr const char* kSacreBleuVersion = "2.6.0";

struct Replies : Answers {
  enum Kind { kTranslation, kTranscript };

  Kind kind = kTranslation;
  std::string tokens = "auto";  // bleu's tokeniser: 13a, zh, char, none; auto: by truth
  std::vector<std::string> truth, predicted;  // [n], UTF-8

  std::size_t size() const override { return truth.size(); }
  // Throws Error(data) where sizes do not match or the tokeniser is unknown.
  void check() const override;
  bool same_samples(const Answers& other) const override;
  // bleu, bleu_lower, chrf, exact, edit_distance; of transcripts wer, cer, exact, or cer first
  // where no blanks stand between words.
  NamedMetrics metrics() const override;
  std::unique_ptr<Weigher> weigher(bool order) const override;
  std::unique_ptr<Answers> followed_by(const Answers& other) const override;
  std::unique_ptr<Answers> clone() const override;
  std::optional<std::vector<bool>> right() const override;  // those that `exact` counts
  double work() const override;

  std::string tokeniser() const;  // its name, chosen where it is "auto"
  bool without_blanks() const;    // between the words of the references: zh and char
};

// All that replies of either kind can be scored by.
const base::Registry<Metric>& reply_metrics();

// The settings of a metric as sacreBLEU writes them, so that others can repeat its number:
// "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0". "" for a metric that is not of
// sacreBLEU.
std::string signature(const Replies& replies, const std::string& metric);

}  // namespace refrain::score

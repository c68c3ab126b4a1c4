#include "refrain/score/weighted_replies.h"

#include <bit>

#include "refrain/score/edits.h"

namespace refrain::score {
namespace {

class ReplyCounter {
 public:
  explicit ReplyCounter(const Replies& r) : replies_(r), cut_(tokenisers().at(r.tokeniser())) {}

  ReplyCounts count(std::size_t i) {
    const Points truth = code_points(replies_.truth[i]);
    const Points answer = code_points(replies_.predicted[i]);
    ReplyCounts out;
    out.samples = 1;
    count_edits(i, out);
    count_words(truth, answer, out);
    out.bleu = bleu_counts(truth, answer);
    out.bleu_lower = bleu_counts(lower_case(truth), lower_case(answer));
    out.chrf = chrf_counts(truth, answer);
    return out;
  }

 private:
  void count_edits(std::size_t i, ReplyCounts& out) const {
    const Points truth = compared_text(replies_.kind, replies_.truth[i]);
    const Points answer = compared_text(replies_.kind, replies_.predicted[i]);
    out.exact = truth == answer ? 1 : 0;
    out.edits = static_cast<double>(edit_distance(truth, answer));
    out.characters = static_cast<double>(truth.size());
  }

  void count_words(const Points& truth, const Points& answer, ReplyCounts& out) {
    const Points words = numbers_.of(words_of(truth));
    out.word_edits = static_cast<double>(edit_distance(words, numbers_.of(words_of(answer))));
    out.words = static_cast<double>(words.size());
  }

  BleuCounts bleu_counts(const Points& truth, const Points& answer) {
    const Points reference = numbers_.of(cut_(truth)), tokens = numbers_.of(cut_(answer));
    BleuCounts out;
    out.answer_length = static_cast<double>(tokens.size());
    out.reference_length = static_cast<double>(reference.size());
    const auto counts = count_ngrams(tokens, reference, kBleuOrder);
    for (std::size_t n = 0; n < kBleuOrder; ++n) {
      out.matched[n] = counts[n].matched;
      out.answer[n] = counts[n].answer;
    }
    return out;
  }

  static ChrfCounts chrf_counts(const Points& truth, const Points& answer) {
    const auto without_blanks = [](Points text) {
      std::erase_if(text, is_white);
      return text;
    };
    const Points reference = without_blanks(truth), text = without_blanks(answer);
    const auto counts = count_ngrams(text, reference, kChrfOrder);
    ChrfCounts out;
    for (std::size_t n = 0; n < kChrfOrder; ++n) {
      out.matched[n] = counts[n].matched;
      out.reference[n] = counts[n].reference;
      out.answer[n] = counts[n].reference > 0 ? counts[n].answer : 0;
    }
    return out;
  }

  const Replies& replies_;
  Tokeniser cut_;
  WordNumbers numbers_;
};

}  // namespace

Points compared_text(Replies::Kind kind, const std::string& text) {
  const Points points = code_points(text);
  return kind == Replies::kTranscript ? with_single_blanks(points) : points;
}

WeightedReplies::WeightedReplies(const Replies& r)
    : own_(r.weight.empty() ? std::vector<double>(r.size(), 1) : r.weight) {
  r.check();
  ReplyCounter counter(r);
  for (std::size_t i = 0; i < r.size(); ++i) {
    counts_.push_back(std::bit_cast<ReplyNumbers>(counter.count(i)));
  }
  reweigh(std::vector<double>(r.size(), 1));
}

void WeightedReplies::reweigh(const std::vector<double>& factor) {
  ReplyNumbers total{};
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const double w = own_[i] * factor[i];
    if (w <= 0) continue;
    for (std::size_t k = 0; k < total.size(); ++k) total[k] += w * counts_[i][k];
  }
  sum = std::bit_cast<ReplyCounts>(total);
}

}  // namespace refrain::score

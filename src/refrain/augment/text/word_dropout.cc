// Words give way to a mark that no vocabulary has, so that the network sees the unknown word there
// (Iyyer et al. 2015; Bowman et al. 2016). One word stays at least.
#include "refrain/augment/list.h"
#include "refrain/augment/text/edit.h"

namespace refrain::augment {
namespace {

struct WordDropout {
  double rate = 0.1;
  std::string mark = "\xef\xbf\xbd";  // U+FFFD, the replacement character
};

void drop(Words& words, const WordDropout& spec, base::Rng& rng) {
  std::vector<int> chosen;
  std::size_t all = 0;
  for (const Word& word : words.list) all += word.is_mark() ? 0 : 1;
  for (const int place : free_words(words)) {
    if (rng.uniform() < spec.rate) chosen.push_back(place);
  }
  if (!chosen.empty() && chosen.size() == all) {
    chosen.erase(chosen.begin() + static_cast<std::ptrdiff_t>(rng.below(chosen.size())));
  }
  for (std::size_t i = chosen.size(); i-- > 0;) {
    if (spec.mark.empty()) {
      erase(words, chosen[i]);
    } else {
      replace(words, chosen[i], spec.mark);
    }
  }
}

void apply_word_dropout(const WordDropout& spec, std::string& text, data::Sample& sample,
                        Draw& draw) {
  edit(text, sample, [&](Words& words) { drop(words, spec, draw.rng); });
}

}  // namespace

Kind word_dropout() {
  Kind kind = make_kind(
      base::Fields<WordDropout>()
          .field("rate", &WordDropout::rate, 0, 1, "probability that a word is dropped")
          .field("mark", &WordDropout::mark, "word that replaces a dropped one; empty = none"),
      &apply_word_dropout);
  kind.hides_words = true;
  return kind;
}

}  // namespace refrain::augment

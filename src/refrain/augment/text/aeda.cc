// Marks of punctuation between the words (Karimi, Rossi and Prati 2021): at least one, at most a
// share of the words. All words stay, and their order.
#include <array>

#include "refrain/augment/list.h"
#include "refrain/augment/text/edit.h"

namespace refrain::augment {
namespace {

struct Aeda {
  double share = 0.3;
};

constexpr std::array<const char*, 6> kMarks = {".", ";", "?", ":", "!", ","};
constexpr std::array<const char*, 6> kWideMarks = {"。", "；", "？", "：", "！", "，"};

void punctuate(Words& words, double share, base::Rng& rng) {
  const bool wide = is_ideographic(words);
  const auto most = static_cast<std::uint64_t>(share * static_cast<double>(words.list.size()));
  const auto count = share > 0 ? 1 + rng.below(most + 1) : 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto kind = rng.below(kMarks.size());
    const auto place = static_cast<int>(rng.below(words.list.size() + 1));
    insert(words, place, wide ? kWideMarks[kind] : kMarks[kind]);
    if (wide) words.list[static_cast<std::size_t>(place)].gap = {};
  }
}

void apply_aeda(const Aeda& spec, std::string& text, data::Sample& sample, Draw& draw) {
  edit(text, sample, [&](Words& words) { punctuate(words, spec.share, draw.rng); });
}

}  // namespace

Kind aeda() {
  return make_kind(base::Fields<Aeda>().field(
                       "share", &Aeda::share, 0, 1,
                       "largest number of inserted punctuation marks, as a share of the words"),
                   &apply_aeda);
}

}  // namespace refrain::augment

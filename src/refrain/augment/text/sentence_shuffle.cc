// The sentences of a text in another order. A text of one sentence stays as it is.
#include <algorithm>
#include <array>
#include <string_view>

#include "refrain/augment/list.h"
#include "refrain/augment/text/edit.h"

namespace refrain::augment {
namespace {

struct SentenceShuffle {};

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool is_full_stop(const Word& word) {
  return is_one_of<8>(word.text, {".", "!", "?", "…", "。", "！", "？", "．"});
}

bool closes(const Word& word) {
  return is_one_of<9>(word.text, {")", "]", "\"", "'", "”", "’", "」", "）", "》"});
}

// "Mr." and "J." end no sentence.
bool is_abbreviation(const Word& word) {
  return (word.text.size() == 1 && word.text[0] > '9') ||
         is_one_of<10>(lower(word.text),
                       {"mr", "mrs", "ms", "dr", "st", "vs", "no", "prof", "jr", "etc"});
}

// Where sentences begin, and the end.
std::vector<std::size_t> sentence_bounds(const std::vector<Word>& list) {
  std::vector<std::size_t> bounds = {0};
  for (std::size_t i = 1; i < list.size(); ++i) {
    if (!is_full_stop(list[i]) || list[i].in_entity()) continue;
    if (list[i].text == "." && is_abbreviation(list[i - 1])) continue;
    std::size_t end = i + 1;
    while (end < list.size() &&
           (is_full_stop(list[end]) || (closes(list[end]) && list[end].gap.empty()))) {
      ++end;
    }
    const bool wide = list[i].text.size() > 1;  // Chinese has no blank behind it
    if (end == list.size() || (list[end].gap.empty() && !wide) || list[end].goes_on()) continue;
    bounds.push_back(end);
    i = end;
  }
  bounds.push_back(list.size());
  return bounds;
}

void shuffle_sentences(Words& words, base::Rng& rng) {
  const auto bounds = sentence_bounds(words.list);
  std::vector<std::size_t> order(bounds.size() - 1);
  if (order.size() < 2) return;
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  rng.shuffle(order);
  if (std::is_sorted(order.begin(), order.end())) std::swap(order[0], order[1]);
  std::vector<Word> out;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t first = out.size();
    for (std::size_t k = bounds[order[i]]; k < bounds[order[i] + 1]; ++k) {
      out.push_back(words.list[k]);
    }
    out[first].gap = words.list[bounds[i]].gap;
  }
  words.list = std::move(out);
}

void apply_sentence_shuffle(const SentenceShuffle&, std::string& text, data::Sample& sample,
                            Draw& draw) {
  edit(text, sample, [&](Words& words) { shuffle_sentences(words, draw.rng); });
}

}  // namespace

Kind sentence_shuffle() {
  return make_kind(base::Fields<SentenceShuffle>(), &apply_sentence_shuffle);
}

}  // namespace refrain::augment

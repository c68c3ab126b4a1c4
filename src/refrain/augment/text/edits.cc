#include "refrain/augment/text/edits.h"

#include <algorithm>
#include <cctype>

#include "refrain/augment/pool.h"
#include "refrain/augment/text/stop_words.h"
#include "refrain/base/at.h"
#include "refrain/base/error.h"

namespace refrain::augment {
namespace {

constexpr int kLookedAt = 200;  // texts whose language is judged
constexpr int kTries = 10;      // for a word with synonyms, as in the authors' program

using base::at;

bool begins_sentence(const Words& words, int place) {
  if (place == 0) return true;
  const Word& before = words.list[at(place - 1)];
  return before.is_mark() && before.text != "," && before.text != "-";
}

// Names are not replaced: capitals inside a sentence, unless most words of the text have them.
std::vector<bool> find_names(const Words& words) {
  std::vector<bool> names(words.list.size());
  int capitals = 0;
  int all = 0;
  for (std::size_t i = 0; i < words.list.size(); ++i) {
    if (words.list[i].kind != data::TokenKind::kWord) continue;
    ++all;
    if (!begins_with_capital(words.list[i].text)) continue;
    ++capitals;
    names[i] = !begins_sentence(words, static_cast<int>(i));
  }
  if (2 * capitals > all) names.assign(names.size(), false);
  return names;
}

// Places of the words that a synonym may stand for, in random order.
std::vector<int> replaceable(const Words& words, base::Rng& rng) {
  const std::vector<bool> names = find_names(words);
  std::vector<int> places;
  for (const int place : free_words(words)) {
    if (!names[at(place)] && !is_stop_word(lower(words.list[at(place)].text))) {
      places.push_back(place);
    }
  }
  rng.shuffle(places);
  return places;
}

int count_words(const Words& words) {
  return static_cast<int>(std::count_if(words.list.begin(), words.list.end(),
                                        [](const Word& word) { return !word.is_mark(); }));
}

// For swaps and deletions the lexicon only tells which characters are one word.
void join_characters(Words& words, const EditSpec& spec) {
  if (spec.lexicon != "auto" && is_ideographic(words)) {
    join_units(words, lexicon_for(spec, words));
  }
}

// How many of the words are English.
struct Familiar {
  int known = 0, all = 0;

  void add(const data::Sample& sample) {
    for (const auto& value : sample.streams) {
      const auto* text = std::get_if<std::string>(&value);
      if (text == nullptr) continue;
      for (const Word& word : cut(*text).list) add(word);
    }
  }
  void add(const Word& word) {
    if (word.is_mark() || std::isdigit(static_cast<unsigned char>(word.text[0])) != 0) return;
    ++all;
    if (word.kind == data::TokenKind::kIdeograph) return;
    const std::string low = lower(word.text);
    if (is_stop_word(low) || lexicon("wordnet").knows(low)) ++known;
  }
};

}  // namespace

int share_of(double alpha, int n) {
  if (alpha <= 0 || n == 0) return 0;
  return std::max(1, static_cast<int>(alpha * n));
}

const Lexicon* lexicon_for(const EditSpec& spec, const Words& words) {
  if (spec.lexicon != "auto") return &lexicon(spec.lexicon);
  return is_ideographic(words) ? nullptr : &lexicon("wordnet");
}

std::string prepare_units(EditSpec& spec, const Pool&) {
  if (spec.lexicon != "auto") lexicon(spec.lexicon);
  return {};
}

bool is_english(const Pool& pool) {
  Familiar familiar;
  const int step = std::max(1, pool.size() / kLookedAt);
  for (int i = 0; i < pool.size(); i += step) familiar.add(pool[i]);
  return 2 * familiar.known >= familiar.all;
}

std::string prepare_synonyms(EditSpec& spec, const Pool& pool) {
  prepare_units(spec, pool);
  if (spec.lexicon != "auto" || pool.size() == 0 || is_english(pool)) return {};
  throw Error(Code::kUsage,
              "most words of the texts are not English, and 'auto' knows synonyms of English only",
              "give a table of synonyms of their language: lexicon=FILE, a line: word TAB "
              "synonym[,synonym ...]");
}

void join_units(Words& words, const Lexicon* lexicon) {
  if (lexicon == nullptr || lexicon->is_english()) return;
  join_units(words, lexicon->longest(),
             [&](std::string_view text) { return lexicon->knows(text); });
}

void replace_synonyms(Words& words, const EditSpec& spec, base::Rng& rng) {
  const Lexicon* lexicon = lexicon_for(spec, words);
  if (lexicon == nullptr) return;
  join_units(words, lexicon);
  int left = share_of(spec.alpha, count_words(words));
  for (const int place : replaceable(words, rng)) {
    if (left == 0) break;
    const std::string synonym = lexicon->draw(words.list[at(place)].text, spec.senses, rng);
    if (synonym.empty()) continue;
    replace(words, place, synonym);
    --left;
  }
}

void insert_synonyms(Words& words, const EditSpec& spec, base::Rng& rng) {
  const Lexicon* lexicon = lexicon_for(spec, words);
  if (lexicon == nullptr) return;
  join_units(words, lexicon);
  std::vector<std::string_view> sources;  // the words as they were: synonyms of synonyms drift away
  for (const int place : replaceable(words, rng)) sources.push_back(words.list[at(place)].text);
  if (sources.empty()) return;
  const int count = share_of(spec.alpha, count_words(words));
  for (int i = 0; i < count; ++i) {
    std::string synonym;
    for (int k = 0; k < kTries && synonym.empty(); ++k) {
      synonym = lexicon->draw(lower(sources[rng.below(sources.size())]), spec.senses, rng);
    }
    if (synonym.empty()) return;
    insert(words, static_cast<int>(rng.below(words.list.size() + 1)), synonym);
  }
}

void swap_words(Words& words, const EditSpec& spec, base::Rng& rng) {
  join_characters(words, spec);
  const std::vector<int> places = free_words(words);
  if (places.size() < 2) return;
  const int count = share_of(spec.alpha, static_cast<int>(places.size()));
  for (int i = 0; i < count; ++i) {
    const auto a = rng.below(places.size());
    const auto b = (a + 1 + rng.below(places.size() - 1)) % places.size();
    Word& one = words.list[at(places[a])];
    Word& other = words.list[at(places[b])];
    std::swap(one, other);
    std::swap(one.gap, other.gap);
  }
}

void delete_words(Words& words, const EditSpec& spec, base::Rng& rng) {
  join_characters(words, spec);
  const std::vector<int> places = free_words(words);
  if (spec.alpha <= 0 || places.empty()) return;
  std::vector<int> chosen;
  for (const int place : places) {
    if (rng.uniform() < spec.alpha) chosen.push_back(place);
  }
  if (chosen.empty()) chosen.push_back(places[rng.below(places.size())]);
  if (static_cast<int>(chosen.size()) == count_words(words)) {
    chosen.erase(chosen.begin() + static_cast<std::ptrdiff_t>(rng.below(chosen.size())));
  }
  for (std::size_t i = chosen.size(); i-- > 0;) erase(words, chosen[i]);
}

}  // namespace refrain::augment

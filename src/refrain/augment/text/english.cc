#include "refrain/augment/text/english.h"

namespace refrain::augment {
namespace {

bool is_vowel(char c) { return std::string_view("aeiou").find(c) != std::string_view::npos; }

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

// "carr" + "y", not "pla" + "y".
bool ends_in_consonant_y(std::string_view word) {
  return word.size() > 2 && word.ends_with('y') && !is_vowel(word[word.size() - 2]);
}

bool hisses(std::string_view word) {
  return word.ends_with('s') || word.ends_with('x') || word.ends_with('z') ||
         word.ends_with("ch") || word.ends_with("sh");
}

// True if the last letter is doubled before -ing and -ed: stop and plan, but neither open nor show.
// The word is then short, with one vowel before one consonant.
bool doubles(std::string_view word) {
  if (word.size() < 3 || word.size() > 4) return false;
  const char last = word.back();
  if (is_vowel(last) || last == 'w' || last == 'x' || last == 'y') return false;
  int vowels = 0;
  for (const char c : word) vowels += is_vowel(c) ? 1 : 0;
  return vowels == 1 && is_vowel(word[word.size() - 2]);
}

std::string plural(const std::string& base) {
  if (ends_in_consonant_y(base)) return base.substr(0, base.size() - 1) + "ies";
  if (base.size() > 4 && base.ends_with("man") && !base.ends_with("human")) {
    return base.substr(0, base.size() - 2) + "en";
  }
  return base + (hisses(base) ? "es" : "s");
}

std::string stem_for(const std::string& base, Ending ending) {
  if (base.size() > 2 && base.ends_with('e') && !base.ends_with("ee") && !base.ends_with("oe") &&
      !base.ends_with("ye")) {
    return base.substr(0, base.size() - 1);
  }
  if (ending == Ending::kPast && ends_in_consonant_y(base)) {
    return base.substr(0, base.size() - 1) + "i";
  }
  return doubles(base) ? base + base.back() : base;
}

void add_plural(std::string_view word, std::vector<BaseForm>& forms) {
  const auto add = [&](std::size_t cut, const char* end) {
    forms.push_back({std::string(word.substr(0, word.size() - cut)) + end, Ending::kPlural});
  };
  if (word.ends_with("ies") && word.size() > 4) add(3, "y");
  if (word.ends_with("men") && word.size() > 4) return add(2, "an");
  if (!word.ends_with('s') || word.ends_with("ss") || word.size() < 4) return;
  add(1, "");
  if (word.ends_with("es") && hisses(word.substr(0, word.size() - 2))) add(2, "");
}

// -ing and -ed: with nothing, with the e that was dropped, with the letter that was doubled.
void add_verb(std::string_view word, std::string_view end, Ending ending,
              std::vector<BaseForm>& forms) {
  if (!word.ends_with(end) || word.size() < end.size() + 3) return;
  const std::string stem(word.substr(0, word.size() - end.size()));
  if (ending == Ending::kPast && stem.ends_with('i')) {
    forms.push_back({stem.substr(0, stem.size() - 1) + "y", ending});
    return;
  }
  const bool doubled = stem.back() == stem[stem.size() - 2] && !is_vowel(stem.back());
  if (doubled) forms.push_back({stem.substr(0, stem.size() - 1), ending});
  forms.push_back({stem, ending});
  forms.push_back({stem + "e", ending});
}

}  // namespace

std::vector<BaseForm> base_forms(std::string_view word) {
  std::vector<BaseForm> forms = {{std::string(word), Ending::kNone}};
  for (const char c : word) {
    if (!is_lower(c)) return forms;
  }
  add_plural(word, forms);
  add_verb(word, "ing", Ending::kIng, forms);
  add_verb(word, "ed", Ending::kPast, forms);
  return forms;
}

std::string with_ending(const std::string& base, Ending ending) {
  switch (ending) {
    case Ending::kPlural:
      return plural(base);
    case Ending::kIng:
      return base.ends_with("ie") ? base.substr(0, base.size() - 2) + "ying"
                                  : stem_for(base, ending) + "ing";
    case Ending::kPast:
      return base.ends_with("ee") || base.ends_with("oe") || base.ends_with("ye")
                 ? base + "d"
                 : stem_for(base, ending) + "ed";
    case Ending::kNone:
      break;
  }
  return base;
}

}  // namespace refrain::augment

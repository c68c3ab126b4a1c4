// Slips of the fingers: in a share of the words a letter gives way to a neighbour on the keyboard,
// changes places with the one before it, is left out or doubled. First letters stay. Chinese
// characters are swapped, left out and doubled.
#include <algorithm>
#include <array>
#include <string_view>

#include "refrain/augment/list.h"
#include "refrain/augment/text/edit.h"
#include "refrain/augment/text/edits.h"

namespace refrain::augment {
namespace {

struct Typo {
  double share = 0.1;
  int min_length = 4;
  std::string keyboard = "qwerty";
};

using Rows = std::array<std::string_view, 3>;

Rows rows_of(const std::string& keyboard) {
  if (keyboard == "qwertz") return {"qwertzuiop", "asdfghjkl", "yxcvbnm"};
  if (keyboard == "azerty") return {"azertyuiop", "qsdfghjklm", "wxcvbn"};
  return {"qwertyuiop", "asdfghjkl", "zxcvbnm"};
}

// The letters beside, above and below a lower-case letter; a row stands half a key to the right of
// the one above it.
std::string neighbours(const Rows& rows, char letter) {
  std::string out;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const auto c = rows[r].find(letter);
    if (c == std::string_view::npos) continue;
    const auto add = [&](std::size_t row, std::size_t column) {
      if (row < rows.size() && column < rows[row].size()) out += rows[row][column];
    };
    add(r, c - 1);
    add(r, c + 1);
    add(r - 1, c);
    add(r - 1, c + 1);
    add(r + 1, c - 1);
    add(r + 1, c);
  }
  return out;
}

// Another key for the character, in its case; false where the keyboard does not have it.
bool slip(std::string& character, const Rows& rows, base::Rng& rng) {
  const std::string near = neighbours(rows, lower(character).front());
  if (character.size() != 1 || near.empty()) return false;
  character = in_case_of(character, std::string(1, near[rng.below(near.size())]));
  return true;
}

std::string misspell(std::string_view word, const Rows& rows, base::Rng& rng) {
  auto letters = characters(word);
  if (letters.size() < 2) return std::string(word);
  const auto i = 1 + rng.below(letters.size() - 1);
  const auto before = i > 1 || letters.size() == 2 ? i - 1 : i + 1;
  switch (rng.below(4)) {
    case 0:
      if (!slip(letters[i], rows, rng)) std::swap(letters[i], letters[before]);
      break;
    case 1:
      std::swap(letters[i], letters[before]);
      break;
    case 2:
      letters[i].clear();
      break;
    default:
      letters[i] += letters[i];
  }
  std::string out;
  for (const auto& letter : letters) out += letter;
  return out;
}

// A Chinese character doubled, swapped with the next one or left out, where others stay.
void mistype(Words& words, int place, base::Rng& rng) {
  auto& list = words.list;
  const auto i = static_cast<std::size_t>(place);
  const bool pair = i + 1 < list.size() && list[i + 1].kind == data::TokenKind::kIdeograph &&
                    !list[i + 1].in_entity();
  const auto kind = rng.below(3);
  if (kind == 0 && pair) {
    std::swap(list[i].text, list[i + 1].text);
  } else if (kind == 1 && pair) {
    erase(words, place);
  } else {
    replace(words, place, std::string(list[i].text).append(list[i].text));
  }
}

bool is_typed(const Word& word, const Typo& spec) {
  if (word.kind == data::TokenKind::kIdeograph) return true;
  return word.kind == data::TokenKind::kWord &&
         count_points(word.text) >= static_cast<std::size_t>(spec.min_length);
}

void type(Words& words, const Typo& spec, base::Rng& rng) {
  const Rows rows = rows_of(spec.keyboard);
  std::vector<int> places = free_words(words);
  const int count = share_of(spec.share, static_cast<int>(places.size()));
  std::erase_if(places,
                [&](int i) { return !is_typed(words.list[static_cast<std::size_t>(i)], spec); });
  rng.shuffle(places);
  places.resize(std::min(places.size(), static_cast<std::size_t>(count)));
  std::sort(places.rbegin(), places.rend());  // from the end: places before stay
  for (const int place : places) {
    const Word& word = words.list[static_cast<std::size_t>(place)];
    if (word.kind == data::TokenKind::kIdeograph) {
      mistype(words, place, rng);
    } else {
      replace(words, place, misspell(word.text, rows, rng));
    }
  }
}

void apply_typo(const Typo& spec, std::string& text, data::Sample& sample, Draw& draw) {
  edit(text, sample, [&](Words& words) { type(words, spec, draw.rng); });
}

}  // namespace

Kind typo() {
  return make_kind(
      base::Fields<Typo>()
          .field("share", &Typo::share, 0, 1,
                 "share of the words with a typing error, at least one")
          .field("min_length", &Typo::min_length, 2, 1000, "shorter words are not changed")
          .field("keyboard", &Typo::keyboard, {"qwerty", "qwertz", "azerty"},
                 "keyboard layout, which decides the neighbouring keys"),
      &apply_typo);
}

}  // namespace refrain::augment

// A text as operations see it: its words and marks in order, each with the blanks before it, so
// that whatever is not touched stays byte for byte. Latin words are runs of letters, Chinese
// characters stand alone (data/tokenise.h) until join_units() puts those of a lexicon's words
// together. A word of tagged text carries its tag; one inside an entity is never changed, moved or
// parted from its neighbours, so that the tags stay legal.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/data/tokenise.h"

namespace refrain::augment {

struct Word {
  std::string_view gap;   // characters before the word
  std::string_view text;  // one word, one mark, or the characters of one Chinese word
  std::string_view tag;   // "O", "B-PER", "I-PER"; empty in untagged text
  data::TokenKind kind = data::TokenKind::kWord;
  bool fresh = false;  // put in or changed

  bool is_mark() const { return kind == data::TokenKind::kMark; }
  bool in_entity() const { return !tag.empty() && tag != "O"; }
  // True if it continues the entity of the word before it.
  bool goes_on() const { return tag.starts_with("I-"); }
};

// Words are places in the text that was cut, which must outlive them, or in what was kept here.
struct Words {
  std::vector<Word> list;
  std::string_view tail;  // characters after the last word
  bool blanks = false;    // tags go by what blanks part

  bool tagged() const { return !list.empty() && !list.front().tag.empty(); }
  // The text's place for as long as there are copies of these words.
  std::string_view keep(std::string_view text);

 private:
  std::shared_ptr<std::deque<std::string>> kept_;
};

Words cut(std::string_view text);
// Tokens with a tag each, as tagged data has them; both lists have the same size.
Words cut(const std::vector<std::string>& tokens, const std::vector<std::string>& tags);

// The text. Two Latin words never run into one.
std::string join(const Words& words);
// The tokens and tags: what was put in is cut into tokens, with "O" each; the rest is as it was.
void join(const Words& words, std::vector<std::string>& tokens, std::vector<std::string>& tags);

// A tagged sample's text: one tag a piece between blanks or, where their numbers differ, a token.
// None (an empty list) where the tags fit neither.
Words cut(const std::string& text, const std::vector<std::string>& tags);
// Writes it back, in the form in which it was cut.
void join(const Words& words, std::string& text, std::vector<std::string>& tags);

// Puts neighbouring ideographs that form a word together, the longest word first; `known` tells
// which are words of at most `longest` characters.
void join_units(Words& words, int longest, const std::function<bool(std::string_view)>& known);

// Places of the words that may be changed: no marks, nothing inside an entity.
std::vector<int> free_words(const Words& words);

// The word without its place's blanks; what follows closes up.
void erase(Words& words, int place);
// Puts a text before the word at `place` (the end where place is their number), with a blank where
// its script wants one. The place moves on where it would part an entity.
void insert(Words& words, int place, std::string_view text);
// Changes the text of the word at `place`.
void replace(Words& words, int place, std::string_view text);

// True if most of its words are Chinese (or Japanese) characters.
bool is_ideographic(const Words& words);

// The text in lower case.
std::string lower(std::string_view text);
// The text in the case of the model: "FILM" and "Film" give "MOVIE" and "Movie".
std::string in_case_of(std::string_view model, std::string text);

// How many code points the text has.
std::size_t count_points(std::string_view text);
bool begins_with_capital(std::string_view text);

// The characters as readers see them: a code point with the marks that belong to it.
std::vector<std::string> characters(std::string_view text);

}  // namespace refrain::augment

// Prepares samples for an encoder: whole texts, or texts word by word, where each word gets a state
// of its own. A text of words that is longer than the encoder can read is cut between words into
// parts, so that every word has a state.
#pragma once

#include <string>
#include <vector>

#include "refrain/data/sample.h"
#include "refrain/transformer/state_cache.h"
#include "refrain/transformer/wordpiece.h"

namespace refrain::transformer {

// A text, or a part of one.
struct ReadPart {
  std::string digest;       // SHA-256 of what is read
  std::vector<int> pieces;  // tokens of each word, [CLS] and [SEP] beside them; empty: a whole text
};

struct Reading {
  std::vector<std::vector<ReadPart>> of_sample;
  // Each once, in order of first use.
  std::vector<std::string> digests;
  std::vector<WordPiece::Tokens> tokens;
};

// At most `longest` tokens a part (>= 2).
Reading read_texts(const data::Dataset& dataset, const WordPiece& pieces, int longest);
Reading read_words(const data::Dataset& dataset, const WordPiece& pieces, int longest);

// A row of `width` numbers for each word of a part, behind one another: the mean of the states
// [tokens,width] of its tokens, zeros for a word without any.
void add_word_states(const ReadPart& part, const TextStates& states, int width, TextStates& out);

}  // namespace refrain::transformer

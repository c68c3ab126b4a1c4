// The four edits of EDA (Wei and Zou 2019) on the words of a text: each changes a share `alpha` of
// them, at least one. Marks and stop words are never replaced, and nothing inside an entity
// changes.
#pragma once

#include <string>

#include "refrain/augment/operation.h"
#include "refrain/augment/text/lexicon.h"
#include "refrain/augment/text/words.h"

namespace refrain::augment {

// The options that the four share.
struct EditSpec {
  double alpha = 0.1;
  std::string lexicon = "auto";
  int senses = 2;
};

inline base::Fields<EditSpec> edit_fields() {
  return base::Fields<EditSpec>()
      .field("alpha", &EditSpec::alpha, 0, 1, "share of the words that are changed, at least one")
      .field("lexicon", &EditSpec::lexicon,
             "source of synonyms: wordnet, a file (word TAB synonym,synonym) or the folder of a "
             "wordnet; auto = wordnet for English texts")
      .field("senses", &EditSpec::senses, 0, 1000, {"all", 0},
             "number of senses of a word, the most frequent first, whose synonyms are used");
}

// How many of n words that is: at least one where alpha is not 0.
int share_of(double alpha, int n);

// The lexicon that the options name for this text; none where "auto" knows of none for its
// language. Throws as lexicon() does.
const Lexicon* lexicon_for(const EditSpec& spec, const Words& words);

// True if most words of the texts are stop words or in WordNet, which must be installed.
bool is_english(const Pool& pool);

// For Operation::prepare: reads the lexicon, so that what is wrong with it shows before training.
// Throws usage too where "auto" has no synonyms for the language of most texts.
std::string prepare_synonyms(EditSpec& spec, const Pool& pool);
// Prepares edits that need no synonyms; throws likewise.
std::string prepare_units(EditSpec& spec, const Pool& pool);

// Chinese characters that form words of the lexicon become one unit each.
void join_units(Words& words, const Lexicon* lexicon);

void replace_synonyms(Words& words, const EditSpec& spec, base::Rng& rng);
void insert_synonyms(Words& words, const EditSpec& spec, base::Rng& rng);
// Chinese characters move and go as words of the lexicon where it is a file, else one by one.
void swap_words(Words& words, const EditSpec& spec, base::Rng& rng);
// One word stays at least.
void delete_words(Words& words, const EditSpec& spec, base::Rng& rng);

}  // namespace refrain::augment

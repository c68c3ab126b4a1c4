#include "refrain/transduce/simple/simple.h"

namespace refrain::transduce {

const base::Registry<SimpleReply>& simple_replies() {
  static const base::Registry<SimpleReply> kReplies(
      "simple method",
      {{"copy", "the source itself", {answer_by_copy, true}},
       {"nearest_source",
        "the reply of the nearest training source by tf-idf of words and pieces of words",
        {answer_by_nearest_source, true}},
       {"word_table",
        "unit by unit by a table of words, or of the letters of single words: IBM model 1 (Brown "
        "et al. 1993)",
        {answer_by_word_table, true}},
       {"nearest_series",
        "the reply of the nearest training series or recording by dynamic time warping",
        {answer_by_nearest_series, false}}});
  return kReplies;
}

}  // namespace refrain::transduce

// How an operation on words reaches a sample: its text is cut, changed and joined again, with its
// tags where it has some.
#pragma once

#include <string>

#include "refrain/augment/operation.h"
#include "refrain/augment/text/words.h"

namespace refrain::augment {

// `change(words)` is called with the words of one text. A text that has none, would lose its last
// one, or whose tags do not fit it stays as it is.
template <class Change>
void edit(std::string& text, data::Sample& sample, Change change) {
  const bool tagged = !sample.tags.empty();
  Words words = tagged ? cut(text, sample.tags) : cut(text);
  if (words.list.empty()) return;
  change(words);
  if (words.list.empty()) return;
  if (tagged) {
    join(words, text, sample.tags);
  } else {
    text = join(words);
  }
}

}  // namespace refrain::augment

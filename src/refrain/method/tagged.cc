#include "refrain/method/tagged.h"

#include "refrain/base/at.h"
#include "refrain/base/threads.h"
#include "refrain/data/words.h"

namespace refrain::method {

Words words_of(const std::string& text) {
  Words words = data::words_at_blanks(text, false);
  if (words.empty()) words.emplace_back();
  return words;
}

std::vector<Words> words_of(const data::Subset& view, int threads) {
  std::vector<Words> out(view.chosen.size());
  base::parallel_for(view.size(), threads, [&](int i) {
    const std::string* text = data::text_of(view[i]);
    if (text == nullptr) throw Error(Code::kData, "a sample is no text");
    out[base::at(i)] = words_of(*text);
  });
  return out;
}

void check_tags(const Training& training) {
  if (training.samples.size() == 0) throw Error(Code::kData, "no training samples");
  const bool fits = training.tags.size() == base::at(training.samples.size());
  for (int i = 0; fits && i < training.samples.size(); ++i) {
    if (training.tags[base::at(i)].size() == base::at(data::step_count(training.samples[i])))
      continue;
    throw Error(Code::kData, "a sample has other tags than steps");
  }
  if (!fits || training.tag_names.empty()) throw Error(Code::kInternal, "tags are to be learned");
}

}  // namespace refrain::method

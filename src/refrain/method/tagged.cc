#include "refrain/method/tagged.h"

#include <algorithm>

#include "refrain/base/at.h"
#include "refrain/base/threads.h"

namespace refrain::method {

Words words_of(const std::string& text) {
  Words words;
  for (std::size_t first = 0; first < text.size();) {
    const auto end = std::min(text.find(' ', first), text.size());
    words.push_back(text.substr(first, end - first));
    first = end + 1;
  }
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

int steps_of(const data::Sample& sample) {
  if (const std::string* text = data::text_of(sample)) {
    return static_cast<int>(words_of(*text).size());
  }
  if (sample.streams.empty()) return 0;
  const auto* series = std::get_if<data::Series>(&sample.streams.front());
  return series == nullptr ? 0 : series->steps;
}

void check_tags(const Training& training) {
  if (training.samples.size() == 0) throw Error(Code::kData, "no training samples");
  const bool fits = training.tags.size() == base::at(training.samples.size());
  for (int i = 0; fits && i < training.samples.size(); ++i) {
    if (training.tags[base::at(i)].size() == base::at(steps_of(training.samples[i]))) continue;
    throw Error(Code::kData, "a sample has other tags than steps");
  }
  if (!fits || training.tag_names.empty()) throw Error(Code::kInternal, "tags are to be learned");
}

}  // namespace refrain::method

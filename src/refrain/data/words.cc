#include "refrain/data/words.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>

namespace refrain::data {
namespace {

std::string folded(std::string_view word) {
  std::string out;
  utf8proc_uint8_t* made = nullptr;
  const auto options =
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(word.data()),
                                 static_cast<utf8proc_ssize_t>(word.size()), &made, options);
  if (size < 0) return std::string(word);
  out.assign(reinterpret_cast<const char*>(made), static_cast<std::size_t>(size));
  std::free(made);  // NOLINT: allocated by the library
  return out;
}

}  // namespace

std::vector<std::string> words_at_blanks(std::string_view text, bool lowercase) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = std::min(text.find(' ', i), text.size());
    const auto word = text.substr(i, end - i);
    if (!word.empty()) words.push_back(lowercase ? folded(word) : std::string(word));
    i = end + 1;
  }
  return words;
}

std::vector<std::string> words_at_blanks(const Sample& sample) {
  const std::string* text = text_of(sample);
  return text == nullptr ? std::vector<std::string>() : words_at_blanks(*text, false);
}

int step_count(const Sample& sample) {
  if (const std::string* text = text_of(sample)) {
    return std::max(1, static_cast<int>(words_at_blanks(*text, false).size()));
  }
  if (sample.streams.empty()) return 1;
  const auto* series = std::get_if<Series>(&sample.streams.front());
  return series == nullptr ? 1 : std::max(1, series->steps);
}

}  // namespace refrain::data

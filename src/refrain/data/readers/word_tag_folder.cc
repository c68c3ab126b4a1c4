// A folder with parallel files: seq.in has a text a line, seq.out the tags of its words, and, where
// it is there, label the text's label. Tags of spans become BIO (data/tag_scheme.h). A folder to
// predict needs seq.in alone.
#include <fmt/format.h>

#include <filesystem>

#include "refrain/base/error.h"
#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/text_file.h"

namespace refrain::data {
namespace {

std::string file_in(const std::string& folder, const char* name) {
  return (std::filesystem::path(folder) / name).string();
}

bool is_there(const std::string& folder, const char* name) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(file_in(folder, name), ignored);
}

bool needs_tags(const Source& source) {
  return source.expected == nullptr || source.expected->labelled;
}

int recognise_word_tag_folder(const Source& source, const ReadSpec&) {
  const bool tags = is_there(source.path, "seq.out") || !needs_tags(source);
  return is_there(source.path, "seq.in") && tags ? 100 : 0;
}

// The lines of a file, without their ends; an empty last line is none.
std::vector<std::string> lines_of(const std::string& path, const ReadSpec& spec) {
  const std::string text = text_of_file(path, spec.encoding);
  std::vector<std::string> out;
  Lines lines(text);
  for (Line line; lines.next(line);) out.emplace_back(trim(line.text));
  return out;
}

std::vector<std::string> words_in(std::string_view line) {
  std::vector<std::string> out;
  for (auto word = take_word(line); !word.empty(); word = take_word(line)) out.emplace_back(word);
  return out;
}

void check_as_many(const std::string& path, std::size_t lines, std::size_t wanted) {
  if (lines == wanted) return;
  throw Error(Code::kData, fmt::format("{} has {} lines, and seq.in {}", path, lines, wanted),
              "the files of the folder belong together line by line");
}

Dataset read_word_tag_folder(const Source& source, const ReadSpec& spec) {
  const std::string in = file_in(source.path, "seq.in"), out = file_in(source.path, "seq.out");
  const auto texts = lines_of(in, spec);
  const bool tagged = needs_tags(source) || is_there(source.path, "seq.out");
  std::vector<std::string> tags(texts.size());
  if (tagged) tags = lines_of(out, spec);
  check_as_many(out, tags.size(), texts.size());
  std::vector<std::string> labels(texts.size());
  if (is_there(source.path, "label")) {
    labels = lines_of(file_in(source.path, "label"), spec);
    check_as_many(file_in(source.path, "label"), labels.size(), texts.size());
  }
  Collector collector({in, "", "", source.expected}, StreamKind::kText);
  collector.set_scheme(spec.scheme);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto words = words_in(texts[i]);
    Sample sample;
    sample.line = static_cast<std::int64_t>(i) + 1;
    sample.label = labels[i];
    sample.tags = words_in(tags[i]);
    sample.in_words = true;
    if (tagged && sample.tags.size() != words.size()) {
      collector.problems().add(
          sample.line, 0,
          fmt::format("{} words, and {} tags in seq.out", words.size(), sample.tags.size()));
      continue;
    }
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
    collector.add(std::move(sample), std::move(text));
  }
  return collector.finish("each word of a line in seq.in has a tag in the same line of seq.out");
}

}  // namespace

Reader word_tag_folder_reader() {
  return {recognise_word_tag_folder, read_word_tag_folder, Takes::kFolder};
}

}  // namespace refrain::data

#include <fmt/format.h>

#include <algorithm>

#include "refrain/base/error.h"
#include "refrain/data/pairs/pair_reader.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/tokenise.h"

namespace refrain::data {

bool has_visible(std::string_view text) {
  const auto plain = [](char c) { return c > 0x20 && c < 0x7f; };
  return std::any_of(text.begin(), text.end(), plain) || !token_spans(text).empty();
}

std::size_t pair_words(std::string_view text) {
  std::size_t count = 0;
  std::string_view rest = text;
  while (!take_word(rest).empty()) ++count;
  const auto spans = token_spans(text);
  return count + static_cast<std::size_t>(std::count_if(
                     spans.begin(), spans.end(),
                     [](const TokenSpan& span) { return span.kind == TokenKind::kIdeograph; }));
}

PairCollector::PairCollector(const PairInput& input)
    : input_(input), problems_(input.source.path, "pairs", input.targets == nullptr) {
  dataset_.path = input.source.path;
  dataset_.streams.push_back({"text", StreamKind::kText, 0, {}});
}

// What is wrong with one side of a pair.
void PairCollector::check(const PairRow& row, bool target) {
  const std::string_view text = target ? row.target : row.source;
  std::string wrong;
  if (!has_visible(text)) {
    if (target && !input_.wanted.replies) return;
    const std::string other = shown(trim(target ? row.source : row.target));
    wrong = fmt::format("the {} is empty{}", target ? "target" : "source",
                        other == "''" ? "" : fmt::format(", beside {}", other));
  } else if (text.size() > static_cast<std::size_t>(kMostPairWords)) {
    const std::size_t words = pair_words(text);
    if (words <= static_cast<std::size_t>(kMostPairWords)) return;
    wrong = fmt::format("the {} has {} words, more than the limit of {}",
                        target ? "target" : "source", words, kMostPairWords);
  }
  if (wrong.empty()) return;
  if (input_.targets == nullptr) {
    return problems_.add(row.line, target ? row.target_column : row.source_column, wrong);
  }
  const Source& file = target ? *input_.targets : input_.source;
  problems_.add(row.line, 0, fmt::format("{}:{}: {}", file.path, row.line, wrong));
}

void PairCollector::add(const PairRow& row) {
  check(row, false);
  check(row, true);
  Sample& sample = dataset_.samples.emplace_back();
  sample.line = row.line;
  sample.label = trim(row.target);
  sample.group = trim(row.group);
  sample.id = trim(row.id);
  if (sample.id.empty()) sample.id = std::to_string(dataset_.samples.size());
  sample.streams.emplace_back(std::string(trim(row.source)));
  dataset_.has_labels = dataset_.has_labels || !sample.label.empty();
}

Dataset PairCollector::finish(const std::string& hint) {
  problems_.throw_if_any(hint);
  if (dataset_.samples.empty()) {
    throw Error(Code::kData, fmt::format("{}: no pairs after the header", dataset_.path),
                "give a file with at least one source");
  }
  return std::move(dataset_);
}

}  // namespace refrain::data

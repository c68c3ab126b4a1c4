#include "refrain/score/reply_tables.h"

#include <algorithm>
#include <map>
#include <set>

#include "refrain/score/bootstrap.h"
#include "refrain/score/edits.h"
#include "refrain/score/intervals.h"
#include "refrain/score/reply_text.h"

namespace refrain::score {
namespace {

const Replies& replies_of(const Answers& answers) { return dynamic_cast<const Replies&>(answers); }

// Cuts texts into words, or characters where no blanks stand between words.
struct ReplyUnits {
  explicit ReplyUnits(const Replies& r)
      : characters(r.without_blanks()), cut(tokenisers().at(characters ? "char" : "none")) {}
  std::vector<Points> operator()(const std::string& text) const { return cut(code_points(text)); }

  bool characters;
  Tokeniser cut;
};

// The samples of some lengths.
std::vector<std::size_t> samples_between(const std::vector<std::size_t>& length, std::size_t from,
                                         std::size_t end) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < length.size(); ++i) {
    if (length[i] >= from && length[i] < end) out.push_back(i);
  }
  return out;
}

Replies part_of(const Replies& r, const std::vector<std::size_t>& samples) {
  Replies out;
  out.kind = r.kind;
  out.tokens = r.tokeniser();
  out.words = r.words;
  for (const std::size_t i : samples) {
    out.truth.push_back(r.truth[i]);
    out.predicted.push_back(r.predicted[i]);
    if (!r.weight.empty()) out.weight.push_back(r.weight[i]);
    if (!r.group.empty()) out.group.push_back(r.group[i]);
  }
  return out;
}

Score score_of_part(const Repeats& repeats, const std::vector<std::size_t>& samples, int seed,
                    Stop stop) {
  std::vector<Replies> parts;
  for (const auto* one : repeats.list()) parts.push_back(part_of(replies_of(*one), samples));
  const Interval found = score_repeats(parts, seed, {}, stop).front().score;
  return {found.value, found.low, found.high};
}

std::string length_text(std::size_t least, std::size_t most, bool characters) {
  std::string out = std::to_string(least);
  if (most > least) out += " to " + std::to_string(most);
  return out + (characters ? " character" : " word") + (most == 1 ? "" : "s");
}

// Where the second, third and last quarter begin, and behind the longest: lengths.
std::set<std::size_t> ends_of_quarters(std::vector<std::size_t> length) {
  std::sort(length.begin(), length.end());
  std::set<std::size_t> out = {length.back() + 1};
  for (std::size_t q = 1; q < 4; ++q) {
    const std::size_t end = length[q * length.size() / 4];
    if (end > length.front()) out.insert(end);
  }
  return out;
}

using EditTexts = std::pair<std::string, std::string>;  // in the reference, in the answer; "": none

void count_edits_of(const Replies& r, std::map<EditTexts, double>& counts, double unit) {
  const ReplyUnits units(r);
  WordNumbers numbers;
  const auto text = [&](char32_t number) {
    return number == Edit::kNone ? std::string() : utf8(numbers.word(number));
  };
  for (std::size_t i = 0; i < r.size(); ++i) {
    const Points truth = numbers.of(units(r.truth[i])), answer = numbers.of(units(r.predicted[i]));
    const double weight = unit * (r.weight.empty() ? 1 : r.weight[i]);
    for (const Edit& edit : edits_between(truth, answer)) {
      counts[{text(edit.reference), text(edit.answer)}] += weight;
    }
  }
}

Table::Row row_of(const EditTexts& words, double count) {
  const auto& [reference, answer] = words;
  if (answer.empty()) return {reference, {"deletion", count}};
  if (reference.empty()) return {"+ " + answer, {"insertion", count}};
  return {reference + " -> " + answer, {"substitution", count}};
}

}  // namespace

Table table_of_lengths(const Repeats& repeats, int seed, Stop stop) {
  check_repeats(repeats);
  const Replies& first = replies_of(repeats[0]);
  Table table{"per_length", "", "reference", {first.metrics().front().name, "samples"}, {}};
  if (first.size() == 0) return table;
  const ReplyUnits units(first);
  std::vector<std::size_t> length;
  for (const auto& text : first.truth) length.push_back(units(text).size());
  std::size_t from = *std::min_element(length.begin(), length.end());
  for (const std::size_t end : ends_of_quarters(length)) {
    const auto samples = samples_between(length, from, end);
    std::size_t most = from;
    for (const std::size_t i : samples) most = std::max(most, length[i]);
    table.rows.push_back(
        {length_text(from, most, units.characters),
         {score_of_part(repeats, samples, seed, stop), static_cast<double>(samples.size())}});
    from = end;
  }
  return table;
}

Table table_of_confusions(const Repeats& repeats, std::size_t most) {
  check_repeats(repeats);
  std::map<EditTexts, double> counts;
  for (const auto* one : repeats.list()) {
    count_edits_of(replies_of(*one), counts, 1 / static_cast<double>(repeats.size()));
  }
  std::vector<std::pair<EditTexts, double>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  if (sorted.size() > most) sorted.resize(most);
  Table table{"confusions",
              "the most frequent errors: a word for another (a -> b), left out (a), added (+ b)",
              "words",
              {"error", "count"},
              {}};
  for (const auto& [words, count] : sorted) table.rows.push_back(row_of(words, count));
  return table;
}

std::vector<Table> reply_tables(const Repeats& repeats, int seed, Stop stop) {
  std::vector<Table> out = {table_of_lengths(repeats, seed, stop)};
  if (out.front().rows.size() < 2) out.clear();
  if (replies_of(repeats[0]).kind != Replies::kTranscript) return out;
  Table confusions = table_of_confusions(repeats);
  if (!confusions.rows.empty()) out.push_back(std::move(confusions));
  return out;
}

}  // namespace refrain::score

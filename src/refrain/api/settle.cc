#include "refrain/api/inside/settle.h"

#include "refrain/api/inside/fix_list.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <numeric>

#include "refrain/data/front_end.h"
#include "refrain/data/leak.h"
#include "refrain/data/reader.h"
#include "refrain/data/spellings.h"
#include "refrain/data/target_numbers.h"
#include "refrain/data/units.h"
#include "refrain/transformer/front_end.h"

namespace refrain::api {
namespace {

// The lines of the first few samples without a group.
std::string ungrouped_lines(const data::Dataset& dataset) {
  constexpr std::size_t kShown = 10;
  std::vector<std::string> lines;
  for (const auto& sample : dataset.samples) {
    if (!sample.group.empty()) continue;
    if (lines.size() == kShown) {
      lines.emplace_back("...");
      break;
    }
    lines.push_back(dataset.format != "memory" && sample.line > 0 ? std::to_string(sample.line)
                                                                  : sample.id);
  }
  return fmt::format("{}", fmt::join(lines, ", "));
}

void tell_groups(const data::Dataset& dataset, const data::Units& units, const base::Log& log) {
  if (units.without_group == 0) return;
  const bool one = units.without_group == 1;
  log.warning(
      fmt::format("{}: {} of {} samples {} no group: {} (line{} {})", dataset.path,
                  units.without_group, units.of.size(), one ? "has" : "have",
                  one ? "counted as a group of its own" : "each counted as a group of its own",
                  one ? "" : "s", ungrouped_lines(dataset)));
}

void tell_copies(const data::Dataset& dataset, const data::Units& units, const base::Log& log) {
  constexpr int kMany = 4;  // a warning appears if at least one in this many is affected
  if (units.copies == 0) return;
  const std::string sentence = fmt::format(
      "{}: {} of {} samples {} of others; equal samples stay together in every split and count as "
      "one in every interval",
      dataset.path, units.copies, units.of.size(), units.copies == 1 ? "is a copy" : "are copies");
  const bool many = static_cast<std::size_t>(kMany * units.copies) >= units.of.size();
  many ? log.warning(sentence) : log.info(sentence);
}

void tell_conflicts(const data::Dataset& dataset, const base::Log& log) {
  constexpr int kMany = 50;
  int samples = 0;
  const auto lines = data::conflicting_labels(dataset, &samples);
  if (lines.empty()) return;
  const std::string sentence = fmt::format(
      "{}: {} samples are equal to others and have different labels, so not all can be right:{}",
      dataset.path, samples, data::first_lines(lines));
  const bool many = static_cast<std::size_t>(kMany * samples) >= dataset.samples.size();
  many ? log.warning(sentence) : log.info(sentence);
}

}  // namespace

base::Log log_of(const Hooks& hooks) {
  return base::Log([&hooks](base::Level level, const std::string& sentence) {
    if (hooks.message) hooks.message(sentence, level == base::Level::kWarning);
  });
}

std::vector<int> all_of(const data::Dataset& dataset) {
  std::vector<int> all(dataset.samples.size());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

base::Rng split_rng(const task::Spec& spec) {
  return base::Rng(static_cast<std::uint64_t>(spec.train.seed)).fork("split");
}

void make_series(data::Dataset& dataset, task::Spec& spec, const base::Log& log) {
  data::hear(dataset, spec.features.sound, true);
  const bool by_word = task::task_of(spec).aim == task::Aim::kTags;
  const auto& features = spec.features;
  transformer::encode_texts(
      dataset, {spec.text_encoder, features.max_length, spec.train.threads, "", by_word}, log);
}

namespace {

// Keeps the tags as the target, even if the samples have labels too.
void settle_tags(data::Dataset& dataset) {
  if (!dataset.has_tags) {
    throw Error(Code::kData, dataset.path + ": its words or steps have no tags",
                "tagging reads CoNLL columns, seq.in and seq.out, JSON Lines with tokens and tags "
                "or with spans, brat, or a CSV with --tag-column");
  }
  dataset.has_labels = false;  // those of whole samples are learned beside the tags or not at all
}

}  // namespace

data::Dataset read_to_learn(const std::string& path, task::Spec& spec, const base::Log& log,
                            const std::string& fixes) {
  data::Dataset out = data::read_labelled(path, spec.read, log);
  if (!fixes.empty()) apply_fixes(fixes, out, log);
  settle_to_learn(out, spec, log);
  return out;
}

void settle_to_learn(data::Dataset& dataset, task::Spec& spec, const base::Log& log) {
  const std::string task = task::recognise_task(spec, dataset, log);
  if (task != "classify") spec.task = task;
  make_series(dataset, spec, log);
  settle_targets(task::task_of(spec).aim, dataset);
  settle_names(dataset, log);
}

void tell_missing_groups(const data::Dataset& dataset, const base::Log& log) {
  tell_groups(dataset, data::find_units(dataset, all_of(dataset)), log);
}

void settle_targets(task::Aim aim, data::Dataset& dataset) {
  if (aim == task::Aim::kTags) return settle_tags(dataset);
  data::require_labels(dataset);
  if (aim == task::Aim::kNumbers && dataset.has_labels) data::read_numbers(dataset);
  if (aim == task::Aim::kClass && dataset.measured) {
    throw Error(Code::kData, dataset.path + ": its target is a number (@targetlabel), not a class",
                "leave --task out, or say --task regress");
  }
}

void settle_names(data::Dataset& dataset, const base::Log& log) {
  const bool numbers = !dataset.samples.empty() && !dataset.samples[0].numbers.empty();
  const auto spellings = numbers ? data::settle_groups(dataset) : data::settle_spellings(dataset);
  for (const auto& s : spellings.joined) log.info(dataset.path + ": " + s);
  for (const auto& s : spellings.alike) log.warning(dataset.path + ": " + s);
  const data::Units units = data::find_units(dataset, all_of(dataset));
  tell_groups(dataset, units, log);
  tell_copies(dataset, units, log);
  if (dataset.has_labels) tell_conflicts(dataset, log);
}

}  // namespace refrain::api

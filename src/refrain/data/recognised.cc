#include "refrain/data/recognised.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/tag_scheme.h"
#include "refrain/score/spans.h"

namespace refrain::data {
namespace {

constexpr std::size_t kClassesNamed = 8;

std::string counted(std::size_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

// "1 channel and 8 to 12 steps"
std::string sizes_of(const Dataset& dataset, std::size_t stream = 0) {
  int shortest = -1, longest = 0;
  for (const auto& sample : dataset.samples) {
    const auto* series = std::get_if<Series>(&sample.streams.at(stream));
    if (series == nullptr) continue;
    shortest = shortest < 0 ? series->steps : std::min(shortest, series->steps);
    longest = std::max(longest, series->steps);
  }
  const auto channels = static_cast<std::size_t>(dataset.streams.at(stream).channels);
  const std::string steps =
      shortest == longest ? std::to_string(longest) : fmt::format("{} to {}", shortest, longest);
  return fmt::format("{} and {} step{}", counted(channels, "channel", "channels"), steps,
                     longest == 1 ? "" : "s");
}

// "40 samples of 2 streams: ankle (series of 3 channels and 8 steps), note (text)"
std::string streams_of(const Dataset& dataset) {
  std::string out =
      fmt::format("{} of {} streams: ", counted(dataset.samples.size(), "sample", "samples"),
                  dataset.streams.size());
  for (std::size_t s = 0; s < dataset.streams.size(); ++s) {
    const auto& stream = dataset.streams[s];
    const bool text = stream.kind == StreamKind::kText;
    out += fmt::format("{}{} ({})", s > 0 ? ", " : "", stream.name,
                       text ? "text" : "series of " + sizes_of(dataset, s));
  }
  return out;
}

std::string samples_of(const Dataset& dataset) {
  if (dataset.streams.size() > 1) return streams_of(dataset);
  const std::size_t count = dataset.samples.size();
  const auto& stream = dataset.streams.at(0);
  if (stream.kind == StreamKind::kText || stream.from_text) return counted(count, "text", "texts");
  if (stream.kind == StreamKind::kSound || stream.from_sound) {
    return counted(count, "recording", "recordings");
  }
  return fmt::format("{} series of {}", count, sizes_of(dataset));
}

// "2 classes (a, b)"
std::string listed(const std::set<std::string>& names, const char* one, const char* many) {
  std::vector<std::string> named;
  for (const auto& name : names) {
    if (named.size() == kClassesNamed) break;
    named.push_back(list_columns({name}));
  }
  if (names.empty()) return counted(0, one, many);
  return fmt::format("{} ({}{})", counted(names.size(), one, many), fmt::join(named, ", "),
                     names.size() > named.size() ? ", ..." : "");
}

// "812 words with tags (bio), 120 spans of 2 types (LOC, PER)"
std::string tags_of(const Dataset& dataset) {
  const bool plain = dataset.tag_scheme == "plain";
  std::size_t count = 0, spans = 0;
  std::set<std::string> names;
  for (const auto& sample : dataset.samples) {
    count += sample.tags.size();
    if (plain) names.insert(sample.tags.begin(), sample.tags.end());
    if (plain) continue;
    for (const auto& span : score::spans_of(sample.tags)) names.insert(span.type), ++spans;
  }
  const bool text = dataset.streams.at(0).kind == StreamKind::kText;
  const std::string what = text ? counted(count, "word", "words") : counted(count, "step", "steps");
  if (plain) return fmt::format("{} with {}", what, listed(names, "tag", "tags"));
  return fmt::format("{} with tags ({}), {} of {}", what, dataset.tag_scheme,
                     counted(spans, "span", "spans"), listed(names, "type", "types"));
}

// "numbers from 0.1 to 7", of several columns of each.
std::string numbers_from_to(const Dataset& dataset) {
  std::vector<double> low = dataset.samples[0].numbers, high = low;
  for (const auto& sample : dataset.samples) {
    for (std::size_t k = 0; k < low.size(); ++k) {
      low[k] = std::min(low[k], sample.numbers[k]);
      high[k] = std::max(high[k], sample.numbers[k]);
    }
  }
  std::string out = "numbers ";
  for (std::size_t k = 0; k < low.size(); ++k) {
    out += fmt::format("{}from {:.4g} to {:.4g}", k > 0 ? " and " : "", low[k], high[k]);
  }
  return out;
}

std::size_t words_at_blanks_in(std::string_view text) {
  std::size_t count = 0;
  while (!take_word(text).empty()) ++count;
  return count;
}

// The least and the greatest count.
struct Extent {
  std::size_t low = 0, high = 0;
  bool any = false;

  void add(std::size_t count) {
    low = any ? std::min(low, count) : count;
    high = std::max(high, count);
    any = true;
  }
  std::string text() const {
    return low == high ? std::to_string(low) : fmt::format("{} to {}", low, high);
  }
};

std::string groups_and_rest(const Dataset& dataset) {
  std::set<std::string> groups;
  for (const auto& sample : dataset.samples) {
    if (!sample.group.empty()) groups.insert(sample.group);
  }
  std::string out;
  if (!groups.empty()) out += ", " + counted(groups.size(), "group", "groups");
  if (!dataset.not_read.empty()) out += "; not read: " + list_columns(dataset.not_read);
  return out;
}

}  // namespace

std::string recognised_replies(const Dataset& dataset) {
  std::string out =
      fmt::format("{}: read as {}: {}", dataset.path, dataset.format, samples_of(dataset));
  Extent sources, replies;
  for (const auto& sample : dataset.samples) {
    if (const auto* text = text_of(sample)) sources.add(words_at_blanks_in(*text));
    if (!sample.label.empty()) replies.add(words_at_blanks_in(sample.label));
  }
  const bool texts = sources.any;
  if (texts) out += fmt::format(" of {} word{}", sources.text(), sources.high == 1 ? "" : "s");
  if (replies.any) {
    out += fmt::format(" with {} of {}{}", texts ? "targets" : "transcripts", replies.text(),
                       texts               ? ""
                       : replies.high == 1 ? " word"
                                           : " words");
  } else {
    out += texts ? " without targets" : " without transcripts";
  }
  const auto& columns = dataset.columns;
  if (!columns.text.empty() && !columns.label.empty()) {
    out += fmt::format(" by {}", list_columns({columns.text, columns.label}));
  } else if (!columns.label.empty()) {
    out += " by " + list_columns({columns.label});
  }
  return out + groups_and_rest(dataset);
}

std::string recognised(const Dataset& dataset) {
  std::string out =
      fmt::format("{}: read as {}: {}", dataset.path, dataset.format, samples_of(dataset));
  std::set<std::string> labels;
  for (const auto& sample : dataset.samples) {
    if (!sample.label.empty()) labels.insert(sample.label);
  }
  const bool numbers = !dataset.samples.empty() && !dataset.samples[0].numbers.empty();
  if (dataset.lives) {
    out += ", units that run to failure";
  } else if (numbers) {
    out += ", " + numbers_from_to(dataset);
  } else if (!labels.empty()) {
    out += ", " + listed(labels, "class", "classes");
  } else if (!dataset.has_tags) {
    out += ", no labels";
  }
  if (dataset.has_tags) out += ", " + tags_of(dataset);
  if (!dataset.columns.label.empty()) out += " by " + list_columns({dataset.columns.label});
  return out + groups_and_rest(dataset);
}

}  // namespace refrain::data

#include "refrain/data/tag_scheme.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "refrain/data/reader.h"
#include "refrain/data/readers/lines.h"

namespace refrain::data {
namespace {

constexpr std::string_view kFirst = "BSU";  // begin a span whatever stands before
constexpr std::string_view kLast = "ESLU";  // nothing goes on with the span behind them
constexpr std::string_view kLetters = "BIMELSU";

struct Scheme {
  const char* name;
  std::string_view letters;
};
// Known schemes. If several have all letters of a file the first is taken; IOB1 and BIO are told
// apart by their usage.
constexpr std::array<Scheme, 5> kSchemes = {
    {{"bio", "BI"}, {"iob1", "BI"}, {"bioes", "BIES"}, {"bilou", "BILU"}, {"bmes", "BMES"}}};
constexpr const Scheme& kBio = kSchemes[0];
constexpr const Scheme& kIob1 = kSchemes[1];

bool has(std::string_view letters, char c) { return letters.find(c) != std::string_view::npos; }

bool in_span(std::string_view tag) {
  return tag.size() > 2 && tag[1] == '-' && has(kLetters, tag[0]);
}

// True if `tag` can stand behind `before`; "O" stands for both ends of a text.
bool can_follow(const Scheme& scheme, std::string_view before, std::string_view tag) {
  const char letter = in_span(tag) ? tag[0] : 'O';
  const char last = in_span(before) ? before[0] : 'O';
  const bool same = letter != 'O' && last != 'O' && tag.substr(2) == before.substr(2);
  if (&scheme == &kBio) return letter != 'I' || same;
  if (&scheme == &kIob1) return letter != 'B' || same;
  const bool goes_on = has("IMEL", letter);
  return has("BIM", last) ? goes_on && same : !goes_on;
}

// Counts over all tags of a file.
struct TagCounts {
  std::int64_t spans = 0, outside = 0, others = 0;
  std::array<bool, 128> letters{};  // of the tags within spans

  bool only(std::string_view allowed) const {
    return std::all_of(kLetters.begin(), kLetters.end(), [&](char c) {
      return !letters[static_cast<unsigned char>(c)] || has(allowed, c);
    });
  }
};

TagCounts count_tags(const Dataset& dataset) {
  TagCounts count;
  for (const auto& sample : dataset.samples) {
    for (const auto& tag : sample.tags) {
      const bool span = in_span(tag);
      count.spans += span ? 1 : 0;
      count.outside += tag == "O" ? 1 : 0;
      count.others += !span && tag != "O" ? 1 : 0;
      if (span) count.letters[static_cast<unsigned char>(tag[0])] = true;
    }
  }
  return count;
}

// Reads the tags of one dataset by a scheme.
class TagChecker {
 public:
  TagChecker(const TagReading& reading, const Dataset& dataset)
      : reading_(reading), dataset_(dataset) {}

  std::int64_t line(std::size_t sample, std::size_t tag) const {
    const auto& lines = reading_.lines;
    const bool own = sample < lines.size() && tag < lines[sample].size();
    return own ? lines[sample][tag] : dataset_.samples[sample].line;
  }

  // Calls visit(line, message) for each tag that cannot stand where it does.
  template <class Visit>
  void each_misplaced(const Scheme& scheme, Visit visit) const {
    for (std::size_t s = 0; s < dataset_.samples.size(); ++s) {
      const auto& tags = dataset_.samples[s].tags;
      std::string_view before = "O";
      for (std::size_t i = 0; i < tags.size(); ++i) {
        const bool proper = can_follow(scheme, before, tags[i]);
        if (!proper) visit(line(s, i), i == 0 ? "" : before, tags[i]);
        before = tags[i];
      }
      if (!can_follow(scheme, before, "O")) visit(line(s, tags.size() - 1), before, "");
    }
  }

  std::int64_t misplaced(const Scheme& scheme) const {
    std::int64_t count = 0;
    each_misplaced(scheme, [&](auto, auto, auto) { ++count; });
    return count;
  }

  // Tags that are none of the scheme, or that stand wrong in it.
  [[noreturn]] void refuse(const Scheme& scheme) const {
    Problems problems(dataset_.path, "tags");
    for (std::size_t s = 0; s < dataset_.samples.size(); ++s) {
      const auto& tags = dataset_.samples[s].tags;
      for (std::size_t i = 0; i < tags.size(); ++i) {
        if (tags[i] == "O" || (in_span(tags[i]) && has(scheme.letters, tags[i][0]))) continue;
        problems.add(line(s, i), 0, fmt::format("{} is no tag of {}", shown(tags[i]), scheme.name));
      }
    }
    each_misplaced(scheme, [&](std::int64_t at, std::string_view before, std::string_view tag) {
      problems.add(
          at, 0,
          misplaced_text(before, tag) + fmt::format(", which {} does not have", scheme.name));
    });
    problems.throw_if_any("--scheme auto finds how the tags mark spans, and says what it repairs");
    throw Error(Code::kInternal, "no tag is wrong", "");
  }

  // The scheme that all tags of spans fit, as they are used.
  const Scheme& find(const TagCounts& count) const {
    if (count.only(kBio.letters)) return misplaced(kIob1) < misplaced(kBio) ? kIob1 : kBio;
    for (const auto& scheme : kSchemes) {
      if (count.only(scheme.letters)) return scheme;
    }
    Problems problems(dataset_.path, "tags");
    auto letters = count.letters;
    for (std::size_t s = 0; s < dataset_.samples.size(); ++s) {
      const auto& tags = dataset_.samples[s].tags;
      for (std::size_t i = 0; i < tags.size(); ++i) {
        if (!in_span(tags[i])) continue;
        bool& fresh = letters[static_cast<unsigned char>(tags[i][0])];
        if (fresh) problems.add(line(s, i), 0, fmt::format("{} stands first here", shown(tags[i])));
        fresh = false;
      }
    }
    problems.throw_if_any(
        "these letters are of no one scheme (bio, bioes, bilou, bmes); if the tags mark no spans, "
        "say --scheme plain");
    return kBio;
  }

  // Refuses tags that belong to no scheme, if most tags of the file mark spans.
  void refuse_others() const {
    Problems problems(dataset_.path, "tags");
    for (std::size_t s = 0; s < dataset_.samples.size(); ++s) {
      const auto& tags = dataset_.samples[s].tags;
      for (std::size_t i = 0; i < tags.size(); ++i) {
        if (is_span_tag(tags[i])) continue;
        problems.add(line(s, i), 0,
                     fmt::format("{} is neither O nor a tag such as B-TYPE", shown(tags[i])));
      }
    }
    problems.throw_if_any("mend these tags; if the tags mark no spans, say --scheme plain");
  }

  std::string repaired(const Scheme& scheme) const {
    std::int64_t count = 0, first = 0;
    std::string example;
    each_misplaced(scheme, [&](std::int64_t at, std::string_view before, std::string_view tag) {
      if (++count > 1) return;
      first = at;
      example = misplaced_text(before, tag);
    });
    if (count == 0) return "";
    return fmt::format(
        "{}: {} tag{} where {} has none such (line {}: {}) and {} read as conlleval "
        "reads them",
        dataset_.path, count, count == 1 ? " stands" : "s stand", scheme.name, first, example,
        count == 1 ? "is" : "are");
  }

 private:
  static std::string misplaced_text(std::string_view before, std::string_view tag) {
    if (before.empty()) return shown(tag) + " begins a text";
    if (tag.empty()) return shown(before) + " ends a text";
    return fmt::format("{} behind {}", shown(tag), shown(before));
  }

  const TagReading& reading_;
  const Dataset& dataset_;
};

// A tag that no file could hold.
void refuse_broken(const TagChecker& checker, const Dataset& dataset) {
  Problems problems(dataset.path, "tags");
  for (std::size_t s = 0; s < dataset.samples.size(); ++s) {
    const auto& tags = dataset.samples[s].tags;
    for (std::size_t i = 0; i < tags.size(); ++i) {
      if (!tags[i].empty() && tags[i].find_first_of("\t\r\n") == std::string::npos) continue;
      problems.add(checker.line(s, i), 0,
                   fmt::format("tag {} is empty or holds a tab or line break", i + 1));
    }
  }
  problems.throw_if_any("a tag is a word such as O, B-PER or NN");
}

}  // namespace

bool is_span_tag(std::string_view tag) { return tag == "O" || in_span(tag); }

std::vector<std::string> tag_scheme_names() {
  return {"auto", "iob1", "bio", "bioes", "bilou", "bmes", "plain"};
}

std::vector<std::string> to_bio(const std::vector<std::string>& tags) {
  std::vector<std::string> out;
  std::string_view open;  // the type of the span that may go on
  for (const std::string& tag : tags) {
    if (!in_span(tag)) {
      out.push_back(tag);
      open = {};
      continue;
    }
    const std::string_view type = std::string_view(tag).substr(2);
    const bool goes_on = type == open && !has(kFirst, tag[0]);
    out.push_back((goes_on ? "I-" : "B-") + std::string(type));
    open = has(kLast, tag[0]) ? std::string_view() : type;
  }
  return out;
}

void settle_tags(const TagReading& reading, Dataset& dataset) {
  const TagChecker checker(reading, dataset);
  refuse_broken(checker, dataset);
  const TagCounts count = count_tags(dataset);
  if (count.spans + count.outside + count.others == 0) return;
  const Scheme* scheme = nullptr;
  if (reading.scheme == "auto") {
    const bool plain = count.others > count.spans;
    if (!plain) checker.refuse_others();
    if (!plain) scheme = &checker.find(count);
  } else if (reading.scheme != "plain") {
    const auto named = [&](const Scheme& s) { return s.name == reading.scheme; };
    scheme = std::find_if(kSchemes.begin(), kSchemes.end(), named);
    const bool proper = count.others == 0 && count.only(scheme->letters);
    if (!proper || checker.misplaced(*scheme) > 0) checker.refuse(*scheme);
  }
  dataset.tag_scheme = scheme == nullptr ? "plain" : scheme->name;
  if (scheme == nullptr) return;
  if (auto remark = checker.repaired(*scheme); !remark.empty()) {
    dataset.remarks.push_back(std::move(remark));
  }
  for (auto& sample : dataset.samples) sample.tags = to_bio(sample.tags);
}

}  // namespace refrain::data

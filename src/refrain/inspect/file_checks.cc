#include "refrain/inspect/file_checks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace refrain::inspect {
namespace {

constexpr double kMany = 0.01;  // damaged texts above this share make the file unfit
constexpr double kUneven = 10;  // times as many samples in the largest class as in the smallest
constexpr std::int64_t kRare = 5;

std::string noted_text(const Noted& noted, std::int64_t of, const std::string& what) {
  return fmt::format("{} of {} {} ({})", noted.count, of, what, lines_text(noted.lines));
}

// A finding about samples of a stream.
struct About {
  const Profile& profile;
  const Stream& stream;

  std::string where() const { return profile.streams.size() == 1 ? "" : "stream " + stream.name; }
};

void note(const About& about, Severity severity, const char* check, const Noted& noted,
          std::pair<const char*, const char*> sentence_and_remedy, std::vector<Finding>& out) {
  if (noted.count == 0) return;
  out.push_back({severity, check, about.profile.path, about.where(),
                 noted_text(noted, about.profile.samples, sentence_and_remedy.first),
                 sentence_and_remedy.second, noted.count, noted.lines});
}

}  // namespace

void check_texts(const Profile& p, const Stream& s, std::vector<Finding>& out) {
  const About about{p, s};
  const auto severity = [&](const Noted& noted) {
    return static_cast<double>(noted.count) > kMany * static_cast<double>(p.samples)
               ? Severity::kError
               : Severity::kWarning;
  };
  note(about, severity(s.texts.misread), "misread_text", s.texts.misread,
       {"texts hold bytes of one encoding that were read in another, such as \xc3\x83\xc2\xa9 for "
        "\xc3\xa9",
        "save the file again from its source, in UTF-8; or name its --encoding"},
       out);
  note(about, Severity::kWarning, "replaced_characters", s.texts.replaced,
       {"texts hold the mark of characters that were lost (U+FFFD)",
        "save the file again from its source; or name its --encoding"},
       out);
  note(about, Severity::kWarning, "empty_text", s.texts.empty,
       {"texts are empty", "drop them, or find out where they were lost"}, out);
  note(about, Severity::kNote, "control_characters", s.texts.control,
       {"texts hold control characters", "they separate words and are not read"}, out);
  note(about, Severity::kNote, "markup", s.texts.markup,
       {"texts hold tags or entities of HTML", "turn them into text"}, out);
  note(about, Severity::kNote, "one_word", s.texts.one_word,
       {"texts have one word", "order and context cannot help there"}, out);
}

void check_sounds(const Profile& p, const Stream& s, std::vector<Finding>& out) {
  const About about{p, s};
  note(about, Severity::kWarning, "clipped_sound", s.sounds.clipped,
       {"recordings reach the end of the scale again and again: clipped",
        "record at a lower level; or drop them"},
       out);
  note(about, Severity::kWarning, "silent_sound", s.sounds.silent,
       {"recordings hold (nearly) nothing but silence", "drop them"}, out);
  if (s.sounds.rates.size() < 2) return;
  std::vector<std::string> rates;
  for (const auto& [rate, count] : s.sounds.rates)
    rates.push_back(fmt::format("{} at {} Hz", count, rate));
  out.push_back({Severity::kNote, "several_rates", p.path, about.where(),
                 fmt::format("recordings differ in their sample rate: {}", fmt::join(rates, ", ")),
                 "where the rate goes with the class, a model may learn the rate"});
}

namespace {

// The smallest and the largest class.
void check_balance(const Profile& p, std::vector<Finding>& out) {
  const auto [least, most] = std::minmax_element(p.label_count.begin(), p.label_count.end());
  const auto name = [&](auto at) {
    return p.label_names[static_cast<std::size_t>(at - p.label_count.begin())];
  };
  if (static_cast<double>(*most) >= kUneven * static_cast<double>(*least)) {
    out.push_back({Severity::kNote, "uneven_classes", p.path, "labels",
                   fmt::format("class {} has {} samples, class {} has {}", name(most), *most,
                               name(least), *least),
                   "look at each class's score, not at accuracy alone; --class-weight balanced"});
  }
  const auto rare = std::count_if(p.label_count.begin(), p.label_count.end(),
                                  [](std::int64_t n) { return n < kRare; });
  if (rare == 0) return;
  out.push_back({Severity::kNote, "rare_classes", p.path, "labels",
                 fmt::format("{} {} fewer than {} samples", counted(rare, "class"),
                             rare == 1 ? "has" : "have", kRare),
                 "collect more of them, or join classes", rare});
}

}  // namespace

void check_labels(const Profile& p, std::vector<Finding>& out) {
  for (const auto& sentence : p.alike) {
    out.push_back({Severity::kWarning, "alike_names", p.path, "labels", sentence,
                   "spell them alike where they are one"});
  }
  if (!p.likely_group.empty()) {
    out.push_back(
        {Severity::kNote, "likely_group", p.path, "",
         fmt::format("the column '{}' may be the group, and none was named", p.likely_group),
         fmt::format("where several samples share one: --group '{}'", p.likely_group)});
  }
  if (!p.labelled || p.number_labels) return;
  if (p.label_names.size() == 1) {
    out.push_back({Severity::kWarning, "one_class", p.path, "labels",
                   fmt::format("all samples have the label '{}'", p.label_names[0]),
                   "two classes at least can be told apart"});
    return;
  }
  check_balance(p, out);
  const auto classes = static_cast<std::int64_t>(p.label_names.size());
  if (p.label_changes + 1 == classes && p.samples >= 4 * classes) {
    out.push_back({Severity::kNote, "sorted_labels", p.path, "labels",
                   "the samples of each class stand together",
                   "where you cut the file yourself, shuffle it first; Refrain does so"});
  }
}

std::vector<Finding> check_file(const Profile& p) {
  std::vector<Finding> out;
  if (!p.encoding_remark.empty()) {
    out.push_back({Severity::kError, "encoding", p.path, "", p.encoding_remark,
                   fmt::format("--encoding {}, or save it in UTF-8", p.encoding)});
  }
  for (const auto& warning : p.warnings) {
    if (warning.find("U+FFFD") != std::string::npos) continue;  // the texts tell it
    const bool own = warning.starts_with(p.path + ": ");
    out.push_back({Severity::kWarning, "reader", p.path, "",
                   own ? warning.substr(p.path.size() + 2) : warning,
                   "'refrain train' says so too: follow it, or leave it at that"});
  }
  for (const auto& stream : p.streams) {
    switch (stream.kind) {
      case data::StreamKind::kSeries:
        check_series(p, stream, out);
        break;
      case data::StreamKind::kText:
        check_texts(p, stream, out);
        break;
      case data::StreamKind::kSound:
        check_sounds(p, stream, out);
        break;
    }
  }
  check_labels(p, out);
  return out;
}

}  // namespace refrain::inspect

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "refrain/inspect/schema.h"

namespace refrain::inspect {
namespace {

constexpr std::size_t kNamed = 5;  // of many names

std::string some_names(const std::vector<std::string>& names) {
  const auto end = names.begin() + static_cast<std::ptrdiff_t>(std::min(kNamed, names.size()));
  return fmt::format("{}{}", fmt::join(names.begin(), end, ", "),
                     names.size() > kNamed ? ", ..." : "");
}

class SchemaCheck {
 public:
  SchemaCheck(const Profile& profile, bool given) : profile_(profile), given_(given) {}

  std::vector<Finding> run(const Schema& schema) {
    if (given_ && profile_.samples < schema.least_samples) {
      add(Severity::kError, "too_few_samples", "",
          fmt::format("has {}, the schema wants {} at least", counted(profile_.samples, "sample"),
                      schema.least_samples));
    }
    if (given_ && !schema.encoding.empty() && schema.encoding != profile_.encoding) {
      add(Severity::kError, "encoding", "",
          fmt::format("is in {}, the schema wants {}", profile_.encoding, schema.encoding));
    }
    streams(schema);
    labels(schema);
    if (given_ && schema.groups && profile_.without_group > 0) {
      add(Severity::kError, "no_group", "",
          fmt::format("{} of {} samples have no group", profile_.without_group, profile_.samples));
    }
    return std::move(out_);
  }

 private:
  void add(Severity severity, const char* check, const std::string& where, std::string sentence) {
    out_.push_back({severity, check, profile_.path, where, std::move(sentence),
                    given_ ? "mend the data, or change the schema" : "compare the two files"});
  }

  void streams(const Schema& schema) {
    if (schema.streams.empty()) return;
    if (schema.streams.size() != profile_.streams.size()) {
      add(Severity::kError, "streams", "",
          fmt::format("has {}, expected {}",
                      counted(static_cast<std::int64_t>(profile_.streams.size()), "stream"),
                      schema.streams.size()));
      return;
    }
    for (std::size_t s = 0; s < schema.streams.size(); ++s) {
      stream(schema.streams[s], profile_.streams[s]);
    }
  }

  void stream(const StreamSchema& wanted, const Stream& s) {
    const StreamSchema have = schema_of_kind(s);
    const std::string where = profile_.streams.size() == 1 ? "" : "stream " + s.name;
    if (have.kind != wanted.kind) {
      add(Severity::kError, "kind", where,
          fmt::format("is {}, expected {}", have.kind, wanted.kind));
      return;
    }
    channels(wanted, s, where);
    if (!given_) return;
    within("steps", wanted.steps, s.steps, where);
    within("characters", wanted.characters, s.texts.characters, where);
    within("seconds", wanted.seconds, s.sounds.seconds, where);
    for (const auto& [rate, count] : s.sounds.rates) {
      if (!wanted.rates || std::count(wanted.rates->begin(), wanted.rates->end(), rate) > 0)
        continue;
      add(Severity::kError, "rate", where,
          fmt::format("{} at {} samples a second", counted(count, "recording"), rate));
    }
    if (!wanted.letters.empty() && s.kind == data::StreamKind::kText &&
        s.texts.language() != wanted.letters) {
      add(Severity::kError, "letters", where,
          fmt::format("its texts have {}, expected {}", s.texts.language(), wanted.letters));
    }
  }

  static StreamSchema schema_of_kind(const Stream& s) {
    StreamSchema out;
    out.kind = s.kind == data::StreamKind::kSeries ? "series"
               : s.kind == data::StreamKind::kText ? "text"
                                                   : "sound";
    return out;
  }

  void within(const char* what, const std::optional<Range>& range, const Reservoir& values,
              const std::string& where) {
    if (!range) return;
    const auto entries = values.sorted();
    const auto outside = std::count_if(entries.begin(), entries.end(),
                                       [&](double v) { return v < range->low || v > range->high; });
    if (outside == 0) return;
    add(Severity::kError, what, where,
        fmt::format("{} of {} samples have {} outside {:g} to {:g} ({:g} to {:g})", outside,
                    entries.size(), what, range->low, range->high, entries.front(),
                    entries.back()));
    out_.back().count = outside;
  }

  void channels(const StreamSchema& wanted, const Stream& s, const std::string& where) {
    if (wanted.channels.empty()) return;
    if (wanted.channels.size() != s.channels.size()) {
      add(Severity::kError, "channels", where,
          fmt::format("has {}, expected {}",
                      counted(static_cast<std::int64_t>(s.channels.size()), "channel"),
                      wanted.channels.size()));
      return;
    }
    for (std::size_t c = 0; c < s.channels.size() && given_; ++c) {
      channel(wanted.channels[c], s.channels[c]);
    }
  }

  void channel(const ChannelSchema& wanted, const Channel& c) {
    const std::string where = "channel " + c.name;
    if (!wanted.name.empty() && wanted.name != c.name) {
      add(Severity::kError, "channel_name", where, fmt::format("expected '{}' here", wanted.name));
    }
    if (wanted.range && c.values > 0 &&
        (c.low < wanted.range->low || c.high > wanted.range->high)) {
      add(Severity::kError, "range", where,
          fmt::format("values from {:g} to {:g}, expected {:g} to {:g}", c.low, c.high,
                      wanted.range->low, wanted.range->high));
    }
    const double share =
        static_cast<double>(c.missing) / std::max(1.0, static_cast<double>(c.values + c.missing));
    if (wanted.most_missing && share > *wanted.most_missing) {
      add(Severity::kError, "missing", where,
          fmt::format("{:.2g} of the values are missing, expected {:g} at most", share,
                      *wanted.most_missing));
    }
    if (wanted.moves && c.constant()) {
      add(Severity::kError, "constant_channel", where, fmt::format("is always {:g}", c.low));
    }
  }

  void unknown(const char* check, const char* what, const std::vector<std::string>& wanted,
               const std::map<std::string, std::int64_t>& have) {
    std::vector<std::string> names;
    std::int64_t samples = 0;
    for (const auto& [name, count] : have) {
      if (std::count(wanted.begin(), wanted.end(), name) > 0) continue;
      names.push_back(name);
      samples += count;
    }
    if (names.empty()) return;
    add(given_ ? Severity::kError : Severity::kWarning, check, "",
        fmt::format("{} {} that {} not have: {} ({} in all)", names.size(),
                    names.size() == 1 ? what : std::string(what) + (what[0] == 't' ? "s" : "es"),
                    given_ ? "the schema does" : "the first file does", some_names(names),
                    samples));
    if (!given_)
      out_.back().remedy =
          "they can only be missed: a misspelling, or samples to learn from are needed";
    out_.back().count = samples;
  }

  void labels(const Schema& schema) {
    std::map<std::string, std::int64_t> have;
    for (std::size_t i = 0; i < profile_.label_names.size(); ++i) {
      have[profile_.label_names[i]] = profile_.label_count[i];
    }
    if (profile_.labelled && schema.classes)
      unknown("unknown_class", "class", *schema.classes, have);
    if (profile_.tagged && schema.tags) unknown("unknown_tag", "tag", *schema.tags, profile_.tags);
    if (given_) within("target", schema.target, profile_.target, "");
    if (!profile_.labelled || !schema.classes || given_) return;
    std::vector<std::string> absent;
    for (const auto& name : *schema.classes) {
      if (!have.contains(name)) absent.push_back(name);
    }
    if (absent.empty()) return;
    add(Severity::kNote, "absent_class", "",
        fmt::format("has no sample of {}: {}",
                    absent.size() == 1 ? "1 class" : fmt::format("{} classes", absent.size()),
                    some_names(absent)));
    out_.back().remedy = "scores say nothing about them";
  }

  const Profile& profile_;
  bool given_;
  std::vector<Finding> out_;
};

}  // namespace

std::vector<Finding> check(const Schema& schema, const Profile& profile, bool given) {
  return SchemaCheck(profile, given).run(schema);
}

}  // namespace refrain::inspect

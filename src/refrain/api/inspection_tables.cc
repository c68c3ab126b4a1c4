#include "refrain/api/inside/inspection_tables.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace refrain::api {
namespace {

using inspect::Profile;
using inspect::Stream;

std::string number_text(double x) { return fmt::format("{:.4g}", x); }

// "60", "29 to 361 (median 120)".
std::string span_text(const inspect::Reservoir& values) {
  const auto sorted = values.sorted();
  if (sorted.empty()) return "";
  if (sorted.front() == sorted.back()) return number_text(sorted.front());
  return fmt::format("{} to {} (median {})", number_text(sorted.front()),
                     number_text(sorted.back()), number_text(inspect::quantile(sorted, 0.5)));
}

std::string content_text(const Stream& s) {
  switch (s.kind) {
    case data::StreamKind::kSeries:
      return fmt::format("series, {} channel{}, {} steps", s.channels.size(),
                         s.channels.size() == 1 ? "" : "s", span_text(s.steps));
    case data::StreamKind::kText:
      return fmt::format("texts, {} characters", span_text(s.texts.characters));
    default:
      return fmt::format("recordings, {} s", span_text(s.sounds.seconds));
  }
}

std::string label_text(const Profile& p) {
  if (p.number_labels) return "numbers " + span_text(p.target);
  if (p.tagged) return fmt::format("{} tags", p.tags.size());
  return p.labelled ? fmt::format("{} classes", p.label_names.size()) : "none";
}

Table files_table(const std::vector<const Profile*>& files) {
  Table out{"files", "", "file", {"samples", "labels", "content"}, {}};
  for (const auto* p : files) {
    std::vector<std::string> parts;
    for (const auto& stream : p->streams) parts.push_back(content_text(stream));
    out.rows.push_back(
        {p->name,
         {std::to_string(p->samples), label_text(*p), fmt::format("{}", fmt::join(parts, "; "))}});
  }
  return out;
}

double percent(std::int64_t part, std::int64_t whole) {
  const double share = 100 * static_cast<double>(part) / std::max(1.0, static_cast<double>(whole));
  return std::round(10 * share) / 10;
}

double rounded(double x) {
  if (!std::isfinite(x) || x == 0) return 0;
  const double unit = std::pow(10, std::floor(std::log10(std::abs(x))) - 3);
  return std::round(x / unit) * unit;
}

// What tells a row of one file from that of another.
std::string row_name(const Profile& p, const std::string& name, std::size_t files) {
  return files == 1 ? name : fmt::format("{} of {}", name, p.name);
}

void add_channels(const Profile& p, std::size_t files, Table& out) {
  for (const auto& stream : p.streams) {
    for (const auto& c : stream.channels) {
      const std::string name = p.streams.size() == 1 ? c.name : stream.name + "/" + c.name;
      if (c.values == 0) continue;
      out.rows.push_back({row_name(p, name, files),
                          {rounded(c.low), rounded(c.mean), rounded(c.high), rounded(c.deviation()),
                           percent(c.missing, c.values + c.missing),
                           rounded(inspect::quantile(c.still.sorted(), 0.5)),
                           static_cast<double>(c.spiky_samples.count)}});
    }
  }
}

void add_texts(const Profile& p, std::size_t files, Table& out) {
  for (const auto& s : p.streams) {
    if (s.kind != data::StreamKind::kText) continue;
    const auto once = std::count_if(s.texts.vocabulary.begin(), s.texts.vocabulary.end(),
                                    [](const auto& word) { return word.second == 1; });
    out.rows.push_back({row_name(p, s.name, files),
                        {span_text(s.texts.characters), span_text(s.texts.words),
                         static_cast<double>(s.texts.vocabulary.size()), static_cast<double>(once),
                         s.texts.language()}});
  }
}

void add_sounds(const Profile& p, std::size_t files, Table& out) {
  for (const auto& s : p.streams) {
    if (s.kind != data::StreamKind::kSound) continue;
    std::vector<int> rates;
    for (const auto& [rate, count] : s.sounds.rates) rates.push_back(rate);
    out.rows.push_back({row_name(p, s.name, files),
                        {span_text(s.sounds.seconds), fmt::format("{}", fmt::join(rates, ", ")),
                         rounded(inspect::quantile(s.sounds.loudness.sorted(), 0.5)),
                         rounded(inspect::quantile(s.sounds.silence.sorted(), 0.5))}});
  }
}

Table classes_table(const std::vector<const Profile*>& files) {
  Table out{"classes", "samples of each class", "class", {}, {}};
  std::set<std::string> names;
  for (const auto* p : files) {
    out.columns.push_back(p->name);
    if (!p->number_labels && p->labelled)
      names.insert(p->label_names.begin(), p->label_names.end());
  }
  for (const auto& name : names) {
    Table::Row row{name, {}};
    for (const auto* p : files) {
      const auto at = p->label_number.find(name);
      row.cells.emplace_back(
          at == p->label_number.end()
              ? 0.0
              : static_cast<double>(p->label_count[static_cast<std::size_t>(at->second)]));
    }
    out.rows.push_back(std::move(row));
  }
  return out;
}

Table drift_table(const std::vector<inspect::Drift>& drifts) {
  Table out{"drift",
            "tests of each file against the first: distance (0 equal, 1 nothing in common), p",
            "test",
            {"distance", "p", "differs"},
            {}};
  for (const auto& drift : drifts) {
    for (const auto& test : drift.tests) {
      const std::string name =
          fmt::format("{}{}{}", test.where, test.where.empty() ? "" : " ", test.feature);
      out.rows.push_back({drifts.size() == 1 ? name : fmt::format("{}: {}", drift.judged, name),
                          {rounded(test.found.distance), rounded(test.found.p),
                           std::string(test.differs ? "yes" : "no")}});
    }
  }
  return out;
}

}  // namespace

std::vector<Table> inspection_tables(const std::vector<const Profile*>& files,
                                     const std::vector<inspect::Drift>& drifts) {
  Table channels{"channels",
                 "channels: values of all samples; still: median share of a sample's steps in its "
                 "longest run of equal values; spiky: samples with spikes",
                 "channel",
                 {"least", "mean", "largest", "deviation", "% missing", "still", "spiky"},
                 {}};
  Table texts{
      "texts", "", "text", {"characters", "words", "different words", "once", "letters"}, {}};
  Table sounds{"recordings", "", "recording", {"seconds", "Hz", "loudness (dB)", "silence"}, {}};
  for (const auto* p : files) {
    add_channels(*p, files.size(), channels);
    add_texts(*p, files.size(), texts);
    add_sounds(*p, files.size(), sounds);
  }
  std::vector<Table> out;
  for (auto& table :
       {files_table(files), channels, texts, sounds, classes_table(files), drift_table(drifts)}) {
    if (!table.rows.empty()) out.push_back(table);
  }
  return out;
}

std::vector<std::string> verdict_of(const Inspection& found) {
  std::map<std::string, int> counts;
  for (const auto& f : found.findings) ++counts[f.severity];
  const auto part = [&](const char* name) {
    const int n = counts[name];
    return fmt::format("{} {}{}", n, name, n == 1 ? "" : "s");
  };
  return {fmt::format("{}: {}, {}, {}", found.failed ? "FAILED" : "passed", part("error"),
                      part("warning"), part("note"))};
}

}  // namespace refrain::api

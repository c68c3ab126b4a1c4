// An inspection as JSON and as sections for pages.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/table_json.h"
#include "refrain/api/inspection.h"

namespace refrain::api {
namespace {

using base::Json;

constexpr std::size_t kFindingsShown = 14, kNotesShown = 6, kLabelsShown = 8;
constexpr double kShownFrom = 0.5;  // a candidate's confidence, on pages

Json json_of_finding(const DataFinding& f) {
  Json out = {{"severity", f.severity}, {"check", f.check},       {"file", f.file},
              {"where", f.where},       {"sentence", f.sentence}, {"remedy", f.remedy}};
  if (f.count > 0) out["count"] = f.count;
  if (!f.lines.empty()) out["lines"] = f.lines;
  return out;
}

Json json_of_leak(const DataLeak& l) {
  return {{"known", l.known},   {"judged", l.judged},       {"of", l.of},
          {"exact", l.exact},   {"different", l.different}, {"near", l.near},
          {"groups", l.groups}, {"in_groups", l.in_groups}, {"contradictions", l.contradictions}};
}

Json json_of_candidate(const LabelCandidate& c) {
  Json out = {{"file", c.file},      {"line", c.line},           {"id", c.id},
              {"label", c.label},    {"suggested", c.suggested}, {"confidence", c.confidence},
              {"flagged", c.flagged}};
  if (c.step > 0) out["step"] = c.step;
  if (!c.content.empty()) out["content"] = c.content;
  return out;
}

// The short name of a path.
std::string name_in(const Inspection& found, const std::string& path) {
  for (std::size_t i = 0; i < found.files.size() && i < found.names.size(); ++i) {
    if (found.files[i] == path) return found.names[i];
  }
  return path;
}

// Two lines each: what was found, and what to do.
std::vector<std::string> finding_lines(const DataFinding& f, const Inspection& found) {
  std::string place = found.names.size() > 1 ? name_in(found, f.file) : "";
  if (!f.where.empty()) place += (place.empty() ? "" : ", ") + f.where;
  std::vector<std::string> out = {
      fmt::format("{:<7} {}{}{}", f.severity, place, place.empty() ? "" : ": ", f.sentence)};
  if (f.severity != "note") out.push_back("        try: " + f.remedy);
  return out;
}

Sentences findings_text(const Inspection& found) {
  Sentences out;
  std::size_t shown = 0, notes = 0, left = 0;
  for (const auto& f : found.findings) {
    const bool note = f.severity == "note";
    if (shown >= kFindingsShown || (note && notes >= kNotesShown)) {
      ++left;
      continue;
    }
    ++shown;
    notes += note ? 1 : 0;
    for (auto& line : finding_lines(f, found)) out.lines.push_back(std::move(line));
  }
  if (left > 0) out.lines.push_back(fmt::format("... and {} more, all in --json", left));
  return out;
}

Sentences leaks_text(const Inspection& found) {
  Sentences out;
  for (const auto& l : found.leaks) {
    std::string line = fmt::format("exact duplicates: {} of {} samples of {}", l.exact, l.of,
                                   name_in(found, l.judged));
    if (l.different != l.exact) line += fmt::format(" ({} different ones)", l.different);
    line += " stand in " + name_in(found, l.known);
    if (l.near > 0) line += fmt::format("; near copies: {}", l.near);
    if (l.groups > 0) line += fmt::format("; in groups of both: {}", l.in_groups);
    out.lines.push_back(std::move(line));
  }
  return out;
}

Table labels_table(const Inspection& found) {
  Table out{"label_candidates",
            "labels that may be wrong, the likeliest first",
            "place",
            {"label", "suggested", "confidence", "content"},
            {}};
  for (const auto& c : found.labels) {
    if (out.rows.size() == kLabelsShown || c.confidence < kShownFrom) break;
    const std::string place = c.step > 0 ? fmt::format("line {}, step {}", c.line, c.step)
                                         : fmt::format("line {}", c.line);
    out.rows.push_back(
        {place, {c.label, c.suggested, fmt::format("{:.2f}", c.confidence), c.content}});
  }
  return out;
}

}  // namespace

std::string Inspection::json() const {
  Json out = {{"failed", failed}, {"verdict", verdict}, {"files", files}};
  out["leaks"] = Json::array();
  for (const auto& leak : leaks) out["leaks"].push_back(json_of_leak(leak));
  out["findings"] = Json::array();
  for (const auto& finding : findings) out["findings"].push_back(json_of_finding(finding));
  out["preflight"] = preflight;
  out["label_candidates"] = Json::array();
  for (const auto& c : labels) out["label_candidates"].push_back(json_of_candidate(c));
  for (const auto& table : tables) {
    if (table.name != "files") out[table.name] = json_of_table(table);
    if (table.name == "files") out["content"] = json_of_table(table);
  }
  out["schema"] = schema.empty() ? Json(nullptr) : Json::parse(schema);
  return out.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::vector<Section> Inspection::sections() const {
  std::vector<Section> out = {{"verdict", false, Sentences{verdict}}};
  for (const auto& table : tables) {
    if (table.name == "files") out.push_back({table.name, false, table});
  }
  if (!leaks.empty()) out.push_back({"leaks", false, leaks_text(*this)});
  if (!findings.empty()) out.push_back({"findings", false, findings_text(*this)});
  if (!preflight.empty()) out.push_back({"preflight", false, Sentences{preflight}});
  if (!labels.empty() && labels.front().confidence >= kShownFrom) {
    out.push_back({"label_candidates", false, labels_table(*this)});
  }
  for (const auto& table : tables) {
    if (table.name != "files") out.push_back({table.name, true, table});
  }
  return out;
}

}  // namespace refrain::api

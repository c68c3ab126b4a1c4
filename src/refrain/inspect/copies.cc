#include "refrain/inspect/copies.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace refrain::inspect {
namespace {

constexpr std::size_t kMostCopyLines = 20;

void keep_line(std::int64_t line, std::vector<std::int64_t>& lines) {
  if (lines.size() < kMostCopyLines) lines.push_back(line);
}

// Each sample once; those that are `told` already are not.
void add_near(const std::vector<NearPair>& near, const Profile& judged, std::vector<char>& told,
              std::vector<std::int64_t>& lines, std::int64_t& count) {
  for (const auto& pair : near) {
    const auto j = static_cast<std::size_t>(pair.judged);
    if (told[j] != 0) continue;
    told[j] = 1;
    ++count;
    keep_line(judged.marks[j].line, lines);
  }
}

// Texts by their letters alone.
std::vector<NearPair> near_by_marks(const Profile& known, const Profile& judged) {
  std::unordered_map<std::uint64_t, std::int64_t> first;
  for (std::size_t i = 0; i < known.marks.size(); ++i) {
    if (known.marks[i].bare != 0) {
      first.try_emplace(known.marks[i].bare, static_cast<std::int64_t>(i));
    }
  }
  std::vector<NearPair> out;
  for (std::size_t j = 0; j < judged.marks.size(); ++j) {
    const auto twin = first.find(judged.marks[j].bare);
    if (judged.marks[j].bare == 0 || twin == first.end()) continue;
    const auto number = static_cast<std::int64_t>(j);
    if (&known == &judged && twin->second == number) continue;
    out.push_back({twin->second, number});
  }
  return out;
}

// The labels of a file, by contents.
using LabelsOf = std::unordered_map<std::uint64_t, std::set<std::string>>;

std::string label_of(const Profile& profile, const Mark& mark) {
  if (mark.label < 0) return "";
  return profile.label_names[static_cast<std::size_t>(mark.label)];
}

void note_groups(const Profile& known, const Profile& judged, Overlap& out) {
  std::set<std::uint64_t> both;
  for (const auto& [key, name] : judged.groups) {
    if (known.groups.contains(key)) both.insert(key);
  }
  out.groups = static_cast<std::int64_t>(both.size());
  for (const Mark& mark : judged.marks) {
    if (mark.group != 0 && both.contains(mark.group)) ++out.in_groups;
  }
}

Finding error_of(const Overlap& o, const char* check, std::string sentence, std::string remedy) {
  return {Severity::kError, check, o.judged, "", std::move(sentence), std::move(remedy)};
}

std::string with_lines(const std::vector<std::int64_t>& lines) {
  return lines.empty() ? "" : fmt::format(" ({})", lines_text(lines));
}

}  // namespace

Overlap overlap_of(const Profile& known, const Profile& judged, const std::vector<NearPair>* near) {
  Overlap out{known.path, judged.path, known.name, judged.samples};
  std::unordered_set<std::uint64_t> different;
  LabelsOf labels;
  for (const Mark& mark : known.marks) labels[mark.content].insert(label_of(known, mark));
  std::vector<char> exact(judged.marks.size(), 0);
  for (std::size_t j = 0; j < judged.marks.size(); ++j) {
    const Mark& mark = judged.marks[j];
    const auto twin = labels.find(mark.content);
    if (twin == labels.end()) continue;
    exact[j] = 1;
    ++out.exact;
    different.insert(mark.content);
    keep_line(mark.line, out.exact_lines);
    if (!known.labelled || !judged.labelled) continue;
    if (twin->second.contains(label_of(judged, mark))) continue;
    ++out.contradictions;
    keep_line(mark.line, out.contradiction_lines);
  }
  out.different = static_cast<std::int64_t>(different.size());
  if (near != nullptr) add_near(*near, judged, exact, out.near_lines, out.near);
  add_near(near_by_marks(known, judged), judged, exact, out.near_lines, out.near);
  note_groups(known, judged, out);
  return out;
}

OwnCopies copies_in(const Profile& profile, const std::vector<NearPair>* near) {
  OwnCopies out;
  std::unordered_map<std::uint64_t, std::pair<std::size_t, bool>> first;  // place, contradicted
  std::vector<char> exact(profile.marks.size(), 0);
  for (std::size_t i = 0; i < profile.marks.size(); ++i) {
    const Mark& mark = profile.marks[i];
    const auto [twin, is_new] = first.try_emplace(mark.content, i, false);
    if (is_new) continue;
    exact[i] = 1;
    ++out.exact;
    keep_line(mark.line, out.exact_lines);
    auto& [place, contradicted] = twin->second;
    if (contradicted || !profile.labelled || profile.marks[place].label == mark.label) continue;
    contradicted = true;
    ++out.contradictions;
    keep_line(mark.line, out.contradiction_lines);
  }
  if (near != nullptr) add_near(*near, profile, exact, out.near_lines, out.near);
  add_near(near_by_marks(profile, profile), profile, exact, out.near_lines, out.near);
  return out;
}

std::vector<Finding> findings_of(const Overlap& o) {
  std::vector<Finding> out;
  if (o.exact > 0) {
    out.push_back(error_of(
        o, "copies_across",
        fmt::format("{} of {} samples also stand in {}{}", o.exact, o.of, o.known_name,
                    with_lines(o.exact_lines)),
        "take them out of one of the files; a score on them tells what is known by heart"));
    out.back().count = o.exact, out.back().lines = o.exact_lines;
  }
  if (o.contradictions > 0) {
    out.push_back({Severity::kWarning, "contradictions_across", o.judged, "",
                   fmt::format("{} of these have a label that {} does not give them{}",
                               o.contradictions, o.known_name, with_lines(o.contradiction_lines)),
                   "find out which label is right", o.contradictions, o.contradiction_lines});
  }
  if (o.near > 0) {
    out.push_back({Severity::kWarning, "near_copies_across", o.judged, "",
                   fmt::format("{} of {} samples are nearly equal to samples of {}{}", o.near, o.of,
                               o.known_name, with_lines(o.near_lines)),
                   "look at them: copies that were scaled, cut or written anew leak as exact ones",
                   o.near, o.near_lines});
  }
  if (o.groups > 0) {
    out.push_back(error_of(
        o, "groups_across",
        fmt::format("{} of its groups also {} in {}: {} of {} samples", o.groups,
                    o.groups == 1 ? "stands" : "stand", o.known_name, o.in_groups, o.of),
        "move whole groups to one side; else the score does not tell how new groups will fare"));
    out.back().count = o.in_groups;
  }
  return out;
}

std::vector<Finding> findings_of(const OwnCopies& c, const Profile& p) {
  std::vector<Finding> out;
  if (c.exact > 0) {
    out.push_back({Severity::kNote, "copies", p.path, "",
                   fmt::format("{} of {} samples {} equal to an earlier one{}", c.exact, p.samples,
                               c.exact == 1 ? "is" : "are", with_lines(c.exact_lines)),
                   "splits keep equal samples together; where they are a mistake, drop them",
                   c.exact, c.exact_lines});
  }
  if (c.contradictions > 0 && !p.number_labels) {
    out.push_back({Severity::kWarning, "contradictions", p.path, "",
                   fmt::format("{} with equal contents and different labels{}",
                               counted(c.contradictions, "set") +
                                   (c.contradictions == 1 ? " of samples" : " of samples"),
                               with_lines(c.contradiction_lines)),
                   "not all of these labels can be right: decide, or drop them", c.contradictions,
                   c.contradiction_lines});
  }
  if (c.near > 0) {
    out.push_back({Severity::kNote, "near_copies", p.path, "",
                   fmt::format("{} of {} samples {} nearly equal to an earlier one{}", c.near,
                               p.samples, c.near == 1 ? "is" : "are", with_lines(c.near_lines)),
                   "where they come from one recording, name a --group that holds them together",
                   c.near, c.near_lines});
  }
  return out;
}

}  // namespace refrain::inspect

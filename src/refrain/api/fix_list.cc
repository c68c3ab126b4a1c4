#include "refrain/api/inside/fix_list.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "refrain/api/output.h"
#include "refrain/base/files.h"
#include "refrain/data/reader.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/table.h"
#include "refrain/data/source_text.h"
#include "refrain/data/spellings.h"

namespace refrain::api {
namespace {

constexpr const char* kHead =
    "file,line,id,step,label,suggested,confidence,flagged,decision,content\n";

struct Decision {
  std::int64_t line = 0;  // in the list
  std::string of_line, id, step, label, suggested, decision;
};

// The rows of a list as a person has saved it that are of this data file, by the names of its
// columns.
class FixRows {
 public:
  FixRows(const std::string& path, const std::string& data)
      : text_(data::text_of_bytes(base::read_file(path).bytes, path, "utf-8", base::Log())),
        rows_(text_, {}),
        data_(name_of(data)) {
    if (rows_.next(row_)) {
      for (std::size_t c = 0; c < row_.cells.size(); ++c)
        columns_[std::string(data::trim(row_.cells[c]))] = c;
    }
    for (const char* name : {"file", "line", "id", "step", "label", "suggested", "decision"}) {
      if (columns_.contains(name)) continue;
      throw Error(Code::kData, fmt::format("{}: the list has no column '{}'", path, name),
                  "write one with 'refrain inspect DATA --fixes-out FILE'");
    }
  }

  bool next() {
    while (rows_.next(row_)) {
      if (name_of(cell("file")) == data_) return true;
    }
    return false;
  }
  std::string cell(const char* name) const {
    const auto found = columns_.find(name);
    const bool there = found != columns_.end() && found->second < row_.cells.size();
    return there ? std::string(data::trim(row_.cells[found->second])) : "";
  }
  std::int64_t line() const { return row_.line; }

 private:
  static std::string name_of(const std::string& path) {
    return std::filesystem::path(path).lexically_normal().filename().string();
  }

  std::string text_;
  data::RowScanner rows_;
  data::Row row_;
  std::string data_;
  std::map<std::string, std::size_t> columns_;
};

std::vector<Decision> read_list(const std::string& path, const std::string& data,
                                data::Problems& problems) {
  std::vector<Decision> out;
  for (FixRows rows(path, data); rows.next();) {
    Decision d{rows.line(),
               rows.cell("line"),
               rows.cell("id"),
               rows.cell("step"),
               rows.cell("label"),
               rows.cell("suggested"),
               data::lower(rows.cell("decision"))};
    if (d.decision.empty() || d.decision == "keep") continue;
    if (d.decision == "relabel" || d.decision == "drop") {
      out.push_back(std::move(d));
    } else {
      problems.add(rows.line(), 0, fmt::format("'{}' is no decision", d.decision));
    }
  }
  return out;
}

class Fixing {
 public:
  Fixing(data::Dataset& dataset, data::Problems& problems)
      : dataset_(dataset), problems_(problems) {
    for (std::size_t i = 0; i < dataset.samples.size(); ++i) {
      const auto& s = dataset.samples[i];
      places_[{std::to_string(s.line), s.id}] = i;
    }
  }

  void take(const Decision& d) {
    const auto place = places_.find({d.of_line, d.id});
    if (place == places_.end()) {
      problems_.add(d.line, 0,
                    fmt::format("line {} of {} has no sample {}", d.of_line, dataset_.path, d.id));
      return;
    }
    std::string* label = label_at(d, dataset_.samples[place->second]);
    if (label == nullptr) return;
    if (data::spelling_key(*label) != data::spelling_key(d.label)) {
      problems_.add(d.line, 0,
                    fmt::format("line {} of {} has the label '{}', not '{}'", d.of_line,
                                dataset_.path, *label, d.label));
    } else if (d.decision == "drop") {
      dropped_.insert(place->second);
    } else if (d.suggested.empty()) {
      problems_.add(d.line, 0, "there is no suggested label");
    } else {
      *label = d.suggested;
      ++relabelled_;
    }
  }

  // Takes the dropped samples out; those that were made from one have no source then.
  void finish(const base::Log& log) {
    std::vector<std::int64_t> place(dataset_.samples.size(), -1);
    std::vector<data::Sample> kept;
    for (std::size_t i = 0; i < dataset_.samples.size(); ++i) {
      if (dropped_.contains(i)) continue;
      place[i] = static_cast<std::int64_t>(kept.size());
      kept.push_back(std::move(dataset_.samples[i]));
    }
    for (auto& s : kept) {
      const bool known = s.source >= 0 && static_cast<std::size_t>(s.source) < place.size();
      s.source = known ? place[static_cast<std::size_t>(s.source)] : -1;
    }
    dataset_.samples = std::move(kept);
    log.info(fmt::format("{}: {} labels were changed and {} samples dropped (--fixes)",
                         dataset_.path, relabelled_, dropped_.size()));
  }

 private:
  std::string* label_at(const Decision& d, data::Sample& sample) {
    if (d.step.empty()) return &sample.label;
    const std::size_t step = std::strtoul(d.step.c_str(), nullptr, 10);
    if (step >= 1 && step <= sample.tags.size()) return &sample.tags[step - 1];
    problems_.add(d.line, 0,
                  fmt::format("line {} of {} has no step {}", d.of_line, dataset_.path, d.step));
    return nullptr;
  }

  data::Dataset& dataset_;
  data::Problems& problems_;
  std::map<std::pair<std::string, std::string>, std::size_t> places_;  // by line and id
  std::set<std::size_t> dropped_;
  int relabelled_ = 0;
};

}  // namespace

void apply_fixes(const std::string& path, data::Dataset& dataset, const base::Log& log) {
  data::Problems problems(path);
  const auto decisions = read_list(path, dataset.path, problems);
  Fixing fixing(dataset, problems);
  for (const auto& decision : decisions) fixing.take(decision);
  problems.throw_if_any(
      "a decision is relabel, drop or nothing; make the list anew where the data "
      "have changed");
  if (decisions.empty()) {
    throw Error(Code::kData,
                fmt::format("{}: the list decides nothing about {}", path, dataset.path),
                "write relabel or drop into its column 'decision'");
  }
  fixing.finish(log);
}

std::vector<LabelCandidate> listed_labels(const std::string& path, const std::string& data) {
  std::vector<LabelCandidate> out;
  for (FixRows rows(path, data); rows.next();) {
    LabelCandidate c;
    c.file = data;
    c.id = rows.cell("id");
    c.line = std::strtoll(rows.cell("line").c_str(), nullptr, 10);
    c.step = static_cast<int>(std::strtol(rows.cell("step").c_str(), nullptr, 10));
    c.label = rows.cell("label"), c.suggested = rows.cell("suggested");
    c.confidence = std::strtod(rows.cell("confidence").c_str(), nullptr);
    c.flagged = rows.cell("flagged") == "yes";
    out.push_back(std::move(c));
  }
  return out;
}

std::string fix_list(const std::vector<LabelCandidate>& candidates) {
  std::string out = kHead;
  for (const auto& c : candidates) {
    out += fmt::format("{},{},{},{},{},{},{:.4f},{},,{}\n", csv_field(c.file), c.line,
                       csv_field(c.id), c.step > 0 ? std::to_string(c.step) : "",
                       csv_field(c.label), csv_field(c.suggested), c.confidence,
                       c.flagged ? "yes" : "no", csv_field(c.content));
  }
  return out;
}

}  // namespace refrain::api

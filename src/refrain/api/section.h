// A report as a list of named sections of plain data. The terminal, Markdown and whatever else
// shows a report go through the list, and know no task. Standard library only.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "refrain/base/table.h"

namespace refrain::api {

struct Sentences {
  std::vector<std::string> lines;
};

// Scores with their intervals, under a line and above remarks, each of which may be missing.
struct ScoreGroup {
  std::string title;
  std::vector<std::pair<std::string, Score>> rows;
  std::vector<std::string> notes;
};

// The model's scores first, then those of simple methods on the same samples.
struct ScoreGroups {
  std::vector<ScoreGroup> groups;
  bool fixed = true;  // always three digits behind the point; else as many as small errors need
};

struct Curve {
  std::string name;  // "training loss"
  std::vector<double> x, y;

  bool operator==(const Curve&) const = default;
};

struct Curves {
  std::string x;  // "epoch"
  std::vector<Curve> curves;
};

struct Section {
  std::string name;     // one of its kind in a report: "scores", "per_class"
  bool detail = false;  // a short summary leaves it out
  std::variant<Sentences, ScoreGroups, Table, Curves> content = {};
};

// A score with its interval as all pages write it: "0.938  (95 % interval 0.870 to 0.981)", or
// "0.938  (no interval)" where none is known.
std::string score_text(const Score& score, bool fixed);

// A cell of a table as all pages write it.
std::string cell_text(const Cell& cell);

}  // namespace refrain::api

#include "refrain/cli/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace refrain::cli {

using namespace api;

namespace {

constexpr std::size_t kLargestTable = 12;  // classes; a larger confusion matrix is left to --json

// At most so many bytes of a label, whole characters.
std::string shortened(const std::string& label, std::size_t most) {
  if (label.size() <= most) return label;
  while (most > 0 && (static_cast<unsigned char>(label[most]) & 0xC0) == 0x80) --most;
  return label.substr(0, most);
}

std::string with_interval(const Score& s, bool classes) {
  // Scores that are far from 1, as errors in units of the target may be, keep their digits.
  const double size = std::max(std::abs(s.low), std::abs(s.high));
  if (!classes && size > 0 && (size < 0.1 || size >= 1000)) {
    return fmt::format("{:.4g}  (95 % interval {:.4g} to {:.4g})", s.value, s.low, s.high);
  }
  return fmt::format("{:.3f}  (95 % interval {:.3f} to {:.3f})", s.value, s.low, s.high);
}

std::string cell_text(const Cell& cell) {
  if (const auto* s = std::get_if<Score>(&cell)) {
    return fmt::format("{:.3f} ({:.3f}-{:.3f})", s->value, s->low, s->high);
  }
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  return fmt::format("{:g}", std::get<double>(cell));
}

// As wide as its longest entry, up to `most` bytes.
std::size_t width_of(const std::vector<std::string>& entries, std::size_t most) {
  std::size_t width = 5;
  for (const auto& entry : entries) width = std::max(width, std::min(entry.size(), most));
  return width;
}

std::string shown(const Table& table) {
  if (table.rows.size() > kLargestTable) return "";
  const bool matrix = table.form == Table::Form::kMatrix;
  const std::size_t most = matrix ? 14 : 24;
  std::vector<std::string> names = {table.row};
  for (const auto& row : table.rows) names.push_back(row.name);
  const std::size_t first = width_of(names, most);
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    std::vector<std::string> entries = {table.columns[c]};
    for (const auto& row : table.rows) entries.push_back(cell_text(row.cells[c]));
    widths.push_back(matrix ? first : width_of(entries, 40));
  }
  const char* gap = matrix ? " " : "  ";
  std::string out = "\n" + (table.title.empty() ? "" : table.title + "\n");
  const auto name = [&](const std::string& text) {
    return matrix ? fmt::format(" {:>{}}", shortened(text, most), first)
                  : fmt::format(" {:<{}}", shortened(text, most), first);
  };
  const auto add = [&](std::size_t c, const std::string& text, bool left) {
    out += left ? fmt::format("{}{:<{}}", gap, text, widths[c])
                : fmt::format("{}{:>{}}", gap, shortened(text, 40), widths[c]);
  };
  const auto is_score = [&](std::size_t c) {
    return !table.rows.empty() && std::holds_alternative<Score>(table.rows[0].cells[c]);
  };
  out += name(table.row);
  for (std::size_t c = 0; c < widths.size(); ++c) {
    add(c, matrix ? shortened(table.columns[c], most) : table.columns[c], is_score(c));
  }
  for (const auto& row : table.rows) {
    out += "\n" + name(row.name);
    for (std::size_t c = 0; c < widths.size(); ++c) add(c, cell_text(row.cells[c]), is_score(c));
  }
  return out + "\n";
}

// The network against the best baseline: by how much, and whether these samples can tell.
std::string against(const AgainstBaseline& a) {
  const double d = a.difference.value;
  if (a.distinguishable) return (d > 0 ? "" : "note: ") + a.verdict + "\n";
  std::string how = fmt::format("the baseline '{}' does as well", a.baseline);
  if (d > 0 && a.in_points)
    how = fmt::format("the model has {:.1f} points more than '{}'", 100 * d, a.baseline);
  if (d < 0 && a.in_points)
    how = fmt::format("the baseline '{}' has {:.1f} points more", a.baseline, -100 * d);
  if (d > 0 && !a.in_points)
    how = fmt::format("the model is better than '{}' by {:.4g}", a.baseline, d);
  if (d < 0 && !a.in_points)
    how = fmt::format("the baseline '{}' is better by {:.4g}", a.baseline, -d);
  return fmt::format("note: {}; {}\n", how, a.verdict);
}

// How the network that is kept came about, where one training was not all.
std::string later_trainings(const Report& r) {
  std::string out;
  if (r.refit) {
    out += fmt::format("trained again on all {} samples for {} updates\n", r.refit->samples,
                       r.refit->updates);
  }
  if (!r.distilled) return out;
  const auto& d = *r.distilled;
  out += fmt::format("one network learnt from {} members: on {} {} samples they had {} {:.3f}",
                     d.members, d.samples, d.valid ? "validation" : "held-out", d.score_name,
                     d.members_score);
  if (d.valid) out += fmt::format(", it has {:.3f}", d.network_score);
  return out + "\n";
}

}  // namespace

std::string summary(const Report& r) {
  std::string out;
  auto to = std::back_inserter(out);
  fmt::format_to(to, "{}{}: {} training, {} validation, {} test samples; {} parameters\n", r.task,
                 r.classes.empty() ? "" : fmt::format(" of {} classes", r.classes.size()),
                 r.n_train, r.n_valid, r.n_test, r.params);
  if (r.folds > 0) {
    fmt::format_to(to, "{}: each sample scored by models that never saw it\n", r.protocol);
  }
  if (r.stop_reason == "fitted") {
    out += "fitted as a whole";
  } else {
    fmt::format_to(to, "{} epochs, best {}, stopped by {}", r.epochs, r.best_epoch, r.stop_reason);
  }
  if (r.seconds.train > 0) {  // an evaluation trains nothing
    fmt::format_to(to, "; {:.1f} s load, {:.1f} s train", r.seconds.load, r.seconds.train);
  }
  out += "\n";
  if (r.stop_reason == "interrupted") return out;
  out += later_trainings(r);
  out += "\n";
  std::size_t width = 18;
  for (const auto& [name, score] : r.metrics) width = std::max(width, name.size());
  for (const auto& b : r.baselines) width = std::max(width, b.name.size());
  for (const auto& [name, score] : r.metrics) {
    fmt::format_to(to, "{:<{}} {}\n", name, width, with_interval(score, !r.classes.empty()));
  }
  if (!r.variation.empty()) fmt::format_to(to, "the intervals hold {}\n", r.variation);
  if (!r.baselines.empty()) {
    fmt::format_to(to, "{} of simple methods on the same samples:\n", r.metric);
  }
  for (const auto& b : r.baselines) {
    fmt::format_to(to, "{:<{}} {}\n", b.name, width, with_interval(b.score, !r.classes.empty()));
  }
  if (r.against_baseline) out += against(*r.against_baseline);
  for (const auto& table : r.tables) out += shown(table);
  if (!r.run.empty()) fmt::format_to(to, "\nrun: {} (refrain runs show {})\n", r.run, r.run);
  if (!r.model.empty()) fmt::format_to(to, "\nmodel: {}\n", r.model);
  return out;
}

}  // namespace refrain::cli

// A report's sections. What is printed of a result is said here, once for all renderers.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "refrain/api/report.h"
#include "refrain/api/runs.h"

namespace refrain::api {
namespace {

std::string head_line(const Report& r) {
  return fmt::format("{}{}: {} training, {} validation, {} test samples; {} parameters", r.task,
                     r.classes.empty() ? "" : fmt::format(" of {} classes", r.classes.size()),
                     r.n_train, r.n_valid, r.n_test, r.params);
}

std::string training_line(const Report& r) {
  std::string out = r.stop_reason == "fitted" ? "fitted as a whole"
                                              : fmt::format("{} epochs, best {}, stopped by {}",
                                                            r.epochs, r.best_epoch, r.stop_reason);
  if (r.seconds.train > 0) {  // an evaluation trains nothing
    out += fmt::format("; {:.1f} s load, {:.1f} s train", r.seconds.load, r.seconds.train);
  }
  return out;
}

std::string distil_line(const DistilReport& d) {
  const std::string own = d.valid ? fmt::format(", it has {:.3f}", d.network_score) : "";
  return fmt::format("one network learnt from {} members: on {} {} samples they had {} {:.3f}{}",
                     d.members, d.samples, d.valid ? "validation" : "held-out", d.score_name,
                     d.members_score, own);
}

std::string score_words(const Score& s) {
  return fmt::format("{:.4g} ({:.4g} to {:.4g})", s.value, s.low, s.high);
}

}  // namespace

std::string sentence_of(const Forgetting& f) {
  return fmt::format("the source's own task, {} of {}: before {}, after {}", f.metric, f.file,
                     score_words(f.before), score_words(f.after));
}

namespace {

void put_transfer(const TransferReport& t, Sentences& out) {
  if (!t.source.empty()) {
    out.lines.push_back(fmt::format("began with {}: {} of {} parameters taken over", t.source,
                                    t.taken.size(), t.taken.size() + t.anew.size()));
  }
  if (t.frozen > 0) {
    out.lines.push_back(fmt::format("{} parameters were frozen and {} (SHA-256 {})", t.frozen,
                                    t.unchanged ? "are as they were" : "HAVE CHANGED",
                                    t.frozen_hash.substr(0, 12)));
  }
  if (!t.verdict.empty()) out.lines.push_back(t.verdict);
  if (t.forgetting) out.lines.push_back(sentence_of(*t.forgetting));
}

// Says what was learned, from how many samples, and how the kept network was found.
Section overview(const Report& r) {
  Sentences out{{head_line(r)}};
  if (r.folds > 0) {
    out.lines.push_back(r.protocol + ": each sample scored by models that never saw it");
  }
  out.lines.push_back(training_line(r));
  if (r.stop_reason == "interrupted") return {"overview", false, out};
  if (r.refit) {
    out.lines.push_back(fmt::format("trained again on all {} samples for {} updates",
                                    r.refit->samples, r.refit->updates));
  }
  if (r.distilled) out.lines.push_back(distil_line(*r.distilled));
  if (r.transfer) put_transfer(*r.transfer, out);
  return {"overview", false, out};
}

// The network against the best baseline: by how much, and whether these samples can tell.
std::string against(const AgainstBaseline& a) {
  const double d = a.difference.value;
  if (a.distinguishable) return (d > 0 ? "" : "note: ") + a.verdict;
  std::string how = fmt::format("the baseline '{}' does as well", a.baseline);
  if (d > 0 && a.in_points) {
    how = fmt::format("the model has {:.1f} points more than '{}'", 100 * d, a.baseline);
  } else if (d < 0 && a.in_points) {
    how = fmt::format("the baseline '{}' has {:.1f} points more", a.baseline, -100 * d);
  } else if (d > 0) {
    how = fmt::format("the model is better than '{}' by {:.4g}", a.baseline, d);
  } else if (d < 0) {
    how = fmt::format("the baseline '{}' is better by {:.4g}", a.baseline, -d);
  }
  return fmt::format("note: {}; {}", how, a.verdict);
}

std::string added_line(const std::string& metric, const NetworksAdded& added) {
  return fmt::format("the model's simple methods without its networks: {} {:.3f}; {}", metric,
                     added.without.value, added.verdict);
}

Section scores(const Report& r) {
  ScoreGroup own{"", r.metrics, {}}, simple;
  if (!r.variation.empty()) own.notes.push_back("the intervals hold " + r.variation);
  if (r.within_groups) own.notes.push_back(within_groups_text(r));
  for (const auto& b : r.baselines) simple.rows.emplace_back(b.name, b.score);
  if (!r.baselines.empty()) simple.title = r.metric + " of simple methods on the same samples:";
  if (r.against_baseline) simple.notes.push_back(against(*r.against_baseline));
  if (r.networks_added) simple.notes.push_back(added_line(r.metric, *r.networks_added));
  return {"scores", false, ScoreGroups{{own, simple}, !r.classes.empty()}};
}

// Says how the data were read and what may make the scores too high.
Section data_section(const Report& r) {
  Sentences out;
  const auto add = [&](const char* what, const std::string& text) {
    if (!text.empty()) out.lines.push_back(what + text);
  };
  add("", r.recognised.summary);
  add("not read: ", fmt::format("{}", fmt::join(r.recognised.not_read, ", ")));
  for (const auto& warning : r.recognised.warnings) add("warning: ", warning);
  add("scored: ", r.protocol);
  add("leaks: ", r.leaks);
  if (r.units.units < r.units.samples) {
    add("", fmt::format("the {} scored samples are {} unrelated units", r.units.samples,
                        r.units.units));
  }
  return {"data", true, out};
}

Section resources(const Report& r) {
  Table out{"resources",
            fmt::format("seed {}, {}", r.seed,
                        r.threads == 0 ? "all cores" : fmt::format("threads: {}", r.threads)),
            "step",
            {"seconds"},
            {{"load", {r.seconds.load}},
             {"train", {r.seconds.train}},
             {"evaluate", {r.seconds.evaluate}}}};
  for (const auto& b : r.baselines) out.rows.push_back({b.name, {b.seconds}});
  return {"resources", true, out};
}

Table table_of(const char* name, const std::vector<std::pair<std::string, std::string>>& facts) {
  Table out{name, "", "", {"value"}, {}};
  for (const auto& [fact, text] : facts) out.rows.push_back({fact, {text}});
  return out;
}

// Two decimals of scores that run to 100 or more, as BLEU does; three of others.
int decimals_of(const Score& s) {
  return std::max(std::abs(s.low), std::abs(s.high)) >= 10 ? 2 : 3;
}

// How the numbers of a score with an interval are written.
std::function<std::string(double)> number_format(const Score& s, bool fixed) {
  // Scores that are far from 1, as errors in units of the target may be, keep their digits.
  const double size = std::max(std::abs(s.low), std::abs(s.high));
  if (!fixed && size > 0 && (size < 0.1 || size >= 1000)) {
    return [](double x) { return fmt::format("{:.4g}", x); };
  }
  return [digits = decimals_of(s)](double x) { return fmt::format("{:.{}f}", x, digits); };
}

}  // namespace

std::string score_text(const Score& s, bool fixed) {
  if (!has_interval(s)) return fmt::format("{:.4g}  (no interval)", s.value);
  const auto number = number_format(s, fixed);
  return fmt::format("{}  (95 % interval {} to {})", number(s.value), number(s.low),
                     number(s.high));
}

std::string within_groups_text(const Report& r) {
  if (!r.within_groups) return "";
  const Score& s = *r.within_groups;
  const auto number = number_format(s, !r.classes.empty());
  const int groups = r.units.units;
  return fmt::format("95 % interval for other samples of {}: {} to {}{}",
                     groups == 1 ? "this group" : fmt::format("these {} groups", groups),
                     number(s.low), number(s.high),
                     groups == 1 ? "; one group tells nothing of others" : "");
}

std::string cell_text(const Cell& cell) {
  if (const auto* s = std::get_if<Score>(&cell)) {
    if (!has_interval(*s)) return fmt::format("{:.4g}", s->value);
    const int digits = decimals_of(*s);
    return fmt::format("{:.{}f} ({:.{}f}-{:.{}f})", s->value, digits, s->low, digits, s->high,
                       digits);
  }
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  return fmt::format("{:g}", std::get<double>(cell));
}

std::vector<Section> RunDetails::sections() const {
  ScoreGroup simple;
  for (const auto& b : baselines) simple.rows.emplace_back(b.model, b.score);
  if (!baselines.empty()) simple.title = summary.metric + " of simple methods on the same samples:";
  if (!verdict.empty()) simple.notes.push_back(verdict);
  std::vector<Section> out = {{"run", false, table_of("run", facts)},
                              {"scores", false, ScoreGroups{{{"", scores, {}}, simple}, false}}};
  for (const auto& table : tables) out.push_back({table.name, false, table});
  if (!curves.empty()) out.push_back({"learning", true, Curves{"epoch", curves}});
  out.push_back({"options", true, table_of("options", options)});
  return out;
}

std::vector<Section> Report::sections() const {
  std::vector<Section> out = {overview(*this)};
  if (stop_reason != "interrupted") {
    out.push_back(scores(*this));
    for (const auto& table : tables) out.push_back({table.name, false, table});
    if (!run.empty()) {
      out.push_back(
          {"run", false, Sentences{{fmt::format("run: {} (refrain runs show {})", run, run)}}});
    }
    if (!model.empty()) out.push_back({"model", false, Sentences{{"model: " + model}}});
  }
  if (!curves.empty()) out.push_back({"learning", true, Curves{"epoch", curves}});
  if (!findings.empty()) out.push_back({"findings", true, Sentences{findings}});
  out.push_back(data_section(*this));
  out.push_back(resources(*this));
  return out;
}

}  // namespace refrain::api

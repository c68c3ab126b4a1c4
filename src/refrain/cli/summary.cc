#include "refrain/cli/summary.h"

#include <fmt/format.h>

#include <algorithm>
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

std::string with_interval(const Score& s) {
  return fmt::format("{:.3f}  (95 % interval {:.3f} to {:.3f})", s.value, s.low, s.high);
}

void add_confusion(const Report& r, std::string& out) {
  if (r.classes.size() > kLargestTable) return;
  std::size_t width = 5;
  for (const auto& c : r.classes) width = std::max(width, std::min<std::size_t>(c.size(), 14));
  const auto cell = [&](const std::string& text) {
    return fmt::format(" {:>{}}", shortened(text, 14), width);
  };
  out += "\nrows: true class, columns: predicted\n" + cell("");
  for (const auto& c : r.classes) out += cell(c);
  for (std::size_t i = 0; i < r.confusion.size(); ++i) {
    out += "\n" + cell(r.classes[i]);
    for (const int n : r.confusion[i]) out += cell(std::to_string(n));
  }
  out += "\n";
}

// How well each class is found.
void add_classes(const Report& r, std::string& out) {
  if (r.per_class.size() > kLargestTable) return;
  std::size_t width = 5;
  for (const auto& row : r.per_class)
    width = std::max(width, std::min<std::size_t>(row.label.size(), 24));
  const auto cell = [](const Score& s) {
    return fmt::format("  {:.3f} ({:.3f}-{:.3f})", s.value, s.low, s.high);
  };
  out += fmt::format("\n {:<{}}  {:<19}  {:<19}  {:<19}  {:>7}\n", "class", width, "precision",
                     "recall", "f1", "samples");
  for (const auto& row : r.per_class) {
    out += fmt::format(" {:<{}}{}{}{}  {:>7g}\n", shortened(row.label, 24), width,
                       cell(row.precision), cell(row.recall), cell(row.f1), row.support);
  }
}

// The network against the best baseline: by how much, and whether these samples can tell.
std::string against(const AgainstBaseline& a) {
  const double points = 100 * a.difference.value;
  if (a.distinguishable) return (points > 0 ? "" : "note: ") + a.verdict + "\n";
  std::string how = fmt::format("the baseline '{}' does as well", a.baseline);
  if (points > 0)
    how = fmt::format("the model has {:.1f} points more than '{}'", points, a.baseline);
  if (points < 0)
    how = fmt::format("the baseline '{}' has {:.1f} points more", a.baseline, -points);
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
  out +=
      fmt::format("one network learnt from {} members: on {} {} samples they had accuracy {:.3f}",
                  d.members, d.samples, d.valid ? "validation" : "held-out", d.members_accuracy);
  if (d.valid) out += fmt::format(", it has {:.3f}", d.network_accuracy);
  return out + "\n";
}

}  // namespace

std::string summary(const Report& r) {
  std::string out;
  auto to = std::back_inserter(out);
  fmt::format_to(to,
                 "{} of {} classes: {} training, {} validation, {} test samples; {} parameters\n",
                 r.task, r.classes.size(), r.n_train, r.n_valid, r.n_test, r.params);
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
  for (const auto& [name, score] : r.metrics) {
    fmt::format_to(to, "{:<18} {}\n", name, with_interval(score));
  }
  if (!r.variation.empty()) fmt::format_to(to, "the intervals hold {}\n", r.variation);
  if (!r.baselines.empty()) out += "accuracy of simple methods on the same samples:\n";
  for (const auto& b : r.baselines) {
    fmt::format_to(to, "{:<18} {}\n", b.name, with_interval(b.accuracy));
  }
  if (r.against_baseline) out += against(*r.against_baseline);
  add_classes(r, out);
  add_confusion(r, out);
  if (!r.run.empty()) fmt::format_to(to, "\nrun: {} (refrain runs show {})\n", r.run, r.run);
  if (!r.model.empty()) fmt::format_to(to, "\nmodel: {}\n", r.model);
  return out;
}

}  // namespace refrain::cli

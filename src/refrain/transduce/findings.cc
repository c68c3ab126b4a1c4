#include "refrain/transduce/findings.h"

#include <fmt/format.h>

#include "refrain/base/at.h"
#include "refrain/train/doctor.h"

namespace refrain::transduce {
namespace {

using base::at;

// A network that writes nothing to one sample in five is not done; one in fifty may be a silence.
constexpr double kManyEmpty = 0.2, kManyCut = 0.05;
constexpr int kFewestReplies = 5;
constexpr std::size_t kMostLookedAt = 200;

// Steps of the encoder at which some symbol stands.
int steps_written(const Option& option) {
  int out = 0;
  for (std::size_t k = 0; k < option.first.size(); ++k) {
    out += option.last[k] - option.first[k] + 1;
  }
  return out;
}

// "38 of 40 validation replies".
std::string of_replies(int count, const WritingFacts& facts) {
  return fmt::format("{} of {} validation replies", count, facts.replies);
}

std::string empty_finding(const WritingFacts& facts, const Settings& s, double lr) {
  const std::string rate = fmt::format("a higher --lr ({:.2g})", lr);
  if (s.attends()) {
    return fmt::format("{} are empty: the decoder ends before it writes: more --epochs ({}) or {}",
                       of_replies(facts.empty, facts), s.train.epochs, rate);
  }
  const char* what =
      facts.empty == facts.replies ? "the network writes nothing" : "CTC has hardly begun to write";
  return fmt::format(
      "{}: {:.0f} % of its steps are blank and {} are empty: more --epochs ({}), {}, or a smaller "
      "--batch-size ({})",
      what, 100 * facts.blank, of_replies(facts.empty, facts), s.train.epochs, rate,
      s.train.batch_size);
}

}  // namespace

WritingFacts facts_of_writing(const Transducer& t, const data::Subset& samples, int threads) {
  std::vector<data::EncodedSample> encoded;
  for (int i = 0; i < samples.size() && encoded.size() < kMostLookedAt; ++i) {
    auto sample = encode(t, samples[i], samples.chosen[at(i)]);
    if (sample.streams.back().length > 1) encoded.push_back(std::move(sample));
  }
  Writing how;
  how.beam = 1;
  how.threads = threads;
  how.aligned = !t.settings.attends();
  how.near_truth = true;
  WritingFacts out;
  double steps = 0, written = 0;
  const auto replies = write(t, encoded, how);
  for (std::size_t i = 0; i < replies.size(); ++i) {
    const Option& best = replies[i].options.front();
    ++out.replies;
    if (best.symbols.empty()) ++out.empty;
    if (t.settings.attends() &&
        static_cast<int>(best.symbols.size()) >= longest_reply(encoded[i], how)) {
      ++out.cut;
    }
    steps += replies[i].steps;
    written += steps_written(best);
  }
  if (!t.settings.attends() && steps > 0) out.blank = 1 - written / steps;
  return out;
}

std::vector<std::string> reply_findings(const WritingFacts& facts, const Settings& settings,
                                        const train::Outcome& first) {
  std::vector<std::string> out;
  if (facts.replies >= kFewestReplies) {
    if (facts.empty > kManyEmpty * facts.replies) {
      out.push_back(empty_finding(facts, settings, first.lr));
    }
    if (facts.cut > kManyCut * facts.replies) {
      out.push_back(fmt::format(
          "{} go on without end and were cut, as attention does that has not learnt where it is: "
          "more --epochs ({}), --coverage-penalty 0.2, or --decoder both",
          of_replies(facts.cut, facts), settings.train.epochs));
    }
  }
  for (auto& sentence : train::diagnose(first, {settings.train, settings.optim, false})) {
    out.push_back(std::move(sentence));
  }
  return out;
}

}  // namespace refrain::transduce

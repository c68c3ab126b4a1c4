#include "refrain/transduce/ctc_vote.h"

#include <algorithm>
#include <limits>
#include <map>

#include "refrain/base/at.h"
#include "refrain/tape/ctc_loss.h"

namespace refrain::transduce {
namespace {

using base::at;

constexpr int kProposals = 8;  // of each network, at least

}  // namespace

double ctc_log_p(const std::vector<CtcVoice>& voices, const std::vector<int>& symbols, int blank) {
  thread_local tape::Tape desk;  // many sequences are tried, and each leaves its memory
  const int count = static_cast<int>(symbols.size());
  const int begin[] = {0, count};
  double sum = 0, surprise = 0;
  tape::CtcLoss o;
  o.symbol = symbols.data();
  o.begin = begin;
  o.blank = blank;
  o.surprise = &surprise;
  for (const auto& voice : voices) {
    if (tape::ctc_steps(symbols.data(), count) > voice.steps->N) {
      return -std::numeric_limits<double>::infinity();
    }
    desk.reset(false);
    const auto scores = desk.constant(voice.tape->value(voice.scores));
    tape::ctc_loss(desk, scores, o, *voice.steps);
    sum -= surprise;
  }
  return sum / static_cast<double>(voices.size());
}

std::vector<nn::CtcSequence> ctc_vote(const std::vector<CtcVoice>& voices,
                                      const nn::CtcSearch& options) {
  const auto search = [](const CtcVoice& voice, const nn::CtcSearch& o) {
    return nn::ctc_search(voice.tape->value(voice.scores), o);
  };
  if (voices.size() == 1) return search(voices.front(), options);
  nn::CtcSearch wide = options;
  wide.best = std::max(options.best, kProposals);
  wide.beam = std::max(options.beam, wide.best);
  std::map<std::vector<int>, double> added;  // by model and bonus, to each proposal
  for (const auto& voice : voices) {
    for (const auto& s : search(voice, wide)) added.emplace(s.symbols, s.score - s.log_p);
  }
  std::vector<nn::CtcSequence> out;
  for (const auto& [symbols, more] : added) {
    const double mean = ctc_log_p(voices, symbols, options.blank);
    out.push_back({symbols, mean, mean + more});
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.score > b.score; });
  out.resize(std::min(out.size(), at(options.best)));
  return out;
}

}  // namespace refrain::transduce

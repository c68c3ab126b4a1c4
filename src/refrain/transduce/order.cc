#include "refrain/transduce/order.h"

#include <algorithm>

#include "refrain/base/at.h"
#include "refrain/transduce/simple/ibm_model1.h"

namespace refrain::transduce {
namespace {

using base::at;

constexpr std::size_t kMostRead = 500, kLongest = 100;
constexpr int kOrderIterations = 10;

UnitList units_of(const Symbols& symbols, std::string_view text) {
  UnitList out;
  for (const int symbol : symbols.encode(text)) out.push_back(std::to_string(symbol));
  if (out.size() > kLongest) out.resize(kLongest);
  return out;
}

// The place of the source symbol that a target most probably comes from; -1 where it is none, or
// where it stands there more than once.
int place_of(const IbmModel1& model, const UnitPair& pair, const std::string& target) {
  double most = model.probability(target, "");
  int place = -1;
  for (std::size_t i = 0; i < pair.source.size(); ++i) {
    const double p = model.probability(target, pair.source[i]);
    if (p > most) {
      most = p;
      place = static_cast<int>(i);
    }
  }
  if (place < 0) return -1;
  const auto count = std::count(pair.source.begin(), pair.source.end(), pair.source[at(place)]);
  return count == 1 ? place : -1;
}

}  // namespace

double order_share(const std::vector<std::string_view>& sources, Symbols::Kind source_kind,
                   const std::vector<std::string_view>& replies, Symbols::Kind reply_kind) {
  std::vector<std::string_view> from, to;
  const std::size_t step = std::max<std::size_t>(1, sources.size() / kMostRead);
  for (std::size_t i = 0; i < sources.size(); i += step) {
    from.push_back(sources[i]);
    to.push_back(replies[i]);
  }
  const Symbols a = Symbols::fit(from, source_kind, 0), b = Symbols::fit(to, reply_kind, 0);
  std::vector<UnitPair> pairs;
  for (std::size_t i = 0; i < from.size(); ++i) {
    pairs.push_back({units_of(a, from[i]), units_of(b, to[i])});
  }
  IbmModel1 model;
  model.fit(pairs, kOrderIterations);
  int forward = 0, backward = 0;
  for (const auto& pair : pairs) {
    int before = -1;
    for (const auto& target : pair.target) {
      const int place = place_of(model, pair, target);
      if (before >= 0 && place > before) ++forward;
      if (before >= 0 && place >= 0 && place < before) ++backward;
      if (place >= 0) before = place;
    }
  }
  return forward + backward == 0 ? 0.5 : static_cast<double>(forward) / (forward + backward);
}

}  // namespace refrain::transduce

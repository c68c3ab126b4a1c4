#include "refrain/store/run.h"

#include "refrain/base/digest.h"

namespace refrain::store {

Score main_score(const Run& run) {
  for (const auto& score : run.scores) {
    if (score.metric == run.metric) return score;
  }
  return {};
}

std::string predictions_hash(const std::vector<Prediction>& predictions) {
  base::Digest digest;
  for (const auto& p : predictions) {
    digest.add_count(static_cast<std::uint64_t>(p.repeat));
    digest.add_count(static_cast<std::uint64_t>(p.fold));
    for (const auto* text : {&p.sample, &p.group, &p.truth, &p.predicted}) digest.add_text(*text);
    digest.add_list(p.probability);
  }
  return digest.hex();
}

}  // namespace refrain::store

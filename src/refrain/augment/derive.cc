#include "refrain/augment/derive.h"

#include "refrain/base/digest.h"

namespace refrain::augment {

data::Sample derive(const Pipeline& pipeline, const Pool& pool, int place, const base::Rng& epoch) {
  data::Sample out = pool[place];
  const int number = pool.number(place);
  if (out.source < 0) out.source = number;
  pipeline.apply(out, {sample_rng(epoch, number), pool, place});
  if (out.shares.size() == 1) out.shares.clear();
  return out;
}

std::string content_digest(const data::Sample& sample) {
  base::Digest digest;
  digest.add_text(sample.label).add_count(sample.streams.size());
  for (const auto& value : sample.streams) {
    if (const auto* series = std::get_if<data::Series>(&value)) {
      digest.add_count(static_cast<std::uint64_t>(series->steps)).add_list(series->values);
    } else {
      digest.add_text(std::get<std::string>(value));
    }
  }
  digest.add_count(sample.shares.size());
  for (const auto& [label, share] : sample.shares) {
    digest.add_text(label).add_list(std::vector<double>{share});
  }
  digest.add_count(sample.tags.size());
  for (const auto& tag : sample.tags) digest.add_text(tag);
  return digest.hex();
}

}  // namespace refrain::augment

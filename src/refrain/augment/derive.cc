#include "refrain/augment/derive.h"

#include "refrain/augment/text/likeness.h"
#include "refrain/base/digest.h"
#include "refrain/base/threads.h"
#include "refrain/data/front_end.h"

namespace refrain::augment {
namespace {

// Changes the recording of a series that was computed from one, and computes the series again. The
// steps for series run afterwards, each with the same draw.
void change_recording(const Pipeline& pipeline, const Draw& draw, data::Sample& sample) {
  const auto& front = draw.pool.dataset().front;
  if (front == nullptr || sample.recording == nullptr) return;
  if (!pipeline.changes(data::StreamKind::kSound)) return;
  data::Value series = std::exchange(sample.streams.front(), *sample.recording);
  pipeline.apply(sample, draw);
  const auto changed =
      std::make_shared<const data::Sound>(std::move(std::get<data::Sound>(sample.streams.front())));
  if (*changed == *sample.recording) {
    sample.streams.front() = std::move(series);
    return;
  }
  sample.streams.front() = (*front)(*changed);
  sample.recording = changed;
}

}  // namespace

data::Sample derive(const Pipeline& pipeline, const Pool& pool, int place, const base::Rng& epoch) {
  return vary(pipeline, pool, place, sample_rng(epoch, pool.number(place)));
}

data::Sample vary(const Pipeline& pipeline, const Pool& pool, int place, const base::Rng& rng) {
  data::Sample out = pool[place];
  if (out.source < 0) out.source = pool.number(place);
  const Draw draw{rng, pool, place};
  change_recording(pipeline, draw, out);
  pipeline.apply(out, draw);
  if (out.shares.size() == 1) out.shares.clear();
  return out;
}

std::vector<data::Sample> derive_all(const Pipeline& pipeline, const Pool& pool,
                                     const base::Rng& epoch, int threads) {
  std::vector<data::Sample> out(static_cast<std::size_t>(pool.size()));
  base::parallel_for(pool.size(), threads, [&](int i) {
    out[static_cast<std::size_t>(i)] = derive(pipeline, pool, i, epoch);
  });
  return out;
}

const std::string& main_label(const data::Sample& sample) {
  const std::string* found = &sample.label;
  double most = 0;
  for (const auto& [label, share] : sample.shares) {
    if (share > most) found = &label, most = share;
  }
  return *found;
}

std::string plain_digest(const data::Sample& sample) {
  data::Sample plain = sample;
  for (auto& value : plain.streams) {
    if (auto* text = std::get_if<std::string>(&value)) *text = normalised(*text);
  }
  return content_digest(plain);
}

std::string content_digest(const data::Sample& sample) {
  base::Digest digest;
  digest.add_text(sample.label).add_count(sample.streams.size());
  for (const auto& value : sample.streams) {
    if (const auto* series = std::get_if<data::Series>(&value)) {
      digest.add_count(static_cast<std::uint64_t>(series->steps)).add_list(series->values);
    } else if (const auto* sound = std::get_if<data::Sound>(&value)) {
      digest.add_count(static_cast<std::uint64_t>(sound->rate)).add_list(sound->samples);
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

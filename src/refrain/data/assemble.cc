#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "refrain/base/at.h"
#include "refrain/base/error.h"
#include "refrain/data/batch.h"

namespace refrain::data {
namespace {

using base::at;

// The samples of a batch, in batch order.
struct Chosen {
  const std::vector<EncodedSample>& samples;
  const int* chosen;
  int count;

  const EncodedSample& sample(int b) const { return samples[at(chosen[b])]; }
  const EncodedStream& stream(int b, std::size_t s) const { return sample(b).streams[s]; }
};

[[noreturn]] void refuse(const EncodedSample& sample, const char* what) {
  throw Error(Code::kShape, fmt::format("sample {} of the batch {}", sample.index, what));
}

// Copies row b of the batch, [length,F] in one piece, to its places in the time-major block.
template <class T>
void copy_row(const T* from, int b, const tensor::Steps& steps, std::size_t features, T* to) {
  const int length = steps.length[b];
  for (int t = 0; t < length; ++t, from += features) {
    std::copy_n(from, features, to + at(steps.row(t, b)) * features);
  }
}

// F as the first sample has it; all others must agree.
std::size_t check_stream(const Chosen& chosen, std::size_t s, StreamKind kind) {
  const auto& first = chosen.stream(0, s);
  const bool text = kind == StreamKind::kText;
  const std::size_t features = text ? 1 : first.values.size() / at(std::max(first.length, 1));
  for (int b = 0; b < chosen.count; ++b) {
    const auto& stream = chosen.stream(b, s);
    if (stream.length < 1) refuse(chosen.sample(b), "has no steps");
    const std::size_t have = text ? stream.ids.size() : stream.values.size();
    if (have != at(stream.length) * features) {
      refuse(chosen.sample(b), "has another number of values than its length and the others say");
    }
  }
  return features;
}

void fill_stream(const Chosen& chosen, std::size_t s, std::vector<int>& lengths, StreamBatch& out) {
  const std::size_t features = check_stream(chosen, s, out.kind);
  lengths.clear();
  for (int b = 0; b < chosen.count; ++b) lengths.push_back(chosen.stream(b, s).length);
  out.table.assign(lengths);
  const auto& steps = out.table.steps();
  const bool text = out.kind == StreamKind::kText;
  out.features = text ? 0 : static_cast<int>(features);
  out.ids.resize(text ? at(steps.N) : 0);
  out.values.resize(text ? 0 : at(steps.N) * features);
  for (int b = 0; b < steps.B; ++b) {
    const auto& from = chosen.stream(steps.position[b], s);
    if (text) {
      copy_row(from.ids.data(), b, steps, 1, out.ids.data());
    } else {
      copy_row(from.values.data(), b, steps, features, out.values.data());
    }
  }
}

// The words' letters and shapes; a word is a sequence of letters.
void fill_spelling(const Chosen& chosen, std::size_t s, StreamBatch& out) {
  const auto& steps = out.table.steps();
  out.shapes.clear();
  if (chosen.stream(0, s).spelt.empty()) return;
  const auto N = at(steps.N);
  out.shapes.resize(N);
  out.counts.resize(N);
  std::size_t all = 0;
  for (int b = 0; b < steps.B; ++b) {
    const auto& spelt = chosen.stream(steps.position[b], s).spelt;
    if (spelt.count.size() != at(steps.length[b])) {
      refuse(chosen.sample(steps.position[b]), "has words that are not spelt");
    }
    copy_row(spelt.shape.data(), b, steps, 1, out.shapes.data());
    copy_row(spelt.count.data(), b, steps, 1, out.counts.data());
    all += spelt.letters.size();
  }
  out.letters.assign(out.counts);
  const auto& letters = out.letters.steps();
  out.letter_ids.resize(all);
  // The sequence of each word: the inverse of their places.
  for (int w = 0; w < letters.B; ++w) out.counts[at(letters.position[w])] = w;
  for (int b = 0; b < steps.B; ++b) {
    const auto& spelt = chosen.stream(steps.position[b], s).spelt;
    const int* from = spelt.letters.data();
    for (int t = 0; t < steps.length[b]; ++t) {
      const int w = out.counts[at(steps.row(t, b))];
      copy_row(from, w, letters, 1, out.letter_ids.data());
      from += spelt.count[at(t)];
    }
  }
}

// Writes the tags in the order of the first stream's steps.
void fill_tags(const Chosen& chosen, Batch& batch) {
  batch.tags.clear();
  if (chosen.sample(0).tags.empty()) return;
  const auto& steps = batch.streams.front().table.steps();
  batch.tags.resize(at(steps.N));
  for (int b = 0; b < steps.B; ++b) {
    const auto& sample = chosen.sample(steps.position[b]);
    if (sample.tags.size() != at(steps.length[b])) refuse(sample, "has not a tag a step");
    copy_row(sample.tags.data(), b, steps, 1, batch.tags.data());
  }
}

}  // namespace

void assemble(const std::vector<EncodedSample>& samples, const int* chosen, int count,
              const std::vector<StreamInfo>& streams, Batch& batch) {
  if (count < 1) throw Error(Code::kShape, "a batch needs at least one sample");
  const Chosen view{samples, chosen, count};
  batch.B = count;
  batch.targets.clear();
  batch.weights.clear();
  batch.key.clear();
  batch.shares.clear();
  batch.values.clear();
  batch.partner.clear();
  batch.own.clear();
  for (int b = 0; b < count; ++b) {
    const auto& sample = view.sample(b);
    if (sample.streams.size() != streams.size()) refuse(sample, "has other streams");
    const bool alike = sample.shares.size() == view.sample(0).shares.size() &&
                       sample.values.size() == view.sample(0).values.size();
    if (!alike) refuse(sample, "has another kind of target");
    batch.shares.insert(batch.shares.end(), sample.shares.begin(), sample.shares.end());
    batch.values.insert(batch.values.end(), sample.values.begin(), sample.values.end());
    batch.targets.push_back(sample.target);
    batch.weights.push_back(static_cast<real>(sample.weight));
    batch.key.push_back(static_cast<std::uint64_t>(sample.index));
  }
  batch.streams.resize(streams.size());
  for (std::size_t s = 0; s < streams.size(); ++s) {
    batch.streams[s].kind = streams[s].kind;
    fill_stream(view, s, batch.lengths, batch.streams[s]);
    fill_spelling(view, s, batch.streams[s]);
  }
  fill_tags(view, batch);
}

}  // namespace refrain::data

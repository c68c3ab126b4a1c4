#include "refrain/data/content.h"

namespace refrain::data {
namespace {

constexpr std::uint64_t kStart = 0xcbf29ce484222325ULL;

std::uint64_t hash_bytes(std::uint64_t h, const void* data, std::size_t size) {  // FNV-1a
  const auto* bytes = static_cast<const unsigned char*>(data);
  for (std::size_t i = 0; i < size; ++i) h = (h ^ bytes[i]) * 0x100000001b3ULL;
  return h;
}

std::uint64_t hash_text(std::uint64_t h, const std::string& text) {
  const auto size = static_cast<std::int64_t>(text.size());
  return hash_bytes(hash_bytes(h, &size, sizeof size), text.data(), text.size());
}

}  // namespace

std::uint64_t content_hash(const Sample& sample) {
  std::uint64_t h = kStart;
  if (sample.text != nullptr) {  // hashes the text, as if no encoder had read it
    const std::int64_t head = 1;
    return hash_text(hash_bytes(h, &head, sizeof head), *sample.text);
  }
  for (const auto& value : sample.streams) {
    if (const auto* series = std::get_if<Series>(&value)) {
      const std::int64_t head[] = {0, series->steps, series->channels};
      h = hash_bytes(h, head, sizeof head);
      h = hash_bytes(h, series->values.data(), series->values.size() * sizeof(float));
    } else if (const auto* sound = std::get_if<Sound>(&value)) {
      const std::int64_t head[] = {2, sound->rate};
      h = hash_bytes(h, head, sizeof head);
      h = hash_bytes(h, sound->samples.data(), sound->samples.size() * sizeof(float));
    } else {
      const std::int64_t head = 1;
      h = hash_text(hash_bytes(h, &head, sizeof head), std::get<std::string>(value));
    }
  }
  return h;
}

std::uint64_t written_hash(const Sample& sample) {
  const std::uint64_t h = content_hash(sample);
  return sample.taken_off.empty() ? h : hash_text(h, sample.taken_off);
}

std::int64_t origin(const Dataset& dataset, std::int64_t index) {
  const auto count = static_cast<std::int64_t>(dataset.samples.size());
  for (std::int64_t step = 0; step < count; ++step) {  // bounded: lineage may not be trusted
    const std::int64_t source = dataset.samples[static_cast<std::size_t>(index)].source;
    if (source < 0 || source >= count) break;
    index = source;
  }
  return index;
}

std::uint64_t dataset_hash(const Dataset& dataset) {
  std::uint64_t h = kStart;
  for (const auto& sample : dataset.samples) {
    const std::uint64_t content = content_hash(sample);
    h = hash_bytes(h, &content, sizeof content);
    h = hash_text(hash_text(h, sample.label), sample.group);
    for (const auto& tag : sample.tags) h = hash_text(h, tag);
  }
  return h;
}

}  // namespace refrain::data

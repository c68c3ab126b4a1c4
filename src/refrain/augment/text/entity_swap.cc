// Replaces an entity of a tagged text by an entity of the same type from another training sample
// (Dai and Adel 2020: mention replacement).
#include "refrain/augment/list.h"
#include "refrain/augment/pool.h"
#include "refrain/augment/text/edit.h"
#include "refrain/augment/text/entities.h"
#include "refrain/base/at.h"

namespace refrain::augment {
namespace {

constexpr int kSamplesTried = 32;  // samples looked into for an entity of a type

struct EntitySwap {
  double share = 0.5;
};

using base::at;

// An entity of this type from the sample; no tokens where it has none.
Entity find_entity(const data::Sample& sample, const std::string& type, base::Rng& rng) {
  const auto* text =
      sample.streams.empty() ? nullptr : std::get_if<std::string>(&sample.streams[0]);
  if (text == nullptr || sample.tags.empty()) return {};
  const Words words = cut(*text, sample.tags);
  auto spans = entity_spans(words);
  std::erase_if(spans, [&](const EntitySpan& span) { return span.type != type; });
  if (spans.empty()) return {};
  const EntitySpan& span = spans[rng.below(spans.size())];
  Entity entity{type, {}};
  for (int i = span.begin; i < span.end; ++i) entity.tokens.emplace_back(words.list[at(i)].text);
  return entity;
}

void apply_entity_swap(const EntitySwap& spec, std::string& text, data::Sample& sample,
                       Draw& draw) {
  if (sample.tags.empty() || draw.pool.size() == 0) return;
  const auto other = [&](const std::string& type) {
    for (int i = 0; i < kSamplesTried; ++i) {
      const auto place =
          static_cast<int>(draw.rng.below(static_cast<std::uint64_t>(draw.pool.size())));
      Entity entity = find_entity(draw.pool[place], type, draw.rng);
      if (!entity.tokens.empty()) return entity;
    }
    return Entity{};
  };
  edit(text, sample, [&](Words& words) { swap_entities(words, spec.share, other, draw.rng); });
}

}  // namespace

std::vector<EntitySpan> entity_spans(const Words& words) {
  std::vector<EntitySpan> spans;
  const auto& list = words.list;
  for (std::size_t i = 0; i < list.size();) {
    std::size_t end = i + 1;
    if (list[i].in_entity()) {
      const std::string type(list[i].tag.substr(std::min<std::size_t>(2, list[i].tag.size())));
      while (end < list.size() && list[end].tag == "I-" + type) ++end;
      spans.push_back({static_cast<int>(i), static_cast<int>(end), type});
    }
    i = end;
  }
  return spans;
}

void swap_entities(Words& words, double share,
                   const std::function<Entity(const std::string& type)>& other, base::Rng& rng) {
  const auto spans = entity_spans(words);
  for (std::size_t k = spans.size(); k-- > 0;) {  // from the end: places before stay
    if (rng.uniform() >= share) continue;
    const Entity entity = other(spans[k].type);
    if (entity.tokens.empty()) continue;
    std::vector<std::string> tags(entity.tokens.size(), "I-" + entity.type);
    tags.front() = "B-" + entity.type;
    Words put = cut(entity.tokens, tags);
    for (Word& word : put.list) {
      word.text = words.keep(word.text);
      word.tag = words.keep(word.tag);
    }
    put.list.front().gap = words.list[at(spans[k].begin)].gap;
    const auto begin = words.list.begin() + spans[k].begin;
    const auto behind = words.list.erase(begin, words.list.begin() + spans[k].end);
    words.list.insert(behind, put.list.begin(), put.list.end());
  }
}

Kind entity_swap() {
  return borrowing(
      make_kind(base::Fields<EntitySwap>().field("share", &EntitySwap::share, 0, 1,
                                                 "probability that an entity is swapped"),
                &apply_entity_swap));
}

}  // namespace refrain::augment

// Entities of tagged text: a word tagged B-TYPE and the words tagged I-TYPE behind it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "refrain/augment/text/words.h"
#include "refrain/base/rng.h"

namespace refrain::augment {

struct Entity {
  std::string type;
  std::vector<std::string> tokens;
};

struct EntitySpan {
  int begin = 0, end = 0;  // words [begin, end)
  std::string type;
};

std::vector<EntitySpan> entity_spans(const Words& words);

// Each entity gives way, with probability `share`, to what `other` names for its type (no tokens:
// it stays). The tags follow: B- for the first of its words, I- for the others.
void swap_entities(Words& words, double share,
                   const std::function<Entity(const std::string& type)>& other, base::Rng& rng);

}  // namespace refrain::augment

// Chooses what the options leave to the data: units of texts, sizes of networks, length of the
// training.
#pragma once

#include <set>
#include <string>

#include "refrain/data/subset.h"
#include "refrain/transduce/spec.h"
#include "refrain/transduce/symbols.h"

namespace refrain::transduce {

// The properties of the training part that choices depend on.
struct Facts {
  int samples = 0;
  bool text = true;       // sources are texts
  bool sound = false;     // sources are recordings
  double words = 0;       // that subwords are cut from: all sources' or, where letters are read or
                          // no texts, all replies'
  double mean_steps = 0;  // of a source: bytes of a text, steps of a series
  bool in_order = false;  // spellings whose replies follow them from left to right (order.h)
  Symbols::Kind source_kind = Symbols::Kind::kSubwords;
  Symbols::Kind reply_kind = Symbols::Kind::kSubwords;
};
Facts facts_of(const data::Subset& training, const Settings& settings);

// The number of subwords for so many words.
int usual_vocabulary(double words);

// Options that the settled decoder would not read are an error.
void refuse_idle(const ReplySpec& reply, const std::set<std::string>& given);

// Puts all choices in but those that need the symbols (repeat).
void settle(const Facts& facts, Settings& settings);

}  // namespace refrain::transduce

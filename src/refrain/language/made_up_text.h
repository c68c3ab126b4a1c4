// For tests: small texts and small networks.
#pragma once

#include <string>
#include <vector>

#include "refrain/base/rng.h"
#include "refrain/language/network.h"

namespace refrain::language {

// Sentences of a little grammar, one a line.
inline std::string made_up_lines(int lines, std::uint64_t seed = 1) {
  static const char* const parts[4][4] = {{"the ", "a ", "one ", "this "},
                                          {"dog ", "cat ", "bird ", "horse "},
                                          {"sees ", "hears ", "likes ", "finds "},
                                          {"rain", "sun", "wind", "snow"}};
  base::Rng rng(seed);
  std::string text;
  for (int i = 0; i < lines; ++i) {
    for (const auto& part : parts) text += part[rng.below(4)];
    text += "\n";
  }
  return text;
}

inline std::vector<int> made_up_ids(int n, int vocabulary, std::uint64_t seed = 3) {
  base::Rng rng(seed);
  std::vector<int> ids;
  for (int i = 0; i < n; ++i) {
    const auto next = static_cast<int>(rng.below(static_cast<std::uint64_t>(vocabulary)));
    ids.push_back(i > 0 && rng.uniform() < 0.6 ? (ids.back() + 1) % vocabulary : next);
  }
  return ids;
}

struct MadeUp {
  int layers = 2;
  bool bidirectional = false, tied = true;
  int hidden = 6, embedding = 6;
  std::vector<int> clusters;
  double drop = 0;
  std::string cell = "lstm";
};

constexpr int kMadeUpVocabulary = 11;

inline LanguageNetwork made_up_network(const MadeUp& m) {
  NetworkSpec spec;
  spec.cell = m.cell;
  spec.hidden = m.hidden;
  spec.layers = m.layers;
  spec.embedding_dim = m.embedding;
  spec.bidirectional = m.bidirectional;
  spec.dropout = spec.input_dropout = spec.weight_drop = spec.embedding_dropout = m.drop;
  spec.recurrent_dropout = m.drop;
  if (m.drop > 0) spec.ar = spec.tar = 0.5;
  LanguageNetwork network({spec, kMadeUpVocabulary, m.tied, m.clusters});
  network.params().initialise(base::Rng(5));
  return network;
}

}  // namespace refrain::language

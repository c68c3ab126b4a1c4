// Made-up pairs for tests: texts whose replies follow from a rule, and series that spell letters.
#pragma once

#include <algorithm>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include "refrain/base/rng.h"
#include "refrain/data/sample.h"

namespace refrain::transduce {

inline std::vector<int> first_numbers(const data::Dataset& d, int from, int to) {
  std::vector<int> out(
      static_cast<std::size_t>(std::min<int>(to, static_cast<int>(d.samples.size())) - from));
  std::iota(out.begin(), out.end(), from);
  return out;
}

inline std::string random_word(base::Rng& rng, int shortest, int longest) {
  std::string out;
  const auto length = static_cast<std::uint64_t>(shortest) +
                      rng.below(static_cast<std::uint64_t>(longest - shortest + 1));
  for (std::uint64_t i = 0; i < length; ++i) out += static_cast<char>('a' + rng.below(6));
  return out;
}

// n samples: `make` draws a source, `rule` gives its reply.
inline data::Dataset made_up_texts(int n, std::uint64_t seed,
                                   const std::function<std::string(base::Rng&)>& make,
                                   const std::function<std::string(const std::string&)>& rule) {
  data::Dataset d;
  d.path = "made-up.tsv";
  d.streams.resize(1);
  d.streams[0].name = "text";
  d.streams[0].kind = data::StreamKind::kText;
  base::Rng rng(seed);
  for (int i = 0; i < n; ++i) {
    data::Sample s;
    s.id = std::to_string(i + 1);
    s.line = i + 1;
    std::string source = make(rng);
    s.label = rule(source);
    s.streams.emplace_back(std::move(source));
    d.samples.push_back(std::move(s));
  }
  return d;
}

// Each letter is a bump in its own channel, a few steps wide, with noise; the reply is the letters.
inline data::Dataset made_up_spellings(int n, std::uint64_t seed) {
  constexpr int kChannels = 6;
  data::Dataset d;
  d.path = "made-up.jsonl";
  d.streams.resize(1);
  d.streams[0].name = "series";
  d.streams[0].channels = kChannels;
  base::Rng rng(seed);
  for (int i = 0; i < n; ++i) {
    data::Sample s;
    s.id = std::to_string(i + 1);
    s.line = i + 1;
    s.label = random_word(rng, 2, 5);
    data::Series x;
    x.channels = kChannels;
    for (const char letter : s.label) {
      const auto wide = static_cast<int>(4 + rng.below(3)),
                 gap = static_cast<int>(1 + rng.below(2));
      for (int t = 0; t < wide + gap; ++t, ++x.steps) {
        for (int c = 0; c < kChannels; ++c) {
          const double bump = c == letter - 'a' && t < wide ? 1 : 0;
          x.values.push_back(static_cast<float>(bump + 0.2 * (rng.uniform() - 0.5)));
        }
      }
    }
    s.streams.emplace_back(std::move(x));
    d.samples.push_back(std::move(s));
  }
  return d;
}

}  // namespace refrain::transduce

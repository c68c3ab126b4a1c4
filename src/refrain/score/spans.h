// Spans (entities, slots, chunks) that the tags of a sequence mark, by the rules of the CoNLL-2000
// shared task's script conlleval (Tjong Kim Sang and Buchholz 2000), which give every sequence of
// tags a meaning, malformed ones too. A tag is a letter and, behind its first hyphen, a type.
//   A span begins at B; at a type other than that of the step before; at I or E behind O or E.
//   It ends before B, O and another type; behind E; at the end of the sequence.
//   [ and ] are spans of one step.
// The script does not know S (IOBES), a span of one step, and L, U (BILOU), M (BMES), which are
// read as E, S, I; nor does it see a new span in B behind E, as here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace refrain::score {

struct Span {
  int begin = 0, end = 0;  // steps, [begin, end)
  std::string type;

  bool operator==(const Span&) const = default;
};

// One whose type is a part of its first tag.
struct SpanView {
  int begin = 0, end = 0;
  std::string_view type;

  bool operator==(const SpanView&) const = default;
};

// Returns the spans in the order of their steps; they never overlap.
std::vector<Span> spans_of(const std::vector<std::string>& tags);
std::vector<SpanView> span_views(const std::vector<std::string>& tags);

// Runs of equal tags, whose types are the tags; those of `background` are left out.
std::vector<SpanView> runs_of(const std::vector<std::string>& tags, const std::string* background);

}  // namespace refrain::score

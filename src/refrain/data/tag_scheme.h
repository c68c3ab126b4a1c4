// Tags of words that mark spans (entities, slots): O outside, and a letter, a hyphen and a type
// inside. One form is used from reading on, BIO: B- begins a span, I- goes on with it. How the tags
// of a file mark spans is found over the whole file. Tags of another kind (parts of speech, what a
// series shows at each step) are plain: they mark no spans and stay as they are.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/data/sample.h"

namespace refrain::data {

// "O", or one of B- I- M- E- L- S- U- and a type.
bool is_span_tag(std::string_view tag);

// The names of schemes, "auto" first: iob1 (B- only where two spans of a type touch; Ramshaw and
// Marcus 1995), bio, bioes, bilou, bmes, plain.
std::vector<std::string> tag_scheme_names();

// The tags of one sentence in BIO, from any scheme but plain. A tag that cannot stand where it does
// begins a span or goes on with one as the conlleval script of CoNLL-2003 reads it. Tags of other
// forms stay.
std::vector<std::string> to_bio(const std::vector<std::string>& tags);

// How the tags of a file are to be read.
struct TagReading {
  std::string scheme = "auto";
  // [samples] The line of each tag; empty where all stand on the line of their sample.
  std::vector<std::vector<std::int64_t>> lines;
};

// Turns the tags of all samples into BIO, or leaves them where they are plain, and notes the scheme
// in the dataset. With "auto" it remarks on tags that its scheme does not allow where they stand.
// Throws data with all lines: tags that a named scheme does not allow, or that fit no scheme.
void settle_tags(const TagReading& reading, Dataset& dataset);

}  // namespace refrain::data

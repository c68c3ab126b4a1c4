// Plain text as language models read it: UTF-8, lines that end with LF. For the sources of this
// layer only.
#pragma once

#include <string>

#include "refrain/api/report.h"
#include "refrain/language/pretrain.h"

namespace refrain::api {

// A file; "" for the path "". Throws io, and data where it is empty or not in this encoding.
std::string read_text(const std::string& path, const std::string& encoding);

// Decodes a text that is already in memory. Throws data if it is empty or not UTF-8.
std::string text_in_memory(const std::string& text);

// How well a text is predicted, in the units' measure and in others: perplexity, nats,
// word_perplexity, character_nats, bits_per_character.
std::vector<std::pair<std::string, Score>> metrics_of(const language::Figures& figures);

}  // namespace refrain::api

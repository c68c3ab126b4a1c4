// Synonyms of words of the text are put in anywhere (Wei and Zou 2019).
#include "refrain/augment/list.h"
#include "refrain/augment/text/edit.h"
#include "refrain/augment/text/edits.h"

namespace refrain::augment {
namespace {

void apply_random_insertion(const EditSpec& spec, std::string& text, data::Sample& sample,
                            Draw& draw) {
  edit(text, sample, [&](Words& words) { insert_synonyms(words, spec, draw.rng); });
}

}  // namespace

Kind random_insertion() {
  return make_kind(edit_fields(), &apply_random_insertion, &prepare_synonyms);
}

}  // namespace refrain::augment

// Words that are no stop words give way to synonyms (Wei and Zou 2019; Zhang, Zhao and LeCun 2015).
#include "refrain/augment/list.h"
#include "refrain/augment/text/edit.h"
#include "refrain/augment/text/edits.h"

namespace refrain::augment {
namespace {

void apply_synonym_replacement(const EditSpec& spec, std::string& text, data::Sample& sample,
                               Draw& draw) {
  edit(text, sample, [&](Words& words) { replace_synonyms(words, spec, draw.rng); });
}

}  // namespace

Kind synonym_replacement() {
  return make_kind(edit_fields(), &apply_synonym_replacement, &prepare_synonyms);
}

}  // namespace refrain::augment

// Two words change places, some times over (Wei and Zou 2019).
#include "refrain/augment/list.h"
#include "refrain/augment/text/edit.h"
#include "refrain/augment/text/edits.h"

namespace refrain::augment {
namespace {

void apply_random_swap(const EditSpec& spec, std::string& text, data::Sample& sample, Draw& draw) {
  edit(text, sample, [&](Words& words) { swap_words(words, spec, draw.rng); });
}

}  // namespace

Kind random_swap() { return make_kind(edit_fields(), &apply_random_swap, &prepare_units); }

}  // namespace refrain::augment

// One of the four edits at random (Wei and Zou 2019). Of n_aug + 1 texts one stays as it is, as in
// the paper, where the original stands beside its n_aug copies.
#include "refrain/augment/list.h"
#include "refrain/augment/text/edit.h"
#include "refrain/augment/text/edits.h"

namespace refrain::augment {
namespace {

struct Eda {
  EditSpec edit;
  int n_aug = 9;
};

void change(Words& words, const Eda& spec, base::Rng& rng) {
  if (rng.below(static_cast<std::uint64_t>(spec.n_aug) + 1) == 0) return;
  switch (rng.below(4)) {
    case 0:
      return replace_synonyms(words, spec.edit, rng);
    case 1:
      return insert_synonyms(words, spec.edit, rng);
    case 2:
      return swap_words(words, spec.edit, rng);
    default:
      return delete_words(words, spec.edit, rng);
  }
}

std::string prepare(Eda& spec, const Pool& pool) { return prepare_synonyms(spec.edit, pool); }

void apply_eda(const Eda& spec, std::string& text, data::Sample& sample, Draw& draw) {
  edit(text, sample, [&](Words& words) { change(words, spec, draw.rng); });
}

}  // namespace

Kind eda() {
  Kind kind = make_kind(
      base::Fields<Eda>()
          .include(&Eda::edit, edit_fields())
          .field("n_aug", &Eda::n_aug, 1, 1000, "number of changed texts for each unchanged one"),
      &apply_eda, &prepare);
  kind.p = 1;  // n_aug tells how often
  return kind;
}

}  // namespace refrain::augment

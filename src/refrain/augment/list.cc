#include "refrain/augment/list.h"

namespace refrain::augment {

const base::Registry<Kind>& operations() {
  static const base::Registry<Kind> list(
      "augmentation", {{"jitter", "series: adds normal noise to each value", jitter()}});
  return list;
}

}  // namespace refrain::augment

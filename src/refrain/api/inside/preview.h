// The preview page of an augmentation; for the sources of this layer only.
#pragma once

#include <string>

#include "refrain/api/augment.h"
#include "refrain/augment/pipeline.h"
#include "refrain/augment/pool.h"

namespace refrain::api {

// One self-contained HTML page: what was done to which data, then the first samples of each label,
// each with three variants: series with the source drawn under them, texts with what changed
// marked; the steps that were done to each variant, and how far it is from its source.
std::string preview_page(const augment::Pipeline& pipeline, const augment::Pool& pool,
                         const AugmentJob& job, const Augmented& found);

}  // namespace refrain::api

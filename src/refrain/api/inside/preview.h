// The preview page of an augmentation; for the sources of this layer only.
#pragma once

#include <string>

#include "refrain/augment/pipeline.h"
#include "refrain/augment/pool.h"

namespace refrain::api {

// One self-contained HTML page: the first samples of each label, each with three variants, series
// as plots (SVG), texts as lines.
std::string preview_page(const augment::Pipeline& pipeline, const augment::Pool& pool,
                         std::int64_t seed);

}  // namespace refrain::api

// One derived sample: the source copied, the pipeline applied, the lineage noted.
#pragma once

#include "refrain/augment/pipeline.h"
#include "refrain/augment/pool.h"

namespace refrain::augment {

// The variant of the pool's sample at this place in the epoch (or copy) of this generator. It keeps
// id, label, group and weight, and `source` is the sample's number in the dataset (or its source's
// where it was derived itself). Shares of a single label are that label.
data::Sample derive(const Pipeline& pipeline, const Pool& pool, int place, const base::Rng& epoch);

// A variant of the pool's sample at this place by these random numbers, whatever its number is.
data::Sample vary(const Pipeline& pipeline, const Pool& pool, int place, const base::Rng& rng);

// The variants of all samples of the pool, in their order; the same for any number of threads.
std::vector<data::Sample> derive_all(const Pipeline& pipeline, const Pool& pool,
                                     const base::Rng& epoch, int threads);

// Its label; of a mix the label of the largest share.
const std::string& main_label(const data::Sample& sample);

// SHA-256 of what the sample holds: streams bit by bit, label, shares, tags.
std::string content_digest(const data::Sample& sample);
// Returns a digest that ignores spacing, case and Unicode form of texts (likeness.h): two samples
// with one digest hold the same information.
std::string plain_digest(const data::Sample& sample);

}  // namespace refrain::augment

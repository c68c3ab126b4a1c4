// Series that are borrowed from other training samples, and their alignment in time.
#pragma once

#include <vector>

#include "refrain/augment/series/steps.h"

namespace refrain::augment {

// The place in the pool of another sample, at random, of any label or of the sample's own; -1 where
// there is none.
int draw_partner(const data::Sample& sample, Draw& draw, bool same_label);

// The stream of the partner that fits this series (as many channels, at least one step); null where
// there is none.
const data::Series* fitting_series(const data::Series& series, const data::Sample& sample,
                                   const data::Sample& partner);

// Returns the partner's series at `steps` steps: the series itself, or `stretched`, which then
// holds the resampled one.
const data::Series* partner_at_length(const data::Series& series, const data::Sample& sample,
                                      const data::Sample& partner, int steps,
                                      data::Series& stretched);

// For each step of `other` the mean of the places of `series` that dynamic time warping puts
// beside it, within a band of this share of the length (Sakoe and Chiba 1978). Series of more than
// 512 steps are aligned by 512 of them. Channels count by their deviations; missing values count
// nothing. Both have at least one step and as many channels.
std::vector<float> aligned_places(const data::Series& series, const data::Series& other,
                                  const std::vector<double>& deviations, double band);

// Adds a share of the partner's label to the sample's.
void share_label(const data::Sample& partner, double share, data::Sample& sample);

}  // namespace refrain::augment

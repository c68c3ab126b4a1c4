// Near copies: samples that are one and the same but for what happens to a copy on its way. What
// counts, for the leak guard of a training and for `inspect` alike:
//   texts       equal letters and digits (NFKC, without case, space and punctuation)
//   series      equal shapes: each channel shifted and scaled to mean 0 and variance 1, a mean
//               squared difference of at most 1e-4 of what two samples of the data usually have
//   a part      a stretch of at least 16 steps and half of the shorter series is equal in this
//               sense at another place (cropped, shifted in time)
//   recordings  the same of their loudness in bands, with room for another encoding
// Exact copies (data/content.h) are not near.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "refrain/data/subset.h"

namespace refrain::data {

// Letters, digits and pictures of a text, as above.
std::string bare_text(std::string_view text);

// Returns bare_text() of all texts of a sample, each with a line end; "" if there are none.
std::string bare_texts(const Sample& sample);

// Nothing but texts.
bool is_text(const Sample& sample);

struct NearCopy {
  int known = 0, judged = 0;  // places in the subsets
  bool part = false;          // at another place in time
};

// Returns for each judged sample the first known one that it nearly equals; compares parts only if
// `parts` says so. Within one subset each pair is reported once, with the earlier sample as the
// known one.
std::vector<NearCopy> near_copies(const Subset& known, const Subset& judged, bool parts);

}  // namespace refrain::data

// What one file alone shows: channels, texts, recordings and labels that look broken or are worth
// knowing.
#pragma once

#include "refrain/inspect/finding.h"
#include "refrain/inspect/profile.h"

namespace refrain::inspect {

std::vector<Finding> check_file(const Profile& profile);

// The parts of it. For the sources of this layer only.
void check_series(const Profile& profile, const Stream& stream, std::vector<Finding>& out);
void check_texts(const Profile& profile, const Stream& stream, std::vector<Finding>& out);
void check_sounds(const Profile& profile, const Stream& stream, std::vector<Finding>& out);
void check_labels(const Profile& profile, std::vector<Finding>& out);

}  // namespace refrain::inspect

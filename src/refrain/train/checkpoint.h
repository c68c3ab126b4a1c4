// A training State as one file: written atomically after each epoch, read by --resume. It carries a
// fingerprint of the data and options, so that a run never continues from another one's state.
#pragma once

#include <optional>
#include <string>

#include "refrain/train/trainer.h"

namespace refrain::train {

void save_checkpoint(const std::string& path, const State& state, const std::string& fingerprint);

// nullopt where there is no such file. Throws data where it is damaged, or is of other data or
// options.
std::optional<State> load_checkpoint(const std::string& path, const std::string& fingerprint);

}  // namespace refrain::train

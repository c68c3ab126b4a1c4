// Presets: how much work a training is worth. A preset is a list of options and values that may
// depend on the training data's size and form; options that were named by the user stay as they
// are. doc/recipe.md has the evidence for each value.
#pragma once

#include <string>
#include <vector>

#include "refrain/task/spec.h"

namespace refrain::task {

std::vector<std::string> preset_names();

// spec.preset, or what "auto" stands for here.
std::string preset_of(const Spec& spec);

// Sets the options of spec.preset and puts the name in the place of "auto".
void apply_preset(Spec& spec, const TrainingData& data);

}  // namespace refrain::task

// Presets: how much work a training is worth. A preset is a list of options and values that may
// depend on the training data's size and form; options that were named by the user stay as they
// are. doc/recipe.md has the evidence for each value.
#pragma once

#include <string>
#include <vector>

#include "refrain/task/spec.h"

namespace refrain::task {

std::vector<std::string> preset_names();

// The options of the section Network that were named and are other than in `good`: they say which
// network is wanted, and nothing is put around it.
std::vector<std::string> network_options(const Spec& spec, const TrainingData& data);

// spec.preset, or what "auto" stands for here: `good`, or `none` where there are such options.
std::string preset_of(const Spec& spec, const TrainingData& data);

// A sentence where the options lead to another kind of model than the usual one and no preset was
// named; "" where they do not. Of the options as they were given, before resolve().
std::string other_kind(const Spec& spec, const TrainingData& data);

// Sets the options of spec.preset and puts the name in the place of "auto".
void apply_preset(Spec& spec, const TrainingData& data);

}  // namespace refrain::task

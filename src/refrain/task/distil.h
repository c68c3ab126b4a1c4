// Distillation (Hinton, Vinyals and Dean 2015): one network learns what several members say
// together. It is taught the mean of the label and of the members' averaged probabilities (at
// temperature 1), which come from models of inner folds that did not see the sample: members that
// did would mostly repeat its label.
#pragma once

#include <string>

#include "refrain/task/held_out.h"
#include "refrain/task/networks.h"

namespace refrain::task {

constexpr double kTeacherShare = 0.5;  // of the averaged probabilities; the label has the rest

// `probability` [n,C] are the members' of the held-out samples.
SoftTargets soft_targets(const HeldOut& held, const std::vector<double>& probability);

// Accuracy and log loss of probabilities [n,C].
train::ValidScore judge(const std::vector<int>& truth, const std::vector<double>& probability);

// Judges the members on those held-out samples that `chosen` names (all where it is empty).
void judge_members(const HeldOut& held, const std::vector<double>& probability,
                   const std::vector<int>& chosen, Distilled& distilled);

// What it says of itself, in one sentence.
std::string sentence_of(const Distilled& distilled);

}  // namespace refrain::task

// Distillation (Hinton, Vinyals and Dean 2015): one network learns what several members say
// together. It is taught the mean of the target and of the members' averaged answers (at
// temperature 1), which come from models of inner folds that did not see the sample: members that
// did would mostly repeat its label.
#pragma once

#include <string>

#include "refrain/task/held_out.h"
#include "refrain/task/networks.h"

namespace refrain::task {

// `answers` [n,width] are the members' of the held-out samples.
SoftTargets soft_targets(const HeldOut& held, const std::vector<double>& answers);

// Judges the members on those held-out samples that `chosen` names (all where it is empty).
void judge_members(const HeldOut& held, const Judge& judge, const std::vector<double>& answers,
                   const std::vector<int>& chosen, Distilled& distilled);

// Returns the result of the distillation in one sentence.
std::string sentence_of(const Distilled& distilled, const Judge& judge);

}  // namespace refrain::task

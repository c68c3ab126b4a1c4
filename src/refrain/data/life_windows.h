// Units that run to failure as samples of a regression: windows of a unit's last steps whose target
// is the life that remains at their end, or the cap where that is smaller (Heimes 2008: early in
// life nothing tells how much is left). A window at the beginning of a life is shorter. A unit that
// was taken out before it failed gives the windows from which it is known to have outlived the cap.
#pragma once

#include <string>
#include <vector>

#include "refrain/base/fields.h"
#include "refrain/base/log.h"
#include "refrain/data/sample.h"

namespace refrain::data {

struct LifeSpec {
  double cap = 125;
  int window = 80;
  int stride = 3;
  std::string settings;
  std::string age = "auto";
};
base::Fields<LifeSpec> life_fields();

// kEachStep: a window ends at each step, or at every stride-th one. kEnd: at the last step, where a
// file ends before the failures; else at every kAskedStride-th one, counted from the end. kLast: at
// the last step, whether the label is known or not.
enum class LifeCut { kEachStep, kEnd, kLast };
constexpr int kAskedStride = 5;

// The windows of all units, whose numbers (Target::numbers) and labels are capped. Windows of a
// unit stand one after the other in the order of time. Throws data where a label is needed and
// missing.
Dataset cut_lives(const Dataset& units, const LifeSpec& spec, LifeCut cut, const base::Log& log);

// Puts the choice for these units in the place of an age that is "auto".
void settle_age(const Dataset& units, LifeSpec& spec);

// Returns the streams as the file has them: without the age that cut_lives() adds as a last
// channel.
std::vector<StreamInfo> without_age(std::vector<StreamInfo> streams);

// The names that --settings gives, in place of those that the format knows. Throws usage where one
// is no channel.
void name_settings(const LifeSpec& spec, Dataset& dataset);

// Returns the windows to test or validate with: of each unit, windows kAskedStride steps or a
// little more apart, counted from its last.
std::vector<int> asked_windows(const LifeSpec& spec, const Dataset& windows,
                               const std::vector<int>& chosen);

}  // namespace refrain::data

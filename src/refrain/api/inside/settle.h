// Labelled samples as every command reads and settles them: targets, names, the task; for the
// sources of this layer only.
#pragma once

#include <string>
#include <vector>

#include "refrain/api/hooks.h"
#include "refrain/base/log.h"
#include "refrain/base/rng.h"
#include "refrain/data/sample.h"
#include "refrain/task/task.h"

namespace refrain::api {

// The library's remarks, as the caller wants to hear them. The hooks must outlive the log.
base::Log log_of(const Hooks& hooks);

// The numbers of all samples.
std::vector<int> all_of(const data::Dataset& dataset);

// The numbers that decide which samples are held out; fork it for each purpose.
base::Rng split_rng(const task::Spec& spec);

// Recordings are heard, and with --encoder texts are read by it. Settles how recordings are heard.
void make_series(data::Dataset& dataset, task::Spec& spec, const base::Log& log);

// Reads a file to learn from, and settles the options that the file decides: how recordings are
// heard, and the task ("auto" stands for classes). `fixes` is a list of decisions on its labels
// (fix_list.h); "" = none. Throws data, io.
data::Dataset read_to_learn(const std::string& path, task::Spec& spec, const base::Log& log,
                            const std::string& fixes = "");

// The same of samples that are read already.
void settle_to_learn(data::Dataset& dataset, task::Spec& spec, const base::Log& log);

// Reads what the task learns out of the labels. Throws data, naming the lines, where they hold
// something else.
void settle_targets(task::Aim aim, data::Dataset& dataset);

// Joins spellings that are one, and tells what is worth knowing of a file of labelled samples:
// names that look alike, samples without a group, copies, and copies with different labels.
void settle_names(data::Dataset& dataset, const base::Log& log);

// The part of that which samples in memory need.
void tell_missing_groups(const data::Dataset& dataset, const base::Log& log);

}  // namespace refrain::api

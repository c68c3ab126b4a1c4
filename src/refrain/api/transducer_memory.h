// Models that write replies, with samples that are in memory instead of in files: what the Python
// package goes through. The same options and samples give the same model, to the bit, as
// `refrain train` with a test file. Standard library only.
#pragma once

#include <string>
#include <vector>

#include "refrain/api/memory.h"
#include "refrain/api/transducer.h"

namespace refrain::api {

// Fits a model to all samples, whose labels are the replies; a validation part is cut off as the
// options say. The option `task` is "translate" (of texts) or "transcribe" (of series and
// recordings). Throws data where a text is empty or too long, lists differ in size or samples have
// weights; usage, numeric as train() does. Where hooks.stop was set the report says "interrupted",
// and the model is that of the updates so far.
Transducer fit_transducer(const Samples& samples, const Options& options, const Hooks& hooks,
                          FitReport* report);

// The replies to the samples, as Transducer::predict to those of a file.
std::vector<WrittenReply> replies(const Transducer& model, const Samples& samples,
                                  const Options& options, const Hooks& hooks);

// Scores the replies to samples whose labels are the true ones, as Transducer::evaluate.
Report score_replies(const Transducer& model, const Samples& samples, const Options& options,
                     const Hooks& hooks);

}  // namespace refrain::api

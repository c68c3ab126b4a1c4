// A run as a page; for the sources of this layer only.
#pragma once

#include <string>

#include "refrain/api/hooks.h"
#include "refrain/report/page.h"
#include "refrain/store/run.h"

namespace refrain::api {

// "en", "zh", or "" for English. Throws usage.
report::Language page_language(const std::string& name);

// Writes the page of a run that is stored or was just made.
std::string page_of(store::Run run, const std::string& language, const Hooks& hooks);

}  // namespace refrain::api

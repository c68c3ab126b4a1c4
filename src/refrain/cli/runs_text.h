// Stored runs for people: tables in which no score stands without its interval.
#pragma once

#include <string>
#include <vector>

#include "refrain/api/runs.h"

namespace refrain::cli {

std::string runs_table(const std::vector<api::RunSummary>& runs);
std::string run_text(const api::RunDetails& run);
std::string board_text(const api::Board& board);

}  // namespace refrain::cli

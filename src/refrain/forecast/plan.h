// Settles what the options leave to the data: seasons, windows, sizes and length of the training.
// Looks at the values before `ends` alone.
#pragma once

#include "refrain/forecast/network.h"
#include "refrain/forecast/spec.h"

namespace refrain::forecast {

// True if no known value is zero or less.
bool all_positive(const data::Histories& histories, const std::vector<int>& ends);

// True if there are few series with many values: their windows resemble each other.
bool are_few_and_long(const data::Histories& histories, const std::vector<int>& ends);

struct Plan {
  int horizon = 1;
  std::vector<int> seasons;  // the first one is that of the scores; 1 where there is none
  std::vector<double> quantiles;
  int window = 0;  // steps that methods read which learn from all series; 0 = inner windows choose

  int season() const { return seasons.empty() ? 1 : seasons.front(); }
};

// Steps after which many of the series repeat themselves, by the autocorrelation of their
// differences; none where they do not.
std::vector<int> find_seasons(const data::Histories& histories, const std::vector<int>& ends);

// `horizon`: as the test file tells, 0 = it does not.
Plan make_plan(const data::Histories& histories, const std::vector<int>& ends,
               const ForecastSpec& spec, int horizon);

// The form of network number `member`; members differ in what they read.
NetworkForm make_form(const data::Histories& histories, const std::vector<int>& ends,
                      const Plan& plan, const Settings& settings, int member);

// Puts sizes and length of the training in.
void settle(const data::Histories& histories, const std::vector<int>& ends, Settings& settings);

}  // namespace refrain::forecast

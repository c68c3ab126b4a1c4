// The heads behind heads(), each from a file of its own.
#pragma once

#include "refrain/forecast/heads/head.h"

namespace refrain::forecast {

Head quantile_head();
Head point_head();
Head gaussian_head();
Head student_t_head();
Head negative_binomial_head();

}  // namespace refrain::forecast

// What several readers of series do with the values they have read.
#pragma once

#include "refrain/data/sample.h"

namespace refrain::data {

// Takes off the steps at the end that hold no value in any channel. With `keeps_gaps` a series
// without any value stays as long as it is.
void cut_padding(Series& series, bool keeps_gaps = false);

}  // namespace refrain::data

// What several readers of series do with the values they have read.
#pragma once

#include "refrain/data/sample.h"

namespace refrain::data {

// Takes off the steps at the end that hold no value in any channel.
void cut_padding(Series& series);

}  // namespace refrain::data

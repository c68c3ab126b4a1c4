// The number type of every tensor. float in the product; the tests compile the whole core a second
// time with -DREFRAIN_DOUBLE, so that finite differences can see an error of 1e-8 in a gradient.
#pragma once

namespace refrain {

#ifdef REFRAIN_DOUBLE
using real = double;
#else
using real = float;
#endif

}  // namespace refrain

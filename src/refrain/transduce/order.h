// Whether replies follow their sources from left to right, as pronunciations do, which CTC can
// write.
#pragma once

#include <string_view>
#include <vector>

#include "refrain/transduce/symbols.h"

namespace refrain::transduce {

// Of neighbouring symbols in replies that come from different symbols of the source, by the
// alignment of IBM model 1 (simple/ibm_model1.h), the share whose sources stand in the same order:
// 1 = from left to right, 0 = from right to left, about 0.5 where there is no order. Of many texts
// some 500 are read. 0.5 where nothing can be said.
double order_share(const std::vector<std::string_view>& sources, Symbols::Kind source_kind,
                   const std::vector<std::string_view>& replies, Symbols::Kind reply_kind);

}  // namespace refrain::transduce

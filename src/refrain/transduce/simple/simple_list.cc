#include "refrain/transduce/simple/simple.h"

namespace refrain::transduce {

const base::Registry<SimpleReply>& simple_replies() {
  static const base::Registry<SimpleReply> kReplies(
      "simple method", {{"copy", "the source itself", {copy_of_source, true}}});
  return kReplies;
}

}  // namespace refrain::transduce

// The parameters of a conditional random field above a head that scores tags step by step: scores
// of pairs of tags, of the first one and of the last one (tape/chain_loss.h).
#pragma once

#include <string>

#include "refrain/nn/context.h"
#include "refrain/tape/chain_loss.h"

namespace refrain::nn {

struct ChainHead {
  int transitions = -1, begin = -1, end = -1;

  static ChainHead make(int tags, const std::string& name, ParamSet& params) {
    ChainHead head;
    head.transitions = params.add({name + ".transitions", {tags, tags}, Start::kZero});
    head.begin = params.add({name + ".begin", {tags}, Start::kZero, 1, false});
    head.end = params.add({name + ".end", {tags}, Start::kZero, 1, false});
    return head;
  }

  tape::ChainScores scores(const Context& context, tape::Var emissions) const {
    return {emissions, context.param(transitions), context.param(begin), context.param(end)};
  }
};

}  // namespace refrain::nn

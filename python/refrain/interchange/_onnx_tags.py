"""What the ONNX export has of taggers behind the recurrent layers."""

import numpy as np

_NEVER = -1e30  # the score of what may not follow


def require_one(networks):
    if len(networks) == 1:
        return
    raise NotImplementedError(
        "the ONNX export takes taggers of one network, as probabilities of several are averaged "
        "behind the decoding; fit with ensemble=1 and preset='none', or distil"
    )


def tag_names(goal):
    """The tags that a network scores, in the order of its outputs (task/tag/codec.cc)."""
    if not goal["spans"]:
        return list(goal["tags"])
    types = sorted({tag[2:] for tag in goal["tags"] if tag != "O"}, key=str.encode)
    letters = "BIES" if goal["closed"] else "BI"
    return ["O", *(f"{letter}-{name}" for name in types for letter in letters)]


def _may_follow(before, tag, closed):
    goes_on = before[0] in "BI" and before[2:] == tag[2:]
    if tag[0] in "IE":
        return goes_on
    return not closed or before[0] not in "BI"


def chain_scores(network):
    """(transitions [from, to], begin, end) with what may not be at -1e30."""
    goal, tensors = network.goal, network.tensors
    names, closed = tag_names(goal), goal["closed"]
    pairs, begin, end = (np.array(tensors[f"head.{n}"]) for n in ("transitions", "begin", "end"))
    pairs = pairs.T.copy()  # [to, from], as all weights of a model file
    if not goal["spans"]:
        return pairs, begin, end
    for i, before in enumerate(names):
        for j, tag in enumerate(names):
            if not _may_follow(before, tag, closed):
                pairs[i, j] = _NEVER
        if before[0] in "IE":
            begin[i] = _NEVER
        if closed and before[0] in "BI":
            end[i] = _NEVER
    return pairs, begin, end


def tag_answer(g, network, scores):
    """(name of the answer, of the output, tags); the chain's scores become initialisers."""
    width = len(tag_names(network.goal))
    if not network.goal["chain"]:
        return g.op("Softmax", scores, axis=2), "probabilities", width
    for name, value in zip(("transitions", "begin", "end"), chain_scores(network)):
        g.constants.append(g.to_tensor(np.ascontiguousarray(value, dtype=np.float32), name))
    return scores, "emissions", width

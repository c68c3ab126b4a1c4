"""ONNX Runtime's side of bench/compare.py: one time step, batch 1. usage: onnxruntime_worker.py [threads]"""
import sys

import numpy
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from protocol import repeat_streaming, serve

GATES = {"rnn": 1, "lstm": 4, "gru": 3}


def make_model(cell, inputs, hidden):
    """A graph of one RNN, LSTM or GRU node whose state goes in and comes out."""
    rng = numpy.random.default_rng(0)
    columns = GATES[cell] * hidden

    def weights(name, *shape):
        return numpy_helper.from_array(rng.normal(0, 0.1, (1, *shape)).astype(numpy.float32), name)

    def state(name):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 1, hidden])

    held = ["h", "c"] if cell == "lstm" else ["h"]
    node = helper.make_node(cell.upper(), ["x", "W", "R", "B", "", *held], ["", *(s + "_next" for s in held)],
                            hidden_size=hidden)
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, inputs])
    graph = helper.make_graph([node], cell, [x, *map(state, held)], [state(s + "_next") for s in held],
                              [weights("W", columns, inputs), weights("R", columns, hidden), weights("B", 2 * columns)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)])
    model.ir_version = 8
    return model.SerializeToString(), held


def streaming(request):
    if request["kind"] != "streaming":
        raise ValueError("only the streaming step")
    inputs, hidden = request["shape"][2:]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    options.inter_op_num_threads = 1
    model, held = make_model(request["cell"], inputs, hidden)
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    feed = {name: numpy.zeros((1, 1, hidden), numpy.float32) for name in held}
    feed["x"] = numpy.full((1, 1, inputs), 0.5, numpy.float32)

    def step():
        feed.update(zip(held, session.run(None, feed)))

    return lambda seconds, clock: repeat_streaming(step, seconds, clock)


if __name__ == "__main__":
    serve(onnxruntime.__version__, streaming)

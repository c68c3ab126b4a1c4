"""JAX's side of bench/compare.py: a jitted lax.scan, the input's product outside of it, Adam by hand.
Compilation is not counted. usage: jax_worker.py [threads]; XLA's threads are set by the environment."""
import jax
from jax import lax, nn
from jax import numpy as jnp

from protocol import repeat, serve

GATES = {"rnn": 1, "lstm": 4, "gru": 3}
CLASSES = 4


def rnn_step(u, state, gates):
    h = jnp.tanh(gates + state[0] @ u)
    return (h,)


def lstm_step(u, state, gates):
    h, c = state
    i, f, g, o = jnp.split(gates + h @ u, 4, axis=-1)
    c = nn.sigmoid(f) * c + nn.sigmoid(i) * jnp.tanh(g)
    return (nn.sigmoid(o) * jnp.tanh(c), c)


def gru_step(u, state, gates):
    h = state[0]
    xr, xz, xn = jnp.split(gates, 3, axis=-1)
    hr, hz, hn = jnp.split(h @ u, 3, axis=-1)
    z = nn.sigmoid(xz + hz)
    n = jnp.tanh(xn + nn.sigmoid(xr + hr) * hn)
    return ((1 - z) * n + z * h,)


STEPS = {"rnn": rnn_step, "lstm": lstm_step, "gru": gru_step}


def make_loss(cell, hidden):
    states = 2 if cell == "lstm" else 1

    def loss(p, x, y):
        gates = x @ p["w"] + p["b"]  # [T,B,G]
        start = (jnp.zeros((x.shape[1], hidden)),) * states
        state, _ = lax.scan(lambda s, g: (STEPS[cell](p["u"], s, g), None), start, gates)
        scores = nn.log_softmax(state[0] @ p["v"] + p["a"])
        return -jnp.mean(scores[jnp.arange(y.shape[0]), y])

    return loss


def make_update(loss):
    def update(p, m, v, n, x, y):
        value, d = jax.value_and_grad(loss)(p, x, y)
        m = jax.tree.map(lambda a, b: 0.9 * a + 0.1 * b, m, d)
        v = jax.tree.map(lambda a, b: 0.999 * a + 0.001 * b * b, v, d)
        rate = 1e-3 * jnp.sqrt(1 - 0.999**n) / (1 - 0.9**n)
        p = jax.tree.map(lambda a, b, c: a - rate * b / (jnp.sqrt(c) + 1e-8), p, m, v)
        return p, m, v, n + 1, value

    return jax.jit(update, donate_argnums=(0, 1, 2, 3))


def make_parameters(cell, inputs, hidden):
    keys = jax.random.split(jax.random.PRNGKey(0), 3)
    columns, bound = GATES[cell] * hidden, hidden**-0.5

    def draw(key, shape):
        return jax.random.uniform(key, shape, minval=-bound, maxval=bound)

    return {"w": draw(keys[0], (inputs, columns)), "u": draw(keys[1], (hidden, columns)),
            "b": jnp.zeros(columns), "v": draw(keys[2], (hidden, CLASSES)), "a": jnp.zeros(CLASSES)}


def training(request):
    if request["kind"] != "dense":
        raise ValueError("only the dense training step")
    batch, steps, inputs, hidden = request["shape"]
    p = make_parameters(request["cell"], inputs, hidden)
    keys = jax.random.split(jax.random.PRNGKey(1), 2)
    x = jax.random.normal(keys[0], (steps, batch, inputs))
    y = jax.random.randint(keys[1], (batch,), 0, CLASSES)
    update = make_update(make_loss(request["cell"], hidden))
    state = (p, jax.tree.map(jnp.zeros_like, p), jax.tree.map(jnp.zeros_like, p), jnp.ones(()))
    losses = []

    def step():
        nonlocal state
        *state, loss = update(*state, x, y)
        losses[1:] = [jax.block_until_ready(loss)]
        jax.block_until_ready(state)

    step()
    losses.append(losses[0])
    return lambda seconds, clock: {**repeat(step, seconds, clock), "loss": [float(loss) for loss in losses]}


if __name__ == "__main__":
    serve(jax.__version__, training)

# %% [markdown]
# # Beside a PyTorch script
# The usual tutorial recipe - one GRU layer, Adam, the last state - and Refrain on the same series; then
# the same network in both, to the sixth decimal.

# %%
import time

import numpy as np
import torch
from numpy.typing import NDArray

import refrain

rng = np.random.default_rng(3)


def make(n: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    y = np.arange(n) % 3
    t = np.arange(80) / 10
    X = np.sin(np.outer(1 + 0.15 * y, t) + rng.uniform(0, 6, (n, 1))) + 0.4 * rng.normal(size=(n, 80))
    return X.astype(np.float32)[:, :, None], y


X, y = make(60)
X_test, y_test = make(150)


# %%
class Recipe(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.gru = torch.nn.GRU(1, 64, batch_first=True)
        self.fc = torch.nn.Linear(64, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(self.gru(x)[1][-1])


torch.manual_seed(0)
net, start = Recipe(), time.time()
optimiser = torch.optim.Adam(net.parameters(), 1e-3)
for epoch in range(30):
    for batch in torch.randperm(len(X)).split(16):
        optimiser.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(torch.tensor(X)[batch]), torch.tensor(y)[batch])
        loss.backward()
        optimiser.step()
with torch.no_grad():
    right = (net(torch.tensor(X_test)).argmax(1).numpy() == y_test).mean()
print(f"PyTorch recipe: {right:.3f} in {time.time() - start:.1f} s")

# %%
start = time.time()
clf = refrain.SequenceClassifier(preset="fast", random_state=0).fit(X, y)
print(f"Refrain, preset fast: {clf.score(X_test, y_test):.3f} in {time.time() - start:.1f} s")

# %% [markdown]
# A trained PyTorch network becomes a model of Refrain, and back.

# %%
model = refrain.interchange.from_torch(net.state_dict(), ["0", "1", "2"])
with torch.no_grad():
    theirs = net(torch.tensor(X_test)).softmax(1).numpy()
print("largest difference:", abs(model.predict_proba(X_test) - theirs).max())
state, description = refrain.interchange.to_torch(model)
module = refrain.interchange.torch_module(description, state)

"""Our integrated gradients beside those of Captum, on the same weights in PyTorch."""

import numpy as np
import pytest
import refrain
from refrain.interchange import to_torch, torch_module

torch = pytest.importorskip("torch", reason="PyTorch is not installed: no gradients to compare with")
captum = pytest.importorskip("captum.attr", reason="Captum is not installed: pip install captum")

LIMIT = 1e-3  # of the largest score of a sample


def as_module(estimator):
    state, description = to_torch(estimator)
    return torch_module(description, state), description


def largest_gap(ours, theirs):
    return np.abs(ours - theirs).max() / np.abs(theirs).max()


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_scores_of_steps_and_channels_are_those_of_captum(cell):
    random = np.random.RandomState(3)
    X = random.randn(60, 15, 3).astype(np.float32)
    y = np.where(X[:, 4:9, 1].mean(axis=1) > 0, "up", "down")
    options = {"preset": "none", "cell": cell, "hidden": 8, "layers": 2, "pooling": "mean", "epochs": 8, "lr": 0.02}
    estimator = refrain.SequenceClassifier(**options).fit(X, y)
    found = estimator.model_.explain(X[:6], method="integrated_gradients", segments=0, checks=False)
    module, description = as_module(estimator)
    blank = torch.tensor(description["normaliser"]["mean"], dtype=torch.float32)
    gradients = captum.IntegratedGradients(module)
    for i in range(6):
        theirs = gradients.attribute(
            torch.from_numpy(X[i : i + 1]),
            baselines=blank.expand(1, 15, 3),
            target=description["labels"].index(found.targets[i]),
            additional_forward_args=torch.tensor([15]),
            n_steps=200,
        )
        gap = largest_gap(found.map(i, channels=3), theirs[0].detach().numpy())
        assert gap < LIMIT, gap


def test_scores_of_words_are_those_of_captum():
    texts = ["a fine film", "an awful film it was", "fine story", "the awful story"] * 10
    labels = ["good", "bad"] * 20
    options = {"preset": "none", "hidden": 8, "pooling": "mean", "epochs": 12, "lr": 0.02, "spelling": "none"}
    estimator = refrain.TextClassifier(**options).fit(texts, labels)
    found = estimator.model_.explain(texts[:4], method="integrated_gradients", checks=False)
    module, description = as_module(estimator)
    gradients = captum.LayerIntegratedGradients(module, module.embedding)
    zero = torch.zeros(module.embedding.weight.shape[1])
    for i, text in enumerate(texts[:4]):
        numbers = torch.tensor([[description["words"].index(word) for word in text.split()]])
        scores = gradients.attribute(
            numbers,
            target=description["labels"].index(found.targets[i]),
            additional_forward_args=torch.tensor([numbers.shape[1]]),
            baselines=_blank_row(module, zero, numbers),
            n_steps=200,
        )
        theirs = scores[0].sum(dim=-1).detach().numpy()
        assert [word for word, _ in found.words(i)] == text.split()
        gap = largest_gap(np.array([score for _, score in found.words(i)]), theirs)
        assert gap < LIMIT, gap


def _blank_row(module, zero, numbers):
    """Numbers of a word whose vector is zero: one more row of the embedding."""
    weight = module.embedding.weight.detach()
    if len(weight) == 0 or not torch.equal(weight[-1], zero):
        more = torch.nn.Embedding(len(weight) + 1, weight.shape[1])
        more.weight.data.copy_(torch.cat([weight, zero[None]]))
        module.embedding.weight = more.weight
        module.embedding.num_embeddings += 1
    return torch.full_like(numbers, module.embedding.num_embeddings - 1)

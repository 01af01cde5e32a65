"""Runs of a Kou cell in other forms than kou_cell.py: peers of bench/map.ts.

    printf 'loop 1 1\nbatched 10 20\nnumpy 1 5\nnumpy 100 200\n' | python3 kou_map.py 595 5

Arguments: d, |mu|. Prints one JSON line about itself, then for every line of stdin, a form, how many runs share one
program and a number of runs, {"seconds": of all of them, "testErrors": [...]}. n = 20, m = 10, 100 steps at 0.1,
1,000 test points, as published. OMP_NUM_THREADS sets the threads.

loop: PyTorch, the network given one sample at a time, in training (one backward pass a step) and on the test set;
float32.
batched: PyTorch, so many replicas in one batched product, autograd and all; float32.
numpy: gradient descent by hand in Gram space, so many runs stacked; the data and initial weights are drawn as vectors,
the test set as 2m Gaussians a point, which is exact and the least work that sampled test points allow; float64.
"""
import json
import platform
import sys
import time

import numpy as np
import torch
from torch import nn

d, mu = int(sys.argv[1]), float(sys.argv[2])
n, m, flip, eta, steps, test_points = 20, 10, 0.1, 0.1, 100, 1000
signs = torch.cat([torch.ones(m), -torch.ones(m)])


def draw(*shape):
    """Points (*shape, 2, d) and their observed labels."""
    true_labels = torch.randint(2, shape) * 2.0 - 1.0
    labels = torch.where(torch.rand(*shape) < flip, -true_labels, true_labels)
    x = torch.zeros(*shape, 2, d)
    x[..., 0, 0] = mu * true_labels
    x[..., 1, :].normal_()
    return x, labels


def logits(filters, point):
    """Of one sample: a convolution over its two patches laid end to end, a sum over patches and one over each class's filters."""
    sums = filters(point.view(1, 1, 2 * d)).relu().sum(dim=2)
    return torch.stack([sums[:, m:].sum(dim=1), sums[:, :m].sum(dim=1)], dim=1)


def loop(_):
    x, labels = draw(n)
    filters = nn.Conv1d(1, 2 * m, d, stride=d)
    optimizer = torch.optim.SGD(filters.parameters(), lr=eta)
    cross_entropy = nn.CrossEntropyLoss()
    classes = (labels > 0).long()
    for _ in range(steps):
        optimizer.zero_grad(set_to_none=True)
        loss = sum(cross_entropy(logits(filters, x[i]), classes[i : i + 1]) for i in range(n)) / n
        loss.backward()
        optimizer.step()
    wrong = 0
    with torch.no_grad():
        x, labels = draw(test_points)
        for i in range(test_points):
            below, above = logits(filters, x[i])[0].tolist()
            wrong += labels[i].item() * (above - below) <= 0
    return [wrong / test_points]


def batched(replicas):
    x, labels = draw(replicas, n)
    bound = d**-0.5
    weights = torch.empty(replicas, d, 2 * m).uniform_(-bound, bound).requires_grad_()
    bias = torch.empty(replicas, 1, 2 * m).uniform_(-bound, bound).requires_grad_()

    def output(points):
        patches = torch.baddbmm(bias, points.view(replicas, -1, d), weights).relu()
        return patches.view(replicas, -1, 2, 2 * m).sum(dim=2) @ signs

    for _ in range(steps):
        loss = nn.functional.softplus(-labels * output(x)).sum() / n
        for parameter, gradient in zip((weights, bias), torch.autograd.grad(loss, (weights, bias))):
            parameter.data.sub_(gradient, alpha=eta)
    with torch.no_grad():
        x, labels = draw(replicas, test_points)
        return (output(x) * labels <= 0).float().mean(dim=1).tolist()


generator = np.random.default_rng(1)


def numpy_gram(runs):
    lead = () if runs == 1 else (runs,)
    a = signs.double().numpy()[:, None]
    true_labels = generator.integers(2, size=(*lead, 1, n)) * 2.0 - 1.0
    y = np.where(generator.random(true_labels.shape) < flip, -true_labels, true_labels)
    anchors = np.zeros((*lead, n + 1, d))
    anchors[..., 0, 0] = mu
    anchors[..., 1:, :] = generator.standard_normal((*lead, n, d))
    weights = generator.uniform(-(d**-0.5), d**-0.5, (*lead, 2 * m, d))
    b = generator.uniform(-(d**-0.5), d**-0.5, (*lead, 2 * m, 1))
    G = anchors @ anchors.swapaxes(-1, -2)
    start = weights @ anchors.swapaxes(-1, -2)
    P = start.copy()
    C = np.zeros_like(P)
    dC = np.empty_like(P)
    for _ in range(steps):
        signal = P[..., :1] * true_labels + b
        own = P[..., 1:] + b
        output = (a * (np.maximum(signal, 0) + np.maximum(own, 0))).sum(axis=-2, keepdims=True)
        change = a * (y * (eta / n) / (1 + np.exp(y * output)))
        by_signal = change * (signal > 0)
        by_noise = change * (own > 0)
        dC[..., 0] = (by_signal * true_labels).sum(axis=-1)
        dC[..., 1:] = by_noise
        C += dC
        P += dC @ G
        b += (by_signal + by_noise).sum(axis=-1, keepdims=True)
    cross = C @ start.swapaxes(-1, -2)
    covariance = weights @ weights.swapaxes(-1, -2) + cross + cross.swapaxes(-1, -2) + C @ G @ C.swapaxes(-1, -2)
    true_labels = generator.integers(2, size=(*lead, 1, test_points)) * 2.0 - 1.0
    y = np.where(generator.random(true_labels.shape) < flip, -true_labels, true_labels)
    noise = np.linalg.cholesky(covariance) @ generator.standard_normal((*lead, 2 * m, test_points)) + b
    output = (a * (np.maximum(P[..., :1] * true_labels + b, 0) + np.maximum(noise, 0))).sum(axis=-2, keepdims=True)
    return np.atleast_1d((output * y <= 0).mean(axis=(-1, -2))).tolist()


forms = {"loop": loop, "batched": batched, "numpy": numpy_gram}
torch.manual_seed(1)
print(json.dumps({"torch": torch.__version__, "numpy": np.__version__, "python": platform.python_version()}), flush=True)
for line in sys.stdin:
    form, together, runs = line.split()
    started = time.perf_counter()
    errors = [error for _ in range(int(runs) // int(together)) for error in forms[form](int(together))]
    print(json.dumps({"seconds": time.perf_counter() - started, "testErrors": errors}), flush=True)

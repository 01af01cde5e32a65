"""Runs of a Kou cell in current PyTorch, many replicas in one program: peers of bench/map.ts.

    printf 'vmap 50 1\nvmap 50 2\n' | python3 kou_map_torch.py 595 5

Arguments and lines: turns.py.

vmap: the network as one writes it down, in d dimensions; a step is torch.func.vmap of torch.func.grad over the
replicas; float32, eager.
compiled: the same step, and the same test of drawn points, by torch.compile.
gram: gradient descent by hand in Gram space, as in kou_map_numpy.py, by torch.compile; float64.
gram32: the same in float32.
"""
import os
from functools import partial

os.environ["TORCHINDUCTOR_FORCE_DISABLE_CACHES"] = "1"  # a compilation's time is that of the first one
import torch
from torch.func import grad, vmap
from torch.nn.functional import softplus
from turns import d, eta, flip, m, mu, n, serve, steps, test_points
from versions import torch_version

signs = torch.cat([torch.ones(m), -torch.ones(m)])
bound = d**-0.5


def draw_labels(*shape, dtype=torch.float32):
    """True and observed labels, (*shape) each."""
    true_labels = torch.randint(2, shape).to(dtype) * 2 - 1
    return true_labels, torch.where(torch.rand(shape) < flip, -true_labels, true_labels)


def draw(*shape):
    """Points (*shape, 2, d) and their observed labels."""
    true_labels, labels = draw_labels(*shape)
    signal = torch.zeros(*shape, d)
    signal[..., 0] = mu * true_labels
    return torch.stack([signal, torch.randn(*shape, d)], dim=-2), labels


def uniform(*shape, dtype=torch.float32):
    return torch.empty(shape, dtype=dtype).uniform_(-bound, bound)


def output(parameters, x):
    """Of one replica: weights (d, 2m), bias (2m,), x (points, 2, d)."""
    weights, bias = parameters
    sums = (x.reshape(-1, d) @ weights + bias).relu().view(-1, 2, 2 * m).sum(dim=1)
    return sums @ signs


def loss(parameters, x, labels):
    return softplus(-labels * output(parameters, x)).mean()


def step(parameters, x, labels):
    """Of all replicas, in place."""
    for parameter, gradient in zip(parameters, vmap(grad(loss))(parameters, x, labels)):
        parameter.sub_(gradient, alpha=eta)


def test_error(parameters, x, labels):
    return (output(parameters, x) * labels <= 0).float().mean()


def in_d_dimensions(step, test_error, replicas):
    """Trained together, tested one by one: all test sets at once miss every cache and take twice the time."""
    x, labels = draw(replicas, n)
    parameters = uniform(replicas, d, 2 * m), uniform(replicas, 2 * m)
    for _ in range(steps):
        step(parameters, x, labels)
    return [test_error(of_replica, *draw(test_points)).item() for of_replica in zip(*parameters)]


def gram_step(P, C, b, G, true_labels, y):
    """Of all replicas: P, C (replicas, 2m, n + 1), b (replicas, 2m, 1), G (replicas, n + 1, n + 1).

    Labels: (replicas, 1, n).
    """
    a = signs.to(P.dtype)[:, None]
    signal = P[..., :1] * true_labels + b
    own = P[..., 1:] + b
    outputs = (a * (signal.relu() + own.relu())).sum(dim=-2, keepdim=True)
    change = a * (y * (eta / n) * torch.sigmoid(-y * outputs))
    by_signal = change * (signal > 0)
    by_noise = change * (own > 0)
    dC = torch.cat([(by_signal * true_labels).sum(dim=-1, keepdim=True), by_noise], dim=-1)
    return P + dC @ G, C + dC, b + (by_signal + by_noise).sum(dim=-1, keepdim=True)


def gram_test_errors(P, noise, b, true_labels, y):
    """Of each replica; noise (replicas, 2m, points)."""
    a = signs.to(P.dtype)[:, None]
    outputs = (a * ((P[..., :1] * true_labels + b).relu() + (noise + b).relu())).sum(dim=-2, keepdim=True)
    return (outputs * y <= 0).to(P.dtype).mean(dim=(-1, -2))


def in_gram_space(step, test_errors, dtype, replicas):
    labels = draw_labels(replicas, 1, n, dtype=dtype)
    anchors = torch.randn(replicas, n + 1, d, dtype=dtype)
    anchors[:, 0] = 0
    anchors[:, 0, 0] = mu
    weights, b = uniform(replicas, 2 * m, d, dtype=dtype), uniform(replicas, 2 * m, 1, dtype=dtype)
    G = anchors @ anchors.mT
    start = weights @ anchors.mT
    P, C = start, torch.zeros_like(start)
    for _ in range(steps):
        P, C, b = step(P, C, b, G, *labels)
    cross = C @ start.mT
    factor = torch.linalg.cholesky(weights @ weights.mT + cross + cross.mT + C @ G @ C.mT)
    noise = factor @ torch.randn(replicas, 2 * m, test_points, dtype=dtype)
    return test_errors(P, noise, b, *draw_labels(replicas, 1, test_points, dtype=dtype)).tolist()


def compiled(*functions):
    return [torch.compile(function, dynamic=False) for function in functions]


forms = {
    "vmap": partial(in_d_dimensions, step, test_error),
    "compiled": partial(in_d_dimensions, *compiled(step, test_error)),
    "gram": partial(in_gram_space, *compiled(gram_step, gram_test_errors), torch.float64),
    "gram32": partial(in_gram_space, *compiled(gram_step, gram_test_errors), torch.float32),
}
torch.manual_seed(1)
torch.set_grad_enabled(False)
serve(forms, [f"PyTorch {torch_version()}"], torch.get_num_threads())

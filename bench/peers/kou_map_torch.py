"""Runs of a Kou cell in current PyTorch, many replicas in one program: peers of bench/map.ts.

    printf 'vmap 10 1\nvmap 10 2\n' | python3 kou_map_torch.py 595 5

Arguments and lines: turns.py. Each step is torch.func.vmap of torch.func.grad over the replicas.

vmap: the network as one writes it down, in d dimensions, float32, eager.
compiled: the same step, and the same test of drawn points, by torch.compile.
gram, gram-compiled: gradient descent by hand in Gram space, as numpy_gram in kou_map.py; float64.
"""
import torch
from torch.func import grad, vmap
from torch.nn.functional import softplus
from turns import d, eta, flip, m, mu, n, serve, steps, test_points

signs = torch.ones(2 * m).index_fill(0, torch.arange(m, 2 * m), -1.0)
bound = d**-0.5


def draw_labels(*shape):
    """True and observed labels, (*shape) each."""
    true_labels = torch.randint(2, shape) * 2.0 - 1.0
    return true_labels, torch.where(torch.rand(shape) < flip, -true_labels, true_labels)


def draw(*shape):
    """Points (*shape, 2, d) and their observed labels."""
    true_labels, labels = draw_labels(*shape)
    x = torch.zeros(*shape, 2, d)
    x[..., 0, 0] = mu * true_labels
    x[..., 1, :].normal_()
    return x, labels


def output(weights, bias, x):
    """Of one replica: weights (d, 2m), bias (2m,), x (points, 2, d)."""
    return (x @ weights + bias).relu().sum(dim=1) @ signs


def loss(parameters, x, labels):
    return softplus(-labels * output(*parameters, x)).mean()


def step(parameters, x, labels):
    """Of all replicas."""
    gradients = vmap(grad(loss))(parameters, x, labels)
    return tuple(p - eta * g for p, g in zip(parameters, gradients))


def wrong(parameters, x, labels):
    """Test error of each replica."""
    return (vmap(output)(*parameters, x) * labels <= 0).float().mean(dim=1)


def in_d_dimensions(step, wrong, replicas):
    x, labels = draw(replicas, n)
    parameters = (
        torch.empty(replicas, d, 2 * m).uniform_(-bound, bound),
        torch.empty(replicas, 2 * m).uniform_(-bound, bound),
    )
    for _ in range(steps):
        parameters = step(parameters, x, labels)
    return wrong(parameters, *draw(replicas, test_points)).tolist()


def gram_step(P, C, b, G, true_labels, y):
    """Of all replicas: P, C (replicas, 2m, n + 1), b (replicas, 2m, 1), G (replicas, n + 1, n + 1), labels (replicas, 1, n)."""
    a = signs.double()[:, None]
    signal = P[..., :1] * true_labels + b
    own = P[..., 1:] + b
    outputs = (a * (signal.relu() + own.relu())).sum(dim=-2, keepdim=True)
    change = a * (y * (eta / n) * torch.sigmoid(-y * outputs))
    by_signal = change * (signal > 0)
    by_noise = change * (own > 0)
    dC = torch.cat([(by_signal * true_labels).sum(dim=-1, keepdim=True), by_noise], dim=-1)
    return P + dC @ G, C + dC, b + (by_signal + by_noise).sum(dim=-1, keepdim=True)


def gram_wrong(P, noise, b, true_labels, y):
    """Test error of each replica; noise (replicas, 2m, points)."""
    a = signs.double()[:, None]
    outputs = (a * ((P[..., :1] * true_labels + b).relu() + (noise + b).relu())).sum(dim=-2, keepdim=True)
    return (outputs * y <= 0).double().mean(dim=(-1, -2))


def in_gram_space(step, wrong, replicas):
    f64 = torch.float64
    labels = [labels.double() for labels in draw_labels(replicas, 1, n)]
    anchors = torch.zeros(replicas, n + 1, d, dtype=f64)
    anchors[:, 0, 0] = mu
    anchors[:, 1:].normal_()
    weights = torch.empty(replicas, 2 * m, d, dtype=f64).uniform_(-bound, bound)
    b = torch.empty(replicas, 2 * m, 1, dtype=f64).uniform_(-bound, bound)
    G = anchors @ anchors.mT
    start = weights @ anchors.mT
    P, C = start, torch.zeros_like(start)
    for _ in range(steps):
        P, C, b = step(P, C, b, G, *labels)
    cross = C @ start.mT
    factor = torch.linalg.cholesky(weights @ weights.mT + cross + cross.mT + C @ G @ C.mT)
    noise = factor @ torch.randn(replicas, 2 * m, test_points, dtype=f64)
    return wrong(P, noise, b, *(labels.double() for labels in draw_labels(replicas, 1, test_points))).tolist()


def compiled(function):
    return torch.compile(function, dynamic=False)


def blas():
    """What PyTorch says of its BLAS: its vendor, and MKL's and oneDNN's versions."""
    lines = [line.strip(" -") for line in torch.__config__.show().splitlines()]
    named = [line for line in lines if line.startswith(("Intel(R) MKL", "Intel(R) oneAPI Math", "OpenBLAS", "LAPACK"))]
    return "; ".join(named)


forms = {
    "vmap": lambda replicas: in_d_dimensions(step, wrong, replicas),
    "compiled": lambda replicas, c=(compiled(step), compiled(wrong)): in_d_dimensions(*c, replicas),
    "gram": lambda replicas: in_gram_space(gram_step, gram_wrong, replicas),
    "gram-compiled": lambda replicas, c=(compiled(gram_step), compiled(gram_wrong)): in_gram_space(*c, replicas),
}
torch.manual_seed(1)
torch.set_grad_enabled(False)
serve(forms, {"torch": torch.__version__, "blas": blas(), "threads": torch.get_num_threads()})

"""Runs of a Kou cell in other forms than kou_cell.py: peers of bench/map.ts.

    printf 'loop 1 1\nbatched 10 2\n' | python3 kou_map.py 595 5

Arguments and lines: turns.py. OMP_NUM_THREADS sets the threads.

loop: PyTorch, the network given one sample at a time, in training (one backward pass a step) and on the test set;
float32.
batched: PyTorch, so many replicas in one batched product, autograd and all; float32.
"""
import torch
from torch import nn
from turns import d, eta, flip, m, mu, n, serve, steps, test_points
from versions import torch_version

signs = torch.cat([torch.ones(m), -torch.ones(m)])


def draw(*shape):
    """Points (*shape, 2, d) and their observed labels."""
    true_labels = torch.randint(2, shape) * 2.0 - 1.0
    labels = torch.where(torch.rand(*shape) < flip, -true_labels, true_labels)
    signal = torch.zeros(*shape, d)
    signal[..., 0] = mu * true_labels
    return torch.stack([signal, torch.randn(*shape, d)], dim=-2), labels  # normal_() of a part of x is far slower


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


torch.manual_seed(1)
serve({"loop": loop, "batched": batched}, [f"PyTorch {torch_version()}"], torch.get_num_threads())

"""Runs of a Kou cell in NumPy.

Gradient descent by hand in Gram space, so many runs stacked; the data and initial weights are drawn as vectors, the
test set as 2m Gaussians a point, which is exact and the least work that sampled test points allow; float64.
"""
import numpy as np
from published import eta, flip, m, n, steps, test_points


def gram(generator, d, mu, runs):
    """Test errors of so many runs."""
    lead = () if runs == 1 else (runs,)
    a = np.repeat([1.0, -1.0], m)[:, None]
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

"""Runs of a Kou cell in JAX, many replicas in one compiled program: peers of bench/map.ts.

    printf 'vmap 10 1\nvmap 10 2\ngram 100 1\ngram 100 2\n' | python3 kou_map_jax.py 595 5

Arguments and lines: turns.py. Everything from the draw to the test error is inside one jit, with vmap over keys. One
thread: NPROC=1 XLA_FLAGS=--xla_cpu_multi_thread_eigen=false.

vmap: the network as one writes it down, in d dimensions, by jax.grad in a fori_loop; float32.
gram: gradient descent by hand in Gram space, as in kou_map_numpy.py; float64.
gram32: the same in float32.
"""
import os
from functools import partial

import jax
import jax.numpy as jnp
from jax import random
from turns import d, eta, flip, m, mu, n, serve, steps, test_points
from versions import loaded_blas

jax.config.update("jax_enable_x64", True)  # for `gram`; every array names its type
jax.config.update("jax_threefry_partitionable", False)  # draws are faster on one device
signs = jnp.repeat(jnp.array([1.0, -1.0], jnp.float32), m)


def draw_labels(key, count, dtype):
    """True and observed labels, (count,) each."""
    of_label, of_flip = random.split(key)
    true_labels = 2 * random.bernoulli(of_label, 0.5, (count,)).astype(dtype) - 1
    return true_labels, jnp.where(random.bernoulli(of_flip, jnp.float32(flip), (count,)), -true_labels, true_labels)


def draw(key, count):
    """Points (count, 2, d) and their observed labels."""
    of_labels, of_noise = random.split(key)
    true_labels, labels = draw_labels(of_labels, count, jnp.float32)
    signal = jnp.zeros((count, d), jnp.float32).at[:, 0].set(mu * true_labels)
    return jnp.stack([signal, random.normal(of_noise, (count, d), jnp.float32)], axis=1), labels


def output(parameters, x):
    weights, bias = parameters
    return jax.nn.relu(x @ weights + bias).sum(axis=1) @ signs


def loss(parameters, x, labels):
    return jax.nn.softplus(-labels * output(parameters, x)).mean()


def trained(key):
    """Parameters of one run."""
    of_sample, of_weights, of_bias = random.split(key, 3)
    sample = draw(of_sample, n)
    bound = d**-0.5
    parameters = (
        random.uniform(of_weights, (d, 2 * m), jnp.float32, -bound, bound),
        random.uniform(of_bias, (2 * m,), jnp.float32, -bound, bound),
    )

    def step(_, parameters):
        return jax.tree.map(lambda p, g: p - eta * g, parameters, jax.grad(loss)(parameters, *sample))

    return jax.lax.fori_loop(0, steps, step, parameters)


def test_error(parameters_and_key):
    parameters, key = parameters_and_key
    x, labels = draw(key, test_points)
    return (output(parameters, x) * labels <= 0).mean()


def in_d_dimensions(keys):
    """Test errors of the runs. Trained together, tested one by one: all test sets at once miss every cache."""
    of_training, of_test = jax.vmap(random.split, out_axes=1)(keys)
    return jax.lax.map(test_error, (jax.vmap(trained)(of_training), of_test))


def in_gram_space(dtype, key):
    """Test error of one run."""
    of_sample, of_noise, of_weights, of_bias, of_test, of_points = random.split(key, 6)
    a = signs.astype(dtype)[:, None]
    true_labels, y = draw_labels(of_sample, n, dtype)
    mean = jnp.zeros((1, d), dtype).at[0, 0].set(mu)
    anchors = jnp.concatenate([mean, random.normal(of_noise, (n, d), dtype)])
    bound = d**-0.5
    weights = random.uniform(of_weights, (2 * m, d), dtype, -bound, bound)
    G = anchors @ anchors.T
    start = weights @ anchors.T

    def step(_, state):
        P, C, b = state
        signal = P[:, :1] * true_labels + b
        own = P[:, 1:] + b
        change = a * (eta / n * y * jax.nn.sigmoid(-y * (a * (jax.nn.relu(signal) + jax.nn.relu(own))).sum(axis=0)))
        by_signal = change * (signal > 0)
        by_noise = change * (own > 0)
        dC = jnp.concatenate([(by_signal * true_labels).sum(axis=1, keepdims=True), by_noise], axis=1)
        return P + dC @ G, C + dC, b + (by_signal + by_noise).sum(axis=1, keepdims=True)

    b = random.uniform(of_bias, (2 * m, 1), dtype, -bound, bound)
    P, C, b = jax.lax.fori_loop(0, steps, step, (start, jnp.zeros_like(start), b))
    cross = C @ start.T
    factor = jnp.linalg.cholesky(weights @ weights.T + cross + cross.T + C @ G @ C.T)
    true_labels, y = draw_labels(of_test, test_points, dtype)
    noise = factor @ random.normal(of_points, (2 * m, test_points), dtype) + b
    outputs = (a * (jax.nn.relu(P[:, :1] * true_labels + b) + jax.nn.relu(noise))).sum(axis=0)
    return (outputs * y <= 0).mean()


def form(runs):
    program = jax.jit(runs)
    key = random.key(1)

    def errors(replicas):
        nonlocal key
        key, use = random.split(key)
        return program(random.split(use, replicas)).tolist()

    return errors


forms = {
    "vmap": form(in_d_dimensions),
    "gram": form(jax.vmap(partial(in_gram_space, jnp.float64))),
    "gram32": form(jax.vmap(partial(in_gram_space, jnp.float32))),
}
threads = int(os.environ.get("NPROC") or len(os.sched_getaffinity(0)))
versions = f"JAX {jax.__version__} (jaxlib {jax.lib.__version__}, products by XLA, factors by {loaded_blas()})"
serve(forms, [versions], threads)

"""The published cell of Kou et al., but for d and |mu|: 100 steps at 0.1, 1,000 test points."""
n, m, flip, eta, steps, test_points = 20, 10, 0.1, 0.1, 100, 1000

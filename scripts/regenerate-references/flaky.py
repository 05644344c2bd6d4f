#!/usr/bin/env python3
"""Writes the reference values of the statistics of flaky tests: seeded input and what others make of it.

    /usr/bin/python3 scripts/regenerate-references/flaky.py

Needs SciPy 1.10.1 (checked; Debian 12: python3-scipy). Writes
common/src/test/resources/org/assay/flaky/references.json.
"""
import json
import pathlib

import numpy as np
import scipy
from scipy import optimize, special, stats

assert scipy.__version__ == "1.10.1", scipy.__version__
ROOT = pathlib.Path(__file__).parents[2]
OUT = ROOT / "common/src/test/resources/org/assay/flaky/references.json"
rng = np.random.default_rng(20261127)


def fisher():
    tables = [(0, 50, 5, 5), (5, 5, 0, 20), (3, 5, 0, 20), (1, 10, 11, 14), (0, 50, 5, 200), (10, 1000, 30, 1000), (0, 0, 3, 7),
              (4, 4, 6, 6), (0, 9, 0, 8), (2, 3, 1, 3), (700, 1400, 300, 900), (1, 4000, 2, 3)]
    for _ in range(30):
        a, b = rng.integers(1, 60, 2)
        tables.append((rng.integers(0, a + 1), a, rng.integers(0, b + 1), b))
    rows = []
    for ka, a, kb, b in ((int(x) for x in t) for t in tables):
        table = [[ka, a - ka], [kb, b - kb]]
        rows.append([ka, a, kb, b] + [stats.fisher_exact(table, alternative=h)[1] for h in ("two-sided", "greater", "less")])
    return rows


def stratified():
    """The exact conditional test of strata, by its definition: SciPy's hypergeometric distributions, convolved."""
    cases = []
    for _ in range(12):
        strata = []
        p, s = np.ones(1), 0
        for _ in range(int(rng.integers(2, 6))):
            a, b = (int(x) for x in rng.integers(2, 25, 2))
            ka, kb = int(rng.integers(0, a + 1)), int(rng.integers(0, b + 1))
            strata.append([ka, a, kb, b])
            p = np.convolve(p, stats.hypergeom.pmf(np.arange(0, a + 1), a + b, ka + kb, a))
            s += ka
        cases.append({"strata": strata, "p": [p[p <= p[s] * (1 + 1e-7)].sum(), p[s:].sum(), p[:s + 1].sum()]})
    return cases


def rates():
    rows = []
    for k, n in [(0, 59), (0, 170), (0, 2995), (1, 10), (3, 200), (7, 7), (50, 100), (199, 200)]:
        two = stats.binomtest(k, n).proportion_ci(0.95, "exact")
        bound = stats.binomtest(k, n, alternative="less").proportion_ci(0.95, "exact").high
        rows.append([k, n, two.low, two.high, bound])
    return rows


def beta_prior():
    cases = []
    for a, b, runs in [(0.3, 6.0, [50] * 200), (2.0, 10.0, [20] * 60 + [100] * 60), (0.05, 1.0, [250] * 1000), (0.5, 0.5, [10] * 80)]:
        p = rng.beta(a, b, len(runs))
        k = rng.binomial(runs, p)
        n = np.array(runs)

        def loss(x):
            a1, b1 = np.exp(x)
            return -np.sum(special.betaln(a1 + k, b1 + n - k) - special.betaln(a1, b1))

        best = optimize.minimize(loss, [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-12, "maxiter": 10000})
        a1, b1 = np.exp(best.x)
        cases.append({"k": k.tolist(), "n": runs, "a": a1, "b": b1, "log_likelihood": -best.fun,
                      "posterior": [[kk, nn, (a1 + kk) / (a1 + b1 + nn), *stats.beta.ppf([0.025, 0.975], a1 + kk, b1 + nn - kk)]
                                    for kk, nn in [(0, 10), (1, 50), (5, 250)]]})
    return cases


def sequences():
    """The set of p that the mixture does not reject, its ends by Brent's method."""
    rows = []
    for k, n, level in [(0, 10, .95), (0, 200, .95), (1, 50, .95), (5, 5, .9), (30, 100, .95), (7, 1000, .99), (500, 1000, .95)]:
        def excess(p):
            ratio = special.betaln(k + .5, n - k + .5) - special.betaln(.5, .5) - special.xlogy(k, p) - special.xlog1py(n - k, -p)
            return ratio + np.log(1 - level)
        low = 0.0 if k == 0 else optimize.brentq(excess, 1e-300, k / n, xtol=1e-16, rtol=1e-14)
        high = 1.0 if k == n else optimize.brentq(excess, k / n, 1 - 1e-16, xtol=1e-16, rtol=1e-14)
        rows.append([k, n, level, low, high])
    return rows


OUT.parent.mkdir(parents=True, exist_ok=True)
OUT.write_text(json.dumps({"fisher": fisher(), "stratified": stratified(), "rates": rates(), "beta_prior": beta_prior(),
                           "sequences": sequences()}, indent=None) + "\n")

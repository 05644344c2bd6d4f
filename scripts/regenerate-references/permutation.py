#!/usr/bin/env python3
"""Writes the permutation tests that the tests of org.assay.permutation compare with, by SciPy.

    python3 scripts/regenerate-references/permutation.py > common/src/test/resources/org/assay/permutation/scipy.json

Made with SciPy 1.17.1. All tests enumerate every arrangement. Deterministic.
"""
import json
import sys

import numpy as np
import scipy
from scipy import stats

assert scipy.__version__ == "1.17.1", scipy.__version__


def mean_difference(x, y):
    return float(np.mean(x) - np.mean(y))


def area(positives, negatives):
    p, n = len(positives), len(negatives)
    ranks = stats.rankdata(np.concatenate([positives, negatives]))
    return float((ranks[:p].sum() - p * (p + 1) / 2) / (p * n))


def energy(x, y):
    return float(stats.energy_distance(x, y) ** 2)


def spearman(x, y):
    return float(stats.pearsonr(stats.rankdata(x), stats.rankdata(y)).statistic)


def paired_spearman(pair):
    # One sample is permuted: with both, SciPy would go through every arrangement n! times.
    x, y = pair
    case = cases("", (x,), lambda x: spearman(x, y), "pairings")
    return case | {"samples": [list(map(float, sample)) for sample in pair]}


def test(data, statistic, kind, alternative):
    # SciPy hands over views that it reorders, so plain functions of one arrangement at a time.
    result = stats.permutation_test(
        data, statistic, permutation_type=kind, vectorized=False, n_resamples=np.inf, alternative=alternative)
    return {"statistic": float(result.statistic), "p": float(result.pvalue), "arrangements": len(result.null_distribution)}


def cases(name, data, statistic, kind):
    return {
        "name": name,
        "samples": [list(map(float, sample)) for sample in data],
        **{a: test(data, statistic, kind, a) for a in ("greater", "less", "two-sided")},
    }


rng = np.random.default_rng(20260)
tied = (np.array([1.0, 2, 2, 3, 5, 5, 6]), np.array([2.0, 2, 3, 4, 4]))
drawn = (np.round(rng.normal(0.8, 1, 6), 3), np.round(rng.normal(0, 1, 9), 3))
small = (np.array([0.1, 0.7]), np.array([0.7, 0.2, 0.3]))
# Also in the tests of mlxtend: 387 and 774 of 12870 arrangements.
unpaired = (np.array([689.0, 656, 668, 660, 679, 663, 664, 647]), np.array([657.0, 623, 652, 654, 658, 660, 670, 620]))
pairs = (np.array([2.0, 1, 2, 4, 6, 5]), np.array([0.3, 0.1, 0.5, 0.5, 0.9, 0.7]))

json.dump(
    {
        "scipy": scipy.__version__,
        "mean-difference": [cases(n, d, mean_difference, "independent")
                            for n, d in (("tied", tied), ("drawn", drawn), ("small", small), ("unpaired", unpaired))],
        "roc-auc": [cases(n, d, area, "independent") for n, d in (("tied", tied), ("drawn", drawn), ("small", small))],
        "energy-distance": [cases(n, d, energy, "independent") for n, d in (("tied", tied), ("drawn", drawn), ("small", small))],
        "spearman": [paired_spearman(pairs), paired_spearman((drawn[0], drawn[1][:6]))],
        "sign-flip": [
            cases(n, (np.array(d),), lambda d: float(np.mean(d)), "samples")
            for n, d in (
                ("tenths", [0.1, 0.2, -0.3, 0.4, 0.6, 0.1, -0.2]),
                ("signs", [1.0, 1, 0, -1, 1, 1, 0, 1]),
                ("drawn", list(np.round(rng.normal(0.4, 1, 12), 3))),
            )],
        "clopper-pearson-99": [
            {"extreme": b, "replicates": m, "low": float(ci.low), "high": float(ci.high)}
            for b, m in ((0, 999), (1, 999), (17, 999), (4_999, 9_999), (999, 999))
            for ci in [stats.binomtest(b, m).proportion_ci(0.99, "exact")]
        ],
    },
    sys.stdout, indent=1)
print()

#!/usr/bin/env python3
"""Writes what models say of rows left out, by refits and by one step from the fit to all rows, as numpy finds it.

    /usr/bin/python3 scripts/regenerate-references/jackknife.py

Needs numpy and the real data beside the project. Writes jobs/src/test/resources/org/assay/jobs/jackknife.csv: of each row the linear
predictor (log odds; logarithm of the expected label) by a refit without it and by the infinitesimal jackknife, b - H^-1 grad F_i(b).
logit: 200 tumours of 30 features, mean log loss + 0.1 / 2 sum s_j^2 b_j^2, s_j^2 the variance (n - 1) of the rows that are left.
gamma: 120 patients, four features, log link, sum of y / mu + log mu without a penalty, H the observed curvature.
"""
import csv
import pathlib

import numpy as np

ROOT = pathlib.Path(__file__).parents[2]


def table(name, label, names=None):
    with open(ROOT / "../shared/data" / name) as file:
        rows = list(csv.DictReader(file))
    names = names or [n for n in rows[0] if n not in ("id", label)]
    return [r["id"] for r in rows], np.array([[float(r[n]) for n in names] for r in rows]), np.array([float(r[label]) for r in rows])


def logit(X, y, lam):
    """Gradient and Hessian of the objective of these rows."""
    penalty = lam * np.concatenate([[0], X.var(axis=0, ddof=1)])
    Z = np.column_stack([np.ones(len(y)), X])
    def at(b):
        p = 1 / (1 + np.exp(-Z @ b))
        return Z.T @ (p - y) / len(y) + penalty * b, (Z.T * (p * (1 - p))) @ Z / len(y) + np.diag(penalty)
    return at


def gamma(X, y, _):
    Z = np.column_stack([np.ones(len(y)), X])
    def at(b):
        r = y * np.exp(-Z @ b)
        return Z.T @ (1 - r), (Z.T * r) @ Z
    return at


def minimum(objective, b):
    for _ in range(100):
        g, H = objective(b)
        step = np.linalg.solve(H, g)
        b = b - step
    return b


out = []
for name, family, (ids, X, y), lam, n in (
    ("logit", logit, table("breast_cancer.csv", "benign"), 0.1, 200),
    ("gamma", gamma, table("diabetes.csv", "progression", ["age", "bmi", "bp", "s1"]), 0, 120),
):
    ids, X, y = ids[:n], X[:n], y[:n]
    assert [int(i) for i in ids] == list(range(n))
    scale = X.std(axis=0)
    X = (X - X.mean(axis=0)) / scale  # predictors do not depend on units
    start = np.zeros(X.shape[1] + 1)
    start[0] = np.log(y.mean()) if family is gamma else 0
    whole = minimum(family(X, y, lam), start)
    H = family(X, y, lam)(whole)[1]
    for i in range(n):
        left = np.arange(n) != i
        objective = family(X[left], y[left], lam)
        z = np.concatenate([[1], X[i]])
        refit = minimum(objective, whole)
        assert np.abs(objective(refit)[0]).max() < 1e-10
        out.append([name, ids[i], repr(float(z @ refit)), repr(float(z @ (whole - np.linalg.solve(H, objective(whole)[0]))))])
with open(ROOT / "jobs/src/test/resources/org/assay/jobs/jackknife.csv", "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["model", "id", "refit", "jackknife"])
    writer.writerows(out)

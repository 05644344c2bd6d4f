#!/usr/bin/env python3
"""Writes scikit-learn's learning and validation curves for the subsets of rows that the tests have.

    cp jobs/target/curve-subsets.csv jobs/src/test/resources/org/assay/jobs/    # only when the subsets are to be others
    /usr/bin/python3 scripts/regenerate-references/curves.py

Needs scikit-learn 1.2.1 (checked) and the real data beside the project. Writes jobs/src/test/resources/org/assay/jobs/curves.csv.
"""
import csv
import pathlib

import numpy as np
import sklearn
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import learning_curve, validation_curve

assert sklearn.__version__ == "1.2.1", sklearn.__version__
ROOT = pathlib.Path(__file__).parents[2]
RESOURCES = ROOT / "jobs/src/test/resources/org/assay/jobs"

with open(ROOT / "../shared/data/diabetes.csv") as file:
    table = list(csv.DictReader(file))
names = [name for name in table[0] if name not in ("id", "progression")]
X = np.array([[float(row[name]) for name in names] for row in table])
y = np.array([float(row["progression"]) for row in table])
ids = [row["id"] for row in table]
half = np.array([int(i) % 2 for i in ids])
tests = [np.flatnonzero(half == fold) for fold in (0, 1)]

# Of each fold the rows of the smallest subset first: scikit-learn trains on the first rows of what it is given.
trains = [[], []]
with open(RESOURCES / "curve-subsets.csv") as file:
    for row in csv.DictReader(file):
        trains[int(row["fold"])].append(ids.index(row["id"]))
sizes = [20, 50, 100, 200]
rows = []


def add(curve, values, metric, train, test):
    for k, value in enumerate(values):
        for fold in (0, 1):
            for split, score in (("train", train), ("test", test)):
                number = float(score[k][fold])
                rows.append([curve, value, metric, split, fold, repr(-number if metric == "mse" else number)])


for metric, scoring in (("mse", "neg_mean_squared_error"), ("r2", "r2")):
    counts, train, test = learning_curve(
        LinearRegression(), X, y, train_sizes=sizes, cv=list(zip(trains, tests)), scoring=scoring
    )
    assert list(counts) == sizes
    add("learning", sizes, metric, train, test)
    # Half the mean squared error plus half the penalty, in units of the label's standard deviation as Spark ML has it, against the
    # sum of squares plus the penalty: a penalty of its own for each fold of 221 training rows.
    penalties = ["0.001", "0.01", "0.1", "1", "10"]
    parts = []
    for fold in (0, 1):
        own = tests[1 - fold]
        alphas = [len(own) * float(p) / y[own].std() for p in penalties]
        parts.append(
            validation_curve(
                Ridge(solver="cholesky"), X, y, param_name="alpha", param_range=alphas, cv=[(own, tests[fold])], scoring=scoring
            )
        )
    add("validation", penalties, metric, *(np.hstack([part[side] for part in parts]) for side in (0, 1)))

with open(RESOURCES / "curves.csv", "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["curve", "value", "metric", "split", "fold", "score"])
    writer.writerows(rows)

# Observed and permuted scores of two learners.
from sklearn.model_selection import PredefinedSplit, StratifiedKFold, permutation_test_score  # noqa: E402
from sklearn.naive_bayes import GaussianNB  # noqa: E402


def permuted(name, model, X, y, cv, scoring):
    score, scores, _ = permutation_test_score(model, X, y, cv=cv, scoring=scoring, n_permutations=999, random_state=5)
    sign = -1 if scoring.startswith("neg") else 1
    return [[name, repr(sign * float(s))] for s in [score, *scores]]


few = np.array([int(i) < 90 for i in ids])
columns = [names.index(name) for name in ("age", "sex", "s1", "s3")]
five = PredefinedSplit([int(i) % 5 for i in np.array(ids)[few]])
lines = permuted("line", LinearRegression(), X[few][:, columns], y[few], five, "r2")
with open(ROOT / "../shared/data/breast_cancer.csv") as file:
    table = [row for row in csv.DictReader(file) if int(row["id"]) < 120]
X = np.array([[float(row["mean_symmetry"]), float(row["texture_error"])] for row in table])
y = np.array([int(row["benign"]) for row in table])
lines += permuted("bayes", GaussianNB(), X, y, StratifiedKFold(5, shuffle=True, random_state=5), "neg_log_loss")
with open(RESOURCES / "label-permutations.csv", "w", newline="") as file:
    csv.writer(file, lineterminator="\n").writerows(lines)

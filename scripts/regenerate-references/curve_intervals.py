#!/usr/bin/env python3
"""Coverage of corrected-t intervals of cross-validations whose training sets are cut: with the plan's own n_test / n_train, and with the cut size.

    /usr/bin/python3 scripts/regenerate-references/curve_intervals.py

3 times 10 folds of 100 rows, 600 data sets of each of four learners (the mean, least squares, nearest mean, nearest neighbour), seed 1;
about a minute, needs numpy and scipy. Per learner and training size: the standard deviation of the mean over data sets, and for both
ratios the mean standard error as a multiple of it and the share of intervals of 95 % that hold the expected value, which is taken to be
the mean over the data sets.
"""
import numpy as np
from scipy import stats

g = np.random.default_rng(1)
ROWS, FOLDS, REPEATS, SETS, SIZES = 100, 10, 3, 600, (9, 18, 45, 90)


class Mean:
    def data(self):
        return np.zeros((ROWS, 1)), g.normal(size=ROWS)

    def loss(self, x, y, u, v):
        return ((v - y.mean()) ** 2).mean()


class LeastSquares:
    def data(self):
        x = g.normal(size=(ROWS, 5))
        return x, x @ np.ones(5) * 0.3 + g.normal(size=ROWS)

    def loss(self, x, y, u, v):
        a = np.column_stack([x, np.ones(len(x))])
        b = np.linalg.solve(a.T @ a + 1e-3 * np.eye(6), a.T @ y)
        return ((v - u @ b[:5] - b[5]) ** 2).mean()


class NearestMean:
    def data(self):
        y = (g.random(ROWS) < 0.5) * 1
        return g.normal(size=(ROWS, 5)) + 0.5 * y[:, None], y

    def loss(self, x, y, u, v):
        if y.min() == y.max():
            return float((v != y[0]).mean())
        one, other = x[y == 1].mean(0), x[y == 0].mean(0)
        return float(((((u - one) ** 2).sum(1) < ((u - other) ** 2).sum(1)) != v).mean())


class NearestNeighbour:
    def data(self):
        y = (g.random(ROWS) < 0.5) * 1
        return g.normal(size=(ROWS, 2)) + y[:, None], y

    def loss(self, x, y, u, v):
        return float((y[((u[:, None] - x[None]) ** 2).sum(2).argmin(1)] != v).mean())


for learner in (Mean(), LeastSquares(), NearestMean(), NearestNeighbour()):
    found = {m: [] for m in SIZES}
    for _ in range(SETS):
        x, y = learner.data()
        values = {m: [] for m in SIZES}
        for _ in range(REPEATS):
            fold = g.permutation(ROWS) % FOLDS
            for k in range(FOLDS):
                train, test = g.permutation(np.flatnonzero(fold != k)), fold == k
                for m in SIZES:
                    values[m].append(learner.loss(x[train[:m]], y[train[:m]], x[test], y[test]))
        for m in SIZES:
            found[m].append((np.mean(values[m]), np.std(values[m], ddof=1)))
    count, test = FOLDS * REPEATS, ROWS / FOLDS
    reach = stats.t.ppf(0.975, count - 1)
    for m in SIZES:
        mean, sd = np.array(found[m]).T
        line = f"{type(learner).__name__:18} {m:3} rows: sd of the mean {mean.std(ddof=1):.4f}"
        for name, train in (("the plan's", ROWS - test), ("the cut", m)):
            error = sd * np.sqrt(1 / count + test / train)
            line += f"; {name} ratio: error {error.mean() / mean.std(ddof=1):.2f}, coverage {(abs(mean - mean.mean()) <= reach * error).mean():.3f}"
        print(line, flush=True)

"""Writes the splits of scikit-learn that the design tests compare with.

    /usr/bin/python3 scripts/regenerate-references/designs.py > common/src/test/resources/org/assay/design/splits.json

Made with scikit-learn 1.2.1. Deterministic.
"""

import json
import sys

import numpy as np
import sklearn
from sklearn.model_selection import LeaveOneGroupOut, PredefinedSplit, TimeSeriesSplit


def splits(splitter, n, groups=None):
    return [{"train": a.tolist(), "test": b.tolist()} for a, b in splitter.split(np.zeros((n, 1)), groups=groups)]


def time_series():
    cases = []
    for n, folds, gap, horizon, train in [
        (6, 5, 0, None, None),
        (12, 3, 2, 2, None),
        (13, 3, 0, None, None),
        (50, 4, 3, 7, 10),
        (50, 4, 3, None, 10),
        (101, 10, 0, 5, 30),
        (101, 10, 1, 5, 1),
    ]:
        splitter = TimeSeriesSplit(n_splits=folds, gap=gap, test_size=horizon, max_train_size=train)
        cases.append({"n": n, "folds": folds, "gap": gap, "horizon": horizon, "train": train, "splits": splits(splitter, n)})
    return cases


def labelled():
    random = np.random.RandomState(7)
    cases = []
    for n, most in [(10, 3), (57, 8), (120, 30)]:
        label = np.concatenate([np.arange(most), random.randint(0, most, n - most)])
        random.shuffle(label)
        cases.append(
            {
                "label": label.tolist(),
                "predefined": splits(PredefinedSplit(label), n),
                "leave-one-group-out": splits(LeaveOneGroupOut(), n, groups=label),
            }
        )
    return cases


json.dump(
    {"scikit-learn": sklearn.__version__, "time-series": time_series(), "labelled": labelled()},
    sys.stdout,
    separators=(",", ":"),
)
print()

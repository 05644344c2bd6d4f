#!/usr/bin/env python3
"""Reference predictions of XGBoost's own Python package (Debian's python3-xgboost 1.7.4) for XgboostTest.

    scripts/regenerate-references/trees.py ROWS.csv > jobs/src/test/resources/org/assay/jobs/xgboost.csv

ROWS.csv is the Wisconsin data, whose features are taken in the file's order. The first 400 rows train, the rest are predicted: one line per
case, its name and then the probabilities, or numbers. Trees are exact and nothing is drawn, so versions agree but for rounding.
"""
import csv, sys
import numpy as np
import xgboost

with open(sys.argv[1]) as f:
    table = list(csv.DictReader(f))
names = [n for n in table[0] if n not in ("id", "benign")]
x = np.array([[float(r[n]) for n in names] for r in table], dtype=np.float32)
benign = np.array([float(r["benign"]) for r in table])
weight = np.where(np.arange(len(x)) % 3 == 0, 2.0, 0.5)
thirds = np.digitize(x[:, 0], [12.0, 15.0]).astype(float)
cases = {
    "two": (benign, weight, dict(objective="binary:logistic", max_depth=3, eta=0.3), 20),
    "three": (thirds, None, dict(objective="multi:softprob", num_class=3, max_depth=2, eta=0.2), 15),
    "number": (x[:, 1].astype(float), weight, dict(objective="reg:squarederror", max_depth=4, eta=0.1, alpha=0.5), 25),
}
for name, (label, w, params, rounds) in cases.items():
    features = x[:, 1:] if name == "three" else np.delete(x, 1, 1) if name == "number" else x
    train = xgboost.DMatrix(features[:400], label=label[:400], weight=None if w is None else w[:400])
    params = {**params, "tree_method": "exact", "base_score": 0.5, "nthread": 1}
    booster = xgboost.train(params, train, rounds)
    found = booster.predict(xgboost.DMatrix(features[400:])).ravel()
    print(name + "," + ",".join(repr(float(v)) for v in found))

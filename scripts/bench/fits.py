#!/usr/bin/env python3
"""Peers of whole cross-validations on all cores: scikit-learn and XGBoost's own Python package.

    scripts/bench/fits.py CASE [--dump DIR] [--data DIR] [--cores 2]

Prints JSON lines as the peers' file of bench.py does. Cases: adult-xgboost (DIR holds adult.csv), logistic-million. Fits are scored by log
loss on the rows held out, as the product's are. Needs Debian's python3-sklearn and python3-xgboost.
"""
import argparse, json, os, time, warnings
import numpy as np
warnings.filterwarnings("ignore")

ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ap.add_argument("case", choices=["adult-xgboost", "logistic-million"]); ap.add_argument("--dump"); ap.add_argument("--data"); ap.add_argument("--cores", type=int, default=os.cpu_count())
a = ap.parse_args()


def timed(peer, total, run, sample):
    wall, cpu = time.perf_counter(), time.process_time(); run(sample); wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(json.dumps({"case": a.case, "peer": peer, "cpu_s": cpu / sample * total, "wall_s": wall / sample * total, **({"from": sample} if sample < total else {})}), flush=True)


def adult_xgboost():
    """10 x 10-fold of 100 trees of depth 6 by histograms, texts as categories."""
    import pandas as pd, xgboost as xgb
    from sklearn.metrics import log_loss
    from sklearn.model_selection import StratifiedKFold
    d = pd.read_csv(os.path.join(a.data, "adult.csv")); y = d.pop("income").to_numpy(); d = d.drop(columns="id")
    for c in d.select_dtypes("object"): d[c] = d[c].astype("category")
    work = [(t, v) for r in range(10) for t, v in StratifiedKFold(10, shuffle=True, random_state=r).split(d, y)]
    def run(k):
        for t, v in work[:k]:
            m = xgb.train({"objective": "binary:logistic", "tree_method": "hist", "nthread": a.cores},
                          xgb.DMatrix(d.iloc[t], y[t], enable_categorical=True), 100)
            log_loss(y[v], m.predict(xgb.DMatrix(d.iloc[v], enable_categorical=True)))
    timed("xgboost " + xgb.__version__ + ", Python", len(work), run, 10)


def logistic_million():
    """5 x 10-fold of 20 penalties on 1e6 x 30; one fold's path from the strongest penalty on, each from the one before where the solver can."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import log_loss
    n, p = 10**6, 30; g = np.random.default_rng(3); X = g.normal(size=(n, p)); w = g.normal(size=p) * (np.arange(p) < 12)
    y = (g.random(n) < 1 / (1 + np.exp(-(X @ w * .5 + X[:, 0] * X[:, 1])))).astype(int)
    if a.dump:
        os.makedirs(a.dump, exist_ok=True)
        with open(os.path.join(a.dump, "features.csv"), "w") as f:
            f.write(",".join(["label"] + [f"x{j}" for j in range(p)]) + "\n")
            for at in range(0, n, 10**5):
                np.savetxt(f, np.column_stack([y[at:at + 10**5], X[at:at + 10**5]]), delimiter=",", fmt=["%d"] + ["%.17g"] * p)
        return
    held = g.permutation(n) % 10 == 0; lam = np.logspace(0, -4, 20)
    for solver, tol in (("lbfgs", 1e-4), ("newton-cholesky", 1e-8)):
        def run(k):
            m = LogisticRegression(tol=tol, max_iter=1000, solver=solver, warm_start=True)
            for l in lam[::20 // k]:
                m.set_params(C=1 / (l * (~held).sum())).fit(X[~held], y[~held]); log_loss(y[held], m.predict_proba(X[held])[:, 1])
        timed("scikit-learn " + solver, 1000, run, 4)


{"adult-xgboost": adult_xgboost, "logistic-million": logistic_million}[a.case]()

#!/usr/bin/env python3
"""Writes the references of the tests of org.assay.importance.

    /usr/bin/python3 scripts/regenerate-references/importance.py BREAST_CANCER.csv > common/src/test/resources/org/assay/importance/references.json

Made with Debian 12's SciPy 1.10.1, scikit-learn 1.2.1 and statsmodels 0.13.5. Deterministic.
"""
import csv, json, sys

import numpy as np
import scipy
import sklearn
from scipy import stats
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform
from sklearn.metrics import normalized_mutual_info_score
from sklearn.tree import DecisionTreeRegressor
from statsmodels.stats.inter_rater import fleiss_kappa

assert scipy.__version__ == "1.10.1" and sklearn.__version__ == "1.2.1", (scipy.__version__, sklearn.__version__)

with open(sys.argv[1]) as f:
    table = list(csv.DictReader(f))
names = [n for n in table[0] if n not in ("id", "benign")]
x = np.array([[float(r[n]) for n in names] for r in table])
label = np.array([int(r["benign"]) for r in table])


def clusters():
    rho = np.abs(stats.spearmanr(x).statistic)
    distance = squareform(1 - rho, checks=False)
    found = {"spearman": rho[0].tolist()}
    for method in ("single", "average", "complete"):
        links = hierarchy.linkage(distance, method)
        found[method] = {
            "heights": links[:, 2].tolist(),
            "cuts": [{"height": t, "labels": hierarchy.fcluster(links, t, "distance").tolist()} for t in (0.05, 0.2, 0.4, 0.7)],
        }
    return found


def information():
    # Tenths by midranks, so that equal values share one.
    codes = np.floor((stats.rankdata(x, axis=0) - 0.5) / len(x) * 10).astype(int)
    return {
        "label": [normalized_mutual_info_score(label, codes[:, j]) for j in range(x.shape[1])],
        "first": [normalized_mutual_info_score(codes[:, 0], codes[:, j]) for j in range(x.shape[1])],
    }


def tree():
    # One column, then two columns, from the others; each of the predicted has variance 1, so that the least decrease is a share.
    found = []
    for targets, depth, leaf, share in (([0], 3, 20, 0.01), ([1], 4, 30, 0.005), ([4, 8], 4, 15, 0.01)):
        y = (x[:, targets] - x[:, targets].mean(axis=0)) / x[:, targets].std(axis=0)
        others = [j for j in range(x.shape[1]) if j not in targets]
        model = DecisionTreeRegressor(max_depth=depth, min_samples_leaf=leaf, min_impurity_decrease=share, random_state=0)
        model.fit(x[:, others], y)
        found.append({
            "targets": targets, "depth": depth, "leaf": leaf, "share": share,
            "leaves": model.apply(x[:, others]).tolist(),
            "used": sorted({others[f] for f in model.tree_.feature if f >= 0}),
            "explained": model.score(x[:, others], y),
        })
    return found


def rankings():
    rng = np.random.default_rng(5)
    cases = []
    for n, digits in ((6, 6), (7, 0), (8, 1), (30, 6), (30, 0)):
        a = np.round(rng.normal(0, 2, n), digits)
        b = np.round(a + rng.normal(0, 2, n), digits)
        tau, rho = stats.kendalltau(a, b), stats.spearmanr(a, b)
        case = {"a": a.tolist(), "b": b.tolist(), "tau": tau.statistic, "rho": rho.statistic}
        if n <= 8:
            # All orders of b, as SciPy enumerates them.
            for name, of in (("tau", stats.kendalltau), ("rho", stats.spearmanr)):
                case["p-" + name] = stats.permutation_test(
                    (b,), lambda y, of=of: of(a, y).statistic, permutation_type="pairings", n_resamples=np.inf,
                    alternative="greater", vectorized=False).pvalue
        cases.append(case)
    return cases


def stability():
    # Sets are raters and features subjects, rated as chosen or not.
    rng = np.random.default_rng(7)
    cases = []
    for sets, features, share in ((2, 5, 0.4), (10, 30, 0.2), (5, 12, 0.6)):
        chosen = (rng.random((sets, features)) < share * rng.random(features) * 2).astype(int)
        counts = chosen.sum(axis=0)
        cases.append({"chosen": chosen.tolist(), "kappa": fleiss_kappa(np.stack([counts, sets - counts], axis=1))})
    return cases


def null():
    rng = np.random.default_rng(6)
    cases = []
    for name, values, observed in (
        ("normal", rng.normal(0.01, 0.02, 200), 0.09),
        ("gamma", rng.gamma(1.4, 0.3, 200), 2.4),
        ("lognormal", rng.lognormal(-3, 1.1, 200), 1.2),
        ("none", np.concatenate([rng.normal(-1, 0.02, 100), rng.normal(1, 0.02, 100)]), 1.01),
    ):
        case = {"name": name, "values": values.tolist(), "observed": observed, "fits": {}}
        case["fits"]["normal"] = fit(stats.norm, (values.mean(), values.std()), values, observed)
        if values.min() > 0:
            logs = np.log(values)
            case["fits"]["lognormal"] = fit(stats.lognorm, (logs.std(), 0, np.exp(logs.mean())), values, observed)
            case["fits"]["gamma"] = fit(stats.gamma, stats.gamma.fit(values, floc=0), values, observed)
        cases.append(case)
    return cases


def fit(family, parameters, values, observed):
    distance = stats.kstest(values, family(*parameters).cdf)
    return {
        "parameters": [float(v) for v in parameters],
        "p": family.sf(observed, *parameters),
        "distance": distance.statistic,
        "fits": float(stats.kstwobign.sf(distance.statistic * np.sqrt(len(values)))),
    }


json.dump(
    {"scipy": scipy.__version__, "scikit-learn": sklearn.__version__, "clusters": clusters(), "information": information(), "trees": tree(),
     "rankings": rankings(), "stability": stability(), "null": null()},
    sys.stdout)

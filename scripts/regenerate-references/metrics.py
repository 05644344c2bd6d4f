#!/usr/bin/env python3
"""Writes the reference values of the metrics: seeded items and what scikit-learn makes of them.

    python3 scripts/regenerate-references/metrics.py

Needs scikit-learn 1.2.1 (checked). Writes common/src/test/resources/org/assay/metric/*.json. A value that Assay calls
undefined is null, whatever scikit-learn returns for it.
"""
import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn import metrics as m

assert sklearn.__version__ == "1.2.1", sklearn.__version__
OUT = pathlib.Path(__file__).parents[2] / "common/src/test/resources/org/assay/metric"
warnings.simplefilter("error")


def ece(outcome, confidence, w, bins):
    """Not in scikit-learn: the definition, bins closed on the right."""
    b = np.searchsorted(np.arange(1, bins) / bins, confidence, side="left")
    return sum(abs(np.sum((w * (outcome - confidence))[b == i])) for i in range(bins)) / np.sum(w)


def confusion_values(y, p, w, classes):
    kw = dict(sample_weight=w)
    with warnings.catch_warnings():
        # A class that is only predicted has no recall and is left out: what we do too.
        warnings.filterwarnings("ignore", "y_pred contains classes not in y_true")
        balanced = m.balanced_accuracy_score(y, p, **kw)
    with warnings.catch_warnings():
        # Its F1 is 0 by the definition with counts.
        warnings.filterwarnings("ignore", ".*F-score is ill-defined.*")
        averages = {"f1-" + a: m.f1_score(y, p, average=a, **kw) for a in ("macro", "micro", "weighted")}
    one_label, one_prediction = len(set(y)) == 1, len(set(p)) == 1
    values = {
        "accuracy": m.accuracy_score(y, p, **kw),
        "balanced-accuracy": balanced,
        "mcc": None if one_label or one_prediction else m.matthews_corrcoef(y, p, **kw),
        "cohen-kappa": None if one_label and set(y) == set(p) else m.cohen_kappa_score(y, p, **kw),
        **averages,
    }
    if classes == 2:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=m._classification.UndefinedMetricWarning)
            values |= {
                "precision": m.precision_score(y, p, **kw) if 1 in p else None,
                "recall": m.recall_score(y, p, **kw) if 1 in y else None,
                "specificity": m.recall_score(y, p, pos_label=0, **kw) if 0 in y else None,
                "f1": m.f1_score(y, p, **kw) if 1 in y or 1 in p else None,
            }
    return values


def score_values(y, s, w, classes, kind):
    values = {}
    ww = np.ones(len(y)) if w is None else w
    proba = kind == "probability"
    labels = list(range(classes))
    if classes == 2:
        values["roc-auc"] = m.roc_auc_score(y, s, sample_weight=w) if len(set(y)) == 2 else None
        values["average-precision"] = m.average_precision_score(y, s, sample_weight=w) if 1 in y else None
        if proba:
            values["log-loss"] = m.log_loss(y, s, sample_weight=w, labels=labels)
            values["brier"] = m.brier_score_loss(y, s, sample_weight=w, pos_label=1) if len(set(y)) == 2 else float(np.average((s - y) ** 2, weights=w))
            for bins in (10, 7):
                values["expected-calibration-error" + ("" if bins == 10 else f"(bins={bins})")] = ece(y, s, ww, bins)
        return values
    for k in (1, 2, 3):
        if k < classes:
            values["top-k-accuracy" + ("" if k == 2 else f"(k={k})")] = m.top_k_accuracy_score(y, s, k=k, labels=labels, sample_weight=w)
    if proba:
        values["log-loss"] = m.log_loss(y, s, sample_weight=w, labels=labels)
        # Not in scikit-learn 1.2: the definition.
        values["brier"] = float(np.average(((s - np.eye(classes)[y]) ** 2).sum(axis=1), weights=w))
        values["expected-calibration-error"] = ece(s.argmax(axis=1) == y, s.max(axis=1), ww, 10)
        whole = w is None or np.all(w == np.rint(w))
        # One-versus-one takes no weights: whole ones are rows repeated.
        yr, sr = (y, s) if w is None else (np.repeat(y, w.astype(int)), np.repeat(s, w.astype(int), axis=0)) if whole else (None, None)
        for average in ("macro", "weighted"):
            every = len(set(y)) == classes
            values["roc-auc-ovr-" + average] = m.roc_auc_score(y, s, multi_class="ovr", average=average, sample_weight=w) if every else None
            if whole:
                values["roc-auc-ovo-" + average] = m.roc_auc_score(yr, sr, multi_class="ovo", average=average) if every else None
    return values


def regression_values(y, p, w):
    kw = dict(sample_weight=w)
    constant = len(set(y)) == 1
    values = {
        "mse": m.mean_squared_error(y, p, **kw),
        "rmse": m.mean_squared_error(y, p, squared=False, **kw),
        "mae": m.mean_absolute_error(y, p, **kw),
        "median-absolute-error": m.median_absolute_error(y, p, **kw),
        "mape": m.mean_absolute_percentage_error(y, p, **kw),
        "r2": None if constant else m.r2_score(y, p, **kw),
        "explained-variance": None if constant else m.explained_variance_score(y, p, **kw),
    }
    for alpha in (0.5, 0.9, 0.05, 0, 1):
        values["pinball" + ("" if alpha == 0.5 else f"(alpha={alpha})")] = m.mean_pinball_loss(y, p, alpha=alpha, **kw)
    return values


def weights(rng, n, kind):
    return {
        None: None,
        "whole": rng.integers(1, 5, n).astype(float),
        "fractional": np.round(rng.gamma(1.5, 1.0, n) + 0.001, 4),
    }[kind]


def case(name, task, y, p, w, values, classes=0, scores="none", s=None):
    # Values equal to the bit have the shortest text that reads back as the same double.
    number = lambda v: None if v is None else float(v)
    listed = lambda a: None if a is None else [int(x) if float(x).is_integer() else float(x) for x in np.ravel(a)]
    return {
        "name": name, "task": task, "classes": classes, "scores_are": scores,
        "label": listed(y), "prediction": listed(p), "scores": listed(s), "weight": listed(w),
        "values": {k: number(v) for k, v in values.items()},
    }


def binary():
    rng = np.random.default_rng(20240)
    for name, n, rate, digits, weight in [
        ("plain", 200, 0.4, 6, None), ("ties", 300, 0.5, 1, None), ("whole weights", 150, 0.3, 2, "whole"),
        ("fractional weights", 150, 0.3, 2, "fractional"), ("imbalanced", 400, 0.02, 3, None),
        ("imbalanced, fractional weights", 300, 0.03, 2, "fractional"), ("small", 5, 0.5, 2, None),
        ("all scores equal", 20, 0.5, 0, "fractional"),
    ]:
        y = (rng.random(n) < rate).astype(int)
        y[:2] = [0, 1]
        s = np.round(1 / (1 + np.exp(-(rng.normal(size=n) + 1.5 * (y - 0.5)))), digits) if digits else np.full(n, 0.25)
        yield make_binary(name, y, s, weights(rng, n, weight))
    yield make_binary("certain and wrong", np.array([0, 1, 1, 0]), np.array([1.0, 0.0, 1.0, 0.0]), None)
    yield make_binary("perfect", np.array([0, 1, 1, 0]), np.array([0.2, 0.9, 0.7, 0.3]), None)
    yield make_binary("nothing predicted positive", np.array([0, 1, 1, 0]), np.array([0.2, 0.4, 0.3, 0.3]), None)
    yield make_binary("no positive", np.array([0, 0, 0]), np.array([0.2, 0.9, 0.7]), np.array([1.0, 2.5, 0.5]))
    yield make_binary("no negative", np.array([1, 1, 1]), np.array([0.2, 0.9, 0.7]), None)
    yield make_binary("all negative and so predicted", np.array([0, 0, 0]), np.array([0.2, 0.1, 0.4]), None)
    yield make_binary("on the edges of bins", rng.integers(0, 2, 44), np.tile(np.arange(11) / 10, 4), None)
    n = 120
    y = rng.integers(0, 2, n)
    s = np.round(rng.normal(size=n) * 3 + 2 * y, 1)
    p = (s > 0).astype(int)
    w = weights(rng, n, "fractional")
    yield case("ranking", "BINARY", y, p, w, confusion_values(y, p, w, 2) | score_values(y, s, w, 2, "ranking"), 2, "ranking", s)


def make_binary(name, y, s, w):
    p = (s > 0.5).astype(int)
    return case(name, "BINARY", y, p, w, confusion_values(y, p, w, 2) | score_values(y, s, w, 2, "probability"), 2, "probability", s)


def multiclass():
    rng = np.random.default_rng(20241)
    for name, n, prior, concentration, units, weight in [
        ("plain", 150, [0.3, 0.3, 0.4], 3, 10_000, None), ("ties", 150, [0.3, 0.3, 0.4], 2, 8, None),
        ("whole weights", 120, [0.1, 0.2, 0.3, 0.4], 2, 64, "whole"),
        ("fractional weights", 120, [0.1, 0.2, 0.3, 0.4], 2, 64, "fractional"),
        ("imbalanced", 200, [0.9, 0.06, 0.04], 2, 128, None), ("small", 6, [0.3, 0.3, 0.4], 2, 16, None),
        ("class without items", 60, [0.5, 0, 0.5], 1, 32, None), ("class only predicted", 60, [0.5, 0.5, 0], 3, 32, "fractional"),
        ("seven classes", 150, [1 / 7] * 7, 2, 256, None),
    ]:
        classes = len(prior)
        y = rng.choice(classes, n, p=prior)
        if 0 not in prior:
            y[:classes] = np.arange(classes)
        alpha = np.ones((n, classes)) + concentration * np.eye(classes)[y] * (rng.random((n, 1)) < 0.7)
        # Counts over a power of two sum to 1 exactly, and tie.
        s = np.array([rng.multinomial(units, rng.dirichlet(a)) for a in alpha]) / units
        p = s.argmax(axis=1)
        if name == "class without items":
            p = np.where(p == 1, 2, p)
        w = weights(rng, n, weight)
        values = confusion_values(y, p, w, classes) | score_values(y, s, w, classes, "probability")
        yield case(name, "MULTICLASS", y, p, w, values, classes, "probability", s)
    n = 80
    y = rng.integers(0, 4, n)
    s = np.round(rng.normal(size=(n, 4)) + 1.2 * np.eye(4)[y], 0)
    p = s.argmax(axis=1)
    w = weights(rng, n, "fractional")
    values = confusion_values(y, p, w, 4) | score_values(y, s, w, 4, "ranking")
    yield case("ranking with ties", "MULTICLASS", y, p, w, values, 4, "ranking", s)


def regression():
    rng = np.random.default_rng(20242)
    for name, n, mean, sd, weight in [
        ("plain", 200, 10, 3, None), ("odd number", 101, 0, 1, None), ("whole weights", 150, 5, 2, "whole"),
        ("fractional weights", 150, 5, 2, "fractional"), ("large mean", 100, 1e6, 1, None), ("two items", 2, 0, 1, None),
        ("large numbers", 50, 0, 1e20, "fractional"), ("small numbers", 50, 0, 1e-20, None),
    ]:
        y = np.array([float(f"{v:.8g}") for v in rng.normal(mean, sd, n)])
        p = np.array([float(f"{v:.8g}") for v in y + rng.normal(0.2 * sd, 0.7 * sd, n)])
        w = weights(rng, n, weight)
        if weight == "whole":
            # Exactly half of the weight below a number would part our median from scikit-learn's.
            w[0] += 1 - w.sum() % 2
        yield case(name, "REGRESSION", y, p, w, regression_values(y, p, w))
    y, p = np.array([0.0, 0.0, 1.0, -2.0]), np.array([0.0, 1e-3, 1.0, 2.0])
    yield case("label 0", "REGRESSION", y, p, None, regression_values(y, p, None))
    y, p = np.full(5, 0.1), np.array([0.1, 0.2, 0.3, 0.1, 0.1])
    yield case("equal labels", "REGRESSION", y, p, None, regression_values(y, p, None))
    y = np.array([1.0, 2.0, 4.0])
    yield case("perfect", "REGRESSION", y, y, None, regression_values(y, y, None))


OUT.mkdir(parents=True, exist_ok=True)
for kind in (binary, multiclass, regression):
    text = ",\n".join(json.dumps(c, separators=(",", ":")) for c in kind())
    (OUT / (kind.__name__ + ".json")).write_text("[\n" + text + "\n]\n")

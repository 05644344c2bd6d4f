#!/usr/bin/env python3
"""Coefficients of models that are written into ONNX files by tests, and scikit-learn's permutation_importance of them.

    /usr/bin/python3 scripts/regenerate-references/onnx.py [DATA] > jobs/src/test/resources/org/assay/jobs/onnx.json

DATA is the folder with breast_cancer.csv, diabetes.csv, california_housing.csv and adult.csv. Made with Debian 12's scikit-learn 1.2.1. Models are fitted to
all rows on standardized columns; the coefficients are those of the columns as they are. Rows without total_bedrooms are left out. Raw
columns are permuted, for texts before they are encoded. Log losses are of the probability of class 1 in single precision, as the
files give it, clipped at 2^-52. Of each column: mean and standard deviation over the repeats.
"""
import json, sys
import numpy as np, pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import get_scorer, log_loss
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

data = sys.argv[1] if len(sys.argv) > 1 else "../shared/data"
CASES = {
    "breast_cancer": ("benign", [], True, ("accuracy", "neg_log_loss", "roc_auc"), 200),
    "diabetes": ("progression", [], False, ("neg_mean_squared_error",), 200),
    "california_housing": ("median_house_value", ["ocean_proximity"], False, ("neg_mean_squared_error",), 100),
    "adult": ("income", [], True, ("accuracy", "neg_log_loss", "roc_auc"), 20),
}
def single(model, X, y):
    p = model.predict_proba(X)[:, 1].astype(np.float32).astype(float)
    return -log_loss(y, np.column_stack([1 - p, p]), eps=2.0 ** -52)

out = {}
for name, (label, exclude, classes, scoring, repeats) in CASES.items():
    d = pd.read_csv(f"{data}/{name}.csv", keep_default_na=name != "adult").dropna()
    y = d[label]; X = d.drop(columns=["id", label, *exclude])
    texts = [c for c in X if X[c].dtype == object]; numbers = [c for c in X if c not in texts]
    scaler = StandardScaler().fit(X[numbers])
    if texts:
        encode = make_column_transformer((StandardScaler(), numbers), (OneHotEncoder(), texts))
        model = make_pipeline(encode, LogisticRegression(max_iter=2000)).fit(X, y)
    else:
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000) if classes else Ridge()).fit(X, y)
    w = np.ravel(model[-1].coef_).copy(); b = float(np.ravel(model[-1].intercept_)[0])
    b -= float(w[:len(numbers)] @ (scaler.mean_ / scaler.scale_)); w[:len(numbers)] /= scaler.scale_
    found = permutation_importance(model, X, y, scoring={s: single if s == "neg_log_loss" else get_scorer(s) for s in scoring}, n_repeats=repeats, random_state=1)
    out[name] = dict(
        label=label, exclude=exclude, classes=[str(c) for c in model[-1].classes_] if classes else [], numbers=numbers, texts=texts,
        categories=[list(c) for c in model[0].transformers_[1][1].categories_] if texts else [], coefficients=w.tolist(), intercept=b, repeats=repeats,
        importances={s: {c: [found[s].importances_mean[j], found[s].importances_std[j]] for j, c in enumerate(X)} for s in scoring})
print(json.dumps(out, indent=1))

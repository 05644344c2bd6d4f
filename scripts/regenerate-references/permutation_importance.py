#!/usr/bin/env python3
"""Writes the permutation importances of scikit-learn that the job's tests compare with.

    /usr/bin/python3 scripts/regenerate-references/permutation_importance.py

Needs scikit-learn 1.2.1 (checked) and the real data beside the project. Writes jobs/src/test/resources/org/assay/jobs/importance.json: of
each model, metric and column the mean over repeats, what a repeat varies by (n - 1), and the number of repeats. Penalties are on columns
standardized by the training rows, sd with n - 1; objective mean log loss + lambda / 2 |b|^2, intercept free.
"""
import json
import pathlib

import numpy as np
import pandas as pd
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

assert sklearn.__version__ == "1.2.1", sklearn.__version__
ROOT = pathlib.Path(__file__).parents[2]
DATA = ROOT / "../shared/data"
OUT = ROOT / "jobs/src/test/resources/org/assay/jobs/importance.json"


def standardized(frame):
    mean, sd = frame.mean(), frame.std(ddof=1)
    return FunctionTransformer(lambda x: (x - mean) / sd)


def logistic(lam, n):
    return LogisticRegression(C=1 / (n * lam), tol=1e-10, max_iter=10000, solver="newton-cholesky")


def importances(model, x, y, scorers, repeats):
    found = permutation_importance(model, x, y, scoring=list(scorers.values()), n_repeats=repeats, random_state=1)
    return {
        ours: {
            column: {
                "mean": float(found[theirs].importances_mean[j]),
                "sd": float(np.std(found[theirs].importances[j], ddof=1)),
                "repeats": repeats,
            }
            for j, column in enumerate(x.columns)
        }
        for ours, theirs in scorers.items()
    }


CLASSES = {"log-loss": "neg_log_loss", "accuracy": "accuracy", "roc-auc": "roc_auc"}


def wisconsin():
    table = pd.read_csv(DATA / "breast_cancer.csv")
    x, y = table.drop(columns=["id", "benign"]), table["benign"]
    model = make_pipeline(standardized(x), logistic(0.01, len(x))).fit(x, y)
    return importances(model, x, y, CLASSES, 200)


def diabetes():
    table = pd.read_csv(DATA / "diabetes.csv")
    x, y = table.drop(columns=["id", "progression"]), table["progression"]
    scorers = {"mse": "neg_mean_squared_error", "mae": "neg_mean_absolute_error", "r2": "r2"}
    return importances(LinearRegression().fit(x, y), x, y, scorers, 1000)


def adult():
    table = pd.read_csv(DATA / "adult.csv", dtype={"income": str})
    x, y = table.drop(columns=["id", "income"]), table["income"]
    numeric = [c for c in x.columns if x[c].dtype != object]
    texts = [c for c in x.columns if x[c].dtype == object]
    encode = ColumnTransformer([("n", standardized(x[numeric]), numeric), ("t", OneHotEncoder(), texts)])
    model = make_pipeline(encode, logistic(0.001, len(x))).fit(x, y)
    return importances(model, x, y, CLASSES, 20)


json.dump({"wisconsin": wisconsin(), "diabetes": diabetes(), "adult": adult()}, OUT.open("w"), indent=1)

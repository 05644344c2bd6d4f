#!/usr/bin/env python3
"""Models that XGBoost's Python package saved, their scores, and scikit-learn's permutation_importance of them.

    /usr/bin/python3 scripts/regenerate-references/xgboost_models.py [DATA] > jobs/src/test/resources/org/assay/jobs/xgboost.json

DATA is the folder with breast_cancer.csv, wine.csv and diabetes.csv. Made with Debian 12's xgboost 1.7.4 and scikit-learn 1.2.1. Models are
fitted to the rows with an even id and scored on all rows; that of breast_cancer stops early and answers with its best iteration's trees.
"""
import json, os, sys, tempfile
import pandas as pd, xgboost as xgb
from sklearn.inspection import permutation_importance
from sklearn.metrics import get_scorer

data = sys.argv[1] if len(sys.argv) > 1 else "../shared/data"
CASES = {"breast_cancer": ("benign", ("neg_log_loss", "accuracy")), "wine": ("cultivar", ("neg_log_loss", "accuracy")), "diabetes": ("progression", ("neg_mean_squared_error",))}
out = {}
for name, (label, scoring) in CASES.items():
    d = pd.read_csv(f"{data}/{name}.csv"); y = d[label]; X = d.drop(columns=["id", label])
    if name == "wine":
        y = y - y.min()
    even = d["id"] % 2 == 0
    if name == "diabetes":
        model = xgb.XGBRegressor(n_estimators=8, max_depth=2).fit(X[even], y[even])
    elif name == "wine":
        model = xgb.XGBClassifier(n_estimators=3, max_depth=2).fit(X[even], y[even])
    else:
        model = xgb.XGBClassifier(n_estimators=50, max_depth=2, learning_rate=1.0, early_stopping_rounds=2).fit(X[even], y[even], eval_set=[(X[~even], y[~even])], verbose=False)
        assert model.best_iteration + 1 < model.get_booster().num_boosted_rounds()
    path = os.path.join(tempfile.mkdtemp(), "model.json"); model.save_model(path)
    importances = {}
    for s in scoring:
        found = permutation_importance(model, X, y, scoring=s, n_repeats=200, random_state=0)
        importances[s] = {c: [found.importances_mean[j], found.importances_std[j]] for j, c in enumerate(X)}
    out[name] = {"label": label, "model": json.load(open(path)), "scores": {s: get_scorer(s)(model, X, y) for s in scoring}, "repeats": 200, "importances": importances}
json.dump(out, sys.stdout, separators=(",", ":"))

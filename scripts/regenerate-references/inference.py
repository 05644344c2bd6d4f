#!/usr/bin/env python3
"""Writes the reference values of tests, intervals, effect sizes and adjustments: seeded input and what others make of it.

    /usr/bin/python3 scripts/regenerate-references/inference.py

Needs SciPy 1.10.1, statsmodels 0.13.5 and R 4.2.2 (checked; Debian 12: python3-scipy, python3-statsmodels, r-base-core), and the
real data beside the project. Writes common/src/test/resources/org/assay/inference/references.json. What neither has is computed
here by the plain definition, by sums over all pairs or by numeric maximization, and said so.
"""
import csv
import json
import pathlib
import subprocess
import warnings

import numpy as np
import pandas as pd
import scipy
import statsmodels
from scipy import integrate, optimize, stats
from statsmodels.stats import contingency_tables, proportion, weightstats
from statsmodels.stats.anova import AnovaRM

assert scipy.__version__ == "1.10.1", scipy.__version__
assert statsmodels.__version__.startswith("0.13.5"), statsmodels.__version__
ROOT = pathlib.Path(__file__).parents[2]
DATA = ROOT / "../shared/data"
OUT = ROOT / "common/src/test/resources/org/assay/inference/references.json"
warnings.simplefilter("error")


def r(code, **values):
    """The numbers that R prints for this code, a vector per line of cat(); values are set before."""
    def text(v):
        if isinstance(v, (list, tuple, np.ndarray)):
            return "c(" + ",".join(text(x) for x in np.ravel(v)) + ")"
        return "NA" if v is None else repr(float(v))
    head = "options(digits=17, warn=1); show <- function(...) cat(sprintf('%.17g', c(...)), '\\n')\n"
    sets = "\n".join(f"{name} <- {text(v)}" for name, v in values.items())
    out = subprocess.run(["Rscript", "--vanilla", "-"], input=head + sets + "\n" + code, capture_output=True, text=True)
    assert out.returncode == 0, out.stderr
    number = lambda t: None if t == "NA" else float(t)
    return [[number(t) for t in line.split()] for line in out.stdout.splitlines()]


assert "4.2.2" in subprocess.run(["R", "--version"], capture_output=True, text=True).stdout


def bbh():
    """The 27 tasks: exact p-values by SciPy, adjusted by R."""
    with open(DATA / "bbh_codex/oracle_per_task.csv") as f:
        rows = [row for row in csv.DictReader(f) if row["task"] != "ALL"]
    p = []
    for row in rows:
        b, c = int(row["only_cot"]), int(row["only_direct"])
        p.append(stats.binomtest(min(b, c), b + c, 0.5).pvalue)
    return {"tasks": [row["task"] for row in rows], "p": p} | adjusted(p)


def adjusted(p):
    methods = ["bonferroni", "holm", "hochberg", "BH", "BY"]
    code = "".join(f"show(p.adjust(p, '{m}'))\n" for m in methods)
    return {m.lower(): v for m, v in zip(methods, r(code, p=p))}


def adjustments(rng):
    for n in (1, 2, 5, 40):
        p = np.round(rng.beta(0.4, 2, n), 3).tolist()
        yield {"p": p} | adjusted(p)
    p = [0.01, None, 0.04, 0.04, 0.0, 1.0, None, 0.03]
    yield {"p": p} | adjusted(p)


def mcnemar(rng):
    tables = [(9945, 25, 15, 15), (9959, 11, 1, 29), (101, 121, 59, 33), (5, 0, 7, 3), (1, 4, 4, 1), (10, 1, 0, 10)]
    tables += [tuple(int(x) for x in rng.multinomial(n, [0.1, 0.2, 0.3, 0.4])) for n in (10, 100, 1000, 100000)]
    tables += [(10**6, 500_123, 499_000, 10**7)]
    for both_wrong, a, b, both_right in tables:
        table = [[both_wrong, a], [b, both_right]]
        exact = contingency_tables.mcnemar(table, exact=True).pvalue
        mid = min(1.0, exact - stats.binom.pmf(min(a, b), a + b, 0.5)) if a != b else 1.0
        corrected, p_corrected = r("t <- mcnemar.test(matrix(x, 2)); show(t$statistic, t$p.value)", x=[both_wrong, a, b, both_right])[0]
        plain = contingency_tables.mcnemar(table, exact=False, correction=False)
        yield {"counts": [both_wrong, a, b, both_right], "exact": exact, "mid_p": mid, "corrected": [corrected, p_corrected],
               "uncorrected": [plain.statistic, plain.pvalue]}


def proportions():
    for k, n in [(84, 100), (0, 10), (10, 10), (1, 20), (19, 20), (7, 7_000_000), (500, 1000), (1, 1), (999_999_993, 1_000_000_000)]:
        for level in (0.9, 0.95, 0.99):
            ends = {m: proportion.proportion_confint(k, n, 1 - level, method=o)
                    for m, o in [("wald", "normal"), ("wilson", "wilson"), ("clopper-pearson", "beta")]}
            # statsmodels cuts nothing off and, for no success or nothing else, returns NaN for an end of "beta".
            yield {"successes": k, "n": n, "level": level} | {
                m: [0.0 if not e[0] > 0 else float(e[0]), 1.0 if not e[1] < 1 else float(e[1])] for m, e in ends.items()}


def two_proportions():
    for a, na, b, nb in [(84, 100, 92, 100), (56, 70, 48, 80), (9, 10, 3, 10), (0, 10, 5, 20), (500_000, 1_000_000, 501_000, 1_000_000)]:
        z, p = proportion.proportions_ztest([a, b], [na, nb])
        low, high = proportion.confint_proportions_2indep(a, na, b, nb, method="newcomb", compare="diff", alpha=0.05)
        yield {"counts": [a, na, b, nb], "z": z, "p": p, "newcombe": [low, high]}


def tango_score(a, b, n, d):
    """By numeric maximization of the multinomial likelihood given p_a - p_b = d."""
    def minus_log_likelihood(q):
        terms = [(a, q + d), (b, q), (n - a - b, 1 - 2 * q - d)]
        return -sum(k * np.log(p) for k, p in terms if k > 0)
    low, high = max(0.0, -d), (1 - d) / 2
    step = 1e-13
    best = optimize.minimize_scalar(minus_log_likelihood, bounds=(low + step, high - step), method="bounded", options={"xatol": 1e-13})
    q = best.x
    return (a - b - n * d) / np.sqrt(n * (2 * q + d * (1 - d)))


def tango():
    for both_wrong, a, b, both_right in [(2, 12, 2, 34), (20, 5, 9, 166), (3, 7, 25, 65), (1, 0, 6, 13), (100, 40, 40, 820), (0, 0, 0, 30)]:
        n = both_wrong + a + b + both_right
        z = stats.norm.ppf(0.975)
        est = (a - b) / n
        root = lambda sign, to: optimize.brentq(lambda d: tango_score(a, b, n, d) - sign * z, est + np.sign(to) * 1e-9, to, xtol=1e-12)
        yield {"counts": [both_wrong, a, b, both_right], "scores": [[d, tango_score(a, b, n, d)] for d in (-0.2, -0.05, 0.02, 0.1)],
               "interval": [root(1, -0.999), root(-1, 0.999)]}


def outcomes(rng):
    for models, n in [(2, 30), (3, 100), (5, 40), (4, 1000)]:
        ability, difficulty = rng.normal(size=models) / 2, rng.normal(size=n)
        right = (rng.random((n, models)) < 1 / (1 + np.exp(-(1 + ability - difficulty[:, None])))).astype(int)
        q = contingency_tables.cochrans_q(right)
        long = pd.DataFrame({"item": np.repeat(range(n), models), "model": np.tile(range(models), n), "right": right.ravel().astype(float)})
        anova = AnovaRM(long, "right", "item", within=["model"]).fit().anova_table
        yield {"right": right.tolist(), "q": [q.statistic, q.pvalue], "f": [float(anova[c].iloc[0]) for c in ("F Value", "Num DF", "Den DF", "Pr > F")]}


def splits(rng):
    for m, train, test, lead in [(10, 90, 10, 0.02), (100, 90, 10, 0.005), (10, 50, 50, -0.01), (3, 20, 10, 0.1)]:
        a = np.round(0.8 + rng.normal(size=m) * 0.03 + lead, 4)
        b = np.round(0.8 + rng.normal(size=m) * 0.03, 4)
        d = a - b
        t, p = stats.ttest_rel(a, b)
        scale = d.std(ddof=1) * np.sqrt(1 / m + test / train)
        posterior = stats.t(m - 1, d.mean(), scale)
        margin = 0.03
        p_tost, (t1, p1, _), (t2, p2, _) = weightstats.ttost_paired(a, b, -margin, margin)
        yield {"a": a.tolist(), "b": b.tolist(), "train": train, "test": test, "plain": [t, p],
               "corrected": [d.mean() / scale, 2 * stats.t.sf(abs(d.mean() / scale), m - 1)],
               "posterior": [posterior.sf(0.01), posterior.cdf(0.01) - posterior.cdf(-0.01), posterior.cdf(-0.01)],
               "tost": {"margin": margin, "p": p_tost, "lower": [t1, p1], "upper": [t2, p2]}}


def tables(rng):
    """Tables of models over data sets, with and without ties."""
    with open(DATA / "demsar2006_table6.csv") as f:
        demsar = np.array([[float(v) for v in row[1:]] for row in list(csv.reader(f))[1:]])
    cases = [("demsar", demsar)]
    for name, n, k, digits in [("plain", 12, 3, 6), ("ties", 10, 5, 1), ("two models", 15, 2, 3), ("many", 60, 8, 2)]:
        cases.append((name, np.round(rng.normal(0.7, 0.1, (n, 1)) + rng.normal(0, 0.05, (n, k)) + 0.02 * np.arange(k), digits)))
    for name, x in cases:
        n, k = x.shape
        ranks = stats.rankdata(-x, axis=1).mean(axis=0)
        chi2, p = r("t <- friedman.test(matrix(x, ncol=k, byrow=TRUE)); show(t$statistic, t$p.value)", x=x, k=k)[0]
        f = (n - 1) * chi2 / (n * (k - 1) - chi2)
        pairs = [(i, j) for i in range(k) for j in range(i + 1, k)]
        z = np.array([(ranks[i] - ranks[j]) / np.sqrt(k * (k + 1) / (6 * n)) for i, j in pairs])
        raw = 2 * stats.norm.sf(abs(z))
        nemenyi, holm = r("show(ptukey(q, k, Inf, lower.tail=FALSE)); show(p.adjust(raw, 'holm'))", q=abs(z) * np.sqrt(2), k=k, raw=raw)
        control = [i for i, pair in enumerate(pairs) if pair[0] == 0]
        holm_control, dunn = r("show(p.adjust(raw, 'holm')); show(p.adjust(raw, 'bonferroni'))", raw=raw[control])
        q, = r("show(qtukey(0.95, k, Inf))", k=k)
        scale = np.sqrt(k * (k + 1) / (6 * n))
        yield {"name": name, "values": x.tolist(), "ranks": ranks.tolist(), "friedman": [chi2, p], "iman_davenport": [f, stats.f.sf(f, k - 1, (k - 1) * (n - 1))],
               "z": z.tolist(), "nemenyi": nemenyi, "holm": holm, "holm_control": holm_control, "dunn": dunn,
               "critical_difference": q[0] / np.sqrt(2) * scale, "critical_difference_to_control": stats.norm.isf(0.025 / (k - 1)) * scale}


def ranges():
    """R's studentized range, whose error is up to 3e-7 here, and the integral itself by adaptive quadrature."""
    def tail(q, k):
        f = lambda z: k * stats.norm.pdf(z) * (stats.norm.cdf(z) ** (k - 1) - (stats.norm.cdf(z) - stats.norm.cdf(z - q)) ** (k - 1))
        return integrate.quad(f, -10, q + 10, epsabs=1e-14, epsrel=1e-13, limit=500, points=[0, q / 2, q])[0]
    for k in (2, 3, 4, 10, 50):
        q = [0.5, 1, 2, 3, 3.5, 4, 5, 6]
        upper, = r("show(ptukey(q, k, Inf, lower.tail=FALSE))", q=q, k=k)
        quantiles, = r("show(qtukey(c(0.9, 0.95, 0.99), k, Inf))", k=k)
        yield {"k": k, "q": q, "upper": upper, "integral": [tail(x, k) for x in q], "quantiles": quantiles}


def wilcoxon(rng):
    for n, digits in [(6, 5), (10, 5), (14, 5), (40, 6), (49, 6)]:
        d = np.round(rng.normal(0.3, 1, n), digits)
        assert len(set(abs(d))) == n and 0 not in d
        v, p, low, high, estimate = r("t <- wilcox.test(d, exact=TRUE, conf.int=TRUE); show(t$statistic, t$p.value, t$conf.int, t$estimate)", d=d)[0]
        yield {"d": d.tolist(), "v": v, "p": p, "interval": [low, high], "estimate": estimate}
    d = np.round(rng.normal(0.15, 1, 300), 1)
    v, p = r("t <- wilcox.test(d, exact=FALSE, correct=TRUE); show(t$statistic, t$p.value)", d=d)[0]
    yield {"d": d.tolist(), "v": v, "p": p}


def cliff(rng):
    """By the definition, over all pairs."""
    for n, m, digits in [(10, 12, 1), (25, 25, 2), (5, 8, 3)]:
        a, b = np.round(rng.normal(0.3, 1, n), digits), np.round(rng.normal(0, 1, m), digits)
        d = np.sign(a[:, None] - b[None, :])
        delta = d.mean()
        s2 = (m**2 * ((d.mean(axis=1) - delta) ** 2).sum() + n**2 * ((d.mean(axis=0) - delta) ** 2).sum() - ((d - delta) ** 2).sum()) / (m * n * (m - 1) * (n - 1))
        s2 = max(s2, (1 - delta**2) / (m * n - 1))
        z = stats.norm.ppf(0.975)
        reach = z * np.sqrt(s2) * np.sqrt((1 - delta**2) ** 2 + z**2 * s2)
        ends = [(delta - delta**3 + sign * reach) / (1 - delta**2 + z**2 * s2) for sign in (-1, 1)]
        yield {"a": a.tolist(), "b": b.tolist(), "delta": delta, "interval": ends}


def detectable():
    """Paired proportions: the root of the power equation."""
    za, zb = stats.norm.isf(0.025), stats.norm.isf(0.2)
    for n, rate in [(200, 0.1), (1000, 0.05), (10854, 508 / 10854), (50, 0.4)]:
        f = lambda d: za * np.sqrt(rate) + zb * np.sqrt(rate - d * d) - d * np.sqrt(n)
        discordant = round(n * rate)
        yield {"n": n, "discordant": discordant, "effect": optimize.brentq(f, 0, rate, xtol=1e-15)}


def odds():
    """Exact conditional intervals by R's binom.test."""
    for a, b in [(20, 9), (3, 11), (1, 1), (120, 18)]:
        low, high = r("t <- binom.test(a, a + b)$conf.int; show(t)", a=a, b=b)[0]
        yield {"a": a, "b": b, "share": [low, high], "odds": [low / (1 - low), high / (1 - high)]}


rng = np.random.default_rng(20250)
references = {
    "bbh": bbh(), "adjustments": list(adjustments(rng)), "mcnemar": list(mcnemar(rng)), "proportions": list(proportions()),
    "two_proportions": list(two_proportions()), "tango": list(tango()), "outcomes": list(outcomes(rng)), "splits": list(splits(rng)),
    "tables": list(tables(rng)), "ranges": list(ranges()), "wilcoxon": list(wilcoxon(rng)), "cliff": list(cliff(rng)),
    "detectable": list(detectable()), "odds": list(odds()),
}
plain = lambda o: o.item() if isinstance(o, np.generic) else o.tolist()
lines = []
for name, value in references.items():
    if isinstance(value, list):
        rows = ",\n".join("  " + json.dumps(v, default=plain, separators=(",", ":")) for v in value)
        lines.append(json.dumps(name) + ": [\n" + rows + "\n ]")
    else:
        lines.append(json.dumps(name) + ": " + json.dumps(value, default=plain, separators=(",", ":")))
OUT.parent.mkdir(parents=True, exist_ok=True)
OUT.write_text("{\n " + ",\n ".join(lines) + "\n}\n")

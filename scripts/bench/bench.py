#!/usr/bin/env python3
"""Benchmarks of whole jobs beside their peers, in one run on one machine.

    scripts/bench/bench.py [CASE ...] [--rounds 5] [--peers FILE] [--data DIR] [--work DIR]

Cases: bootstrap-auc, bootstrap-many, bootstrap-linear, sign-flip, label-permutation, logistic-fits, logistic-bootstrap, ridge-cv,
logistic-million, adult-xgboost, importance-logistic, importance-forest, fits-linear; all of them unless named. Each round runs the product and then its peers (scikit-learn, scipy, and the best numpy an expert would write) on the same arrays, so that both see the
same neighbours on a shared machine. Printed are medians over the rounds of CPU seconds, and of the ratio peer / product with its least
and greatest. The product runs embedded on one core (local[1]); its CPU time is that of all tasks of the job, reading and sorting
included, taken from Spark's event log; the start of the session is apart. Each run does its job twice in one session: "first" is what a
user of a single job waits for, in a process whose code is loaded and compiled while it runs; "again" is the same job after it, for peers
too are measured in a process that is warm. It reads Parquet, for the peers have their arrays in memory
before their clock starts. Peers run on one core (OPENBLAS_NUM_THREADS=1) and need Debian's python3-sklearn and
python3-scipy; long ones are extrapolated from part of their replicates, as the peers' file says.

Of the fits' cases wall times are compared, from Spark's first job to its last on one core, for the driver works too; beside them CPU times,
the product's of its tasks alone. On a machine that others use wall times say little, and the CPU times of tasks leave out the driver's.
logistic-million and adult-xgboost run on all cores, once in a session, and so do their peers (fits.py).
Of the importances' cases the fit is left out, for the peers' models are fitted before their clock starts; reading, sorting and packing are in
the whole job, and the rows "permutation" are what the peers do.
logistic-fits also runs Spark's own CrossValidator on all cores at parallelism 1, 2 and 8, whose wall time is extrapolated from 21 fits.

bootstrap-linear has no peer: in one session it runs 1e5 rows first, then 1e5, 1e6 and 1e7 rows x 1,000 replicates (accuracy, log loss,
AUC of two models) on local[2] in 4 GiB, and prints the time per row and replicate, which is the same when cost grows as the rows do.
fits-linear has none either: logistic regression, 30 numbers, 10-fold, by rows (2 repeats) and by repeats (1e5 rows), in the same manner.
"""
import argparse, glob, json, os, platform, statistics, subprocess, sys, time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ap.add_argument("cases", nargs="*")
ap.add_argument("--rounds", type=int, default=5)
ap.add_argument("--peers", default=os.path.join(ROOT, "..", "shared", "peers", "peers.py"))
ap.add_argument("--data", default=os.path.join(ROOT, "..", "shared", "data"), help="the folder that holds adult.csv")
ap.add_argument("--work", default=os.path.join(ROOT, "jobs", "target", "bench"))
a = ap.parse_args()

SCORED = """
data.d {{ path = "{dir}/scored.parquet", label = label, task = classification, features = []{more} }}
models.m {{ score = score }}
"""
CASES = {
    "bootstrap-auc": dict(peer="bootstrap-auc", runs={
        "multinomial": SCORED + "jobs = [{{ job = bootstrap, metrics = [roc-auc], replicates = 1000, interval = percentile }}]",
        "poisson": SCORED + "jobs = [{{ job = bootstrap, metrics = [roc-auc], replicates = 1000, interval = percentile, weights = poisson }}]"}),
    "bootstrap-many": dict(peer=None, data="bootstrap-auc", runs={
        "1 metric": SCORED + "jobs = [{{ job = bootstrap, metrics = [roc-auc], replicates = 1000, interval = percentile }}]",
        "4 metrics, 2 models, 20 slices": SCORED.replace("models.m {{ score = score }}", "models.m {{ score = score }}\nmodels.n {{ score = other }}").replace(
            "{more}", ", derive {{ part = \"cast(hash(score) % 20 as string)\", other = \"sqrt(score * rand(1))\" }}, slices = [part]")
            + "jobs = [{{ job = bootstrap, metrics = [roc-auc, accuracy, log-loss, f1], replicates = 1000, interval = percentile }}]"}),
    "sign-flip": dict(peer="sign-flip", runs={
        "sign-flip": """
data.d {{ path = "{dir}/differences.parquet", label = zero, task = regression, features = [],
  derive {{ zero = "0D", up = "greatest(difference, 0D)", down = "greatest(-difference, 0D)" }} }}
models {{ a {{ prediction = up }}, b {{ prediction = down }} }}
jobs = [{{ job = compare, metrics = [mae], tests = [sign-flip], replicates = 10000 }}]"""}),
    "logistic-fits": dict(peer="logistic-fits", whole=True, spark="wisconsin.parquet", runs={
        "1,000 fits": """
data.d {{ path = "{dir}/wisconsin.parquet", label = label, task = classification }}
models.m {{ estimator = logistic-regression, grid {{ regParam = [%s] }} }}
jobs = [{{ job = cross-validate, plan {{ kind = k-fold, folds = 10, repeats = 10, stratify = true }}, metrics = [log-loss], keep = none }}]""" % ", ".join(repr(10 ** (-4 + 4 * k / 9)) for k in range(10))}),
    "logistic-bootstrap": dict(peer="logistic-bootstrap", whole=True, runs={
        "200 fits": """
data.d {{ path = "{dir}/features.parquet", label = label, task = classification }}
models.m {{ estimator = logistic-regression, params {{ regParam = 0.01 }} }}
jobs = [{{ job = cross-validate, plan {{ kind = bootstrap, replicates = 200 }}, metrics = [log-loss], keep = none }}]"""}),
    "ridge-cv": dict(peer="ridge-cv", whole=True, runs={
        "10,000 fits": """
data.d {{ path = "{dir}/regression.parquet", label = label, task = regression }}
models.m {{ estimator = linear-regression, grid {{ regParam = [%s] }} }}
jobs = [{{ job = cross-validate, plan {{ kind = k-fold, folds = 10, repeats = 20 }}, metrics = [mse], keep = none }}]""" % ", ".join(repr(10 ** (-9 + 7 * k / 49)) for k in range(50))}),
    "logistic-million": dict(peer="logistic-million", whole=True, once=True, master="local[2]", fits=True, runs={
        "1,000 fits": """
data.d {{ path = "{dir}/features.parquet", label = label, task = classification }}
models.m {{ estimator = logistic-regression, grid {{ regParam = [%s] }} }}
jobs = [{{ job = cross-validate, plan {{ kind = k-fold, folds = 10, repeats = 5 }}, metrics = [log-loss], keep = none }}]""" % ", ".join(repr(10 ** (-4 + 4 * k / 19)) for k in range(20))}),
    "adult-xgboost": dict(peer="adult-xgboost", whole=True, once=True, master="local[2]", fits=True, runs={
        "100 fits": """
data.d {{ path = "{data}/adult.csv", format = csv, options {{ header = true, inferSchema = true }}, id = id, label = income, task = classification, encode = index }}
models.m {{ estimator = xgboost, params {{ num_round = 100, tree_method = hist }} }}
jobs = [{{ job = cross-validate, plan {{ kind = k-fold, folds = 10, repeats = 10, stratify = true }}, metrics = [log-loss], keep = none }}]"""}),
    "importance-logistic": dict(peer="importance-logistic", besides="fit and score", match=True, runs={
        metric: """
data.d {{ path = "{dir}/features.parquet", label = label, task = classification }}
models.m {{ estimator = logistic-regression, params {{ regParam = 1e-6 }} }}
jobs = [{{ job = importance, metrics = [%s], repeats = 5 }}]""" % metric for metric in ("accuracy", "log-loss", "roc-auc")}),
    "importance-forest": dict(peer="importance-forest", besides="fit and score", match=True, runs={
        "accuracy": """
data.d {{ path = "{dir}/features.parquet", label = label, task = classification }}
models.m {{ estimator = random-forest, params {{ numTrees = 100, maxDepth = 8, seed = 1 }} }}
jobs = [{{ job = importance, metrics = [accuracy], repeats = 5 }}]"""}),
    "label-permutation": dict(peer="label-permutation", runs={
        "label-permutation": SCORED + "jobs = [{{ job = permutation-test, metrics = [roc-auc], replicates = 10000 }}]"}),
}


LINEAR = """
{sources}
models {{ m {{ score = score }}, n {{ score = other }} }}
jobs = [{jobs}]"""
FITS = os.path.join(ROOT, "scripts", "bench", "fits.py")
ROWS = (10**5, 10**6, 10**7)
MAKE = """
import sys, numpy as np
n, to = int(sys.argv[1]), sys.argv[2]
g = np.random.default_rng(n); y = (g.random(n) < .3).astype(int); both = g.normal(size=n) + 1.2 * y - 1.2
s = [1 / (1 + np.exp(-(both + .5 * g.normal(size=n)))) for _ in range(2)]
with open(to, "w") as f:
    f.write("label,score,other\\n")
    for at in range(0, n, 10**6):
        np.savetxt(f, np.column_stack([y[at:at + 10**6], s[0][at:at + 10**6], s[1][at:at + 10**6]]), delimiter=",", fmt=("%d", "%.17g", "%.17g"))
"""


def linear():
    data = os.path.join(a.work, "data", "bootstrap-linear"); os.makedirs(data, exist_ok=True)
    for n in ROWS:
        if not os.path.exists(f"{data}/linear{n}.parquet"):
            subprocess.run(["/usr/bin/python3", "-c", MAKE, str(n), f"{data}/linear{n}.csv"], check=True)
            parquet(data); os.remove(f"{data}/linear{n}.csv")
    names = [("first", ROWS[0])] + [(f"rows{n}", n) for n in ROWS]
    sources = "\n".join(f'data.{name} {{ path = "{data}/linear{n}.parquet", label = label, task = classification, features = [] }}' for name, n in names)
    print("## bootstrap-linear\n\n| cut | rows | CPU s, median (least to greatest) | wall s, median | CPU ns per row and replicate | the replicates alone |\n|---|---:|---|---:|---:|---:|")
    for cut in ("replicates", "rows"):
        more = f", cut = {cut}" + (", memory = 2GiB" if cut == "replicates" else "")
        jobs = ",\n".join(f"{{ job = bootstrap, name = {name}, data = {name}, metrics = [accuracy, log-loss, roc-auc], replicates = 1000, interval = percentile{more} }}" for name, n in names)
        runs = [product("bootstrap-linear", LINEAR.replace("{sources}", sources.replace("{", "{{").replace("}", "}}")).replace("{jobs}", jobs.replace("{", "{{").replace("}", "}}")), data, "local[2]")
                for _ in range(a.rounds)]
        for name, n in names:
            total = [sum(run[name][0].values()) for run in runs]
            alone = [sum(v for k, v in run[name][0].items() if k.startswith("replicates")) for run in runs]
            print(f"| {cut} | {n}{', first' if name == 'first' else ''} | {spread(total)} | {statistics.median(run[name][1] for run in runs):.3g} | {statistics.median(total) / n * 1e6:.3g} | {statistics.median(alone) / n * 1e6:.3g} |", flush=True)
    print()


MAKE_FEATURES = """
import sys, numpy as np
n, to = int(sys.argv[1]), sys.argv[2]
g = np.random.default_rng(n); X = g.normal(size=(n, 30)); w = g.normal(size=30) * (np.arange(30) < 12)
y = (g.random(n) < 1 / (1 + np.exp(-(X @ w * .5 + X[:, 0] * X[:, 1])))).astype(int)
with open(to, "w") as f:
    f.write(",".join(["label"] + [f"x{j}" for j in range(30)]) + "\\n")
    for at in range(0, n, 10**5):
        np.savetxt(f, np.column_stack([y[at:at + 10**5], X[at:at + 10**5]]), delimiter=",", fmt=["%d"] + ["%.17g"] * 30)
"""


def fits_linear():
    data = os.path.join(a.work, "data", "fits-linear"); os.makedirs(data, exist_ok=True)
    cases = [("first", 10**5, 2), ("a", 10**5, 2), ("b", 10**5, 4), ("c", 10**5, 8), ("d", 10**5, 16), ("e", 2 * 10**5, 2), ("f", 4 * 10**5, 2), ("g", 10**6, 2)]
    for n in sorted({n for _, n, _ in cases}):
        if not os.path.exists(f"{data}/features{n}.parquet"):
            subprocess.run(["/usr/bin/python3", "-c", MAKE_FEATURES, str(n), f"{data}/features{n}.csv"], check=True)
            parquet(data); os.remove(f"{data}/features{n}.csv")
    conf = "\n".join(f'data.{name} {{{{ path = "{data}/features{n}.parquet", label = label, task = classification }}}}' for name, n, _ in cases)
    conf += "\nmodels.m {{ estimator = logistic-regression, params {{ regParam = 0.01 }} }}\njobs = [" + ",\n".join(
        f"{{{{ job = cross-validate, name = {name}, data = {name}, plan {{{{ kind = k-fold, folds = 10, repeats = {repeats} }}}}, metrics = [log-loss], keep = none }}}}" for name, _, repeats in cases) + "]"
    runs = [product("fits-linear", conf, data, "local[2]") for _ in range(a.rounds)]
    print("## fits-linear\n\n| rows | fits | CPU s, median (least to greatest) | wall s, median | CPU ns per row and fit | fitting and scoring alone |\n|---:|---:|---|---:|---:|---:|")
    for name, n, repeats in cases:
        total = [sum(run[name][0].values()) for run in runs]; alone = [sum(v for k, v in run[name][0].items() if k.startswith("fit and score")) for run in runs]
        print(f"| {n}{', first' if name == 'first' else ''} | {10 * repeats} | {spread(total)} | {statistics.median(run[name][1] for run in runs):.3g}"
              f" | {statistics.median(total) / n / repeats * 1e8:.3g} | {statistics.median(alone) / n / repeats * 1e8:.3g} |", flush=True)
    print()


def twice(conf, names=("first", "again")):
    """The configuration with its only job done twice in one session, under the names first and again, each reading the data for itself."""
    head, job = conf.split("jobs = [{{ ")
    start = head.index("data.d "); end = head.index("\nmodels", start)
    data = "".join(head[start:end].replace("data.d ", f"data.{name} ") + "\n" for name in names)
    jobs = ", ".join(f"{{{{ name = {name}, data = {name}, {job[:-1]}" for name in names)
    return head[:start] + data + head[end:] + f"jobs = [{jobs}]"


def product(name, conf, data, master="local[1]"):
    """Runs a configuration; for each of its jobs by name, seconds of CPU by the description of Spark's jobs, and of wall time from Spark's
    first job to its last."""
    base = os.path.join(a.work, "run"); log = os.path.join(a.work, "events"); os.makedirs(log, exist_ok=True)
    for f in glob.glob(log + "/*"):
        subprocess.run(["rm", "-rf", f], check=True)
    subprocess.run(["rm", "-rf", base], check=True); os.makedirs(base)
    path = os.path.join(base, "bench.conf")
    with open(path, "w") as f:
        f.write(f'name = bench, seed = 1, output = "{base}/reports"\n' + conf.format(dir=data, data=os.path.abspath(a.data), more=""))
    command = [os.path.join(ROOT, "scripts", "assay"), "--master", master, "--driver-memory", "4g", "--conf", "spark.eventLog.enabled=true",
               "--conf", f"spark.eventLog.dir=file://{log}", "--conf", "spark.eventLog.rolling.enabled=false", "--conf", "spark.eventLog.compress=false", "run", path]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{name}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    stages, cpu, began, ended, of, last = {}, {}, {}, {}, {}, None
    for file in glob.glob(log + "/*"):
        for line in open(file):
            event = json.loads(line); kind = event["Event"]
            if kind == "SparkListenerJobStart":
                job, _, description = (event.get("Properties", {}).get("spark.job.description") or f"{last}: other").removeprefix("data.").partition(": ")
                last = job
                of[event["Job ID"]] = job
                for stage in event["Stage IDs"]:
                    stages[stage] = job, description.split(": ")[-1].split(" (")[0]
                began[job] = min(began.get(job, event["Submission Time"]), event["Submission Time"])
            elif kind == "SparkListenerJobEnd":
                job = of[event["Job ID"]]; ended[job] = max(ended.get(job, 0), event["Completion Time"])
            elif kind == "SparkListenerTaskEnd" and event.get("Task Metrics"):
                job, description = stages[event["Stage ID"]]; by = cpu.setdefault(job, {})
                by[description] = by.get(description, 0) + event["Task Metrics"]["Executor CPU Time"] / 1e9
    return {job: (by, (ended[job] - began[job]) / 1e3) for job, by in cpu.items()}


def peers(case, data=None, fits=False):
    command = ["/usr/bin/python3", FITS if fits else a.peers, case] + (["--data", a.data] if fits else []) + (["--dump", data] if data else [])
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **({} if fits else {"OPENBLAS_NUM_THREADS": "1"})})
    if done.returncode != 0:
        sys.exit(f"{case}: the peers failed\n{done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


X = ", ".join(f"x{j} DOUBLE" for j in range(30))
SCHEMAS = {"wisconsin": "label INT, " + X, "features": "label INT, " + X, "regression": "label DOUBLE, " + X, "scored": "label INT, score DOUBLE", "differences": "difference DOUBLE", "linear": "label INT, score DOUBLE, other DOUBLE"}


def parquet(data):
    """Turns the peers' arrays into Parquet, with the Spark that the build resolved."""
    for csv in glob.glob(data + "/*.csv"):
        to = csv[:-4] + ".parquet"
        if not os.path.exists(to):
            java("ToParquet.java", csv, to, SCHEMAS[os.path.basename(csv)[:-4].rstrip("0123456789")])


def java(source, *arguments):
    """Runs a Java source file with the Spark that the build resolved; gives what it printed."""
    opens = [f"--add-opens=java.base/{p}=ALL-UNNAMED" for p in ("java.lang", "java.lang.invoke", "java.nio", "java.util", "sun.nio.ch", "sun.security.action")]
    with open(os.path.join(ROOT, "jobs", "target", "embedded.classpath")) as f:
        done = subprocess.run(["java", *opens, "-Dlog4j2.configurationFile=" + os.path.join(ROOT, "conf", "log4j2.properties"), "-cp", f.read().strip(),
                               os.path.join(ROOT, "scripts", "bench", source), *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{source} {' '.join(arguments)} failed\n{done.stderr}")
    return done.stdout


def cross_validator(data, parallelism, fits=1000):
    """Seconds of so many fits by Spark's own CrossValidator, extrapolated from 10 folds of 2 penalties and the last fit to all rows."""
    found = json.loads(java("SparkCrossValidator.java", data, f"local[{os.cpu_count()}]", str(parallelism), "10", "2").splitlines()[-1])
    return found["wall_s"] / found["fits"] * fits


def spread(values):
    return f"{statistics.median(values):.3g} ({min(values):.3g} to {max(values):.3g})"


def main():
    known = [*CASES, "bootstrap-linear", "fits-linear"]
    unknown = [c for c in a.cases if c not in known]
    if unknown:
        sys.exit(f"no case {unknown[0]!r}; known: {', '.join(known)}")
    cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), platform.machine())
    print(f"machine: {cpu}, {os.cpu_count()} cores, Linux; {time.strftime('%Y-%m-%d')}; {a.rounds} rounds; load {os.getloadavg()[0]:.0f} at the start\n", flush=True)
    for case in a.cases or known:
        if case in ("bootstrap-linear", "fits-linear"):
            linear() if case == "bootstrap-linear" else fits_linear()
            continue
        spec = CASES[case]; data = os.path.join(a.work, "data", spec.get("data", case))
        fits = spec.get("fits", False)
        if not glob.glob(data + "/*.csv"):
            peers(spec.get("data", spec["peer"]), data, fits)
        parquet(data)
        whole = spec.get("whole", False)
        found, walls, stages, beside, others, mllib = {}, {}, {}, {}, {}, {}  # walls and others: the measure that is not compared first
        for _ in range(a.rounds):
            for run, conf in spec["runs"].items():
                once = spec.get("once", False)
                jobs = product(f"{case}, {run}", twice(conf, ("first",) if once else ("first", "again")), data, spec.get("master", "local[1]"))
                for job in jobs:
                    by, wall = jobs[job]; at = f"{run}, {job}"
                    by = {stage: seconds for stage, seconds in by.items() if "besides" not in spec or not stage.startswith(spec["besides"])}
                    found.setdefault(at, []).append(wall if whole else sum(by.values())); walls.setdefault(at, []).append(sum(by.values()) if whole else wall)
                    for stage, seconds in by.items():
                        stages.setdefault((at, stage), []).append(seconds)
            if spec["peer"]:
                for p in peers(spec["peer"], fits=fits):
                    peer = p["peer"] + (f", extrapolated from {p['from']}" if "from" in p else "")
                    beside.setdefault(peer, []).append(p["wall_s" if whole else "cpu_s"])
                    others.setdefault(peer, []).append(p["cpu_s" if whole else "wall_s"])
            if "spark" in spec:
                for parallelism in (1, 2, 8):
                    mllib.setdefault(parallelism, []).append(cross_validator(os.path.join(data, spec["spark"]), parallelism))
        print(f"## {case}\n\n| what | {'wall' if whole else 'CPU'} s, median (least to greatest) | {'CPU s of tasks, or of the peer' if whole else 'wall s'}, median |\n|---|---|---|")
        for run in found:
            print(f"| assay, {run}: whole job | {spread(found[run])} | {statistics.median(walls[run]):.3g} |")
            for (of, stage), seconds in stages.items():
                if of == run and statistics.median(seconds) > 0.05 * statistics.median(found[run]):
                    print(f"| - {stage}{', CPU of its tasks' if whole else ''} | {spread(seconds)} | |")
        for peer, seconds in beside.items():
            print(f"| {peer} | {spread(seconds)} | {statistics.median(others[peer]):.3g} |")
        for parallelism, seconds in mllib.items():
            print(f"| Spark's CrossValidator, parallelism {parallelism}, all cores, extrapolated from 21 fits | {spread(seconds)} | |")
        for run in found:
            for peer, seconds in [*((p, v) for p, v in beside.items() if not spec.get("match") or run.split(",")[0].replace("-", "_") in p.replace("-", "_")), *((f"Spark's CrossValidator, parallelism {k}", v) for k, v in mllib.items())]:
                print(f"\n{peer} / assay, {run}: {spread([p / o for p, o in zip(seconds, found[run])])} times"
                      + (f"; of CPU {spread([p / o for p, o in zip(others[peer], walls[run])])}" if whole and peer in others else ""), end="")
        print("\n", flush=True)


main()

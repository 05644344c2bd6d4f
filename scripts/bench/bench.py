#!/usr/bin/env python3
"""Benchmarks of whole jobs beside their peers, in one run on one machine.

    scripts/bench/bench.py [CASE ...] [--rounds 5] [--peers FILE] [--work DIR]

Cases: bootstrap-auc, bootstrap-many, bootstrap-linear, sign-flip, label-permutation; all of them unless named. Each round runs the
product and then its peers (scikit-learn, scipy, and the best numpy an expert would write) on the same arrays, so that both see the
same neighbours on a shared machine. Printed are medians over the rounds of CPU seconds, and of the ratio peer / product with its least
and greatest. The product runs embedded on one core (local[1]); its CPU time is that of all tasks of the job, reading and sorting
included, taken from Spark's event log; the start of the session is apart. It reads Parquet, for the peers have their arrays in memory
before their clock starts. Peers run on one core (OPENBLAS_NUM_THREADS=1) and need Debian's python3-sklearn and
python3-scipy; long ones are extrapolated from part of their replicates, as the peers' file says.

bootstrap-linear has no peer: it runs 1e5, 1e6 and 1e7 rows x 1,000 replicates (accuracy, log loss, AUC of two models) on local[2] in
4 GiB, and prints the time per row and replicate, which is the same when cost grows as the rows do; and the same of the rows that a size
has more than the one before, (cost(1e7) - cost(1e6)) / (9e6 x 1,000) and so on, which what every job costs once does not enter.
"""
import argparse, glob, json, os, platform, statistics, subprocess, sys, time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ap.add_argument("cases", nargs="*")
ap.add_argument("--rounds", type=int, default=5)
ap.add_argument("--peers", default=os.path.join(ROOT, "..", "shared", "peers", "peers.py"))
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
    "label-permutation": dict(peer="label-permutation", runs={
        "label-permutation": SCORED + "jobs = [{{ job = permutation-test, metrics = [roc-auc], replicates = 10000 }}]"}),
}


LINEAR = """
data.d {{ path = "{dir}/linear{n}.parquet", label = label, task = classification, features = [] }}
models {{ m {{ score = score }}, n {{ score = other }} }}
jobs = [{{ job = bootstrap, metrics = [accuracy, log-loss, roc-auc], replicates = 1000, interval = percentile{more} }}]"""
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
    print("## bootstrap-linear\n\n| cut | rows | CPU s, median (least to greatest) | wall s, median | CPU ns per row and replicate | the replicates alone | of the rows more than above | the replicates alone |\n|---|---:|---|---:|---:|---:|---:|---:|")
    for cut in ("replicates", "rows"):
        before = None
        for n in ROWS:
            runs = [product(f"bootstrap-linear, {n}", LINEAR.replace("{n}", str(n)), data, "local[2]", f", cut = {cut}" + (", memory = 2GiB" if cut == "replicates" else ""))
                    for _ in range(a.rounds)]
            total = [sum(cpu.values()) for cpu, _ in runs]; alone = [sum(v for k, v in cpu.items() if k.startswith("replicates")) for cpu, _ in runs]
            here = n, statistics.median(total), statistics.median(alone)
            slopes = ["" if before is None else f"{(h - b) / (n - before[0]) * 1e6:.3g}" for h, b in zip(here[1:], (before or here)[1:])]
            before = here
            print(f"| {cut} | {n} | {spread(total)} | {statistics.median(w for _, w in runs):.3g} | {here[1] / n * 1e6:.3g} | {here[2] / n * 1e6:.3g}"
                  f" | {slopes[0]} | {slopes[1]} |", flush=True)
    print()


def product(name, conf, data, master="local[1]", more=""):
    """Runs a configuration; seconds of CPU by the description of Spark's jobs, and of wall time from the first job to the last."""
    base = os.path.join(a.work, "run"); log = os.path.join(a.work, "events"); os.makedirs(log, exist_ok=True)
    for f in glob.glob(log + "/*"):
        subprocess.run(["rm", "-rf", f], check=True)
    subprocess.run(["rm", "-rf", base], check=True); os.makedirs(base)
    path = os.path.join(base, "bench.conf")
    with open(path, "w") as f:
        f.write(f'name = bench, seed = 1, output = "{base}/reports"\n' + conf.format(dir=data, more=more))
    command = [os.path.join(ROOT, "scripts", "assay"), "--master", master, "--driver-memory", "4g", "--conf", "spark.eventLog.enabled=true",
               "--conf", f"spark.eventLog.dir=file://{log}", "--conf", "spark.eventLog.rolling.enabled=false", "--conf", "spark.eventLog.compress=false", "run", path]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{name}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    jobs, stages, cpu, first, last = {}, {}, {}, None, 0
    for file in glob.glob(log + "/*"):
        for line in open(file):
            event = json.loads(line); kind = event["Event"]
            if kind == "SparkListenerJobStart":
                description = event.get("Properties", {}).get("spark.job.description") or "other"
                for stage in event["Stage IDs"]:
                    stages[stage] = description
                first = min(first or event["Submission Time"], event["Submission Time"])
            elif kind == "SparkListenerJobEnd":
                last = max(last, event["Completion Time"])
            elif kind == "SparkListenerTaskEnd" and event.get("Task Metrics"):
                description = stages.get(event["Stage ID"], "other").split(": ")[-1].split(" (")[0]
                cpu[description] = cpu.get(description, 0) + event["Task Metrics"]["Executor CPU Time"] / 1e9
    return cpu, (last - first) / 1e3


def peers(case, data=None):
    command = ["/usr/bin/python3", a.peers, case] + (["--dump", data] if data else [])
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"})
    if done.returncode != 0:
        sys.exit(f"{case}: the peers failed\n{done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


SCHEMAS = {"scored": "label INT, score DOUBLE", "differences": "difference DOUBLE", "linear": "label INT, score DOUBLE, other DOUBLE"}


def parquet(data):
    """Turns the peers' arrays into Parquet, with the Spark that the build resolved."""
    for csv in glob.glob(data + "/*.csv"):
        to = csv[:-4] + ".parquet"
        if not os.path.exists(to):
            opens = [f"--add-opens=java.base/{p}=ALL-UNNAMED" for p in ("java.lang", "java.lang.invoke", "java.nio", "java.util", "sun.nio.ch", "sun.security.action")]
            with open(os.path.join(ROOT, "jobs", "target", "embedded.classpath")) as f:
                done = subprocess.run(["java", *opens, "-Dlog4j2.configurationFile=" + os.path.join(ROOT, "conf", "log4j2.properties"), "-cp", f.read().strip(),
                                       os.path.join(ROOT, "scripts", "bench", "ToParquet.java"), csv, to, SCHEMAS[os.path.basename(csv)[:-4].rstrip("0123456789")]],
                                      capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(f"{csv} could not be turned into Parquet\n{done.stderr}")


def spread(values):
    return f"{statistics.median(values):.3g} ({min(values):.3g} to {max(values):.3g})"


def main():
    known = [*CASES, "bootstrap-linear"]
    unknown = [c for c in a.cases if c not in known]
    if unknown:
        sys.exit(f"no case {unknown[0]!r}; known: {', '.join(known)}")
    cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), platform.machine())
    print(f"machine: {cpu}, {os.cpu_count()} cores, Linux; {time.strftime('%Y-%m-%d')}; {a.rounds} rounds\n", flush=True)
    for case in a.cases or known:
        if case == "bootstrap-linear":
            linear()
            continue
        spec = CASES[case]; data = os.path.join(a.work, "data", spec.get("data", case))
        if not glob.glob(data + "/*.csv"):
            peers(spec.get("data", spec["peer"]), data)
        parquet(data)
        found = {run: [] for run in spec["runs"]}; walls = {run: [] for run in spec["runs"]}; stages = {}; beside = {}
        for _ in range(a.rounds):
            for run, conf in spec["runs"].items():
                by, wall = product(f"{case}, {run}", conf, data)
                found[run].append(sum(by.values())); walls[run].append(wall)
                for stage, seconds in by.items():
                    stages.setdefault((run, stage), []).append(seconds)
            if spec["peer"]:
                for p in peers(spec["peer"]):
                    beside.setdefault(p["peer"] + (f", extrapolated from {p['from']}" if "from" in p else ""), []).append(p["cpu_s"])
        print(f"## {case}\n\n| what | CPU s, median (least to greatest) | wall s, median |\n|---|---|---|")
        for run in found:
            print(f"| assay, {run}: whole job | {spread(found[run])} | {statistics.median(walls[run]):.3g} |")
            for (of, stage), seconds in stages.items():
                if of == run and statistics.median(seconds) > 0.05 * statistics.median(found[run]):
                    print(f"| - {stage} | {spread(seconds)} | |")
        for peer, seconds in beside.items():
            print(f"| {peer} | {spread(seconds)} | |")
        for run in found:
            for peer, seconds in beside.items():
                print(f"\n{peer} / assay, {run}: {spread([p / o for p, o in zip(seconds, found[run])])} times", end="")
        print("\n", flush=True)


main()

#!/usr/bin/env python3
"""What an order of a test suite costs beside its own tool, and how many orders k workers run.

    scripts/bench/flaky.py [--rounds 5] [--runs 12] [--seconds 3]

The suite: pytest, 30 tests that wait a tenth of so many seconds each, so that cores that are few or shared say little. Its own time is that of
"python3 -m pytest" in its folder, started and awaited by this script; an order's time is what the Spark job of as many runs takes, divided by
them, from Spark's event log: the sandbox, the process and its start, what is written, and Spark's own part. Own tool and workers take turns.
"""
import argparse, glob, json, os, platform, shutil, statistics, subprocess, sys, tempfile, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ap.add_argument("--rounds", type=int, default=5)
ap.add_argument("--runs", type=int, default=12, help="orders per round and k, an even number")
ap.add_argument("--seconds", type=float, default=3)
ap.add_argument("--python", default="/usr/bin/python3")
a = ap.parse_args()


def own(suite):
    start = time.perf_counter()
    done = subprocess.run([a.python, "-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd=suite, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    return time.perf_counter() - start


def assay(suite, work, k):
    """Seconds of the job of all runs but the first, with k workers."""
    base = tempfile.mkdtemp(dir=work); log = os.path.join(base, "events"); os.mkdir(log)
    conf = os.path.join(base, "bench.conf")
    with open(conf, "w") as f:
        f.write(f'name = bench, seed = 1, output = "{base}/reports"\nsubjects.core {{ kind = pytest, project = "{suite}", python = "{a.python}" }}\n'
                f'jobs = [ {{ job = flaky, same-order = {a.runs + 1}, orders = [] }} ]\n')
    command = [os.path.join(ROOT, "scripts", "assay"), "--master", f"local[{k}]", "--conf", "spark.eventLog.enabled=true", "--conf", f"spark.eventLog.dir=file://{log}",
               "--conf", "spark.eventLog.rolling.enabled=false", "--conf", "spark.eventLog.compress=false", "run", conf]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    began = {}
    for line in open(glob.glob(log + "/*")[0]):
        event = json.loads(line)
        if event["Event"] == "SparkListenerJobStart":
            began[event["Job ID"]] = event["Submission Time"], sum(s["Number of Tasks"] for s in event["Stage Infos"])
        elif event["Event"] == "SparkListenerJobEnd" and began[event["Job ID"]][1] == a.runs:
            return (event["Completion Time"] - began[event["Job ID"]][0]) / 1e3
    sys.exit(f"no job of {a.runs} tasks in {log}")


def spread(values):
    return f"{statistics.median(values):.3f} ({min(values):.3f} to {max(values):.3f})"


def main():
    work = tempfile.mkdtemp(prefix="assay-bench-flaky-")
    try:
        suite = os.path.join(work, "suite"); os.mkdir(suite)
        with open(os.path.join(suite, "test_waits.py"), "w") as f:
            f.write(f"import time\nimport pytest\n\n\n@pytest.mark.parametrize('n', range(30))\ndef test_waits(n):\n    time.sleep({a.seconds / 30})\n")
        own(suite)
        alone, each = [], {1: [], 2: []}
        for _ in range(a.rounds):
            for k in each:
                before = [own(suite) for _ in range(2)]
                each[k].append(assay(suite, work, k) / a.runs)
                alone += before + [own(suite) for _ in range(2)]
        cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), platform.machine())
        print(f"## flaky ({time.strftime('%Y-%m-%d')}, {cpu}, {os.cpu_count()} cores, {a.rounds} rounds of {a.runs} orders; load average {os.getloadavg()[1]:.1f})\n")
        print(f"| what | s per order, median (least to greatest) | of the suite's own time |\n|---|---|---:|")
        usual = statistics.median(alone)
        print(f"| the suite by its own tool | {spread(alone)} | 1 |")
        for k, seconds in each.items():
            print(f"| by assay, {k} worker{'s' if k > 1 else ''} | {spread(seconds)} | {statistics.median(seconds) / usual:.3f} |")
        print(f"\nOverhead with one worker: {100 * (statistics.median(each[1]) / usual - 1):.1f} % of the suite's own time. Orders per time, in units of k times what the own tool does: "
              + ", ".join(f"k = {k}: {usual / statistics.median(s) / k:.3f}" for k, s in each.items()) + ".")
    finally:
        shutil.rmtree(work)


main()

"""The process of pytest's tests: lists them, or runs them in exactly one order, and says in a file what happens as it happens.

    python assay_pytest.py discover UNITS ARGUMENT...
    python assay_pytest.py run ORDER EVENTS ARGUMENT...

The arguments are pytest's own. Lines of both files are fields between tabs, as the launcher of JUnit tests writes them. When its standard
input ends, whoever started it is gone, and so is it.
"""

import os
import sys
import threading
import time

LONGEST_MESSAGE = 8000


def escaped(text):
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def plain(line):
    text = []
    i = 0
    while i < len(line):
        c = line[i]
        if c == "\\" and i + 1 < len(line):
            i += 1
            c = {"t": "\t", "n": "\n", "r": "\r"}.get(line[i], line[i])
        text.append(c)
        i += 1
    return "".join(text)


def die_with_parent():
    watched = os.dup(0)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)

    def watch():
        try:
            while os.read(watched, 1):
                pass
        except OSError:
            pass
        os._exit(4)

    threading.Thread(target=watch, name="assay-parent-watch", daemon=True).start()


def place_of(item):
    """Container and name of a test."""
    suffix = "::" + item.name
    if item.nodeid.endswith(suffix):
        return item.nodeid[: -len(suffix)], item.name
    return "", item.nodeid


def encodable(text):
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


class Events:
    def __init__(self, path):
        self.file = open(path, "ab", buffering=0)

    def write(self, *fields):
        self.file.write((encodable("\t".join(fields)) + "\n").encode("utf-8"))


def main():
    import pytest

    class Discovery:
        def __init__(self, path):
            self.path = path
            self.unloadable = []

        def pytest_collectreport(self, report):
            if report.failed:
                self.unloadable.append((report.nodeid, str(report.longrepr)))

        @pytest.hookimpl(hookwrapper=True, tryfirst=True)
        def pytest_collection_modifyitems(self, session, config, items):
            yield
            with open(self.path, "w", encoding="utf-8") as out:
                for item in items:
                    container, name = place_of(item)
                    fields = ("PYTEST", container, name, item.nodeid)
                    out.write("\t".join(escaped(encodable(f)) for f in fields) + "\n")
                for node, reason in self.unloadable:
                    out.write("unloadable\t" + escaped(node) + "\t" + escaped(encodable(reason[-2000:])) + "\n")

        def pytest_runtestloop(self, session):
            return True

    class Order:
        def __init__(self, order, events):
            with open(order, encoding="utf-8") as lines:
                asked = [plain(line.rstrip("\n").split("\t")[3]) for line in lines]
            self.places = {node: place for place, node in enumerate(asked)}
            self.events = Events(events)
            self.outcome = None

        @pytest.hookimpl(hookwrapper=True, tryfirst=True)
        def pytest_collection_modifyitems(self, session, config, items):
            yield
            chosen = {}
            for item in items:
                node = encodable(item.nodeid)
                if node in self.places and node not in chosen:
                    chosen[node] = item
            items[:] = sorted(chosen.values(), key=lambda item: self.places[encodable(item.nodeid)])

        @pytest.hookimpl(hookwrapper=True, tryfirst=True)
        def pytest_runtest_protocol(self, item, nextitem):
            place = self.places.get(encodable(item.nodeid))
            if place is None:
                self.events.write("X", escaped(item.nodeid))
            else:
                self.events.write("S", str(place))
            self.outcome, self.message = "PASS", ""
            start = time.perf_counter()
            yield
            nanos = int((time.perf_counter() - start) * 1e9)
            if place is not None:
                self.events.write("F", str(place), self.outcome, str(nanos), escaped(self.message))

        @pytest.hookimpl(hookwrapper=True)
        def pytest_runtest_makereport(self, item, call):
            made = yield
            report = made.get_result()
            if report.failed:
                if self.outcome in ("PASS", "SKIP"):
                    assertion = call.excinfo is None or call.excinfo.errisinstance((AssertionError, pytest.fail.Exception))
                    self.outcome = "FAIL" if report.when == "call" and assertion else "ERROR"
                    crash = getattr(report.longrepr, "reprcrash", None)
                    self.message = ("" if report.when == "call" else report.when + ": ") + (crash.message + "\n" if crash else "")
                    text = str(report.longrepr)
                    # the exception stands at the end of what pytest says
                    self.message += text if len(text) <= LONGEST_MESSAGE else "..." + text[-LONGEST_MESSAGE:]
            elif report.skipped and self.outcome == "PASS":
                self.outcome = "SKIP"
                self.message = "fails as expected" if hasattr(report, "wasxfail") else str(report.longrepr)

        @pytest.hookimpl(trylast=True)
        def pytest_sessionfinish(self, session):
            self.events.write("E")

    mode = sys.argv[1]
    if mode == "discover":
        plugin, arguments = Discovery(sys.argv[2]), sys.argv[3:]
    else:
        plugin, arguments = Order(sys.argv[2], sys.argv[3]), sys.argv[4:]
    return int(pytest.main(arguments, plugins=[plugin]))


if __name__ == "__main__":
    sys.path[0] = os.getcwd()  # as python -m pytest has it
    die_with_parent()
    sys.exit(main())

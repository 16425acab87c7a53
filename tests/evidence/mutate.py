"""`make mutants`: does a test notice when the code goes wrong? One slip at a time, module by module; can be resumed.

A module is measured again only if it has changed; `--again` tries its survivors alone, after tests were added. First
the tests run once, to learn which of them reach which line. Then each slip has a process of its own, forked from one
that has read the tests already: the changed code is put into the functions that are there, and the tests that reach
its line run, the quickest first, until one fails. A slip that passes so, or stands outside of functions, runs again in
a process that imports the changed module from the start. Survivors stand in mutants.json; those that change nothing
anyone can see are explained in explained.toml.
"""

import argparse
import ast
import gc
import hashlib
import importlib
import importlib.abc
import importlib.util
import io
import json
import os
import pickle
import resource
import signal
import sys
import tempfile
import time
import tomllib
import traceback
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))

from mutants import MODULE, Mutant, mutants  # noqa: E402

RESULTS, EXPLAINED = HERE / "mutants.json", HERE / "explained.toml"
PACKAGE = "dosing_app"
# Module: the tests that answer for it, few and quick. A survivor of these may still be noticed by others.
TESTS: dict[str, tuple[str, ...]] = {
    "core/dose": ("tests/core/test_recipe.py",),
    "core/stability": ("tests/core/test_times.py",),
    "core/recipe": ("tests/core/test_recipe.py",),
    "core/bsa": ("tests/core/test_recipe.py", "tests/oracles/test_bsa_oracles.py"),
    "core/exposure": ("tests/core/test_exposure.py",),
    "core/findings": (
        "tests/core/test_finding_rules.py",
        "tests/course/test_findings.py",
        "tests/course/test_reasons.py",
    ),
    "core/units": ("tests/core/test_units.py", "tests/core/test_quantities.py"),
    "core/kinetics": ("tests/core/test_kinetics.py",),
    "core/clock": (
        "tests/core/test_times.py",
        "tests/core/test_clock_borders.py",
        "tests/oracles/test_clock_changes.py",
    ),
    "core/slips": ("tests/core/test_slips.py", "tests/core/test_slip_rules.py"),
    "core/quantities": (
        "tests/core/test_quantity_borders.py",
        "tests/core/test_quantities.py",
        "tests/core/test_made_quantities.py",
        "tests/core/test_units.py",
    ),
    "core/growth": (
        "tests/core/test_growth.py",
        "tests/core/test_slip_rules.py",
        "tests/course/test_growth_findings.py",
    ),
    "course/calculate": (
        "tests/course/test_plan.py",
        "tests/course/test_front.py",
        "tests/course/test_findings.py",
        "tests/course/test_reasons.py",
    ),
    "course/log": (
        "tests/course/test_log_entries.py",
        "tests/course/test_replan.py",
        "tests/course/test_log_machine.py",
    ),
    "course/options": ("tests/course/test_order_options.py",),
    "course/proof": ("tests/course/test_proof.py",),
    "core/sessions": ("tests/core/test_sessions_by_hand.py", "tests/core/test_times.py"),
    "core/front": ("tests/core/test_search_by_hand.py",),
}
LONGEST = 20.0  # seconds of tests for one slip, the quickest first; what is left out counts as unnoticed
PATIENCE = 5  # times what the tests take unchanged, before a slip counts as never ending
LOADED = ("hypothesis", "hypothesis.stateful", "pint", "pydantic", "whenever", "holidays", "health_bsa", "tomlkit")
# without the project's own settings, since they are about the window too
OPTIONS = (
    *(
        "-q",
        "-s",
        "-W",
        "error",
        "-W",
        "ignore::pytest.PytestAssertRewriteWarning",
        "-c",
        os.devnull,
        f"--rootdir={ROOT}",
    ),
    *(part for plugin in ("randomly", "cacheprovider", "pytest-qt", "pytest_cov") for part in ("-p", f"no:{plugin}")),
)
NOTICED, UNNOTICED = 1, 0


# ---- processes ----


def forked(work: Callable[[], int], seconds: float | None = None) -> int:
    """The status of a piece of work done in a process of its own, which may break; below zero if it never ended."""
    child = os.fork()
    if child == 0:
        status = 70
        try:
            if seconds is not None:
                used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
                resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds) + 2, int(used + seconds) + 4))
                resource.setrlimit(resource.RLIMIT_AS, (6 * 2**30, 6 * 2**30))
                signal.alarm(int(10 * seconds) + 60)
            status = work()
        except BaseException:  # noqa: BLE001 - whatever a slip brings about, it was noticed
            traceback.print_exc()
            status = NOTICED
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def silent(said: Path) -> None:
    """What the tests print goes into a file."""
    nothing = os.open(said, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    sys.stdout = sys.stderr = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), write_through=True)


def prepare() -> None:
    """What every test process needs and no slip touches, loaded once."""
    os.chdir(ROOT)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    for name in LOADED:
        importlib.import_module(name)
    from hypothesis import HealthCheck, Phase, settings

    # the same cases for every slip, and no time spent on making a failing one shorter
    settings.register_profile(
        "mutants",
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("mutants")


# ---- running tests ----


class Watch:
    """Hands over what came of each test, and ends the process at the first failure if asked to."""

    def __init__(self, *, leave: bool) -> None:
        self.leave = leave
        self.failed: set[str] = set()
        self.seconds: dict[str, float] = {}

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0) + report.duration
        if report.failed:
            self.failed.add(report.nodeid)
            if self.leave:
                os._exit(NOTICED)

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed and self.leave:
            os._exit(NOTICED)


def run(items: Sequence[Any]) -> None:
    """As pytest would, one after the other."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


def baseline(items: Sequence[Any], target: Path, answer: Path) -> int:
    """Seconds of each test, the lines of the target that it reaches, and those that fail: kept in `answer`."""
    import coverage

    watch = Watch(leave=False)
    items[0].config.pluginmanager.register(watch)
    measure = coverage.Coverage(data_file=None, include=[str(target)], config_file=False)
    measure.set_option("run:disable_warnings", ["no-data-collected"])  # a module of tables alone
    measure.start()
    for item, following in zip(items, [*items[1:], None], strict=True):
        measure.switch_context(item.nodeid)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    measure.stop()
    lines = measure.get_data().contexts_by_lineno(str(target))
    answer.write_bytes(pickle.dumps((watch.seconds, watch.failed, {line: set(names) for line, names in lines.items()})))
    return 0


def reaching(mutant: Mutant, reached: dict[int, set[str]]) -> set[str]:
    """The tests that run the statement of a slip."""
    return set().union(*(reached.get(line, set()) for line in mutant.lines)) - {""}


def affordable(names: Iterable[str], seconds: dict[str, float]) -> list[str]:
    """The quickest of these tests, as many as the time for one slip allows."""
    chosen, total = [], 0.0
    for name in sorted(names, key=lambda each: seconds[each]):
        total += seconds[name]
        if chosen and total > LONGEST:
            break
        chosen.append(name)
    return chosen


# ---- putting a slip in ----


def codes(code: CodeType) -> Iterable[CodeType]:
    """A code object and all within it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes(constant)


def exchange(changed: CodeType, path: Path) -> bool:
    """Give the functions that are loaded their changed code; whether there was one."""
    new = {(each.co_qualname, each.co_firstlineno): each for each in codes(changed)}
    done = False
    for function in gc.get_objects():
        if not isinstance(function, FunctionType) or function.__code__.co_filename != str(path):
            continue
        code = new.get((function.__code__.co_qualname, function.__code__.co_firstlineno))
        if code is not None and code != function.__code__ and code.co_freevars == function.__code__.co_freevars:
            function.__code__ = code
            done = True
    return done


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a changed tree."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self.name, self.path, self.tree = name, path, tree

    def find_spec(self, name: str, _path: Any = None, _target: Any = None) -> Any:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)

    def exec_module(self, module: Any) -> None:
        exec(compile(self.tree, str(self.path), "exec"), module.__dict__)  # noqa: S102 - our own code, changed


class Fork:
    """In place of pytest's own loop over the tests: all slips, each in a fork."""

    def __init__(self, path: Path, wanted: set[str] | None, folder: Path) -> None:
        self.path, self.wanted, self.folder = path, wanted, folder

    def pytest_runtestloop(self, session: Any) -> bool:
        kept = self.folder / "baseline"
        if forked(lambda: baseline(session.items, self.path, kept)) != 0:
            return True
        seconds, failed, reached = pickle.loads(kept.read_bytes())  # noqa: S301 - written just now
        items = {item.nodeid: item for item in session.items if item.nodeid not in failed}
        session.config.pluginmanager.register(Watch(leave=True))
        tree, slips = mutants(self.path)
        with (self.folder / "first").open("w", encoding="utf-8") as file:
            for slip in slips:
                if self.wanted is not None and slip.name not in self.wanted:
                    continue
                chosen = affordable(reaching(slip, reached) & set(items), seconds)
                limit = PATIENCE * sum(seconds[each] for each in chosen) + 10

                def work(slip: Mutant = slip, chosen: list[str] = chosen) -> int:
                    slip.put()
                    if not exchange(compile(tree, str(self.path), "exec"), self.path):
                        return UNNOTICED
                    run([items[each] for each in chosen])
                    return UNNOTICED

                status = forked(work, limit) if chosen and slip.where != MODULE else UNNOTICED
                print(json.dumps([slip.name, status, bool(chosen)]), file=file, flush=True)
        return True


class Only:
    """These tests, in this order."""

    def __init__(self, names: Sequence[str]) -> None:
        self.place = {name: number for number, name in enumerate(names)}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = sorted(
            (each for each in items if each.nodeid in self.place), key=lambda each: self.place[each.nodeid]
        )


def afresh(module: str, slip: Mutant, tree: ast.Module, names: Sequence[str], folder: Path) -> int:
    """Import everything anew with the slip in it and run these tests."""
    name = f"{PACKAGE}.{module.replace('/', '.')}"
    slip.put()
    sys.meta_path.insert(0, Changed(name, ROOT / PACKAGE / f"{module}.py", tree))
    files = sorted({each.partition("::")[0] for each in names})
    status = pytest.main([*OPTIONS, f"--basetemp={folder / 'tmp'}", *files], plugins=[Watch(leave=True), Only(names)])
    return UNNOTICED if status == 0 else NOTICED


# ---- a module ----


def source_of(module: str) -> str:
    return hashlib.sha256((ROOT / PACKAGE / f"{module}.py").read_bytes()).hexdigest()[:16]


def measure(module: str, only: set[str] | None = None) -> dict[str, Any]:
    """What came of every slip of a module, or of those named."""
    path, begin = ROOT / PACKAGE / f"{module}.py", time.monotonic()
    files = [str(ROOT / each) for each in TESTS[module]]
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        folder = Path(name)

        def first() -> int:
            silent(folder / "said")
            pytest.main([*OPTIONS, f"--basetemp={folder / 'tmp'}", *files], plugins=[Fork(path, only, folder)])
            return 0

        forked(first)
        if not (folder / "first").exists():
            said = (folder / "said").read_text("utf-8", "replace")[-2000:]
            sys.exit(f"{said}\n{module}: its tests cannot be collected; run them by themselves")
        seconds, failed, reached = pickle.loads((folder / "baseline").read_bytes())  # noqa: S301
        lines = (folder / "first").read_text("utf-8").splitlines()
        outcomes = {name: (status, ran) for name, status, ran in map(json.loads, lines)}
        survived, noticed, endless = [], 0, 0
        for slip in mutants(path)[1]:
            if slip.name not in outcomes:
                continue
            status, ran = outcomes[slip.name]
            if status == UNNOTICED:
                names = set(seconds) - failed  # what runs while it is imported is reached by no test, or by all
                chosen = affordable((reaching(slip, reached) & names) or names, seconds)
                limit = PATIENCE * sum(seconds[each] for each in chosen) + 30

                def work(wanted: str = slip.name, chosen: list[str] = chosen) -> int:
                    silent(folder / "said")
                    tree, slips = mutants(path)
                    again = next(each for each in slips if each.name == wanted)
                    return afresh(module, again, tree, chosen, folder)

                status = forked(work, limit)
            ran = ran or slip.where == MODULE
            if status == UNNOTICED:
                survived.append({"line": slip.line, "slip": slip.name} | ({} if ran else {"reached": False}))
            else:
                noticed += 1
                endless += status < 0
    return {
        "source": source_of(module),
        "slips": noticed + len(survived),
        "noticed": noticed,
        "of those never ending": endless,
        "tests": len(seconds) - len(failed),
        "tests failing unchanged": sorted(failed),
        "seconds": round(time.monotonic() - begin),
        "survived": survived,
    }


def again(module: str, before: dict[str, Any]) -> dict[str, Any]:
    """The survivors of last time once more, with today's tests."""
    fresh = measure(module, {each["slip"] for each in before["survived"]})
    fresh["noticed"] += before["noticed"]
    fresh["of those never ending"] += before["of those never ending"]
    fresh["slips"] = before["slips"]
    fresh["seconds"] += before["seconds"]
    return fresh


def results() -> dict[str, Any]:
    return json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}


def keep(module: str, found: dict[str, Any]) -> None:
    """Into the results file, at once: the next run goes on from here."""
    every = {**results(), module: found}
    RESULTS.write_text(json.dumps(dict(sorted(every.items())), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def explained() -> dict[str, dict[str, str]]:
    """Module: slip: why nobody can see it."""
    return tomllib.loads(EXPLAINED.read_text("utf-8")) if EXPLAINED.exists() else {}


def line_of(module: str, found: dict[str, Any]) -> str:
    reasons = explained().get(module, {})
    left = [each for each in found["survived"] if each["slip"] not in reasons]
    return (
        f"{module:18} {found['noticed']:4} of {found['slips']:4} slips noticed"
        f" ({found['noticed'] / max(1, found['slips']):.1%}), {len(found['survived']) - len(left)} explained,"
        f" {len(left)} not; {found['seconds']} s"
    )


def main() -> int:
    """Measure what has changed, or the modules named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="core/bsa …; all that changed, if none is named")
    parser.add_argument("--again", action="store_true", help="try the survivors once more")
    options = parser.parse_args()
    if unknown := set(options.modules) - set(TESTS):
        parser.error(f"no tests are named for {', '.join(sorted(unknown))}; known: {', '.join(TESTS)}")
    prepare()
    for module in options.modules or TESTS:
        before = results().get(module)
        current = before is not None and before["source"] == source_of(module)
        if current and options.again:
            found = again(module, before)
        elif current and not options.modules:
            found = before
        else:
            found = measure(module)
        keep(module, found)
        print(line_of(module, found), flush=True)
        reasons = explained().get(module, {})
        for each in found["survived"]:
            if each["slip"] not in reasons:
                print(f"    line {each['line']}: {each['slip']}{'' if each.get('reached', True) else '  (no test)'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

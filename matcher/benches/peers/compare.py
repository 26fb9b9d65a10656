"""The engine beside other programs, on the same generated files, in turns; ends with a table of ratios and a chart.

    make bench                # 10 000 volunteers and 1 000 roles: some minutes
    make bench SIZE=large     # 100 000 volunteers and 10 000 roles

What is compared, and how to read it, is in docs/benchmarks.md, where the figures of this run are written. The run ends with
an error if a score differs from PostgreSQL's, or a total from that of another solver, or a certificate does not hold.
"""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import contest
import graph
import machine
import numpy
import postgres
import report
import turn

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
WORK = ROOT / "target" / "peers"
PER_ROLE, PER_VOLUNTEER = 50, 20

# Volunteers, roles, and how many of these roles PostgreSQL and numpy are given in a turn.
SIZES = {"small": (10_000, 1_000, 1_000, 1_000), "large": (100_000, 10_000, 100, 1_000)}
GRAPHS = ["listed-loose", "listed-tight", "all-loose", "all-tight"]


def say(what):
    print(f"\n== {what}", flush=True)


def build(name, *options):
    """Builds a program of the package and gives its path."""
    command = ["cargo", "build", "--quiet", "--locked", "--package", "matcher", "--message-format", "json", *options]
    built = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    made = map(json.loads, built.splitlines())
    return next(unit["executable"] for unit in made if unit.get("executable") and unit["target"]["name"] == name)


def build_lemon():
    program = WORK / "assignment_lemon"
    command = ["g++", "-std=c++17", "-O3", "-march=native", "-DNDEBUG", "-o", program, HERE / "assignment_lemon.cpp"]
    if subprocess.run(command).returncode != 0:
        sys.exit("LEMON's solver was not built; install it (Debian: apt-get install g++ liblemon-dev)")
    return program


def check_scores(server, folder, roles):
    """Every eligible pair of the first so many roles, with its score: PostgreSQL's and the engine's are the same."""
    text = server.eligible_pairs(roles)
    theirs = numpy.loadtxt(io.StringIO(text), numpy.int64, delimiter="|", ndmin=2)
    pairs = graph.read(folder / "graphs" / "all-loose")
    ours = numpy.stack([pairs.role, pairs.volunteer, pairs.score], 1)
    ours = ours[ours[:, 0] < roles]
    if not numpy.array_equal(ours, theirs):
        differing = sorted(set(map(tuple, ours.tolist())) ^ set(map(tuple, theirs.tolist())))
        sys.exit(f"{len(differing)} scores differ between the engine and PostgreSQL, the first: {differing[:4]}")
    print(f"{len(ours)} eligible pairs have the same score in the engine and in PostgreSQL")
    return len(ours)


def of_first_roles(folder, roles):
    """What the first so many roles have to find, by the engine's pairs."""
    pairs = graph.read(folder / "graphs" / "all-loose")
    count = int(numpy.searchsorted(pairs.role, roles))
    role, score = pairs.role[:count], pairs.score[:count]
    rank = numpy.arange(count) - numpy.searchsorted(role, role)
    return {"eligible_pairs": count, "total_of_roles": int(score[rank < PER_ROLE].sum())}


def compare_scoring(bench, folder, size):
    """Both sides' best. Who is given only some of the roles is measured on these and multiplied."""
    volunteers, roles, in_postgres, in_numpy = SIZES[size]
    say(f"scoring {volunteers} volunteers x {roles} roles, the best {PER_ROLE} and {PER_VOLUNTEER}")
    policy = json.loads((folder / "prepared" / "policy.json").read_text())
    with contextlib.closing(postgres.Server(policy)) as server:
        loaded = server.load(folder / "prepared")
        checked = check_scores(server, folder, in_postgres)
        ours = contest.Program("engine", [bench, "top", str(volunteers), str(roles)])
        script = [sys.executable, HERE / "scoring_numpy.py", folder / "prepared"]
        vectors = contest.Program("numpy", [*map(str, [*script, in_numpy, PER_ROLE, PER_VOLUNTEER])])
        search = postgres.Search(server, in_postgres, PER_ROLE, PER_VOLUNTEER)
        medians = contest.hold([ours, vectors, search])
        version = server.version()
    listed = {"engine": roles, "numpy": in_numpy, "PostgreSQL": in_postgres}
    for name, given in listed.items():
        wanted = {"found": of_first_roles(folder, given)}
        contest.agree(name, {"pairs": wanted, name: medians[name]}, ["eligible_pairs", "total_of_roles"])
    if in_postgres == in_numpy == roles:
        contest.agree("scoring", medians, ["total_of_volunteers"])
    for name, given in [("numpy", in_numpy), ("PostgreSQL", in_postgres)]:
        medians[name]["roles"] = given
        for key in ["wall_ms", "cpu_ms"]:
            medians[name][key] *= roles / given
    prepared = {"engine": ours.prepared["wall_ms"] / 1e3, "numpy": vectors.prepared["wall_ms"] / 1e3, "PostgreSQL": loaded}
    return {"medians": medians, "prepared_s": prepared, "checked_pairs": checked, "postgresql": version}


def compare_assignment(bench, lemon, folder):
    """The optimum over the engine's own candidate graphs: the total is the same to the unit."""
    found = {}
    for name in GRAPHS:
        path = str(folder / "graphs" / name)
        say(f"assignment {name}")
        participants = [
            contest.Program("engine", [bench, "assign", path]),
            contest.Program("OR-tools", [sys.executable, str(HERE / "assignment_ortools.py"), path]),
            contest.Program("LEMON", [str(lemon), path]),
        ]
        medians = contest.hold(participants)
        contest.agree(name, medians, ["total"])
        pairs = int(numpy.fromfile(path, "<u4", 3)[2])
        found[name] = {"medians": medians, "pairs": pairs}
        print({name: round(row["wall_ms"], 2) for name, row in medians.items()})
    return found


def measure_changes(bench, size):
    volunteers, roles, *_ = SIZES[size]
    say("one change: prepared, scored and assigned again")
    command = [bench, "change", str(volunteers), str(roles)]
    runs = [json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout) for _ in range(3)]

    def middle(part, percentile):
        return sorted(run[part][percentile] for run in runs)[len(runs) // 2]

    return {part: {percentile: middle(part, percentile) for percentile in runs[0][part]} for part in runs[0]}


def middle_run(command, answer):
    """The median of three runs; the only one where a run takes more than a minute."""
    runs = [run_once(command, answer)]
    while len(runs) < 3 and runs[0][0] <= 60:
        runs.append(run_once(command, answer))
    return sorted(runs)[len(runs) // 2]


def measure_suggest(program, folder):
    """`matcher suggest` over files, from start to end."""
    say("matcher suggest")
    given = folder / "suggest"
    as_of = json.loads((folder / "prepared" / "policy.json").read_text())["as_of"]
    modes = {
        "the best five of each role": ["--top", "5"],
        "everybody at once": ["--assign"],
        "everybody at once, quickly": ["--assign", "--quick"],
    }
    rows = {}
    for name, mode in modes.items():
        command = [program, "suggest", "--volunteers", given / "volunteers.csv", "--roles", given / "roles.csv",
                   "--relations", given / "relations.csv", "--as-of", as_of, "--format", "csv", *mode]
        wall, cpu, peak = middle_run([*map(str, command)], given / "answer.csv")
        with open(given / "answer.csv", "rb") as answer:
            lines = sum(1 for _ in answer) - 1
        rows[name] = {"wall_s": wall, "cpu_s": cpu, "peak_mib": peak, "lines": lines}
        print(name, rows[name])
    return rows


def run_once(command, answer):
    """Seconds on the clock, seconds of the processor, and mebibytes of a run that writes into a file."""
    with open(answer, "wb") as file:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=file)
    done = peak = 0
    while not done:
        # What a process had at most is gone with it, so it is asked now and then.
        with contextlib.suppress(OSError):
            peak = max(peak, turn.peak_mebibytes(process.pid))
        time.sleep(0.01)
        done, status, usage = os.wait4(process.pid, os.WNOHANG)
    if status != 0:
        sys.exit(f"{command[0]} ended with {status}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, peak


def measure_quality():
    say("quality")
    command = ["cargo", "bench", "--quiet", "--locked", "--package", "matcher", "--bench", "quality"]
    text = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    tables, line = {}, re.compile(r"  (.{42}) MRR (\S+) (\[.*?\])  NDCG@10 (\S+)  recall@3 (\S+)  (.*)")
    for row in text.splitlines():
        if heading := re.match(r"([^:]+): (\d+) choices", row):
            rows = tables.setdefault(heading[1], [])
        elif cells := line.match(row):
            rows.append([cell.strip() for cell in cells.groups()])
    return tables


def main():
    size = sys.argv[1] if len(sys.argv) > 1 else "small"
    if size not in SIZES:
        sys.exit(f"SIZE is one of {', '.join(SIZES)}")
    folder = WORK / size
    volunteers, roles, *_ = SIZES[size]
    about = machine.describe()
    say("building")
    bench, program = build("peers", "--profile", "bench", "--bench", "peers"), build("matcher", "--release", "--bins")
    lemon = build_lemon()
    say(f"writing the files of {volunteers} volunteers and {roles} roles into {folder.relative_to(ROOT)}")
    subprocess.run([bench, "write", folder, str(volunteers), str(roles)], check=True)
    results = {"size": size, "volunteers": volunteers, "roles": roles, "machine": about}
    results["scoring"] = compare_scoring(bench, folder, size)
    results["assignment"] = compare_assignment(bench, lemon, folder)
    results["changes"] = measure_changes(bench, size)
    results["suggest"] = measure_suggest(program, folder)
    results["quality"] = measure_quality()
    results["machine"]["load"].append(os.getloadavg()[0])
    (folder / "results.json").write_text(json.dumps(results, indent=1))
    print(report.write(results, ROOT / "docs"))


if __name__ == "__main__":
    main()

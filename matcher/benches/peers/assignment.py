"""The assignment beside OR-tools' minimum-cost flow, on the same files, in turns, with the totals compared to the unit.

    pip install ortools numpy
    python3 matcher/benches/peers/assignment.py [FOLDER]

Graphs are written to FOLDER (target/assignment) by the bench itself. Each solver runs RUNS times, one after the other in
turns; medians of processor time are compared, so that what else runs on the machine weighs the same on both. What is timed
begins with the pairs in memory and ends with the total: building the solver's graph is part of it for both.
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy
from ortools.graph.python import min_cost_flow

RUNS = 5
BENCH = ["cargo", "bench", "--quiet", "--locked", "--package", "matcher", "--bench", "assign", "--"]


def ours(folder):
    line = subprocess.run([*BENCH, "solve", str(folder)], check=True, capture_output=True, text=True).stdout
    return json.loads(line.strip().splitlines()[-1])


def column(folder, name):
    return numpy.loadtxt(folder / name, delimiter=",", skiprows=1, dtype=numpy.int64, ndmin=2)


def or_tools(folder):
    """One solve: the total, and milliseconds of processor time."""
    wanted, room = column(folder, "roles.csv")[:, 1], column(folder, "volunteers.csv")[:, 1]
    role, volunteer, score = column(folder, "pairs.csv").T
    roles, volunteers = len(wanted), len(room)
    source, sink = roles + volunteers, roles + volunteers + 1
    named = numpy.unique(volunteer)
    units = int(wanted.sum())

    start = time.process_time()
    flow = min_cost_flow.SimpleMinCostFlow()
    add = flow.add_arcs_with_capacity_and_unit_cost
    add(numpy.full(roles, source), numpy.arange(roles), wanted, numpy.zeros(roles, numpy.int64))
    add(role, roles + volunteer, numpy.ones(len(role), numpy.int64), -score)
    add(roles + named, numpy.full(len(named), sink), room[named], numpy.zeros(len(named), numpy.int64))
    # What is not worth a pair goes past them all.
    add(numpy.array([source]), numpy.array([sink]), numpy.array([units]), numpy.array([0]))
    flow.set_nodes_supplies(numpy.array([source, sink]), numpy.array([units, -units]))
    status = flow.solve()
    elapsed = time.process_time() - start
    if status != flow.OPTIMAL:
        sys.exit(f"{folder.name}: OR-tools ends with status {status}")
    return -flow.optimal_cost(), elapsed * 1e3


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "target/assignment")
    if not folder.exists():
        subprocess.run([*BENCH, "write", str(folder.resolve())], check=True)
    print(f"{'graph':<12} {'total':>14} {'OR-tools ms':>12} {'ours ms':>9} {'ratio':>7} {'instant':>8}")
    for graph in sorted(path for path in folder.iterdir() if path.is_dir()):
        theirs, mine, totals = [], [], set()
        for _ in range(RUNS):
            total, milliseconds = or_tools(graph)
            answer = ours(graph.resolve())
            totals |= {total, answer["total"]}
            theirs.append(milliseconds)
            mine.append(answer["milliseconds"])
        if len(totals) != 1:
            sys.exit(f"{graph.name}: the totals differ: {sorted(totals)}")
        theirs, mine = statistics.median(theirs), statistics.median(mine)
        instant = answer["instant_total"] / answer["total"]
        print(f"{graph.name:<12} {total:>14} {theirs:>12.1f} {mine:>9.2f} {theirs / mine:>6.1f}× {instant:>8.1%}")


if __name__ == "__main__":
    main()

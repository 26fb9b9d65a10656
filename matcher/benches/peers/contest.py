"""Who takes part: programs that prepare once and then work once for each turn they are given.

A participant has `prepared` and gives, for each turn, `wall_ms`, `cpu_ms`, `peak_mib` and `found`.
"""

import json
import subprocess
import sys

TURNS = 5


class Program:
    """A program that takes turns as `turn.rs` does."""

    def __init__(self, name, command):
        self.name = name
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.prepared = self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} ended with {self.process.wait()}")
        return json.loads(line)

    def turn(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.answer()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def hold(participants, turns=TURNS):
    """Gives everybody a first turn that does not count, then so many that do, one after the other: the median of each.

    All must find the same.
    """
    rows = {participant.name: [] for participant in participants}
    for number in range(turns + 1):
        for participant in participants:
            row = participant.turn()
            if number > 0:
                rows[participant.name].append(row)
    for participant in participants:
        participant.close()
    return {name: median(row) for name, row in rows.items()}


def median(rows):
    def middle(key):
        return sorted(row[key] for row in rows)[len(rows) // 2]

    return {
        "wall_ms": middle("wall_ms"),
        "cpu_ms": middle("cpu_ms"),
        "peak_mib": max(row["peak_mib"] for row in rows),
        "found": rows[-1]["found"],
    }


def agree(what, findings, keys):
    """Ends the run where two differ in what both found."""
    for key in keys:
        values = {name: row["found"][key] for name, row in findings.items()}
        if len(set(values.values())) != 1:
            sys.exit(f"{what}: the {key} differs: {values}")

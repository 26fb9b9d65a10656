"""Taking turns, as `turn.rs` does: prepare, then work once for each line on standard input, and say what it took."""

import json
import re
import sys
import time
from pathlib import Path

# A turn repeats short work for so many seconds.
LEAST = 0.4


def peak_mebibytes(process="self"):
    """The most memory that a process had so far. What `getrusage` says begins with the memory of who started it."""
    peak = re.search(r"^VmHWM:\s*(\d+)", Path(f"/proc/{process}/status").read_text(), re.MULTILINE)
    return int(peak[1]) // 1024 if peak else 0


def say(wall, cpu, runs, found):
    line = {"wall_ms": wall * 1e3 / runs, "cpu_ms": cpu * 1e3 / runs, "peak_mib": peak_mebibytes(), "found": found}
    print(json.dumps(line), flush=True)


def take(prepare, work):
    """`prepare()` gives what `work(prepared)` works on; `work` gives its findings by name."""
    wall, cpu = time.perf_counter(), time.process_time()
    prepared = prepare()
    say(time.perf_counter() - wall, time.process_time() - cpu, 1, {})
    for _ in sys.stdin:
        runs, wall, cpu = 0, time.perf_counter(), time.process_time()
        while runs == 0 or time.perf_counter() - wall < LEAST:
            found = work(prepared)
            runs += 1
        say(time.perf_counter() - wall, time.process_time() - cpu, runs, found)

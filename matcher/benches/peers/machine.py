"""On what, when and with which versions a run was made."""

import datetime
import os
import re
import subprocess
from importlib import metadata
from pathlib import Path


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]


def describe():
    processor = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = int(re.search(r"^MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())[1]) // 2**20
    macros = ["g++", "-dM", "-E", "-include", "lemon/config.h", "-x", "c++", os.devnull]
    macros = subprocess.run(macros, capture_output=True, text=True).stdout
    lemon = re.search(r'LEMON_VERSION "(.*?)"', macros)
    return {
        "date": datetime.date.today().isoformat(),
        "commit": first_line("git", "describe", "--always", "--dirty", "--abbrev=10"),
        "processor": processor[1] if processor else "unknown processor",
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": memory,
        "load": [os.getloadavg()[0]],
        "versions": {
            "Rust": first_line("rustc", "--version").split()[1],
            "g++": first_line("g++", "-dumpfullversion"),
            "LEMON": lemon[1] if lemon else "unknown",
            **{name: metadata.version(package)
               for name, package in [("OR-tools", "ortools"), ("numpy", "numpy"), ("scipy", "scipy")]},
        },
    }

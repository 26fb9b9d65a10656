"""A throw-away PostgreSQL server with the prepared numbers in it, reached by a socket; it ends with the run.

The server may use half a gigabyte for its buffers and two workers, keeps nothing safe and is given every index and helping
table that the query profits from.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
TABLES = ["volunteer", "role", "meeting", "need", "brought", "near"]
SETTINGS = """
listen_addresses = ''
shared_buffers = 1GB
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
random_page_cost = 1.1
effective_cache_size = 4GB
"""
SESSION = """
SET jit = off;
SET work_mem = '256MB';
SET maintenance_work_mem = '256MB';
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0.01;
SET min_parallel_table_scan_size = 0;
SET min_parallel_index_scan_size = 0;
"""


def binaries():
    """The folder of the newest installed server, or `None`."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    program = shutil.which("postgres")
    return Path(program).parent if program else None


class Server:
    def __init__(self, policy):
        self.binaries = binaries()
        if self.binaries is None:
            sys.exit("PostgreSQL is missing; install the server (Debian: apt-get install postgresql)")
        self.folder = Path(tempfile.mkdtemp(prefix="matcher-peers-"))
        # PostgreSQL refuses to run as root.
        self.prefix = []
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            self.prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]
        self.variables = variables(policy)
        data = self.folder / "data"
        self.call("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync",
                  "--no-instructions", "--pgdata", data)
        with open(data / "postgresql.conf", "a", encoding="utf-8") as file:
            file.write(f"{SETTINGS}unix_socket_directories = '{self.folder}'\n")
        self.call("pg_ctl", "start", "--wait", "--silent", "--pgdata", data, "--log", self.folder / "log")
        self.process = int((data / "postmaster.pid").read_text().split()[0])

    def call(self, program, *arguments):
        command = [*self.prefix, str(self.binaries / program), *map(str, arguments)]
        done = subprocess.run(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit(f"{program}: {done.stderr}")

    def close(self):
        self.call("pg_ctl", "stop", "--wait", "--mode=immediate", "--pgdata", self.folder / "data")
        shutil.rmtree(self.folder)

    def version(self):
        return self.ask("SHOW server_version;").split()[0]

    def ask(self, script, **more):
        """What a script prints, unaligned; variables are put in by psql."""
        command = [str(self.binaries / "psql"), "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--host",
                   str(self.folder), "--username", "postgres", "--set", "ON_ERROR_STOP=1", "--file", "-", "postgres"]
        for name, value in {**self.variables, **more}.items():
            command += ["--set", f"{name}={value}"]
        done = subprocess.run(command, input=SESSION + script, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"PostgreSQL: {done.stderr}")
        return done.stdout

    def load(self, folder):
        """Loads the tables and makes the indexes: seconds on the clock."""
        start = time.perf_counter()
        copies = "".join(f"\\copy {table} FROM '{folder / table}.csv' (FORMAT csv)\n" for table in TABLES)
        self.ask((HERE / "schema.sql").read_text() + copies + (HERE / "index.sql").read_text())
        return time.perf_counter() - start

    def processor_seconds(self):
        """Of all sessions that have ended, workers included; the server waits for each of them."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")

    def eligible_pairs(self, roles):
        """The lines `role|volunteer|score` of the first so many roles."""
        query = (HERE / "eligible.sql").read_text() + (HERE / "pairs.sql").read_text()
        return self.ask(query, roles=roles)


class Search:
    """Takes turns with the search for both sides' best, of the first so many roles."""

    name = "PostgreSQL"

    def __init__(self, server, roles, per_role, per_volunteer):
        self.server = server
        self.query = (HERE / "eligible.sql").read_text() + (HERE / "top.sql").read_text()
        self.variables = {"roles": roles, "per_role": per_role, "per_volunteer": per_volunteer}

    def turn(self):
        before = self.server.processor_seconds()
        answer = self.server.ask("\\timing on\n" + self.query, **self.variables)
        # The session's own process is counted once the server has waited for it.
        time.sleep(0.2)
        cpu = self.server.processor_seconds() - before
        counts = re.search(r"^(\d+)\|(\d+)\|(\d+)$", answer, re.MULTILINE)
        names = ["eligible_pairs", "total_of_roles", "total_of_volunteers"]
        return {
            "wall_ms": float(re.findall(r"^Time: ([\d.]+) ms", answer, re.MULTILINE)[-1]),
            "cpu_ms": cpu * 1e3,
            "peak_mib": 0,
            "found": dict(zip(names, map(int, counts.groups()))),
        }

    def close(self):
        pass


def variables(policy):
    """The numbers of the policy, by the names that the queries use."""
    steps = sorted(policy["hours_by_percent_left"], reverse=True)
    cases = " ".join(f"WHEN hours_percent >= {percent} THEN {value}" for percent, value in steps)
    wishes = policy["wish_by_count"]
    return {
        "must_have_credit": policy["must_have_credit"],
        "minimum_score": policy["minimum_score"],
        "languages_required": policy["languages_required"],
        "hours_value": f"(CASE {cases} ELSE 0 END)",
        "wish_by_count": f"ARRAY{wishes}",
        "most_wishes": len(wishes) - 1,
        **{f"weight_{name}": value for name, value in policy["weight"].items()},
    }

"""Verifies the signatures of mails (DKIM) with PyPI's dkimpy, and prints for each whether it holds, as JSON.

Argument: a JSON file with an array of { message, records }; `records` is what DNS would tell, by name. Nobody is asked for more.
"""

import json
import sys

import dkim


def holds(given: dict) -> bool:
    def look_up(name: bytes, timeout: int = 5) -> bytes | None:
        record = given["records"].get(name.decode().rstrip("."))
        return record.encode() if record else None

    try:
        return dkim.verify(given["message"].encode(), dnsfunc=look_up)
    except dkim.DKIMException:
        return False


with open(sys.argv[1], encoding="utf-8") as file:
    print(json.dumps([holds(given) for given in json.load(file)]))

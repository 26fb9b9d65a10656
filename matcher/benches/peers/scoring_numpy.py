"""Both sides' best by numpy and scipy, in turns: the engine's score in integers from the prepared numbers.

For each role, the holders of its rarest must-have are a row of a sparse matrix; every gate and factor is then one vector
operation over those who are left. `scoring_numpy.py FOLDER ROLES PER_ROLE PER_VOLUNTEER` scores the first so many roles.
"""

import json
import sys
from pathlib import Path

import numpy
import turn
from scipy import sparse

LEVELS = 5


def masks(texts):
    """Bits as PostgreSQL reads them, as rows of words."""
    digits = "".join(text[1:] for text in texts)
    return numpy.frombuffer(bytes.fromhex(digits), ">u8").astype(numpy.uint64).reshape(len(texts), -1)


def shared_bits(rows, mask):
    return numpy.bitwise_count(rows & mask).sum(1, dtype=numpy.int64)


class Prepared:
    """Everything that may be worked out once, before any role is scored."""

    def __init__(self, folder, roles):
        self.policy = json.loads((folder / "policy.json").read_text())
        lines = [line.split(",") for line in (folder / "volunteer.csv").read_text().splitlines()]
        self.count = len(lines)
        (_, self.hours, self.languages, self.causes, self.base, self.is_remote_ok, self.clock, self.there_from,
         self.there_until, self.deductions) = numpy.array([line[:10] for line in lines], numpy.int64).T.copy()
        self.week = masks([line[10] for line in lines])
        self.dates = masks([line[11] for line in lines])
        lines = [line.split(",") for line in (folder / "role.csv").read_text().splitlines()[:roles]]
        self.roles = [[int(cell) for cell in line[:19]] for line in lines]
        self.role_dates = masks([line[19] for line in lines])
        self.needs = [[] for _ in self.roles]
        for role, *need in numpy.loadtxt(folder / "need.csv", numpy.int64, delimiter=",").tolist():
            if role < roles:
                self.needs[role].append(need)
        self.meetings = [{} for _ in self.roles]
        for line in (folder / "meeting.csv").read_text().splitlines():
            role, clock, _, minutes, slots = line.split(",")
            if int(role) < roles:
                self.meetings[int(role)].setdefault(int(clock), []).append((int(minutes), masks([slots])[0]))
        near = numpy.loadtxt(folder / "near.csv", numpy.int64, delimiter=",")
        self.near = numpy.full((near[:, 0].max() + 1, self.base.max() + 1), -1)
        self.near[near[:, 0], near[:, 1]] = near[:, 2]
        self.brought(numpy.loadtxt(folder / "brought.csv", numpy.int64, delimiter=","))
        steps = self.policy["hours_by_percent_left"]
        percent = numpy.arange(steps[-1][0] + 1)
        self.hours_value = numpy.select([percent >= step for step, _ in steps[::-1]], [value for _, value in steps[::-1]])

    def brought(self, table):
        """Rows of sparse matrices: by skill and level the credit; by skill the evidence and the wishes."""
        volunteer, skill = table[:, 0], table[:, 1]
        skills = int(skill.max()) + 1

        def rows(values, row, height):
            there = values > 0
            return sparse.csr_array((values[there], (row[there], volunteer[there])), (height, self.count))

        levels = numpy.arange(LEVELS)
        credit = table[:, 2:7]
        there = credit > 0
        row = (skill[:, None] * LEVELS + levels)[there]
        column = numpy.broadcast_to(volunteer[:, None], credit.shape)[there]
        self.credit = sparse.csr_array((credit[there], (row, column)), (skills * LEVELS, self.count))
        self.evidence = rows(table[:, 7], skill, skills)
        self.wishes = rows(table[:, 8], skill, skills)
        for matrix in (self.credit, self.evidence, self.wishes):
            matrix.sort_indices()


def found_in(matrix, row, who):
    """The row's values at these columns, 0 where there are none: as `matrix[row, who]`, but quick."""
    start, end = matrix.indptr[row], matrix.indptr[row + 1]
    columns = matrix.indices[start:end]
    if len(columns) == 0:
        return numpy.zeros(len(who), numpy.int64)
    place = numpy.minimum(numpy.searchsorted(columns, who), len(columns) - 1)
    return numpy.where(columns[place] == who, matrix.data[start:end][place], 0)


def holders(prepared, need):
    """Whose credit for the need is enough."""
    row = need[0] * LEVELS + need[2] - 1
    start, end = prepared.credit.indptr[row], prepared.credit.indptr[row + 1]
    enough = prepared.credit.data[start:end] >= prepared.policy["must_have_credit"]
    return prepared.credit.indices[start:end][enough]


def score(prepared, number):
    """The eligible volunteers of a role, and their scores."""
    p, policy, weight = prepared, prepared.policy, prepared.policy["weight"]
    (_, hours, required, preferred, causes, enough, place, first, last, asked, full, _, must_times, must_by, nice_times,
     nice_by, all_needs, role_weights, volunteer_weights) = p.roles[number]
    needs = p.needs[number]
    who = min((holders(p, need) for need in needs if need[1]), key=len)

    # The gates, one after the other over fewer and fewer people.
    there = (p.hours[who] >= hours) & (p.languages[who] & required == required)
    there &= (p.there_from[who] <= last) & (p.there_until[who] >= first)
    there &= p.is_remote_ok[who] == 1 if place < 0 else p.near[place, p.base[who]] >= 0
    who = who[there]
    minutes = numpy.zeros(len(who), numpy.int64)
    for clock, groups in p.meetings[number].items():
        on_clock = numpy.flatnonzero(p.clock[who] == clock)
        for length, slots in groups:
            minutes[on_clock] += length * shared_bits(p.week[who[on_clock]], slots)
    there = minutes >= asked
    who, minutes = who[there], minutes[there]
    credits = [found_in(p.credit, skill * LEVELS + level - 1, who) for skill, _, level, _ in needs]
    there = numpy.ones(len(who), bool)
    for (_, is_must, _, _), credit in zip(needs, credits):
        if is_must:
            there &= credit >= policy["must_have_credit"]
    who, minutes, credits = who[there], minutes[there], [credit[there] for credit in credits]
    if len(who) == 0:
        return who, minutes

    # The factors.
    def covered(kind, times, by):
        brought = sum(need[3] * credit for need, credit in zip(needs, credits) if need[1] == kind)
        return numpy.minimum(10_000, brought * times // by)

    evidence = sum(need[3] * found_in(p.evidence, need[0], who) for need in needs) // all_needs
    away = (p.there_from[who] >= first) | (p.there_until[who] <= last)
    minutes[away] = 30 * shared_bits(p.dates[who[away]], p.role_dates[number])
    meeting = numpy.minimum(10_000, 10_000 * minutes // full)
    percent = numpy.minimum(p.hours[who] * 100 // hours, len(p.hours_value) - 1)
    of_role = (
        weight["must_have"] * covered(1, must_times, must_by) + weight["nice_to_have"] * covered(0, nice_times, nice_by)
        + weight["evidence"] * evidence + weight["meeting"] * meeting + weight["hours"] * p.hours_value[percent]
    ) // role_weights
    shared = numpy.minimum(10_000, numpy.bitwise_count(p.causes[who] & causes).astype(numpy.int64) * 10_000 // enough)
    wishes = sum(found_in(p.wishes, need[0], who) for need in needs)
    wish = numpy.array(policy["wish_by_count"])[numpy.minimum(wishes, len(policy["wish_by_count"]) - 1)]
    nearness = 10_000 if place < 0 else p.near[place, p.base[who]]
    base = policy["languages_required"]
    spoken = 10_000
    if preferred:
        liked = numpy.bitwise_count(p.languages[who] & preferred).astype(numpy.int64)
        spoken = base + (10_000 - base) * liked // preferred.bit_count()
    of_volunteer = (
        weight["causes"] * shared + weight["wish"] * wish + weight["place"] * nearness + weight["languages"] * spoken
    ) // volunteer_weights
    both = numpy.maximum(of_role + of_volunteer, 1)
    scores = 2 * of_role * of_volunteer // both * (10_000 - p.deductions[who]) // 10_000
    there = scores >= policy["minimum_score"]
    return who[there], scores[there]


def best(group, scores, tie, most):
    """The total of the best of each group."""
    order = numpy.lexsort((tie, -scores, group))
    group, scores = group[order], scores[order]
    starts = numpy.flatnonzero(numpy.r_[True, group[1:] != group[:-1]])
    rank = numpy.arange(len(group)) - numpy.repeat(starts, numpy.diff(numpy.r_[starts, len(group)]))
    return int(scores[rank < most].sum())


def top(prepared, per_role, per_volunteer):
    """How many pairs are eligible, and the totals of both sides' lists."""
    lists = [score(prepared, number) for number in range(len(prepared.roles))]
    total_of_roles = 0
    for who, scores in lists:
        keys = scores * 2**32 - who
        chosen = numpy.argpartition(-keys, per_role)[:per_role] if len(keys) > per_role else slice(None)
        chosen = numpy.sort(keys[chosen])[::-1]
        total_of_roles += int(-(-chosen >> 32).sum()) if len(chosen) else 0
    role = numpy.repeat(numpy.arange(len(lists)), [len(who) for who, _ in lists])
    who, scores = (numpy.concatenate(column) for column in zip(*lists))
    return {
        "eligible_pairs": len(who),
        "total_of_roles": total_of_roles,
        "total_of_volunteers": best(who, scores, role, per_volunteer),
    }


if __name__ == "__main__":
    ROLES, PER_ROLE, PER_VOLUNTEER = (int(word) for word in sys.argv[2:5])
    turn.take(lambda: Prepared(Path(sys.argv[1]), ROLES), lambda prepared: top(prepared, PER_ROLE, PER_VOLUNTEER))

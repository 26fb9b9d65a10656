"""Reads the candidate graphs that `graph.rs` writes."""

from typing import NamedTuple

import numpy


class Graph(NamedTuple):
    """Columns of 64 bits: by role, by volunteer, and by pair."""

    wanted: numpy.ndarray
    bonus: numpy.ndarray
    room: numpy.ndarray
    role: numpy.ndarray
    volunteer: numpy.ndarray
    score: numpy.ndarray


def read(path):
    numbers = numpy.fromfile(path, "<u4").astype(numpy.int64)
    roles, volunteers, pairs = numbers[:3]
    return Graph(*numpy.split(numbers[3:], numpy.cumsum([roles, roles, volunteers, pairs, pairs])))

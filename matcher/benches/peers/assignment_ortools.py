"""The assignment by OR-tools' minimum-cost flow, in turns: from the pairs in memory to the total.

A role's first suggestion goes over an arc of one unit that earns the bonus, further ones over another arc.
"""

import sys

import graph
import numpy
import turn
from ortools.graph.python import min_cost_flow


def solve(pairs):
    roles, volunteers = len(pairs.wanted), len(pairs.room)
    source, sink = roles + volunteers, roles + volunteers + 1
    every_role = numpy.arange(roles)
    named = numpy.unique(pairs.volunteer)
    units = int(pairs.wanted.sum())
    flow = min_cost_flow.SimpleMinCostFlow()

    def add(tails, heads, capacities, costs):
        size = max(numpy.size(tails), numpy.size(heads))
        columns = [numpy.broadcast_to(numpy.asarray(column), size) for column in (tails, heads, capacities, costs)]
        flow.add_arcs_with_capacity_and_unit_cost(*(numpy.ascontiguousarray(column, numpy.int64) for column in columns))

    add(source, every_role, numpy.minimum(pairs.wanted, 1), -pairs.bonus)
    add(source, every_role, numpy.maximum(pairs.wanted - 1, 0), 0)
    add(pairs.role, roles + pairs.volunteer, 1, -pairs.score)
    add(roles + named, sink, pairs.room[named], 0)
    # What is not worth a pair goes past them all.
    add([source], [sink], units, 0)
    flow.set_nodes_supplies(numpy.array([source, sink]), numpy.array([units, -units]))
    status = flow.solve()
    if status != flow.OPTIMAL:
        sys.exit(f"OR-tools ends with status {status}")
    return {"total": -flow.optimal_cost()}


if __name__ == "__main__":
    turn.take(lambda: graph.read(sys.argv[1]), solve)

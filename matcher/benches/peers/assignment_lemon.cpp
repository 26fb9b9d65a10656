// The assignment by LEMON's network simplex, in turns (see turn.rs): from the pairs in memory to the total.
//
// A role's first suggestion goes over an arc of one unit that earns the bonus, further ones over another arc.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <lemon/network_simplex.h>
#include <lemon/static_graph.h>

namespace {

using Column = std::vector<std::uint32_t>;

// The columns of the file that graph.rs writes.
struct Graph {
    Column wanted, bonus, room, role, volunteer, score;
};

Graph read(const char* path) {
    std::ifstream file(path, std::ios::binary);
    auto column = [&](std::size_t length) {
        Column numbers(length);
        file.read(reinterpret_cast<char*>(numbers.data()), static_cast<std::streamsize>(4 * length));
        return numbers;
    };
    const Column sizes = column(3);
    Graph graph;
    graph.wanted = column(sizes[0]);
    graph.bonus = column(sizes[0]);
    graph.room = column(sizes[1]);
    graph.role = column(sizes[2]);
    graph.volunteer = column(sizes[2]);
    graph.score = column(sizes[2]);
    if (!file) {
        std::fprintf(stderr, "%s is not a graph\n", path);
        std::exit(1);
    }
    return graph;
}

std::int64_t solve(const Graph& graph) {
    using lemon::StaticDigraph;
    const int roles = static_cast<int>(graph.wanted.size());
    const int volunteers = static_cast<int>(graph.room.size());
    // Nodes in an order in which arcs come sorted: the source, roles, volunteers, the sink.
    const int source = 0, first_role = 1, first_volunteer = 1 + roles, sink = 1 + roles + volunteers;
    std::vector<std::pair<int, int>> arcs;
    std::vector<int> capacity, cost;
    const std::size_t size = graph.role.size() + 2 * graph.wanted.size() + graph.room.size() + 1;
    arcs.reserve(size);
    capacity.reserve(size);
    cost.reserve(size);
    auto add = [&](int tail, int head, std::uint32_t most, std::int64_t price) {
        arcs.emplace_back(tail, head);
        capacity.push_back(static_cast<int>(most));
        cost.push_back(static_cast<int>(price));
    };
    std::uint32_t units = 0;
    for (int role = 0; role < roles; ++role) {
        const std::uint32_t wanted = graph.wanted[role];
        add(source, first_role + role, std::min(wanted, 1U), -static_cast<std::int64_t>(graph.bonus[role]));
        add(source, first_role + role, wanted == 0 ? 0 : wanted - 1, 0);
        units += wanted;
    }
    // What is not worth a pair goes past them all.
    add(source, sink, units, 0);
    for (std::size_t pair = 0; pair < graph.role.size(); ++pair) {
        add(first_role + static_cast<int>(graph.role[pair]), first_volunteer + static_cast<int>(graph.volunteer[pair]),
            1, -static_cast<std::int64_t>(graph.score[pair]));
    }
    for (int volunteer = 0; volunteer < volunteers; ++volunteer) {
        add(first_volunteer + volunteer, sink, graph.room[volunteer], 0);
    }
    StaticDigraph digraph;
    digraph.build(sink + 1, arcs.begin(), arcs.end());
    StaticDigraph::ArcMap<int> capacities(digraph), costs(digraph);
    for (std::size_t arc = 0; arc < arcs.size(); ++arc) {
        capacities[digraph.arc(static_cast<int>(arc))] = capacity[arc];
        costs[digraph.arc(static_cast<int>(arc))] = cost[arc];
    }
    using Simplex = lemon::NetworkSimplex<StaticDigraph, int, std::int64_t>;
    Simplex simplex(digraph);
    simplex.upperMap(capacities).costMap(costs);
    simplex.stSupply(digraph.node(source), digraph.node(sink), static_cast<int>(units));
    if (simplex.run() != Simplex::OPTIMAL) {
        std::fprintf(stderr, "LEMON finds no optimum\n");
        std::exit(1);
    }
    return -simplex.totalCost<std::int64_t>();
}

double processor_milliseconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double wall_milliseconds() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration<double, std::milli>(now).count();
}

// The most memory that this process had so far. What getrusage says begins with the memory of who started it.
long peak_mebibytes() {
    std::ifstream status("/proc/self/status");
    std::string word;
    long kibibytes = 0;
    while (status >> word) {
        if (word == "VmHWM:") {
            status >> kibibytes;
            break;
        }
    }
    return kibibytes / 1024;
}

void say(double wall, double cpu, int runs, const std::string& found) {
    std::printf("{\"wall_ms\": %.4f, \"cpu_ms\": %.4f, \"peak_mib\": %ld, \"found\": {%s}}\n", wall / runs, cpu / runs,
                peak_mebibytes(), found.c_str());
    std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::fprintf(stderr, "usage: %s GRAPH\n", arguments[0]);
        return 2;
    }
    double wall = wall_milliseconds(), cpu = processor_milliseconds();
    const Graph graph = read(arguments[1]);
    say(wall_milliseconds() - wall, processor_milliseconds() - cpu, 1, "");
    std::string line;
    while (std::getline(std::cin, line)) {
        wall = wall_milliseconds();
        cpu = processor_milliseconds();
        int runs = 0;
        std::int64_t total = 0;
        do {
            total = solve(graph);
            ++runs;
        } while (wall_milliseconds() - wall < 400.0);
        say(wall_milliseconds() - wall, processor_milliseconds() - cpu, runs, "\"total\": " + std::to_string(total));
    }
    return 0;
}

"""The findings of a run as a table of ratios in docs/benchmarks.md, between the marks of its size, with a chart."""

import re

import chart

GRAPH = {
    "listed-loose": "best 50 of each role, loose",
    "listed-tight": "best 50 of each role, tight",
    "all-loose": "all eligible pairs, loose",
    "all-tight": "all eligible pairs, tight",
}


def write(results, docs):
    """Writes table and chart, and gives the text."""
    size = results["size"]
    text = "\n\n".join([
        header(results), scoring(results), assignment(results), changes(results), suggest(results), quality(results),
    ])
    images = docs / "images"
    images.mkdir(exist_ok=True)
    title = f"{number(results['volunteers'])} volunteers, {number(results['roles'])} roles: how many times as long others take"
    (images / f"benchmarks-{size}.svg").write_text(chart.draw(title, bars(results)), encoding="utf-8")
    page = docs / "benchmarks.md"
    begin, end = f"<!-- {size}: begin -->", f"<!-- {size}: end -->"
    old = page.read_text(encoding="utf-8")
    new, count = re.subn(f"{begin}.*?{end}", lambda _: f"{begin}\n\n{text}\n\n{end}", old, flags=re.DOTALL)
    if count != 1:
        raise SystemExit(f"{page} has no marks for the size {size}")
    page.write_text(new, encoding="utf-8")
    return text


def number(value):
    return f"{value:,}".replace(",", " ")


def time(milliseconds):
    """Three digits that count."""
    for limit, unit, size in [(1, "µs", 1e-3), (1e3, "ms", 1), (float("inf"), "s", 1e3)]:
        if milliseconds < limit:
            value = milliseconds / size
            digits = 2 if value < 10 else 1 if value < 100 else 0
            return f"{number(round(value, digits) if digits else round(value))} {unit}"
    raise ValueError(milliseconds)


def times(ratio):
    return f"{ratio:.1f}×" if ratio < 10 else f"{number(round(ratio))}×"


def table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def header(results):
    machine = results["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    versions += f", PostgreSQL {results['scoring']['postgresql']}"
    begin, end = machine["load"]
    return (
        f"![Ratios](images/benchmarks-{results['size']}.svg)\n\n"
        f"Run on {machine['date']} at commit `{machine['commit']}`: {machine['cores']} cores of {machine['processor']}, "
        f"{machine['memory_gib']} GiB; load {begin:.1f} at the begin and {end:.1f} at the end (the run itself makes 1 to 2). "
        f"{versions}."
    )


def ratios(medians, other):
    """How many times as long another takes: on the clock, of processor time."""
    ours, theirs = medians["engine"], medians[other]
    return [theirs[key] / ours[key] for key in ("wall_ms", "cpu_ms")]


def scoring(results):
    found = results["scoring"]
    medians, prepared = found["medians"], found["prepared_s"]
    names = {"engine": "**engine**", "numpy": "numpy and scipy", "PostgreSQL": "PostgreSQL"}
    rows, notes = [], []
    for key, name in names.items():
        row = medians[key]
        ratio = ["1", "1"] if key == "engine" else [times(ratio) for ratio in ratios(medians, key)]
        rows.append([name, time(row["wall_ms"]), time(row["cpu_ms"]), *ratio, time(prepared[key] * 1e3)])
        given = row.get("roles", results["roles"])
        if given != results["roles"]:
            notes.append(f"of {name}, {number(given)} roles were timed and multiplied by {results['roles'] // given}")
    eligible = number(medians["engine"]["found"]["eligible_pairs"])
    text = (
        f"**Scoring.** Every pair considered, {eligible} of them eligible; the best 50 of each role and the best 20 of each "
        f"volunteer. {number(found['checked_pairs'])} eligible pairs had the same score in the engine and in PostgreSQL, none "
        "another."
    )
    if notes:
        text += f" Extrapolated: {'; '.join(notes)}."
    head = ["", "clock", "processor", "ratio, clock", "ratio, processor", "to prepare, clock"]
    return f"{text}\n\n{table(head, rows)}"


def assignment(results):
    rows = []
    for key, name in GRAPH.items():
        medians = results["assignment"][key]["medians"]
        ours = medians["engine"]
        row = [name, number(results["assignment"][key]["pairs"]), number(ours["found"]["total"]), time(ours["wall_ms"])]
        for other in ["OR-tools", "LEMON"]:
            row += [time(medians[other]["wall_ms"]), " / ".join(map(times, ratios(medians, other)))]
        row.append(" / ".join(str(medians[who]["peak_mib"]) for who in ["engine", "OR-tools", "LEMON"]))
        rows.append(row)
    head = ["candidates", "pairs", "total, equal in all", "engine", "OR-tools", "ratio", "LEMON", "ratio", "MiB"]
    return (
        "**Assignment.** From the pairs in memory to the proven optimum, the bonus of each role's first suggestion included; "
        "ratios by clock / processor time, memory of engine / OR-tools / LEMON. Tight: one suggestion for each volunteer.\n\n"
        + table(head, rows)
    )


def changes(results):
    found = results["changes"]
    rows = []
    for part in ["role", "volunteer"]:
        for kind in ["loose", "tight"]:
            row = found[f"{kind} {part}"]
            rows.append([f"a {part}", kind, *(time(row[key] / 1e3) for key in ["p50", "p99", "most"])])
    return (
        "**One change.** Facts of a role or of a volunteer are edited: they are prepared again and scored against everybody on "
        "the other side, and the assignment is repaired and proven over all eligible pairs. The total afterwards is that of "
        "solving again over all of them, the certificate holds.\n\n"
        + table(["", "", "median", "99 %", "longest"], rows)
    )


def suggest(results):
    rows = [
        [name, f"{row['wall_s']:.2f} s", f"{row['cpu_s']:.2f} s", row["peak_mib"], number(row["lines"])]
        for name, row in results["suggest"].items()
    ]
    return (
        "**`matcher suggest`.** The program from start to end over CSV files, explanations in words included; median of "
        "three, or one run where it takes more than a minute.\n\n" + table(["", "clock", "processor", "MiB", "lines"], rows)
    )


def quality(results):
    text = (
        "**Quality.** What [matching.md](matching.md#quality) explains: where the project stands that people really joined, "
        "with intervals of 95 % over people; the last column is the difference of MRR to BM25."
    )
    for heading, rows in results["quality"].items():
        body = [[name, f"{mrr} {interval}", ndcg, recall, gap] for name, mrr, interval, ndcg, recall, gap in rows]
        text += f"\n\n{table([heading, 'MRR', 'NDCG@10', 'recall@3', 'to BM25'], body)}"
    return text


def bars(results):
    """Groups of label and ratio on the clock."""
    medians = results["scoring"]["medians"]
    groups = [("scoring, both sides", [(other, ratios(medians, other)[0]) for other in ["PostgreSQL", "numpy"]])]
    for key, name in GRAPH.items():
        medians = results["assignment"][key]["medians"]
        short = f"assignment, {name.replace(' of each role', '').replace('eligible ', '')}"
        groups.append((short, [(other, ratios(medians, other)[0]) for other in ["OR-tools", "LEMON"]]))
    return groups

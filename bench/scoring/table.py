"""table.md from the results of all sets."""
import statistics

from . import paired, ranks, rows

KINDS = {"series": "Series", "text": "Texts", "tags": "Tagged texts (F1 of spans)"}


def percent(value, digits=1):
    return "-" if value is None else f"{100 * value:.{digits}f}"


def interval(row):
    if row is None:
        return "-"
    if "error" in row:
        return "error"
    return f"{percent(row['value'])} ({percent(row['low'])} to {percent(row['high'])})"


def seconds(row):
    return "-" if row is None or row.get("seconds") is None else f"{row['seconds']:.1f}"


def lines_of(cells):
    """A Markdown table; the first row is the header."""
    width = len(cells[0])
    rows = [cells[0], ["---"] * width, *cells[1:]]
    return ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows] + [""]


def values_of(sets, method):
    return {s["set"]: s["rows"][method]["value"] for s in sets if s["rows"].get(method, {}).get("value") is not None}


def methods_of(sets):
    """Every row of ours and every baseline, ours first."""
    ours = dict.fromkeys(name for s in sets for name in s["runs"])
    return list(dict.fromkeys([*ours, *(name for s in sets for name in s["rows"])])), list(ours)


def own_table(sets, ours):
    header = ["set", "train", "test"]
    for row in ours:
        header += [f"{row}, % (95 % interval)", "seconds"]
    cells = [header]
    for s in sets:
        cells.append([s["set"], s["n_train"] or "-", s["n_test"] or "-"])
        for row in ours:
            cells[-1] += [interval(s["rows"].get(row)), seconds(s["rows"].get(row))]
    columns = {row: values_of(sets, row) for row in ours}
    shared = ranks.common(columns, [s["set"] for s in sets])
    cells.append([f"mean of {len(shared)}", "", ""])
    for row in ours:
        times = [s["rows"][row]["seconds"] for s in sets if s["set"] in shared]
        cells[-1] += [percent(ranks.mean(columns[row], shared)), f"{sum(times):.0f} in all"]
    return lines_of(cells)


def changes(sets):
    """What a row changes of another one: by set (for other sets of their kind), by pair of a set and a seed, and by
    seed (for these very sets), each with the interval of its mean."""
    out = []
    for name, row in ((name, row) for name, row in rows.ROWS.items() if row.beside):
        values = [[{run["seed"]: run["value"] for run in s["runs"].get(r, {}).get("runs", [])}
                   for r in (row.beside, name)] for s in sets]
        gains = [{seed: 100 * (b[seed] - a[seed]) for seed in a.keys() & b.keys()} for a, b in values if a.keys() & b]
        seeds = sorted(set.intersection(*map(set, gains))) if gains else []
        kinds = {"set": [statistics.mean(of_set.values()) for of_set in gains],
                 "pair": [gain for of_set in gains for gain in of_set.values()],
                 "seed": [statistics.mean(of_set[seed] for of_set in gains) for seed in seeds]}
        found = [f"by {kind} ({len(some)}) {paired.sentence(some)}" for kind, some in kinds.items() if some]
        out += [f"- `{name}` - `{row.beside}`: {'; '.join(found)}"] if found else []
    return ["Points gained, mean with its 95 % interval:", "", *out, ""] if out else []


def published_columns(sets, published):
    columns = {}
    for s in sets:
        for method, value in published.of(s["names"], s["protocol"], s["metric"]).items():
            columns.setdefault(method, {})[s["set"]] = value
    return columns


def beside_table(sets, methods, published):
    """Ours, baselines and published scores; ranks and means over the sets that all of these have."""
    names = [s["set"] for s in sets]
    own = {method: values_of(sets, method) for method in methods}
    others = ranks.widespread(published_columns(sets, published), names)
    columns = {**own, **{f"{method} (published)": values for method, values in others.items()}}
    ranked = ranks.widespread(columns, names)
    shared = ranks.common(ranked, names)
    rank = ranks.average_ranks(ranked, names)
    cells = [["set", *columns]]
    cells += [[name, *(percent(values.get(name)) for values in columns.values())] for name in names]
    cells.append([f"average rank, {len(shared)} sets", *(f"{rank[c]:.2f}" if c in rank else "-" for c in columns)])
    means = {f"mean, {len(shared)} sets": shared,
             **{title: some for title, some in ranks.MEANS.items() if set(some) <= set(names)}}
    for title, some in means.items():
        cells.append([title, *(percent(ranks.mean(values, some)) for values in columns.values())])
    return lines_of(cells)


def rare_published(sets, published):
    names = [s["set"] for s in sets]
    columns = published_columns(sets, published)
    rare = {m: v for m, v in columns.items() if m not in ranks.widespread(columns, names)}
    return [f"- published as well: {method}: " + ", ".join(f"{name} {percent(v)}" for name, v in values.items())
            for method, values in rare.items()] + ([""] if rare else [])


def remarks(sets):
    out = [f"- {s['set']}, {row}: error: {found['error']}" for s in sets for row, found in s["rows"].items()
           if "error" in found]
    out += [f"- {s['set']}: {s['leaks']}" for s in sets if s["leaks"] not in (None, "", "none found")
            and not s["leaks"].startswith("none")]
    builds = {run["build"] for s in sets for row in s["runs"].values() for run in row["runs"]}
    if len(builds) > 1:
        out.append(f"- the runs come from {len(builds)} builds of the tool")
    return out + ([""] if out else [])


def render(sets, asides, published, about):
    """`sets` are the JSON objects of the sets with their `names`; `about` says how they were made."""
    out = ["# Scores on the test part", "", about, ""]
    for kind, title in KINDS.items():
        some = [s for s in sets if s["kind"] == kind]
        if not some:
            continue
        methods, ours = methods_of(some)
        out += [f"## {title}", "", *own_table(some, ours), *changes(some),
                "Beside simple methods and published scores, %:", "",
                *beside_table(some, methods, published), *rare_published(some, published)]
    out += ["## Remarks", "", *remarks(sets), *(f"- {a.name}: left aside: {a.reason}" for a in asides), ""]
    return "\n".join(out)

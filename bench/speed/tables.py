"""Rows as text: lines while they come, and Markdown for doc/performance.md."""
TITLES = {
    "dense": "Training step, one direction",
    "bidirectional": "Training step, two directions",
    "ragged": "Training step, ragged lengths (PyTorch: packed sequences)",
    "recurrent_dropout": "Training step, recurrent dropout 0.25 (PyTorch: a loop over cells)",
    "streaming": "Streaming: one time step, batch 1, no gradient",
    "encoder": "Forward pass of a text encoder, MiniLM-L6, texts of 20 words (B, words, layers, H)",
    "fit": "A whole training on GunPoint, process start to saved model",
    "chain": "Loss of a conditional random field and its gradients (B, T, tags)",
    "ctc": "Loss of connectionist temporal classification and its gradients (B, T, symbols written, symbols)",
    "seq2seq": ("Training step of a decoder with attention above an encoder of two directions (B, T, symbols, H; "
                "PyTorch: all steps of a layer at once, or a loop with input feeding)"),
    "beam": "Beam search for one source (hypotheses, symbols written, vocabulary, H)",
    "tagger": "Training step of a tagger: two directions, 9 tags, a conditional random field",
}
CLOCKS = {"wall": "wall time", "cpu": "processor time (fit: wall time)"}
CELL_ORDER = ("rnn", "lstm", "gru")


def number(value, digits=3):
    """Three significant digits, without an exponent."""
    if value is None:
        return "-"
    if value == 0:
        return "0"
    text = f"{value:.{digits}g}"
    return f"{value:,.0f}" if "e" in text else text


def times(value):
    return "-" if value is None else f"{value:.2f}" if value < 10 else f"{value:.0f}"


def percent(value):
    return "-" if value is None else f"{100 * value:.0f} %"


def milliseconds(value):
    """A time in the unit that suits it."""
    if value is None:
        return "-"
    if value < 0.1:
        return number(1e3 * value) + " µs"
    return number(value) + " ms" if value < 1000 else number(value / 1000) + " s"


def name(row):
    return f"{row['kind']}/{row['cell']}/" + "x".join(map(str, row["shape"]))


def line(row):
    """One row for the terminal."""
    live = row.get("live_share", 1)
    text = (f"{name(row):<36} {milliseconds(row['refrain_ms']):>9}  {live * row['gflops']:7.1f} GFLOP/s "
            f"{percent(live * row['share']):>6}  torch x {times(row['ratio_torch']):>5}  "
            f"best x {times(row['ratio_best']):>5}  spread {percent(row['spread'])}")
    extra = dense_cost(row)
    return text if extra is None else f"{text}  {extra:.2f} of dense"


def dense_cost(row):
    """Time a step that exists, as a multiple of the plain dense step's."""
    if "dense_ms" not in row:
        return None
    return row["refrain_ms"] / row["live_share"] / row["dense_ms"]


def columns(kind):
    """(heading, text of a row)"""
    peers = {"dense": ("torch", "jax"), "streaming": ("torch", "onnxruntime")}.get(kind, ("torch",))
    titles = {"torch": "PyTorch", "jax": "JAX", "onnxruntime": "ONNX Runtime"}
    shown = [("cell", lambda r: r["cell"]),
             ("I, H" if kind == "streaming" else "B, T, I, H",
              lambda r: ", ".join(map(str, r["shape"][2:] if kind == "streaming" else r["shape"]))),
             ("Refrain", lambda r: milliseconds(r["refrain_ms"]))]
    shown += [(titles[p], lambda r, p=p: milliseconds(r[f"{p}_ms"])) for p in peers]
    shown.append(("PyTorch / Refrain", lambda r: times(r["ratio_torch"])))
    if len(peers) > 1:
        shown.append(("best peer / Refrain", lambda r: times(r["ratio_best"])))
    shown.append(("spread", lambda r: percent(r["spread"])))
    if kind in ("ragged", "recurrent_dropout"):
        shown.append(("of dense", lambda r: f"{dense_cost(r):.2f}"))
    if kind != "fit":
        shown.append(("GFLOP/s", lambda r: number(r["gflops"] * r.get("live_share", 1))))
        shown.append(("of ceiling", lambda r: percent(r["share"] * r.get("live_share", 1))))
    else:
        shown.append(("peak memory, MB", lambda r: f"{number(r['refrain_mb'])} / {number(r['torch_mb'])}"))
        shown.append(("accuracy, %", lambda r: " / ".join(
            "-" if a is None else f"{100 * a:.1f}" for a in r["accuracy"].values())))
    return shown


def table(headings, rows):
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def means_table(means):
    kinds = [k for k in TITLES if k not in ("encoder", "chain", "ctc", "seq2seq", "beam") and any(name.startswith(k + "/") for name in means)]
    rows = []
    for kind in kinds:
        cells = [means.get(f"{kind}/{cell}") for cell in CELL_ORDER]
        shown = [f"{times(m['torch'])} / {times(m['best'])}" if m else "-" for m in cells]
        rows.append([kind.replace("_", " "), *shown])
    return table(["kind", *CELL_ORDER], rows)


def busy(result):
    """How far the programs under measurement had the machine to themselves."""
    about = result["run"]
    got = [row["cores"] / row["threads"] for row in result["cases"] if row.get("cores")]
    if not got:
        return f"Load {about['load']}."
    return f"The programs got {percent(sum(got) / len(got))} of the cores they could use (load {about['load']})."


def markdown(result):
    """The tables of doc/performance.md, from the contents of a result file."""
    about = result["run"]
    versions = ", ".join(f"{peer} {version}" for peer, version in about["peers"].items() if version)
    lines = [f"{about['date']}, {about['machine']}, {about['threads']} thread(s), {about['isa']}, "
             f"real = float32. {about['rounds']} rounds in turns, {about['seconds']} s each, "
             f"medians of {CLOCKS[about['clock']]}. "
             f"{busy(result)} Peers: {versions or 'none'}. Ceiling of one core: "
             f"{result['ceiling_gflops']:.0f} GFLOP/s.",
             "", "### Geometric means of the ratios: PyTorch / the faster peer", ""]
    lines += means_table(result["geomean"])
    for kind, title in TITLES.items():
        rows = [r for r in result["cases"] if r["kind"] == kind]
        if not rows:
            continue
        shown = columns(kind)
        lines += ["", f"### {title}", ""]
        lines += table([heading for heading, _ in shown], [[text(r) for _, text in shown] for r in rows])
    return "\n".join(lines)

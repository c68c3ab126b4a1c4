"""The blocks of a page: commands, Python, what they print, and whether a test runs them."""

import re

RUN = re.compile(r"\s*<!-- run -->\s*$")
NOT_RUN = re.compile(r"\s*<!-- not run: (.*\S) -->\s*$")
PREPARE = re.compile(r"<!-- prepare (shell|python)\s*$")
FENCE = re.compile(r"```(\w*)\s*$")
COMMAND = re.compile(r"\s*(?:\w+=\$\(.*)?(?:build/|\./)?"
                     r"(?:refrain|pip|python3?|apt-get|sudo|git|cmake|ctest|cd|mkdir|printf|echo|scripts/\w+|"
                     r"bench/\w+|examples/\w+|make_bearing|venv/bin/\w+|build/venv/bin/\w+)(?:\s|$)")


class Block:
    """Lines [begin, end) of a page, counted from 0; `shown`: the lines of the output that stands behind."""

    def __init__(self, kind, lines, begin, end):
        self.kind, self.lines, self.begin, self.end = kind, lines, begin, end
        self.run, self.reason, self.shown, self.hidden = False, None, None, False

    @property
    def text(self):
        return "\n".join(self.lines)


def is_command(lines):
    return any(COMMAND.match(line) for line in lines)


def kind_of(language, lines):
    if language in ("sh", "bash", "console") or (language == "" and is_command(lines)):
        return "shell"
    if language in ("python", "py"):
        return "python"
    return "text" if language in ("", "text") else "data"


def _cut(lines):
    """Marks and blocks in their order."""
    i = 0
    while i < len(lines):
        line = lines[i]
        if RUN.match(line) or NOT_RUN.match(line):
            yield line
        prepare = PREPARE.match(line)
        if prepare:
            end = next(k for k in range(i, len(lines)) if lines[k].strip() == "-->")
            hidden = Block(prepare.group(1), lines[i + 1:end], i + 1, end)
            hidden.run = hidden.hidden = True
            yield hidden
            i = end + 1
            continue
        fence = FENCE.match(line)
        if fence:
            end = next((k for k in range(i + 1, len(lines)) if lines[k].startswith("```")), len(lines))
            inner = lines[i + 1:end]
            yield Block(kind_of(fence.group(1), inner), inner, i + 1, end)
            i = end + 1
            continue
        if line.startswith("    ") and (i == 0 or not lines[i - 1].strip()):
            end = i
            while end < len(lines) and lines[end].startswith("    "):
                end += 1
            inner = [l[4:] for l in lines[i:end]]
            yield Block("shell" if is_command(inner) else "text", inner, i, end)
            i = end
            continue
        i += 1


def blocks(text):
    """The blocks of a page, each with its mark, and what is printed with the block that prints it."""
    lines, out, mark, last = text.splitlines(), [], None, None
    for found in _cut(lines):
        if isinstance(found, str):
            mark = found
            continue
        if found.hidden:
            out.append(found)
            continue
        between = "".join(lines[last.end:found.begin]) if last is not None else "-"
        if last is not None and found.kind == "text" and last.run and not between.replace("`", "").strip():
            last.shown = (found.begin, found.end)
        else:
            if mark is not None:
                found.run = bool(RUN.match(mark))
                found.reason = None if found.run else NOT_RUN.match(mark).group(1)
            mark = None
            out.append(found)
        last = found
    return out

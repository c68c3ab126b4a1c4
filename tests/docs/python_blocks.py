"""Runs blocks of Python for run.py: reads {"code": ...} a line, answers {"printed", "values", "error"} a line.
`expression  # -> value` gives the pair (value as shown, as seen); all blocks share their names."""

import ast
import contextlib
import io
import json
import re
import sys
import traceback

SHOWN = re.compile(r".*\)?\s# -> (.*)$")


def run(code, names):
    lines, printed, values = code.splitlines(), io.StringIO(), []
    with contextlib.redirect_stdout(printed):
        for node in ast.parse(code).body:
            shown = SHOWN.match(lines[node.end_lineno - 1])
            if isinstance(node, ast.Expr) and shown:
                seen = eval(compile(ast.Expression(node.value), "<page>", "eval"), names)
                values.append((shown.group(1).strip(), " ".join(str(seen if isinstance(seen, str) else repr(seen)).split())))
            else:
                exec(compile(ast.Module([node], []), "<page>", "exec"), names)
    return {"printed": printed.getvalue(), "values": values, "error": ""}


def main():
    answers, names = sys.stdout, {"__name__": "__main__"}
    sys.stdout = sys.stderr
    for line in sys.stdin:
        try:
            answer = run(json.loads(line)["code"], names)
        except BaseException:
            answer = {"printed": "", "values": [], "error": traceback.format_exc(limit=-2)}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()

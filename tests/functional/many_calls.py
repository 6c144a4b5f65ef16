"""Calls one command line tool of Python many times in one process, which spares its start each time.

Run by the interpreter that has the tool: `python many_calls.py TOOL`, with a JSON list of argument lists on the input;
answers with a JSON list of exit code and output.
"""

from __future__ import annotations

import contextlib
import io
import json
import runpy
import sys


def call(tool: str, arguments: list[str]) -> tuple[int, str]:
    heard = io.StringIO()
    sys.argv = [tool, *arguments]
    code: object = 0
    with contextlib.redirect_stdout(heard), contextlib.redirect_stderr(heard):
        try:
            runpy.run_path(tool, run_name="__main__")
        except SystemExit as left:
            code = left.code
    return (code if isinstance(code, int) else int(code is not None)), heard.getvalue()


if __name__ == "__main__":
    named = sys.argv[1]
    json.dump([call(named, arguments) for arguments in json.load(sys.stdin)], sys.__stdout__)

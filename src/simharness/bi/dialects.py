"""SQL of one database in the words of another: parsed and written anew, its parameters kept by name.

A metric may be written for any of these; what another database would round or order otherwise stays the author's care.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simharness.bi.session import DUCKDB, POSTGRES
from simharness.core.errors import ContentError, Where

if TYPE_CHECKING:
    from sqlglot import exp

#: What a metric file may be written for.
DIALECTS = (DUCKDB, POSTGRES, "snowflake", "bigquery", "redshift", "databricks")
#: The parameters a metric may name.
PARAMETERS = ("start", "end")


def translated(sql: str, *, read: str, write: str, where: Where) -> str:
    """The one query of a text in another dialect, `:start`, `@start` and `$start` alike as `$start`.

    Raises `ContentError` with file and line for what does not parse, is no query, or names another parameter.
    """
    import sqlglot
    from sqlglot import errors, exp

    try:
        statements = [each for each in sqlglot.parse(sql, read=read) if each is not None]
    except errors.ParseError as error:
        first = error.errors[0] if error.errors else {}
        line = int(first.get("line") or 1)
        near = str(first.get("highlight") or "")
        what = f"this is not {read}: {first.get('description') or error}" + (f" near {near!r}" if near else "")
        mend = "mend the SQL, or name its dialect in the first line: -- dialect: snowflake"
        raise ContentError(what, where=Where(where.file, line), mend=mend) from error
    except errors.SqlglotError as error:
        what = f"this is not {read}: {str(error).splitlines()[0]}"
        raise ContentError(what, where=where, mend="mend the SQL, or name its dialect") from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise ContentError("a metric is one query", where=where, mend="write one SELECT, with WITH before it if needed")
    query = statements[0].transform(lambda node: _plain(node, where))
    try:
        # Comments are for readers of the file; what they hold must not be taken for parameters.
        return query.sql(dialect=write, comments=False, unsupported_level=errors.ErrorLevel.RAISE)
    except errors.UnsupportedError as error:
        what = f"this cannot be said in {write}: {str(error).splitlines()[0]}"
        raise ContentError(what, where=where, mend="use what both databases have") from error


def _plain(node: exp.Expr, where: Where) -> exp.Expr:
    """Parameters by one spelling, and whole numbers without limit by a type that every database has."""
    from sqlglot import exp

    if isinstance(node, exp.Parameter | exp.Placeholder):
        name = node.this.name if isinstance(node.this, exp.Expression) else str(node.this or "")
        if name.lower() not in PARAMETERS:
            what = f"the metric names the parameter {name or '?'!r}"
            raise ContentError(what, where=where, mend="a period has start and end, its first and last day")
        return exp.Parameter(this=exp.Var(this=name.lower()))
    if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.INT128:
        return exp.DataType.build("DECIMAL(38, 0)")
    return node

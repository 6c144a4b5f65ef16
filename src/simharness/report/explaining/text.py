"""Explanations as text: the one place where they are put into lines, for terminal, JUnit and assertion messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from simharness.domain.finding import Finding, Severity
from simharness.domain.played import Played
from simharness.report.explaining.chain import UNASKED
from simharness.report.explaining.explain import explanation
from simharness.report.explaining.explanation import Chain, Explanation, Link, Table, TAccount
from simharness.report.explaining.layout import hanging, t_account_lines, table_lines
from simharness.report.explaining.subject import Pages
from simharness.report.words import counted, money_text

#: So many findings of a story are explained in full, and so many more in short; the rest is counted.
IN_FULL = 5
IN_SHORT = 24

#: So many lines of a step are shown.
_WRITTEN = 12
_STEP = "step"
_LABEL = 12
_INDENT, _DEEPER = "  ", "    "


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A finding as it is read: its check and severity (`V6 money`), what is wrong, and the lines below.

    Without a severity it only counts what is not told.
    """

    label: str
    severity: Severity | None
    message: str
    lines: tuple[str, ...] = ()

    @property
    def head(self) -> list[str]:
        """The lines of the headline."""
        return hanging("", f"{self.label}: " if self.label else "", self.message, further=_DEEPER)

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join((*self.head, *self.lines))


@dataclass(slots=True)
class _Told:
    """What was told already: it is told once."""

    links: set[tuple[str, str, str]] = field(default_factory=set)
    deeds: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    figures: dict[tuple[str, ...], str] = field(default_factory=dict)
    rules: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    tables: set[Table | TAccount] = field(default_factory=set)


def as_text(explained: Explanation, *, http: bool = False) -> str:
    """An explanation by itself, in lines of at most a hundred columns; `http` adds the requests."""
    return _section(explained, _Told(), http=http).text


def sections(played: Played, *, http: bool = False) -> Iterator[Section]:
    """The findings of a story as they are read: what the story says before what the checks demand.

    What repeats is told once, and no more than a few are explained in full. A story that passes costs nothing.
    """
    findings = played.findings
    if not findings:
        return
    pages, told = Pages(played.record), _Told()
    claims = {each.verb for each in played.record.expectations} | {fact.verb for fact in played.record.facts}
    ordered = sorted(findings, key=lambda finding: finding.check not in claims)
    full = 0
    for number, finding in enumerate(ordered):
        figures = (finding.expected, finding.actual, *finding.objects)
        if figures in told.figures:
            yield _headed(finding, _repeated(finding, told.figures[figures]))
            continue
        if full == IN_FULL + IN_SHORT:
            more = counted(len(ordered) - number, "further finding")
            yield Section(label="", severity=None, message=f"and {more}, all in run.duckdb (table findings)")
            return
        full += 1
        told.figures[figures] = _named(finding)
        explained = explanation(played.record, finding, pages=pages)
        yield _section(explained, told, http=http) if full <= IN_FULL else _short(explained, told)


def story_text(played: Played, *, http: bool = False) -> str:
    """Everything that is wrong in a story, explained, with the command that brings it back."""
    parts = [section.text for section in sections(played, http=http)]
    again = played.findings[0].reproduce if played.findings else ""
    return "\n\n".join([*parts, *([f"again: {again}"] if again else [])])


def _headed(finding: Finding, lines: Iterable[str]) -> Section:
    label = f"{finding.check} {finding.severity.value}"
    return Section(label=label, severity=finding.severity, message=finding.message, lines=tuple(lines))


def _named(finding: Finding) -> str:
    return f"{finding.check} at {finding.where}" if finding.where else finding.check


def _labelled(label: str, text: str) -> list[str]:
    return hanging(_INDENT, f"{label:<{_LABEL}}", text)


def _repeated(finding: Finding, first: str) -> Iterator[str]:
    if finding.where:
        yield f"{_INDENT}{_STEP:<{_LABEL}}{finding.where}"
    figures = f"{finding.expected} expected, {finding.actual} found: " if finding.expected and finding.actual else ""
    yield from _labelled("figures", f"{figures}those of {first}, explained above")


def _section(explained: Explanation, told: _Told, *, http: bool) -> Section:
    finding = explained.finding
    lines = [*_step(explained, told), *_tables(explained, told)]
    if _is_old(explained, told):
        names = " and ".join(chain.about for chain in explained.chains if chain.links)
        lines += ["", *hanging(_INDENT, "", f"chain of {names}, and what the connector did: as told above")]
    else:
        lines += _chains(explained, told)
        lines += _block("what the connector did", explained.deeds, told.deeds)
    if http:
        lines += _block("the requests beneath it", explained.calls, told.calls, wrapped=False)
    return _headed(finding, lines)


def _short(explained: Explanation, told: _Told) -> Section:
    finding = explained.finding
    lines = [*_rule(explained, told)]
    lines += [f"{_INDENT}{_STEP:<{_LABEL}}{explained.place}"] if explained.place else []
    for label, text in (
        ("expected", finding.expected),
        ("actual", finding.actual),
        ("difference", explained.difference),
    ):
        lines += _labelled(label, text) if text else []
    return _headed(finding, lines)


def _rule(explained: Explanation, told: _Told) -> Iterator[str]:
    """What a check demands, the first time."""
    if explained.rule and explained.finding.check not in told.rules:
        told.rules.add(explained.finding.check)
        yield from _labelled("rule", explained.rule)


def _step(explained: Explanation, told: _Told) -> Iterator[str]:
    """Where it stands in the story, what it is about, and how much money it is."""
    finding = explained.finding
    yield from _rule(explained, told)
    if explained.place:
        about = f" ({explained.about})" if explained.about else ""
        yield f"{_INDENT}{_STEP:<{_LABEL}}{explained.place}{about}"
        written = explained.sentence.splitlines() if explained.place not in told.places else []
        told.places.add(explained.place)
        for line in written[:_WRITTEN]:
            bare = line.lstrip()
            yield from hanging(_INDENT, " " * (_LABEL + len(line) - len(bare)), bare)
        if len(written) > _WRITTEN:
            yield f"{_INDENT}{'':<{_LABEL}}…"
    elif explained.about:
        yield from _labelled(_STEP, explained.about)
    if finding.objects:
        yield from _labelled("objects", ", ".join(finding.objects))
    yield from _labelled("difference", explained.difference)
    risk = finding.at_risk
    if risk is not None and risk and money_text(risk) not in explained.difference.replace("-", "").replace("+", ""):
        yield from _labelled("at risk", money_text(risk))


def _is_old(explained: Explanation, told: _Told) -> bool:
    """Whether there is a chain, and nothing of it or of what was done is new."""
    chains = [chain for chain in explained.chains if chain.links]
    is_old = all(len(_new(chain, told)) == 0 for chain in chains)
    return bool(chains) and is_old and told.deeds.issuperset(explained.deeds)


def _new(chain: Chain, told: _Told) -> list[Link]:
    """What was not told yet of a chain; that BI was not asked is no news of one that was told."""
    new = [link for link in chain.links if (chain.about, link.noun, link.text) not in told.links]
    return new if len(new) == len(chain.links) else [link for link in new if link.text != UNASKED]


def _tables(explained: Explanation, told: _Told) -> Iterator[str]:
    for table in explained.tables:
        if table in told.tables:
            continue
        told.tables.add(table)
        yield ""
        draw = table_lines(table, _DEEPER) if isinstance(table, Table) else t_account_lines(table, _DEEPER)
        yield from draw


def _chains(explained: Explanation, told: _Told) -> Iterator[str]:
    for chain in explained.chains:
        new = _new(chain, told)
        told.links.update((chain.about, link.noun, link.text) for link in new)
        yield ""
        if not chain.links:
            yield f"{_INDENT}{chain.about}"
        elif len(new) < len(chain.links):
            rest = ", but for:" if new else ""
            yield f"{_INDENT}chain of {chain.about}: as told above{rest}"
        else:
            yield f"{_INDENT}chain of {chain.about}"
        for link in new:
            missing = "MISSING: " if link.is_missing else ""
            yield from hanging(_DEEPER, f"{link.noun:<{_LABEL}}", f"{missing}{link.text}")


def _block(title: str, lines: Iterable[str], told: set[str], *, wrapped: bool = True) -> Iterator[str]:
    every = list(lines)
    new = [line for line in every if line not in told]
    told.update(new)
    if not every:
        return
    yield ""
    yield (
        f"{_INDENT}{title}"
        + (": as told above" if len(new) < len(every) else "")
        + (", and:" if 0 < len(new) < len(every) else "")
    )
    for line in new:
        stamp, gap, rest = line.partition("  ")
        if wrapped and gap and rest:
            yield from hanging(_DEEPER, f"{stamp}{gap}", rest)
        elif wrapped:
            yield from hanging(_DEEPER, "", line)
        else:
            yield f"{_DEEPER}{line}"

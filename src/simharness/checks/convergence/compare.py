"""F1: a run with faults ends as it would have ended without them. The runner makes both runs; this compares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from simharness.checks.convergence.given_up import GivenUp, covers, may_fail
from simharness.checks.convergence.hanging import Hanging, Objects
from simharness.checks.convergence.lines import DealLines, Side
from simharness.checks.convergence.meanwhile import Meanwhile
from simharness.checks.convergence.moves import Moves, period_source, recognised_line, recovery_source
from simharness.checks.convergence.said import Said, State
from simharness.checks.convergence.state import business_state
from simharness.checks.convergence.told import CONNECTOR
from simharness.checks.convergence.updates import Updates, renamed, stands_as_before
from simharness.checks.findings import Reporter, not_applicable
from simharness.checks.listed import SHOWN, ids
from simharness.core.money import Money
from simharness.domain.evidence import DeadLetter, Reject
from simharness.domain.fault_kinds import it_takes
from simharness.domain.finding import CheckResult, Finding, Judgement, Severity
from simharness.domain.record import RunRecord

#: Nouns that say how the connector stands to an item; they are no money themselves.
_TOLD = frozenset({"alert", "reject", "dead letter"})
#: What follows from everything else, so that what was given up shows in it.
_DERIVED = frozenset({"metric", "balance", "account"})
#: Sources of journals that are worked out anew from what the books hold, which V17 holds against them as they are.
_OF_BALANCES = frozenset({"revaluation"})
#: Findings of sums over everything, which name nothing that they are made of.
_CONTROL_TOTALS = frozenset({"V20:documents", "V20:payments"})
#: The check of how many alerts a story leaves open.
_COUNT_OF_ALERTS = "middleware.open_alerts"
#: Checks of sums over an account, which are off by exactly what was given up there.
_SUMS = frozenset({"V10", "V11", "V19", "V20"})
#: How a source begins that is set up by the mapping, as the items of documents are.
_MEANS = "mapping:"
#: A shorter id is no name: it may stand anywhere in a text.
_TELLING = 4
#: Nouns of what the story itself does, at the gateway and at the bank.
_OF_THE_STORY = frozenset({"charge", "refund", "dispute", "payout", "balance line", "bank line", "payroll"})


def converged(baseline: RunRecord | State, faulted: RunRecord) -> CheckResult:
    """Compare the ends of two runs of one story: without faults (with the plan's own acts on the world), and with them.

    Passed with a reason means that something was given up as it has to be: listed, alerted, and nothing half-written.
    Not exercised when a fault of the plan never struck and nothing differs. A state may stand for the baseline's record
    where many runs are held against one.
    """
    if faulted.final is None or (isinstance(baseline, RunRecord) and baseline.final is None):
        return not_applicable("F1", "one of the two runs reached no checkpoint")
    return Comparison(baseline, faulted).result()


def unexcused(baseline: RunRecord | State, faulted: RunRecord, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings of a run with faults that stand although something was given up as it has to be.

    What a story claims, and what the metrics should show, was worked out for a run that goes well; and a check of
    figures that names what was given up, whom it was of, or what is other because of it, only says so again. What
    waited for a while explains what was claimed meanwhile. All else stands.
    """
    comparison = Comparison(baseline, faulted)
    if comparison.result().judgement is not Judgement.PASSED:
        return tuple(findings)
    meanwhile = Meanwhile(faulted)
    stand = (each for each in findings if not comparison.lost or not _only_says_so(each, comparison))
    return tuple(each for each in stand if not meanwhile.explains(each))


def _only_says_so(finding: Finding, comparison: Comparison) -> bool:
    if finding.check == "middleware.connector_finishes":
        return False
    if finding.check == _COUNT_OF_ALERTS:
        return True  # whatever was given up is told; what else is told is held against the run without faults
    if comparison.lacks and ("." in finding.check or finding.check == "V23" or finding.key in _CONTROL_TOTALS):
        return True
    if finding.check in _SUMS and finding.at_risk is not None and comparison.moves.explains(finding.at_risk.amount):
        return True
    told = " ".join((finding.key, finding.message, *finding.objects))
    if "." not in finding.check and finding.check[0] not in "VR":
        return False
    return any(name in told for name in comparison.concerned) or comparison.objects.names(finding)


class Comparison:
    """One comparison: what is missing, further or changed, and what of that is excused."""

    def __init__(self, baseline: RunRecord | State, faulted: RunRecord) -> None:
        clean = business_state(baseline) if isinstance(baseline, RunRecord) else baseline
        ended = business_state(faulted)
        self._faulted = faulted
        self._report = Reporter("F1", faulted.header)
        self._given_up = GivenUp(faulted, clean.items)
        left, right = (_counted(state, clean.shows_bi and ended.shows_bi) for state in (clean, ended))
        self._report.examined = left.total()
        self._missing = _by_what((left - right).elements())
        self._further = _by_what((right - left).elements())
        renamed(self._missing, self._further)
        self._there: dict[str, list[Said]] = {}
        for item in ended.items:
            if item.group:
                self._there.setdefault(item.group, []).append(item)
        #: What was given up: the source that is listed, and the items that it would have brought or made other.
        self.lost: dict[str, list[Said]] = {}
        self._hanging = Hanging(clean.items)
        self._lines = DealLines(faulted)
        self._updates = Updates()
        #: What is other, or not there, because of that.
        self._excused: list[Said] = []
        differs = [item for side in (self._missing, self._further) for items in side.values() for item in items]
        acts = {item.name for item in differs if item.noun in _OF_THE_STORY}
        # Whoever cannot pay an invoice that is not there does not pay: the story went another way from there.
        hindered = bool(set(ended.impossible) - set(clean.impossible))
        self._diverged = hindered and bool(self._given_up or self._given_up.taken_up)
        self._another_way = acts if self._diverged else set()
        for item in differs:
            if self._went_another_way(item):
                self._hanging.stray(item)
        self._anew: set[str] = set()
        anew = self._given_up.made_anew if may_fail(faulted.header.plan) else ()
        for row in self._given_up.taken_up if self._diverged else anew:
            self._anew |= {id for id in ids(row.source) if row in anew and not (id.isdigit() and len(id) < _TELLING)}
            for item in clean.items:
                if not set(item.sources).isdisjoint((row.source, *ids(row.source))):
                    self._lose(row, item)

    def result(self) -> CheckResult:
        """What differs and is not excused, else whether everything of the plan struck."""
        names = dict.fromkeys([*self._missing, *self._further])
        sides = [(self._missing.get(name, []), self._further.get(name, [])) for name in names]
        sides = [side for side in sides if not self._is_consequence((side[0] or side[1])[0])]
        # What is listed comes first: what is missing besides may follow from it.
        sides.sort(key=lambda side: self._given_up.row_of((side[0] or side[1])[0]) is None)
        later: list[Side] = []
        following: list[Side] = []
        for was, ended in sides:
            if self._may_follow(was, ended):
                following.append((was, ended))
            elif (was or ended)[0].noun in _TOLD | _DERIVED or (was and len(was) == len(ended)):
                later.append((was, ended))
            elif ended:
                self._too_much(ended[len(was) :], was)
            else:
                self._lack(was)
        for was, ended in later:
            if was and ended and was[0].noun not in _TOLD | _DERIVED:
                self._part_lacks(was[0], ended[0])
            self._update_lacks(was, ended)
        self._following(following)
        # What follows from a lack can be told once all lacks are known, and alerts belong to what they are about.
        for was, ended in sorted(later, key=lambda side: (side[0] or side[1])[0].noun in _TOLD):
            if (was or ended)[0].noun in _TOLD:
                self._told(was, ended)
            elif was and ended:
                self._changed(was, ended)
            elif not self.lacks:
                self._lack(was) if was else self._too_much(ended, was)
        return self._judged(self._report.result("both runs ended with nothing"))

    @property
    def lacks(self) -> bool:
        """Whether anything was given up but what should be shown on a record: only that changes figures."""
        return any(not source.endswith(SHOWN) for source in self.lost)

    @cached_property
    def moves(self) -> Moves:
        """What the postings that are listed as not posted would have moved."""
        missing = (item for name, items in self._missing.items() if name not in self._further for item in items)
        return Moves(item for item in missing if item.posts and self._given_up.row_of(item) is not None)

    @cached_property
    def objects(self) -> Objects:
        """The records of ledgers that are other, or still there alone, because of what was given up."""
        return Objects(self._faulted, self._excused)

    @cached_property
    def concerned(self) -> frozenset[str]:
        """Whatever names what was given up: its sources, its customers, and their deals.

        Where all is posted, and only a record does not show it, that record alone.
        """
        lost = [item for items in self.lost.values() for item in items]
        if not self.lacks:
            return frozenset(f"{item.system}:{item.noun}:{item.name}" for item in lost)
        parties = {item.party for item in lost if item.party}
        sources = {id for source in self.lost for id in ids(source)}
        sources |= {id for item in lost for id in item.sources}
        crm = self._faulted.final.world.crm if self._faulted.final else None
        names = {company.id: company.name for company in crm.companies} if crm else {}
        parties |= {name for id, name in names.items() if id in sources}
        deals = {deal.id for deal in crm.deals if names.get(deal.company_id) in parties} if crm else set()
        return frozenset(name for name in parties | sources | deals | self._another_way if len(name) >= _TELLING)

    def _is_consequence(self, item: Said) -> bool:
        """Whether an item is only what a differing document posts, or what a story does that went another way."""
        document = f"{item.system} {item.name.removeprefix('of ')}"
        if item.noun == "entry" and (document in self._missing or document in self._further):
            return True
        return self._went_another_way(item)

    def _went_another_way(self, item: Said) -> bool:
        return not self._another_way.isdisjoint((item.name, *item.sources))

    def _is_of_another_way(self, item: Said) -> bool:
        """Whether an alert is about an act that the story did otherwise than in the run without faults."""
        named = (id for source in item.sources for id in ids(source))
        return item.noun == "alert" and not self._another_way.isdisjoint(named)

    def _judged(self, result: CheckResult) -> CheckResult:
        if result.judgement is not Judgement.PASSED:
            return result
        struck = Counter(each.fault for each in self._faulted.fault_log)
        idle = [fault for fault in self._faulted.header.plan.faults if not struck[fault]]
        if idle or not struck:
            met = f"nothing was met by {', '.join(map(str, idle))}{it_takes(fault.kind for fault in idle)}"
            reason = met if idle else "no fault struck"
            return CheckResult(check="F1", judgement=Judgement.NOT_EXERCISED, reason=reason)
        if self.lost:
            reason = f"given up, listed and alerted: {', '.join(self.lost)}"
            return CheckResult(check="F1", judgement=Judgement.PASSED, examined=result.examined, reason=reason)
        return result

    def _lose(self, row: Reject | DeadLetter, item: Said) -> None:
        """An item is not there, or not as it should be, because its source was given up."""
        self.lost.setdefault(row.source, []).append(item)
        if not row.source.endswith(SHOWN):
            self._hanging.add(item)

    def _lack(self, items: list[Said]) -> None:
        """Missing at the end: excused only if it is listed, alerted, and nothing of it was written."""
        item = items[0]
        row = self._given_up.row_of(item)
        if row is None and self._diverged and self._hanging.concerns(item):
            return
        if row is None and self._is_instead(item, self._further):
            return
        earlier = self._given_up.part_before(item) if row is None else None
        if earlier is not None and may_fail(self._faulted.header.plan) and not self._given_up.untold(earlier, None):
            self._lose(earlier, item)
            return
        if row is None:
            self._tell("missing", items, [], f"the run with faults ends without {item.what}", "nothing")
            return
        untold = self._given_up.untold(row, item.worth if item.group else None)
        if self._given_up.halves(row, self._there.get(item.group, ())):
            said = f"{row.source} was given up half-written: {item.what} is missing"
            self._tell("half-written", items, [], said, "nothing")
        elif not may_fail(self._faulted.header.plan):
            said = f"{row.source} was given up, though the fault passed by itself"
            self._tell("given-up", items, [], said, row.reason)
        elif untold:
            self._tell("untold", items, [], f"{row.source} was given up, and {untold}", untold)
        self._lose(row, item)

    def _part_lacks(self, before: Said, after: Said) -> None:
        """What a later part of its source would have made of an item lacks where that part alone was given up."""
        row = self._given_up.part_of(before) if before.content == after.content else None
        if row is not None and may_fail(self._faulted.header.plan) and not self._given_up.untold(row, None):
            self._lose(row, before)

    def _update_lacks(self, was: list[Said], ended: list[Said]) -> None:
        """A record that was there stands as it stood where only what should have changed it was given up."""
        if not was or not ended or (was[0].name, was[0].content) == (ended[0].name, ended[0].content):
            return
        row = next(self._given_up.rows_about(was[0]), None) if was[0].noun not in _TOLD | _DERIVED else None
        if row is None or not may_fail(self._faulted.header.plan) or self._given_up.untold(row, None):
            return
        if stands_as_before(self._faulted, row, ended[0]):
            self._updates.add(was[0], ended[0])
            self._lose(row, was[0])
            self._excused.append(was[0])

    def _may_follow(self, was: list[Said], ended: list[Said]) -> bool:
        """Whether something not listed may be there, or be other, only because of what is: once that is known.

        Entries of the ends of periods, which take over what was left, further payments of nothing, and what is had
        back of a debt that was written off.
        """
        item = (was or ended)[0]
        return _is_link(was, ended) or (
            bool(_following_source(item)) and next(self._given_up.rows_about(item), None) is None
        )

    def _following(self, sides: list[Side]) -> None:
        """Tell those that what was given up does not explain."""
        ends: dict[str, list[Side]] = {}
        for side in sides:
            ends.setdefault(_following_source((side[0] or side[1])[0]), []).append(side)
        names = dict.fromkeys([*self._missing, *self._further])
        differs = ((self._missing.get(name, []), self._further.get(name, [])) for name in names)
        anew = self._lines.recognised_anew(ends, differs, self._anew) if self._anew else set()
        for source, of in ends.items():
            was, ended = ([item for side in of for item in side[at]] for at in (0, 1))
            in_part = self._may_be_part((was or ended)[0])
            explained = source in anew or self.moves.explains_period(was, ended, in_part=in_part)
            if source and self.lacks and explained:
                self._excused.extend(was)
                continue
            for side in of:
                self._follow(*side)

    def _may_be_part(self, item: Said) -> bool:
        """Whether an item may have taken over less so far than what was given up of its customer.

        A line is recognised as far as it was billed; what comes in after a debt was written off goes first to what is
        still open since a payment is not there, and only the rest is had back.
        """
        if recovery_source(item):
            return self._hanging.concerns(item)
        line = recognised_line(item)
        return bool(line) and self._hanging.are_concerned(self._lines.customers(line))

    def _follow(self, was: list[Said], ended: list[Said]) -> None:
        if was and len(was) == len(ended):
            self._changed(was, ended)
        elif was and not ended:
            self._lack(was)
        elif not _is_link(was, ended) or not self._settles(ended[0]):
            self._too_much(ended[len(was) :], was)

    def _settles(self, link: Said) -> bool:
        """Whether a further payment of nothing only settles what an event that was given up left open."""
        if self.lacks and any(self._hanging.touches(link.system, (each,)) for each in link.touches):
            return True
        events = {id for source in self.lost for id in ids(source) if len(id) >= _TELLING}
        return self._hanging.concerns(link) and not events.isdisjoint(ids(link.name))

    def _too_much(self, items: list[Said], was: list[Said]) -> None:
        item = items[0]
        row = self._given_up.row_of(item)
        if row is not None:
            said = f"{row.source} was given up half-written: {item.what} is there"
            self._tell("half-written", was, items, said, item.says)
            return
        if self._is_instead(item, self._missing, item.noun):
            self._excused.append(item)
            return
        again = "once more " if was or item.group in self._there else ""
        self._tell("further", was, items, f"the run with faults ends {again}with a further {item.what}", item.says)

    def _changed(self, was: list[Said], ended: list[Said]) -> None:
        before, after = was[0], ended[0]
        alike = sorted(each.content for each in was) == sorted(each.content for each in ended)
        alike = alike and self._updates.are_of_one(before, after)
        row = self._given_up.shown_row_of(before) if alike else None
        if row is not None and may_fail(self._faulted.header.plan) and not self._given_up.untold(row, None):
            self._lose(row, before)
        elif (
            self._follows(before, settled_only=alike)
            or self._is_in_other_words(was, ended)
            or self._is_anew(before)
            or self._takes_over(before, after)
            or self._settles_otherwise(before, after)
        ):
            self._excused.append(before)
        else:
            self._tell("changed", was, ended, f"the run with faults ends with another {before.what}", after.says)

    def _follows(self, item: Said, *, settled_only: bool) -> bool:
        """Whether what later events made of an item is other because one of them was given up."""
        if not self.lacks:
            return False
        if item.noun in _DERIVED or item.group.partition(":")[0] in _OF_BALANCES:
            return True
        if item.noun == "entry" and self._hanging.concerns(item):
            return True  # what was written is the same: the ledger itself works out what that comes to
        return settled_only and (self._hanging.concerns(item) or self._given_up.row_of(item) is not None)

    def _is_in_other_words(self, was: list[Said], ended: list[Said]) -> bool:
        """Whether a record itself, or what bears its words, is other only because its update was given up."""
        pairs = zip(was, ended, strict=True)
        return self._hanging.concerns(was[0]) and all(self._updates.explain(*pair) for pair in pairs)

    def _is_anew(self, item: Said) -> bool:
        """Whether a document was decided about again, since its customer had changed when it was taken up."""
        return bool(item.group or item.noun == "entry") and not self._anew.isdisjoint(item.sources)

    def _is_instead(self, item: Said, others: dict[str, list[Said]], *nouns: str) -> bool:
        """Whether a document that was decided about again is one where the other run wrote another of its source; of
        some nouns, where any are named.
        """
        own = self._missing if others is self._further else self._further
        return self._is_anew(item) and any(
            each.system == item.system
            and each.noun in (nouns or (each.noun,))
            and not set(each.sources).isdisjoint(self._anew.intersection(item.sources))
            and each.content not in {same.content for same in own.get(name, ())}
            for name, items in others.items()
            for each in items
            if each.group
        )

    def _settles_otherwise(self, before: Said, after: Said) -> bool:
        """Whether a payment of nothing settles what was left open since a posting was given up."""
        links = _is_link([], [before]) and _is_link([], [after])
        return links and self._hanging.touches(before.system, set(after.touches) - set(before.touches))

    def _takes_over(self, before: Said, after: Said) -> bool:
        """Whether a document takes off, line by line, what was left since a posting of its customer was given up."""
        was, ended = (of.get(f"{before.system} entry of {before.what}") for of in (self._missing, self._further))
        if not was or not ended or not self.lacks or not self._hanging.concerns(before):
            return False
        named = set(before.content.split(", ")) & set(after.content.split(", "))
        return self.moves.explains_lines(was[0], ended[0], named)

    def _is_another_given_up(self, row: Reject | DeadLetter) -> bool:
        """Whether a source that only the story with another way has was given up as it has to be."""
        if self._another_way.isdisjoint(ids(row.source)) or self._given_up.untold(row, None):
            return False
        return not any(covers(row, item) for items in self._there.values() for item in items)

    def _is_means(self, row: Reject | DeadLetter) -> bool:
        """Whether a refused record is no business itself, but what something needed that was given up with it."""
        return self.lacks and row.source.startswith(_MEANS) and not self._given_up.untold(row, None)

    def _told(self, was: list[Said], ended: list[Said]) -> None:
        """Alerts, refusals and dead letters: those of what was given up belong to it."""
        for item in ended:
            row = self._given_up.row_of(item) or self._given_up.shown_row_of(item) or self._given_up.row_on(item)
            if row is not None and (self._is_another_given_up(row) or self._is_means(row)):
                self._lose(row, item)
            if row is None and self._is_of_another_way(item):
                continue
            if row is None or row.source not in self.lost:
                said = f"the run with faults leaves {item.what} open"
                self._tell("left-open", was, [item], said, item.says or "open", severity=Severity.CONDUCT)
        for item in was if not ended and not self._diverged else ():
            row = self._given_up.row_of(item)
            if row is not None and row.source in self.lost:
                continue
            said = f"the run with faults never told of {item.what}"
            self._tell("missing", [item], [], said, "nothing", severity=Severity.CONDUCT)

    def _tell(
        self,
        how: str,
        was: list[Said],
        ended: list[Said],
        message: str,
        actual: str,
        *,
        severity: Severity | None = None,
    ) -> None:
        item = (was or ended)[0]
        self._report.found(
            f"{item.system}:{how}:{_kind(item)}:{item.name}",
            message,
            expected=" and ".join(each.says or each.what for each in was) or "nothing",
            actual=actual,
            objects=[f"{item.system}:{item.noun}:{item.name}"],
            at_risk=_at_risk(was, ended),
            severity=severity or (Severity.CONDUCT if item.system == CONNECTOR else None),
        )


def _following_source(item: Said) -> str:
    return period_source(item) or recovery_source(item)


def _is_link(was: list[Said], ended: list[Said]) -> bool:
    """Whether something is a further payment of nothing, which only settles one thing by another."""
    item = (was or ended)[0]
    return not was and item.noun == "payment" and item.worth is not None and not item.worth.amount


def _counted(state: State, with_bi: bool) -> Counter[Said]:
    return Counter(item for item in state.items if with_bi or item.noun != "metric")


def _by_what(items: Iterable[Said]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    for item in items:
        found.setdefault(f"{item.system} {item.what}", []).append(item)
    return found


def _kind(item: Said) -> str:
    """The noun, and of what it is where it names a source: `journal-fee`, `invoice-deal`."""
    return "-".join(filter(None, (item.noun.replace(" ", "-"), item.group.partition(":")[0])))


def _at_risk(was: list[Said], ended: list[Said]) -> Money | None:
    """What the two sides differ by, or the worth of what is on one side or is told otherwise."""
    left, right = (next((each.worth for each in side if each.worth is not None), None) for side in (was, ended))
    if left is not None and right is not None and left.currency == right.currency and left != right:
        return left - right
    return right if left is None else left

"""Exploring a whole story while it is played once: at every call a child process carries on with each fault.

No beginning is played twice: the parent plays the clean run, and where a fault could strike it divides. The child goes
on with the fault while the parent waits, puts the connector's state folder back and divides again. Most children end
early, each for a stated reason; with `to_the_end` none does.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from types import FrameType, MappingProxyType
from typing import NoReturn

from msgspec.structs import replace

from simharness.checks import judge
from simharness.core.errors import HarnessError
from simharness.domain.exchange import DeliveryKind, Outcome, Request, Response
from simharness.domain.fault import Fault, Plan
from simharness.domain.fault_kinds import KINDS, FaultKind, Place
from simharness.domain.record import RunRecord
from simharness.domain.snapshot import Checkpoint
from simharness.explore.cases import Case, CaseResult
from simharness.explore.cases import Outcome as Came
from simharness.explore.children import ENDLESS, Told, Way, branch
from simharness.explore.how import (
    ACTED,
    ACTED_TRACK,
    ALIKE,
    CLEAN,
    GOES_ON,
    HABIT,
    IDLE,
    PAIRED,
    REJOINED,
    SAME_POLL,
    SAME_SPAN,
    TRACK,
    How,
)
from simharness.explore.life import Life
from simharness.explore.likeness import Likeness
from simharness.explore.pairing import Followed
from simharness.explore.places import Site, case_at, site_here
from simharness.explore.planning import spot_of
from simharness.explore.player import Baseline, acted
from simharness.explore.reactions import Habits, Known, lines_of, shared, stack_of
from simharness.explore.shelter import Shelter
from simharness.explore.trail import BETWEEN, Moments, Trail, guest_of
from simharness.explore.verdict import endless, findings_of, verdict
from simharness.fakekit.fake import Fake
from simharness.fakekit.faults import Injector
from simharness.fakekit.port import Hand
from simharness.stories.playing import Setting
from simharness.stories.session import AT_REST, Run
from simharness.stories.story import Story

#: The conduct that a run can be judged by before its end.
_ON_THE_WIRE = ("C1", "C2", "C3", "C9", "C11")
_CONDUCT = (*_ON_THE_WIRE, "C4", "C5", "F3")
_JUMP = "clock_jump"
#: How many times longer a child may take that has children of its own.
_PATIENCE = 30
#: The reaction to a fault that goes on is nobody else's.
_LASTING = "lasting"
_CONNECTOR = "simharness.connectors.inprocess"
#: Kinds for which it does not matter at which of some calls they strike, as long as nothing is written between them.
_SPANNING: Mapping[str, str] = MappingProxyType(
    {"crash_before": "crash", "crash_after": "crash", "outage": "outage", "clock_jump": "jump"}
)


class Explorer(Injector):
    """The port that divides at every place. In a child it lets the fault act and watches how the run goes on."""

    def __init__(
        self,
        story: Story,
        setting: Setting,
        how: How,
        trail: Trail,
        baseline: Baseline,
        likeness: Likeness,
        learnt: Habits | None = None,
    ) -> None:
        super().__init__(Plan())
        self._story, self.setting, self._how = story, setting, how
        self._trail, self._baseline = trail, baseline
        self.moments = Moments(likeness)
        self._sites = {site.number: site for site in trail.sites}
        self._news = {site.number: site for site in trail.deliveries}
        self._delivered = 0
        self._results: list[CaseResult] = []
        self._polls: dict[tuple[str, str], CaseResult] = {}
        self._spans: dict[tuple[str, str, int, int, int], CaseResult] = {}
        self._nth: Counter[tuple[str, str]] = Counter()
        self.habits = Habits()
        self.followed: list[Followed] = []
        self._learnt = learnt or Habits()
        self._acted: dict[int, Baseline] = {}
        self._acted_rests: dict[int, frozenset[str]] = {}
        self._rests: set[str] = set()
        self._life: Life | None = None
        self._shelter: Shelter | None = None

    def begin(self, run: Run) -> None:
        """Learn the run that is explored, before its first step."""
        self.moments.run = run
        self._shelter = Shelter(run.state_folder)

    def close(self) -> None:
        """Give back what was kept."""
        if self._shelter is not None:
            self._shelter.close()

    def taken(self) -> Iterator[CaseResult]:
        """The results since this was asked last; a child has none to give but to its parent, when it leaves."""
        if self._life is not None:
            return
        results, self._results = self._results, []
        yield from results

    # -- the parent ------------------------------------------------------------------------------------------------

    def pass_through(self, fake: Fake, request: Request) -> Outcome:
        """Divide here, then let the clean run go on; in a child let the fault act."""
        self._nth[operation := (fake.vendor, fake.operation_of(request))] += 1
        asked, life = "", self._life
        if life is None:
            site = self._sites.get(self._calls + 1)
            if site is not None:
                self._explore(site, self._seen_calls)
        elif self._strikes:
            asked = self.moments.likeness.request(fake.vendor, request)
            self._react(asked)
            if not self.only_acts and (self._how.follows or len(life.case.plan.faults) < self._how.depth):
                lines = lines_of(sys._getframe(1), guest_of(self.setting), _CONNECTOR)
                here = site_here(
                    fake, request, self._calls + 1, self._nth[operation], self._how.kinds, asked=asked, lines=lines
                )
                self._follow(here, life)
        outcome = super().pass_through(fake, request)
        self.moments.likeness.learn(outcome.response)
        if asked and self._life is life:
            self._heard_again(asked, outcome)
        if self._life is not None and not self._life.struck_at and not self._life.delivery:
            self._passed(outcome)
        return outcome

    def _follow(self, here: Site, life: Life) -> None:
        """A call after the fault: a second one can strike here. After the last that does, nothing is left to do."""
        if self._how.follows:
            struck = self._sites.get(life.struck_at)
            again = "again" if struck is not None and struck.asked == here.asked else ""
            life.followed.append(spot_of(here, self._how.kinds, again))
            return
        self._explore(here, self._seen_calls)
        if self._life is life and self._how.last.get(str(life.case.plan)) == str(here.trigger):
            self._leave(CaseResult(case=life.case, outcome=Came.NOT_EXERCISED, reason=PAIRED))

    @property
    def _strikes(self) -> bool:
        """Whether the last fault of the case that this child lives for has struck."""
        return self._life is not None and len(self._struck) > self._life.before

    def deliver(self, vendor: str, request: Request, hand: Hand) -> Response | None:
        """Divide before a delivery as before a call."""
        if self._life is None:
            self._delivered += 1
            site = self._news.get(self._delivered)
            if site is not None:
                self._explore(site, self._seen_deliveries)
        return super().deliver(vendor, request, hand)

    def _explore(self, site: Site, prepare: Callable[[Fault], None]) -> None:
        """Try every kind at a site. In the child that each of them makes, this returns at once."""
        before = self._life.case.plan if self._life is not None else None
        cases = [
            (kind, case)
            for kind in self._how.kinds
            if kind.name in site.kinds
            and self._how.only(case := case_at(self._story, site, kind, self.setting.rng_seed, before))
        ]
        if not cases or self._shelter is None:
            return
        known, here = Known(), dict[str, CaseResult]()
        image = self._shelter.renew()
        known_as, of = self._known_as(site)
        place = (known_as, str(site.wrote), *stack_of(_caller(), _CONNECTOR))
        habits = of.of(place)
        for kind, case in cases:
            span = self._span(kind, site, image)
            result = self._without_playing(case, kind, site, span)
            like = here.get(habits.get(kind.name, ""))
            if result is None and not self._how.to_the_end:
                if like is not None:
                    result = shared(case, like, HABIT)
                elif not site.wrote:
                    result = of.shared_at(place, case)
            if result is None:
                if kind.name == _JUMP and self.moments.step not in self._acted and before is None:
                    told = self._divide(case, known, prepare, only_acts=True)
                    if told is None:
                        return
                    self._keep_baseline(told)
                began_us = self._how.now_us()
                told = self._divide(case, known, prepare)
                if told is None:
                    return
                if not isinstance(told, str) and told.followed:
                    spot = spot_of(site, self._how.kinds)
                    self.followed.append(Followed(case=case, place=spot.place, spots=told.followed))
                result = _with_rest_of(self._outcome(told, case, known, habits), self._how.now_us() - began_us)
            here[kind.name] = result
            of.remember(place, result)
            if site.poll:
                self._polls.setdefault((site.poll, kind.name), result)
            if span is not None:
                self._spans.setdefault(span, result)
            self._results.append(result)

    def _known_as(self, site: Site) -> tuple[str, Habits]:
        """Which habits hold at a call, and under which name: for a second fault those of single ones, but where
        the call repeats the one that the first fault struck.
        """
        if self._life is None:
            return "", self.habits
        struck = self._sites.get(self._life.struck_at)
        if struck is None or struck.asked == site.asked:
            return str(self._life.case.plan), self.habits
        return "", self._learnt

    def _divide(
        self, case: Case, known: Known, prepare: Callable[[Fault], None], *, only_acts: bool = False
    ) -> Told | str | None:
        """What a child that carries on with a case told, once all is as it was before; None in the child itself."""
        assert self._shelter is not None  # noqa: S101 - begun before the first step
        divided = branch(within=self._life is not None)
        if isinstance(divided, Way):
            try:
                self._become(case, divided, known)
                self.only_acts = only_acts
                prepare(case.plan.faults[-1])
            except BaseException:  # noqa: BLE001 - a child that is none must not go on as if it were its parent
                divided.leave(Told())
            return None
        further = self._how.depth - len(case.plan.faults)
        told = divided.hear(self._how.timeout_s * (1 + _PATIENCE * further))
        self._shelter.restore()
        return told

    def _span(self, kind: FaultKind, site: Site, image: int) -> tuple[str, str, int, int, int] | None:
        """What tells the stretch of a step in which it does not matter when such a fault strikes, if there is one."""
        name = _SPANNING.get(kind.name, "")
        if not name or (kind.name == "crash_after" and site.wrote):
            return None
        vendor = site.vendor if kind.name == "outage" else ""
        if name != "crash":
            image = -1
        return name, vendor, self.moments.step, image, len(self.moments.playing.world.writes)

    def _without_playing(
        self, case: Case, kind: FaultKind, site: Site, span: tuple[str, str, int, int, int] | None
    ) -> CaseResult | None:
        """The outcome of a case that cannot differ from another one, None if it has to be played."""
        if self._how.to_the_end:
            return None
        if site.quiet and (like := self._polls.get((site.poll, kind.name))) is not None:
            return shared(case, like, SAME_POLL)
        if span is not None and (like := self._spans.get(span)) is not None:
            return shared(case, like, SAME_SPAN)
        return None

    def _outcome(self, told: Told | str, case: Case, known: Known, habits: dict[str, str]) -> CaseResult:
        if isinstance(told, str) or not (told.results or told.alike):
            why = told if isinstance(told, str) else "its process could not begin"
            if why.startswith(ENDLESS):
                return endless(case, why)
            return CaseResult(case=case, outcome=Came.BROKEN, reason=why)
        if told.alike:
            habits.setdefault(case.plan.faults[-1].kind, known.of(told.alike).case.plan.faults[-1].kind)
            return shared(case, known.of(told.alike), ALIKE)
        result = told.results[0]
        if told.reaction:
            known.keep(told.reaction, result)
        self._results += told.results[1:]
        return result

    def _keep_baseline(self, told: Told | str) -> None:
        """The baseline of jumps of the clock in this step: what a case that does not fit is compared with anew."""
        if not isinstance(told, str) and told.state is not None:
            self._acted[self.moments.step] = Baseline(state=told.state, known=told.known)
            self._acted_rests[self.moments.step] = told.rests

    # -- the child -------------------------------------------------------------------------------------------------

    def _become(self, case: Case, way: Way, known: Known) -> None:
        """This process is a child now: it lives for one case."""
        self._life = Life(
            case=case,
            way=way,
            known=known,
            begun_us=self._how.now_us(),
            written=len(self.moments.playing.world.writes),
            step=self.moments.step,
            before=len(self._struck),
            delivery=KINDS[case.plan.faults[-1].kind].place is Place.DELIVERY,
        )
        self.plan = case.plan
        self._results = []  # those of the parent are its own to tell
        if len(case.plan.faults) < self._how.depth and self._shelter is not None:
            # The parent will put the folder back from its own links; and what a single fault came to in a stretch in
            # which nothing was written is not what it comes to after another one.
            self._shelter, self._spans = self._shelter.within(), {}

    def _seen_calls(self, fault: Fault) -> None:
        self._faults.append(fault)
        self._seen.append(fault.trigger.nth - 1)

    def _seen_deliveries(self, fault: Fault) -> None:
        self._deliveries.add(fault, seen=fault.trigger.nth - 1)

    def _passed(self, outcome: Outcome) -> None:
        """The call at which the fault was to strike has passed."""
        life = self._the_life()
        # A call of a run that is off the track already has no counterpart of its number in the clean run.
        life.struck_at = self._calls if len(life.case.plan.faults) == 1 else -1
        if not self._strikes and not self.only_acts:
            self._leave(CaseResult(case=life.case, outcome=Came.NOT_EXERCISED, reason=IDLE))
        whole = outcome.delivery.kind in (DeliveryKind.COMPLETE, DeliveryKind.AFTER)
        life.may_be_clean = whole and outcome.response.status < 400

    def _react(self, what: str) -> None:
        """The connector did something after the fault; the first time says how it reacted."""
        life = self._the_life()
        if self._how.to_the_end or self.only_acts:
            return
        if life.repeated:
            life.repeated = False
            self._rejoin(what)
        if life.reaction:
            return
        life.reaction = _LASTING
        if not self._lasts():
            life.reaction = self.moments.reaction(what, self.moments.playing.world.writes[life.written :])
            self._spend("reaction")
            if life.may_be_clean and self._trail.reactions.get(life.struck_at) == life.reaction:
                self._leave(CaseResult(case=life.case, outcome=Came.PASSED, shared_with=CLEAN, reason=GOES_ON))
            if life.known.has(life.reaction):
                life.way.leave(Told(alike=life.reaction))

    def _rejoin(self, what: str) -> None:
        """The call was repeated: where all is as in the clean run after it, the child ends here."""
        life, run = self._the_life(), self.moments.playing
        now = self.moments.reaction(what, run.world.writes[life.written :])
        if self._lasts() or self._trail.reactions.get(life.struck_at) != now:
            return
        if self._misconduct(run.record(watched=False), _ON_THE_WIRE, self._baseline):
            return  # whether it lasts, the end will show
        calls = len(run.world.exchange_log) - life.struck_at
        self._leave(CaseResult(case=life.case, outcome=Came.PASSED, calls=calls, shared_with=CLEAN, reason=REJOINED))

    def _misconduct(self, record: RunRecord, checks: tuple[str, ...], baseline: Baseline) -> bool:
        """Whether some checks find in a run so far what they do not find in its baseline."""
        return bool(findings_of(judge(record, only=checks)) - baseline.known)

    def _heard_again(self, asked: str, outcome: Outcome) -> None:
        """A call after the fault was answered: perhaps the one that the fault struck, and as in the clean run."""
        life = self._the_life()
        site = self._sites.get(life.struck_at)
        if site is not None and asked == site.asked and outcome.delivery.kind is DeliveryKind.COMPLETE:
            life.repeated = self.moments.likeness.answer(outcome.response) == site.answered

    def rested(self, how: str) -> None:
        """The connector ended a pass, or a step was done: a child that is back on the track ends here."""
        life = self._life
        if life is None or not self._strikes or self._how.to_the_end:
            return
        if self.only_acts:
            if self.moments.step <= life.step + 1 and how != BETWEEN:  # later nobody comes back who did not before
                self._rests.add(self.moments.rest(how))
            return
        self._react(how)
        jumped = life.case.plan.faults[-1].kind == _JUMP
        track = self._acted_rests.get(life.step, frozenset()) if jumped else self._trail.rests
        if not track or how == BETWEEN or self._lasts() or self.moments.rest(how) not in track:
            return
        run = self.moments.playing
        record = run.record(watched=False)
        rest = Checkpoint(step=self.moments.step, name=AT_REST, world=run.world.snapshot())
        record = replace(record, checkpoints=(*record.checkpoints, rest))
        if self._misconduct(record, _CONDUCT, self._acted[life.step] if jumped else self._baseline):
            return  # whether it lasts, the end will show
        calls = len(run.world.exchange_log) - max(life.struck_at, 0)
        like, reason = (ACTED, ACTED_TRACK) if jumped else (CLEAN, TRACK)
        self._leave(CaseResult(case=life.case, outcome=Came.PASSED, calls=calls, shared_with=like, reason=reason))

    def ended(self) -> None:
        """The story is over: a child judges it and ends."""
        life = self._life
        if life is None:
            return
        self._spend("to the end")
        record = self.moments.playing.record()
        record = replace(record, header=replace(record.header, plan=life.case.plan))
        if self.only_acts:
            ended = Baseline.of(record)
            life.way.leave(Told(state=ended.state, known=ended.known, rests=frozenset(self._rests)))
        baseline = self._baseline
        on_the_world = any(struck.acts for struck in record.fault_log)
        if on_the_world:
            near = self._acted.get(life.step) if life.case.plan.faults[-1].kind == _JUMP else None
            baseline = near or acted(life.case, self._story, self.setting)
        _, result = verdict(life.case, record, baseline.state, baseline.known)
        if result.findings and on_the_world:  # told only against the baseline that is its very own
            baseline = acted(life.case, self._story, self.setting)
            _, result = verdict(life.case, record, baseline.state, baseline.known)
        self._spend("checks")
        self._leave(result)

    def failed(self, error: BaseException) -> None:
        """Something was raised out of a step: a child tells it and ends."""
        life = self._life
        if life is None:
            return
        reason = f"{type(error).__name__}: {error}" if isinstance(error, HarnessError) else repr(error)
        self._leave(CaseResult(case=life.case, outcome=Came.BROKEN, reason=reason))

    def _leave(self, result: CaseResult) -> NoReturn:
        life = self._the_life()
        self._spend("rest")
        told = replace(result, spent_us=life.spent_us)
        reaction = life.reaction.removeprefix(_LASTING)
        life.way.leave(Told(results=(told, *self._results), reaction=reaction, followed=tuple(life.followed)))

    def _lasts(self) -> bool:
        """Whether a fault may strike yet, or a condition stands."""
        return (
            bool(self._standing)
            or self.withheld
            or any(
                seen < fault.trigger.nth + fault.times - 1
                for fault, seen in zip(self._faults, self._seen, strict=True)
                if KINDS[fault.kind].place is not Place.DELIVERY
            )
        )

    def _spend(self, part: str) -> None:
        life = self._the_life()
        now_us = self._how.now_us()
        life.spent_us[part] = life.spent_us.get(part, 0) + now_us - life.begun_us
        life.begun_us = now_us

    def _the_life(self) -> Life:
        assert self._life is not None  # noqa: S101 - only called in a child
        return self._life


def _caller() -> FrameType | None:
    """Who made the call that is divided at: a first fault and a second one come here by different lines of ours."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__") == __name__:
        frame = frame.f_back
    return frame


def _with_rest_of(result: CaseResult, spent_us: int) -> CaseResult:
    """The result with what dividing, waiting and putting back took beside what its child says."""
    parts = dict(result.spent_us)
    name = "reaction of one alike" if result.reason == ALIKE else "fork"
    return replace(result, spent_us={**parts, name: spent_us - sum(parts.values())})

"""The Run session: plays the steps of a story on a world with a connector and leaves the record of it.

    with Run(world, connector, story, env=env, state_dir=folder, bi=reader) as run:
        for step in story.steps:
            run.do(step)
    record = run.record()

Every door feeds `do`. A checkpoint is taken before each block of acts, whenever the connector finished, and at the
start of each `then` block; a reading of BI at each `then` block that asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from pathlib import Path
from types import MappingProxyType, TracebackType

import msgspec

from simharness.connectors.listening import Listening, Subscription
from simharness.connectors.port import Connector
from simharness.core.clock import instant_of
from simharness.core.errors import ContentError, HarnessFault
from simharness.domain.acts import ActRefused, SchedulePayouts
from simharness.domain.bi import BiReading
from simharness.domain.fact import RefusalMissing, StepImpossible, SystemRefused
from simharness.domain.fault import Plan
from simharness.domain.record import RunHeader, RunRecord, ToldStep
from simharness.domain.snapshot import Checkpoint
from simharness.stories.readings import BiReader, MetricQuestion, questions_in
from simharness.stories.stage import Stage
from simharness.stories.story import Step, Story
from simharness.stories.vocabulary.verb import Action, Claim
from simharness.stories.watching import watch
from simharness.world.world import World

#: What a checkpoint is called by when it was taken.
BEFORE_ACTS = "before the acts"
AT_REST = "connector at rest"
CLAIMS = "claims"
REPLAY = "beside the story"
#: The local time at which people start to act, unless a step says otherwise.
OPENING = time(9, 0)


def opening(story: Story) -> datetime:
    """The instant at which a story begins: 09:00 of its first day in the entity's time zone."""
    return instant_of(story.today, story.dictionary.time_zone, OPENING)


class Run:
    """One story being played. Entering furnishes the world, opens the first day and starts the connector.

    `env` are the values for the manifest's templates, `state_dir` the connector's own folder. `bi` must be given for a
    story that asks for BI, and `bi_further` by entity in a group, each of which publishes its own; `subscriptions` are
    what the connector wants to be told by vendors. The record shows nothing that identifies a person, unless
    `show_personal`.
    """

    def __init__(
        self,
        world: World,
        connector: Connector,
        story: Story,
        *,
        env: Mapping[str, str],
        state_dir: Path,
        bi: BiReader | None = None,
        bi_further: Mapping[str, BiReader] = MappingProxyType({}),
        plan: Plan = Plan(),  # noqa: B008 - an immutable value
        subscriptions: Sequence[Subscription] = (),
        show_personal: bool = False,
    ) -> None:
        if story.asks_for_bi and bi is None:
            raise HarnessFault(f"the story {story.name!r} asks for BI, but the run has no BI reader")
        self.story = story
        self.world = world
        self.connector = connector
        self._env = env
        self._state_dir = state_dir
        self._show_personal = show_personal
        self._bi = bi
        self._readers = (story.entity if bi_further else "", bi), *bi_further.items()
        self._plan = plan
        publishes = story.asks_for_bi and connector.info.publishes_bi
        self._stage = Stage(world, connector, story.dictionary, publishes=publishes, further=story.further)
        self._stage.listening = Listening(world, connector, subscriptions)
        self._checkpoints: list[Checkpoint] = []
        self._readings: list[BiReading] = []
        self._previous: Step | None = None
        self._unread: tuple[int, int] | None = None
        self._opened: datetime | None = None
        self._told = tuple(
            ToldStep(step=each.number, phase=each.phase, verb=each.verb.name, where=str(each.where), text=each.said)
            for each in story.steps
        )

    def __enter__(self) -> Run:
        self.world.furnish(self.story.dictionary, *self.story.further)
        if "payments" in self.world.fakes:
            self.world.operate("payments", SchedulePayouts(interval=self.story.payouts), "setup")
        self.world.advance_to(opening(self.story))
        self._opened = self.world.clock.now
        # A further entity has its ledger company, and the credentials to it, only since the world was furnished.
        env = {**self.world.connections(), **self._env} if self.story.further else self._env
        self.connector.start(env, self._state_dir)
        self._stage.listening.begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connector.stop()

    @property
    def state_folder(self) -> Path:
        """Where the connector keeps what it knows, in all its lives."""
        return self._state_dir

    def do(self, step: Step) -> None:
        """Play one step. An act that the system refuses becomes a fact (`SystemRefused` where the story says so, else
        `StepImpossible`) and the story goes on. What is given has to be possible, unless a fault came before: a jump of
        the clock may leave no time for it.
        """
        self._turn(step)
        said = step.params.entity if isinstance(step.params, Claim) else None
        self._stage.begin(step.number, step.verb.name, step.where, said or "")
        if isinstance(step.params, Action):
            self._move(step, step.params)
        first_claim = len(self._stage.expectations)
        self._play(step, step.params.refused if isinstance(step.params, Action) else "")
        if step.verb.works:
            self._checkpoint(step.number, AT_REST)
        if self._unread is None and step.verb.needs_bi(step.params):
            self._unread = (step.number, first_claim)
        self._previous = step

    def _play(self, step: Step, because: str) -> None:
        """Do what a step says; `because` are the words with which the system has to refuse it, if it has to."""
        stage, before = self._stage, len(self._stage.facts)
        try:
            step.verb.does(stage, step.params)
        except ActRefused as refused:
            if step.phase == "given" and not self.world.struck:
                raise HarnessFault(f"the world cannot be prepared: {refused.what}", where=step.where) from refused
            if because:
                stage.record(SystemRefused(**stage.mark, what=refused.what, because=because))
            else:
                stage.record(StepImpossible(**stage.mark, what=refused.what))
            return
        never_asked = any(isinstance(fact, StepImpossible) for fact in stage.facts[before:])
        if because and not never_asked:
            stage.record(RefusalMissing(**stage.mark, because=because))

    def record(self, *, watched: bool = True) -> RunRecord:
        """Everything that happened so far. The run may go on afterwards.

        Not `watched`, personal data is neither looked for nor blotted out: for a look in between that nobody keeps.
        """
        self._read_bi()
        stage = self._stage
        record = RunRecord(
            header=self._header(),
            further=self._stage.further,
            facts=tuple(stage.facts),
            expectations=tuple(stage.expectations),
            checkpoints=tuple(self._checkpoints),
            exchanges=tuple(self.world.exchange_log),
            deliveries=tuple(self.world.deliveries),
            writes=self.world.writes,
            evidence=self.connector.evidence(),
            bi=tuple(self._readings),
            fault_log=self.world.struck,
            steps=self._told,
        )
        if not watched:
            return record
        seen = watch(self.world, record, self._state_dir)
        return seen.record if self._show_personal else seen.blotted()

    def replay(self) -> tuple[RunRecord, RunRecord]:
        """The record once the connector is at rest, and once more after it has read every feed from its beginning.

        Only for a connector that offers the act `rewind`. The run must not go on afterwards: the second reading is no
        part of the story.
        """
        last = self._previous.number if self._previous else 0
        self._settle_at(last + 1)
        before = self.record()
        self._settle_at(last + 2, first=lambda: self.connector.operate("rewind", {}))
        return before, self.record()

    def _settle_at(self, number: int, first: Callable[[], None] | None = None) -> None:
        """Let the connector finish outside the story, with a checkpoint and a reading of all that was asked of BI."""
        self._read_bi()
        self._stage.begin(number, "replay", self.story.where)
        self._stage.connector_finishes(first)
        self._checkpoint(number, REPLAY)
        if self._bi is not None and self.story.asks_for_bi:
            self._ask_bi(number, questions_in(self._stage.expectations))

    def _header(self) -> RunHeader:
        story = self.story
        if self._opened is None:
            raise HarnessFault("the run was never entered: use it in a with statement")
        return RunHeader(
            story=story.name,
            file=story.where.file,
            line=story.where.line,
            rng_seed=self.world.rng.rng_seed,
            tags=story.tags,
            started_at=self._opened,
            today=story.today,
            stack=tuple((family, fake.vendor) for family, fake in self.world.fakes.items()),
            connector=self.connector.info,
            dictionary=self._stage.dictionary,
            plan=self._plan,
            fingerprint=story.fingerprint,
        )

    def _turn(self, step: Step) -> None:
        """Whatever a change of blocks asks for, before the step is done."""
        previous = self._previous
        if previous is not None and previous.block == step.block:
            return
        self._read_bi()
        if step.phase == "when" and (previous is None or previous.phase != "then"):
            self._checkpoint(step.number - 1, BEFORE_ACTS)
        elif step.phase == "then":
            self._checkpoint(step.number, CLAIMS)

    def _checkpoint(self, number: int, name: str) -> None:
        self._checkpoints.append(Checkpoint(step=number, name=name, world=self.world.snapshot()))

    def _read_bi(self) -> None:
        """Read BI for the `then` block that ends, stamped with its first step that asks."""
        if self._unread is None or self._bi is None:
            return
        step, first_claim = self._unread
        self._unread = None
        self._ask_bi(step, questions_in(self._stage.expectations[first_claim:]))

    def _ask_bi(self, step: int, questions: tuple[MetricQuestion, ...]) -> None:
        """Read what each entity publishes."""
        for entity, reader in self._readers:
            if reader is not None:
                reading = reader.read(step, questions)
                self._readings.append(msgspec.structs.replace(reading, entity=entity) if entity else reading)

    def _move(self, step: Step, params: Action) -> None:
        """Move time to the day and hour a step names; staying within the present day needs no hour.

        What a fault made late happens at once: the clock jumped, or the connector waited for a vendor.
        """
        if params.on is None and params.at is None:
            return
        day = params.on or self._stage.today
        target = instant_of(day, self.story.dictionary.time_zone, params.at or OPENING)
        if target >= self.world.clock.now:
            self.world.advance_to(target)
        elif not self.world.struck and (params.at is not None or day != self._stage.today):
            raise ContentError(
                f"time would go back from {self.world.clock.now:%Y-%m-%d %H:%M} to {target:%Y-%m-%d %H:%M} UTC",
                where=step.where,
                mend="the connector's own waiting took longer than the story leaves: name a later day or hour",
            )

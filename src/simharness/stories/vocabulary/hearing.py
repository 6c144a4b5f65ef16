"""How the connector hears of news: webhooks that stop, resume or repeat, and the poll that finds what was lost."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from simharness.domain.fact import NightlyPollRan, WebhooksRepeated, WebhooksResumed, WebhooksStopped
from simharness.stories.stage import Stage
from simharness.stories.vocabulary.terms import OneOf
from simharness.stories.vocabulary.verb import Action, Sentence, Verb

#: The systems that tell news, and the family of each.
FAMILIES: Mapping[str, str] = MappingProxyType(
    {"CRM": "crm", "ledger": "accounting", "gateway": "payments", "bank": "banking", "payroll": "payroll"}
)
System = Annotated[str, OneOf(tuple(FAMILIES), "system that tells news")]


class StopWebhooks(Action, frozen=True, kw_only=True):
    """A system tells its news to nobody until it is said otherwise: what happens meanwhile is lost."""

    webhooks_stop: System


class ResumeWebhooks(Action, frozen=True, kw_only=True):
    """A system tells its news again."""

    webhooks_resume: System


class RepeatWebhooks(Action, frozen=True, kw_only=True):
    """A system delivers once more everything that it delivered, the events being the same."""

    webhooks_repeat: System


def _poll(stage: Stage, _: Action) -> None:
    stage.nightly_poll()
    stage.record(NightlyPollRan(**stage.mark))


def _stop(stage: Stage, p: StopWebhooks) -> None:
    loses = stage.listening.hears(FAMILIES[p.webhooks_stop])
    _switch(stage, p.webhooks_stop, on=False)
    stage.record(WebhooksStopped(**stage.mark, system=p.webhooks_stop, loses=loses))


def _resume(stage: Stage, p: ResumeWebhooks) -> None:
    _switch(stage, p.webhooks_resume, on=True)
    stage.record(WebhooksResumed(**stage.mark, system=p.webhooks_resume))


def _repeat(stage: Stage, p: RepeatWebhooks) -> None:
    family = FAMILIES[p.webhooks_repeat]
    if stage.listening.hears(family):
        stage.listening.again(family)
    stage.record(WebhooksRepeated(**stage.mark, system=p.webhooks_repeat))


def _switch(stage: Stage, system: str, *, on: bool) -> None:
    # Nothing is lost to a connector that polls, so the story is the same without a subscription.
    if stage.listening.hears(FAMILIES[system]):
        stage.listening.switch(FAMILIES[system], on=on)


VERBS = (
    Verb(
        name="middleware.nightly_poll_runs",
        phases=("given", "when"),
        heads=("nightly_poll_runs",),
        params=Action,
        sentences=(Sentence(pattern="the nightly poll runs"),),
        fact="NightlyPollRan",
        does=_poll,
        asks_system=False,
    ),
    Verb(
        name="middleware.webhooks_stop",
        phases=("given", "when"),
        heads=("webhooks_stop",),
        params=StopWebhooks,
        sentences=(Sentence(pattern="the webhooks of {system} stop", binds=("webhooks_stop",)),),
        fact="WebhooksStopped",
        does=_stop,
        asks_system=False,
    ),
    Verb(
        name="middleware.webhooks_resume",
        phases=("when",),
        heads=("webhooks_resume",),
        params=ResumeWebhooks,
        sentences=(Sentence(pattern="the webhooks of {system} come again", binds=("webhooks_resume",)),),
        fact="WebhooksResumed",
        does=_resume,
        asks_system=False,
    ),
    Verb(
        name="middleware.webhooks_repeat",
        phases=("when",),
        heads=("webhooks_repeat",),
        params=RepeatWebhooks,
        sentences=(Sentence(pattern="{system} repeats its webhooks", binds=("webhooks_repeat",)),),
        fact="WebhooksRepeated",
        does=_repeat,
        asks_system=False,
    ),
)

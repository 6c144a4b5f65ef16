from __future__ import annotations

import shlex
from datetime import date

import httpx

from simharness.cli.curl import example
from simharness.core.clock import instant_of
from simharness.stories.dictionaries import load_dictionary
from simharness.stories.discovery import shipped
from simharness.world.doors.transport import WorldTransport
from simharness.world.world import World


def test_each_fake_gets_a_line_whose_request_answers_on_a_world_like_it() -> None:
    dictionary = load_dictionary(shipped() / "dictionaries" / "us-saas.yaml")

    def make() -> World:
        world = World(now=instant_of(date(2026, 1, 5), dictionary.time_zone))
        world.furnish(dictionary)
        return world

    scratch, world = make(), make()
    for fake in scratch.fakes.values():
        words = shlex.split(example(fake, f"https://{fake.pack.hosts[0]}"))
        assert words[:2] == ["curl", "-s"]
        headers = dict(word.split(": ", 1) for word in words if ": " in word)
        with httpx.Client(transport=WorldTransport(world)) as client:
            body = words[words.index("-d") + 1] if "-d" in words else None
            answer = client.request("POST" if body else "GET", words[-1], headers=headers, content=body)
        assert answer.status_code in (200, 202), words
    assert len(world.exchange_log) == len(scratch.fakes)
    assert not scratch.exchange_log

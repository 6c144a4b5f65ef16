"""A Python connector in this process lives in the world's time, on a state folder of its own, behind one port."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from simharness.connectors.inprocess import InProcessConnector
from simharness.connectors.manifest import load_manifest
from simharness.connectors.port import ConnectorFailed, OperatorRefused
from simharness.core.errors import ContentError
from simharness.domain.exchange import Request
from simharness.world.world import World
from tests.unit.world.tiny import NOW, kiosk_pack

MANIFEST = """\
connector: sample
release: "1"
kind: python
factory: tests.unit.connectors.sample:build
env:
  KIOSK_URL: "{kiosk.base_url}"
triggers: {work: sync, publish: nap}
evidence: {file: "{state_dir}/evidence.ndjson", kinds: [log]}
"""

RULE = "references: [{{noun: {}, field: {}, pattern: '{}'}}]\ntriggers"


def attached(folder: Path, manifest: str = MANIFEST) -> tuple[InProcessConnector, World]:
    file = folder / "connector.yaml"
    file.write_text(manifest)
    world = World(now=NOW, stack={"payments": "kiosk"}, packs={"kiosk": kiosk_pack()})
    connector = InProcessConnector(load_manifest(file), world, mapping=None)
    connector.start(world.connections(), folder / "state")
    return connector, world


def seen(folder: Path, incarnation: int = 0) -> list[str]:
    return (folder / "state" / f"{incarnation:03d}" / "seen.txt").read_text().splitlines()


def test_its_wall_clock_is_the_worlds_and_its_sleep_moves_it(tmp_path: Path) -> None:
    connector, world = attached(tmp_path)
    connector.trigger("work")
    connector.trigger("publish")
    assert world.clock.now == NOW + timedelta(seconds=90)
    assert seen(tmp_path) == ["sync 2026-01-05T12:00:00+00:00", "nap 2026-01-05T12:01:30+00:00"]
    assert [row.at for row in connector.evidence()] == [NOW, NOW + timedelta(seconds=90)]


def test_a_permission_error_is_its_refusal_of_an_operator_and_no_failure(tmp_path: Path) -> None:
    connector, _ = attached(tmp_path)
    with pytest.raises(OperatorRefused) as refused:
        connector.operate("forbidden", {"who": "anybody"})
    assert refused.value.reason == "nobody signed in"


def test_new_values_come_with_a_new_start_on_the_same_state(tmp_path: Path) -> None:
    connector, world = attached(tmp_path)
    connector.trigger("work")
    connector.renew({"kiosk.base_url": "https://elsewhere.example"})
    with pytest.raises(ConnectorFailed):
        connector.trigger("work")  # the new address belongs to nobody in this world
    connector.renew(world.connections())
    connector.trigger("work")
    assert [line.split()[0] for line in seen(tmp_path)] == ["sync", "sync", "sync"]


def test_every_world_has_a_vault_key_of_its_own(tmp_path: Path) -> None:
    keys = []
    for number, seed in enumerate((0, 0, 1)):
        folder = tmp_path / str(number)
        folder.mkdir()
        file = folder / "connector.yaml"
        file.write_text(MANIFEST.replace("triggers:", '  VAULT: "{vault.key}"\ntriggers:', 1))
        world = World(now=NOW, stack={"payments": "kiosk"}, packs={"kiosk": kiosk_pack()}, rng_seed=seed)
        connector = InProcessConnector(load_manifest(file), world, mapping=None)
        connector.start(world.connections(), folder / "state")
        keys.append(connector._app.env["VAULT"])  # type: ignore[union-attr]  # the sample shows its environment
    assert keys[0] == keys[1] != keys[2]
    assert Fernet(keys[0]).decrypt(Fernet(keys[1]).encrypt(b"x")) == b"x"


def test_a_trigger_it_does_not_declare_is_nothing_to_it(tmp_path: Path) -> None:
    connector, world = attached(tmp_path, MANIFEST.replace(", publish: nap", ""))
    connector.trigger("publish")
    assert not connector.quiet()
    assert len(world.exchange_log) == 0


def test_a_webhook_reaches_it_and_its_answer_comes_back(tmp_path: Path) -> None:
    connector, _ = attached(tmp_path)
    answer = connector.deliver(Request(method="POST", host="c", path="/hook", body=b"abc"))
    assert answer is not None
    assert (answer.status, answer.headers, answer.body) == (202, {"x-path": "/hook"}, b"cba")


def test_an_operator_acts_through_the_port(tmp_path: Path) -> None:
    connector, _ = attached(tmp_path)
    connector.operate("replay", {"who": "ann"})
    assert seen(tmp_path)[0].startswith("replay:ann")


def test_a_killed_connector_leaves_an_image_and_reaches_the_world_no_more(tmp_path: Path) -> None:
    connector, world = attached(tmp_path)
    connector.trigger("work")
    dead = connector._app
    connector.kill()
    assert dead is not None
    with pytest.raises(Exception, match="killed"):
        dead.trigger("sync")
    connector.restart()
    connector.trigger("work")
    assert len(world.exchange_log) == 2
    assert [line.split()[0] for line in seen(tmp_path, 1)] == ["sync", "sync"]


def test_a_connector_that_raises_is_named_with_its_words(tmp_path: Path) -> None:
    connector, _ = attached(tmp_path, MANIFEST.replace("work: sync", "work: die"))
    with pytest.raises(
        ConnectorFailed, match=r"connector sample failed: RuntimeError: no such table \(in tests\S+sample, line \d+\)"
    ):
        connector.trigger("work")


def test_a_connector_that_ends_the_process_ends_only_itself(tmp_path: Path) -> None:
    connector, _ = attached(tmp_path, MANIFEST.replace("work: sync", "work: leave"))
    with pytest.raises(ConnectorFailed, match=r"connector sample failed: SystemExit: 3"):
        connector.trigger("work")


def test_a_connector_beside_its_manifest_needs_no_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", sys.path.copy())
    (tmp_path / "beside_it.py").write_text("from tests.unit.connectors.sample import build\n")
    connector, world = attached(tmp_path, MANIFEST.replace("tests.unit.connectors.sample", "beside_it"))
    connector.trigger("work")
    assert len(world.exchange_log) == 1


def test_a_connector_that_cannot_start_is_named_with_its_words(tmp_path: Path) -> None:
    broken = MANIFEST.replace("triggers", "  BROKEN: the database is corrupt\ntriggers")
    with pytest.raises(ConnectorFailed, match="the database is corrupt"):
        attached(tmp_path, broken)


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (("{kiosk.base_url}", "{kiosk.secret}"), 6, "kiosk.secret"),
        (("sample:build", "sample:missing"), 4, "cannot be loaded"),
        (("kind: python", "kind: rust"), 3, "kind 'rust'"),
        (("release:", "releese:"), 2, "releese"),
        (("connector: sample", "connector: [sample"), 2, "not valid YAML"),
        (("sample:build", "sample"), 4, "no function ''"),
        (("work: sync", "wrok: sync"), 7, "'wrok' is no trigger"),
        (("[log]", "[lög]"), 8, "'lög' is no kind of evidence"),
        (("triggers", RULE.format("invoise", "note", "(?P<id>1)")), 7, "'invoise' is no noun"),
        (
            ("triggers", RULE.format("customer", "memo", "(?P<id>1)")),
            7,
            "'memo' is no field",
        ),
        (("triggers", RULE.format("invoice", "note", "(?P<id>")), 7, "no regular expression"),
        (("triggers", RULE.format("invoice", "note", "deal:7")), 7, "where the id of the source is"),
    ],
)
def test_a_wrong_manifest_says_where_and_what(tmp_path: Path, change: tuple[str, str], line: int, says: str) -> None:
    with pytest.raises(ContentError, match=says) as caught:
        attached(tmp_path, MANIFEST.replace(*change))
    assert caught.value.where is not None
    assert caught.value.where.line == line


def test_a_manifest_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"nowhere\.yaml"):
        load_manifest(tmp_path / "nowhere.yaml")


def test_a_value_with_a_question_mark_is_empty_in_a_run_without_it(tmp_path: Path) -> None:
    asking = MANIFEST.replace('{kiosk.base_url}"', '{kiosk.base_url}"\n  BANK_URL: "{bank.base_url?}"')
    connector, _ = attached(tmp_path, asking)
    assert connector._app is not None
    assert connector._app.env["BANK_URL"] == ""
    with pytest.raises(ContentError, match=r"bank\.base_url"):
        attached(tmp_path, asking.replace("url?}", "url}"))

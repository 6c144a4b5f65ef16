"""`simharness merge`: put the folders of shards together, and tell of the whole exploration."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from simharness import __version__
from simharness.core.errors import UsageError
from simharness.explore.merging import Part, assembled
from simharness.explore.store import Cost, Folder, Work
from simharness.report.aside import claimed
from simharness.report.exploration import ExplorationTerminal
from simharness.report.exploration_files import account_in, leave
from simharness.report.terminal import PlainConsole
from simharness.report.words import counted


def merge_shards(sources: Sequence[Path], out: Path) -> int:
    """Merge and return the exit code of the whole; raises `UsageError` when the parts do not make one whole."""
    if any(source.resolve() == out.resolve() for source in sources):
        raise UsageError(f"{out} is one of the shards", mend="name another folder with --out")
    parts, spans = [], {}
    for source in sources:
        folder = Folder(source)
        work = folder.work()
        if work is None:
            raise UsageError(f"there is no exploration in {source}", mend="name folders that simharness explore left")
        found = folder.spans()
        parts.append(Part(name=str(source), work=work, units=tuple(found)))
        spans[str(source)] = found
    whole, owners = assembled(parts)
    work, target = Work(exploration=whole), Folder(out)
    accounts = [account for account in map(account_in, sources) if account is not None]
    costs = [Cost(took_us=account.work_us, parts_us=account.parts_us) for account in accounts]
    console = PlainConsole()
    console.print(f"simharness {__version__}: {counted(len(sources), 'shard')} with {counted(len(owners), 'unit')}")
    with claimed(out):
        target.begin(work)
        target.close(work, {unit: spans[name][unit] for unit, name in owners.items()})
        flags = next((account.flags for account in accounts), "")
        summary, _, files = leave(target, work, costs, flags)
    ExplorationTerminal(console, PlainConsole(stderr=True)).end(summary, None, flags, files)
    return summary.exit_code

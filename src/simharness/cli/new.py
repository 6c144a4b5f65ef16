"""`simharness new feature`: a first feature that checks clean and runs green, from a few answers."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from simharness.core.errors import HarnessFault, UsageError
from simharness.domain.dictionary import Dictionary
from simharness.stories.dictionaries import folder_for, load_dictionary, names_in
from simharness.stories.first.templates import First, firsts
from simharness.stories.first.words import default_amount, default_name, words_for
from simharness.stories.nearest import suggestion

#: Whose books a first feature is about unless somebody says it: those with a payroll for what is about employees.
_DICTIONARY, _WITH_PAYROLL = "us-saas", "us-people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the flags of the command say; "" where a flag is not there."""

    area: str = ""
    what: str = ""
    dictionary: str = ""
    customer: str = ""
    amount: str = ""
    owner: str = ""
    out: Path | None = None
    force: bool = False


#: Asks a person: the question, what is taken without an answer, and the words to choose from, if they are few.
Ask = Callable[[str, str, Collection[str]], str]


def list_templates() -> int:
    """Print the areas with what can happen in each; the exit code is 0."""
    known = firsts()
    width = max(len(f"{each.area} {each.what}") for each in known)
    for each in known:
        sys.stdout.write(f"{f'{each.area} {each.what}':<{width}}  {each.about}\n")
    return 0


def write_feature(wish: Wish, ask: Ask | None = None) -> int:
    """Write a feature and say how to go on; the exit code is 0.

    What no flag says is asked for by `ask`, by default on a terminal; without one the area must be said. Raises
    `UsageError` for what there is not, and for a file that is there already.
    """
    if ask is None and sys.stdin.isatty() and sys.stdout.isatty():
        ask = _prompt
    first = _first(wish, ask)
    dictionary = _dictionary(wish, first, ask)
    who = "Which employee?" if first.employs else "Which customer?"
    customer = wish.customer or _answer(ask, who, default_name(first))
    much = "How much a year, with the currency?" if first.employs else "How much, with the currency?"
    amount = wish.amount or _answer(ask, much, default_amount(first, dictionary))
    usual = Path("features") / first.area / f"{first.what}.feature"
    out = wish.out or Path(_answer(ask, "Into which file?", usual.as_posix()))
    if out.suffix != ".feature":
        raise UsageError(f"{out} is no feature file", mend=f"name it {out.with_suffix('.feature')}")
    text = first.filled(words_for(dictionary, customer, amount, wish.owner))
    _write(out, text, force=wish.force)
    shown = shlex.quote(out.as_posix())
    sys.stdout.write(f"{out}: {first.about}\n  simharness check {shown}\n  simharness run {shown}\n")
    return 0


def _first(wish: Wish, ask: Ask | None) -> First:
    known = firsts()
    areas = tuple(dict.fromkeys(each.area for each in known))
    if not wish.area and ask is None:
        mend = (
            f"say it with flags: --area AREA [--what WHAT] [--dictionary NAME] [--out FILE]; areas: {', '.join(areas)}"
        )
        raise UsageError("there is no terminal to ask on", mend=mend)
    area = wish.area or _answer(ask, "Which area of finance?", areas[0], areas)
    if area not in areas:
        raise UsageError(f"there is no template for the area {area!r}", mend=suggestion(area, areas))
    there = {each.what: each for each in known if each.area == area}
    what = wish.what or next(iter(there))
    if not wish.what and len(there) > 1:
        what = _answer(ask, "What happens?", what, there)
    if what not in there:
        raise UsageError(f"{area} has no template {what!r}", mend=suggestion(what, there))
    return there[what]


def _dictionary(wish: Wish, first: First, ask: Ask | None) -> Dictionary:
    folder = folder_for((wish.out or Path("features") / "new.feature").resolve())
    if folder is None:
        raise HarnessFault("no folder of dictionaries is there", mend="make a folder dictionaries beside your features")
    known = names_in(folder)
    usual = _WITH_PAYROLL if first.employs else _DICTIONARY
    usual = usual if usual in known else known[0] if known else ""
    name = wish.dictionary or _answer(ask, "Whose books: which dictionary?", usual)
    if name not in known:
        raise UsageError(f"there is no dictionary {name!r} in {folder}", mend=suggestion(name, known))
    dictionary = load_dictionary(folder / f"{name}.yaml")
    if first.employs and dictionary.payroll is None:
        raise UsageError(f"the company of {name!r} has no payroll", mend=f"take one that has, as {_WITH_PAYROLL}")
    if dictionary.policy.prices_include_tax:
        raise UsageError(
            f"the prices of {name!r} include tax, and a first feature works no tax out",
            mend=f"begin with another dictionary, as {_DICTIONARY}, and write the net by hand afterwards",
        )
    return dictionary


def _answer(ask: Ask | None, question: str, usual: str, choices: Collection[str] = ()) -> str:
    return usual if ask is None else ask(question, usual, choices)


def _prompt(question: str, usual: str, choices: Collection[str]) -> str:
    among = f" ({', '.join(choices)})" if choices else ""
    sys.stdout.write(f"{question}{among} [{usual}] ")
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not line:
        raise UsageError("the answers ended", mend="say it with flags: simharness new feature --help")
    return line.strip() or usual


def _write(out: Path, text: str, *, force: bool) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"{out} is there already", mend="name another file, or write over it with --force") from error
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}", mend="name another place with --out") from error

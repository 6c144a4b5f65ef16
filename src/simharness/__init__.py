"""simharness tells business stories to fake vendors and checks what an integration made of them.

The house, read aloud from the top: the *cli*, *bdd* and the *pytest plugin* are its doors; a *report* shows what a run
found; the *gate* decides about a release; *explore* looks for trouble; *stories* say what happens; *connectors* are the
systems under test; *checks* judge the record; *bi* holds the curated tables; the *world* is where fakes live, each made
with the *fakekit*; the *domain* gives everything its name; the *core* is money, time, ids and chance. The *reference*
connector is a guest: it knows nothing of the house.

This package imports none of its rooms, so that asking for the version costs nothing.
"""

__all__ = ["__version__"]


def __getattr__(name: str) -> str:
    """`__version__` is that of the installed distribution, looked up when somebody asks; `0+unknown` without one."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("simharness")
    except PackageNotFoundError:
        return "0+unknown"

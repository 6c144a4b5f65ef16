from pathlib import Path

import pytest

from simharness.core.content import content_folder
from simharness.core.errors import HarnessFault


def checkout(root: Path, *, kind: str = "scenarios") -> Path:
    package = root / "src" / "simharness"
    package.mkdir(parents=True)
    (root / kind).mkdir()
    (root / "pyproject.toml").touch()
    return package


def test_content_inside_the_package_comes_first(tmp_path: Path) -> None:
    package = checkout(tmp_path)
    (package / "_content" / "scenarios").mkdir(parents=True)
    assert content_folder("scenarios", package=package) == package / "_content" / "scenarios"


def test_a_checkout_uses_its_own_folders(tmp_path: Path) -> None:
    assert content_folder("scenarios", package=checkout(tmp_path)) == tmp_path / "scenarios"


def test_a_strange_folder_beside_an_installed_package_is_not_content(tmp_path: Path) -> None:
    package = checkout(tmp_path)
    (tmp_path / "pyproject.toml").unlink()
    with pytest.raises(HarnessFault, match="_content"):
        content_folder("scenarios", package=package)


def test_missing_content_names_both_places_and_the_remedy(tmp_path: Path) -> None:
    package = checkout(tmp_path, kind="features")
    with pytest.raises(HarnessFault) as caught:
        content_folder("scenarios", package=package)
    message = str(caught.value)
    assert str(package / "_content" / "scenarios") in message
    assert str(tmp_path / "scenarios") in message
    assert "install simharness again" in message


def test_this_installation_has_its_story_pack() -> None:
    assert content_folder("scenarios").is_dir()

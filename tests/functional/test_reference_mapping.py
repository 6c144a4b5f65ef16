"""`python -m simharness.reference check` loads a mapping folder, or names what is wrong with it by file and line."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

SHIPPED = Path(str(files("simharness"))) / "reference" / "mappings"


def check(folder: Path) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "simharness.reference", "check", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def test_a_folder_in_order_is_named_with_its_version() -> None:
    code, said, errors = check(SHIPPED / "us-saas-ast")
    assert (code, said.split(":")[0], errors) == (0, "us-saas-ast 2026.1", "")


def test_a_fault_is_one_line_with_file_and_line(tmp_path: Path) -> None:
    folder = shutil.copytree(SHIPPED, tmp_path / "mappings") / "us-saas"
    path = folder / "products.yaml"
    text = path.read_text()
    line = text[: text.index("Visitor kiosk")].count("\n") + 1
    path.write_text(text.replace("item: Visitor kiosk, revenue_type: Hardware", "item: Visitor kiosk, revenue_type: 7"))
    code, said, errors = check(folder)
    assert (code, said) == (2, "")
    assert errors.startswith(f"{path}:{line}: Visitor kiosk.revenue_type: ")
    assert errors.count("\n") == 1
    assert "mapping_schema/products.json" in errors


def test_a_folder_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    assert check(tmp_path / "nowhere") == (2, "", f"{tmp_path / 'nowhere'}: there is no such mapping folder\n")

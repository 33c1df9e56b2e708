"""What is installed and shipped: pinned versions, and a wheel with everything in it."""

import re
import subprocess
import sys
import tomllib
import zipfile
from collections import Counter
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def dependencies() -> list[Requirement]:
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    found = [Requirement(text) for group in groups for text in group]
    return [requirement for requirement in found if requirement.name != PROJECT["name"]]


def normal(name: str) -> str:
    """Package names are equal whatever their case and separators (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {normal(name): version for name, version in pairs}


def test_every_dependency_is_named_once() -> None:
    names = Counter(normal(requirement.name) for requirement in dependencies())
    assert [name for name, count in names.items() if count > 1] == []


def test_every_dependency_is_pinned_within_its_range() -> None:
    pinned = pins()
    outside = [
        str(requirement)
        for requirement in dependencies()
        if not requirement.specifier.contains(pinned.get(normal(requirement.name), "0"))
    ]
    assert outside == []


def test_the_wheel_holds_every_file_of_the_package(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    files = [file for file in (ROOT / "hub").rglob("*") if file.is_file()]
    expected = {str(file.relative_to(ROOT)) for file in files if "__pycache__" not in file.parts}
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    known = ("engine/builtin_catalogue.json", "storage/migrations/env.py", "web/page/index.html")
    assert {f"hub/{name}" for name in known} <= names
    assert expected - names == set()
    assert any(name.endswith("licenses/LICENSE") for name in names)

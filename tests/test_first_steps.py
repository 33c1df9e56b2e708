"""What README promises a stranger works: the demo, and an automation of one's own."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hub.automations.loading import find_problems

ROOT = Path(__file__).parent.parent


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The scripts and the shipped configuration, as in a fresh clone after script/setup."""
    for folder in ("script", "config"):
        ignored = shutil.ignore_patterns("data", "inbox", "out", "secrets.yaml", "__pycache__")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    config = tmp_path / "config"
    (config / "inbox").mkdir()
    shutil.copy(config / "secrets.example.yaml", config / "secrets.yaml")
    return tmp_path


@pytest.mark.slow
def test_the_demo_brings_three_pictures_out_right_has_one_drawn_and_ends(checkout: Path) -> None:
    demo = subprocess.run(
        [sys.executable, "script/demo.py", "--exit", "--port", "0"],
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert len(list((checkout / "config" / "out").glob("demo-*"))) == 6
    assert len(list((checkout / "config/data/output/generated").glob("*.png"))) == 1


def test_the_automation_in_the_readme_is_without_mistakes(checkout: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    config = checkout / "config"
    with (config / "automations.yaml").open("a") as automations:
        automations.write(example)
    settings = (config / "hub.yaml").read_text()
    (config / "hub.yaml").write_text(settings.replace("- ./inbox", "- ./inbox\n    - ./scans"))
    (config / "scans").mkdir()
    assert find_problems(config) == ()

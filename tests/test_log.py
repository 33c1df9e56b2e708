"""The log as JSON."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import structlog
from hub.log import LogFormat, write_log_as
log = structlog.get_logger()
write_log_as(LogFormat.{form})
try:
    password = "sword" + "fish"
    1 / 0
except ZeroDivisionError:
    log.exception("it went wrong", path="caf\\udce9")
"""


def logged(form: str) -> str:
    code = CODE.format(form=form)
    return subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    ).stdout


def test_each_line_is_an_object() -> None:
    [line] = logged("JSON").splitlines()
    told = json.loads(line)
    assert (told["event"], told["level"], told["path"]) == ("it went wrong", "error", "caf\udce9")
    assert "ZeroDivisionError" in told["exception"]
    assert told["timestamp"].endswith("Z")


def test_a_hub_writes_as_its_settings_say(tmp_path: Path) -> None:
    (tmp_path / "hub.yaml").write_text("log: {format: json}\n")
    command = [sys.executable, "-m", "hub.testing.serving", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as hub:
        assert hub.stdout is not None
        told = json.loads(next(line for line in hub.stdout if line.startswith("{")))
        hub.terminate()
        hub.communicate()
    assert told["event"] == "hub is running"


def test_as_text_it_is_for_people() -> None:
    assert "it went wrong" in logged("TEXT")
    assert not logged("TEXT").startswith("{")


@pytest.mark.parametrize("form", ["TEXT", "JSON"])
def test_what_variables_held_is_not_written(form: str) -> None:
    told = logged(form)
    assert "ZeroDivisionError" in told
    assert "swordfish" not in told

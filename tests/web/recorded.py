"""What ComfyUI 0.8.0 said, as recorded."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "data" / "comfyui"


def recorded_answer(name: str) -> Any:
    """The body of a recorded answer."""
    answer = json.loads((FOLDER / f"{name}.json").read_text())
    return answer.get("response", answer)["body"]


def recorded_case(name: str, case: str | None = None) -> Any:
    """The same of one of several answers in a file."""
    answer = json.loads((FOLDER / f"{name}.json").read_text())
    return (answer if case is None else answer[case])["body"]


def recorded_messages(name: str) -> list[dict[str, Any]]:
    """The messages of one run on its client's socket, without the greeting and other runs'."""
    lines = [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text().splitlines()]
    messages = [line["recv"] for line in lines if "recv" in line]
    begin = next(i for i, message in enumerate(messages) if message["type"] == "execution_start")
    return messages[begin:]


def fields(message: dict[str, Any]) -> tuple[str, frozenset[str]]:
    """A message's type, and the names in its data."""
    return message["type"], frozenset(message["data"])

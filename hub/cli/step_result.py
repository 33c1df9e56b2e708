"""What a step of a firing did, in a few words."""

import json
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Any

_LONGEST, _LONGEST_VALUE = 200, 60  # characters
_NAMED = 3  # so many of a list are named, the others counted


def in_words(step: dict[str, Any]) -> str:
    """Its error, or what came of it; nothing while it is under way, but for when a delay ends."""
    if step["error"]:
        return str(step["error"])
    if step["state"] == "running" and step["action"] != "delay":
        return ""
    tell = _WORDS.get(step["action"], _anything)
    return _cut(tell(step["result"]), _LONGEST)


def _runs(result: dict[str, Any]) -> str:
    numbers = _few([str(run["number"]) for run in result["runs"]])
    word = "run" if len(result["runs"]) == 1 else "runs"
    return f"{word} {numbers}{_made(result['outputs'])}"


def _found(result: dict[str, Any]) -> str:
    outputs = result["outputs"]
    return f"{_counted(len(outputs), 'output')}{_made(outputs)}"


def _made(outputs: Sequence[dict[str, Any]]) -> str:
    return f": {_few([output['name'] for output in outputs])}" if outputs else ""


def _files(result: dict[str, Any]) -> str:
    files: list[str] = result["files"]
    return files[0] if len(files) == 1 else _few([PurePath(file).name for file in files])


def _answer(result: dict[str, Any]) -> str:
    if "status" not in result:
        return f"delivery {result['id']}"
    return f"answer {result['status']} after {_counted(result['attempts'], 'attempt')}"


def _firings(result: dict[str, Any]) -> str:
    return f"{'firing' if len(result['firings']) == 1 else 'firings'} {_few(result['firings'])}"


def _waited(result: dict[str, Any]) -> str:
    return "happened" if result["completed"] else "timed out"


def _verdict(refusal: str | None) -> str:
    return refusal or "holds"


def _taken(option: int | None) -> str:
    return "no option" if option is None else f"option {option + 1}"


def _turns(result: Any) -> str:
    """Of `while` and `until` it is a verdict."""
    return _counted(len(result), "turn") if isinstance(result, list) else _verdict(result)


def _delayed(until: str | None) -> str:
    return f"until {until}" if until else ""


def _anything(result: Any) -> str:
    if isinstance(result, dict):
        return ", ".join(f"{name}: {_value(value)}" for name, value in result.items())
    return "" if result is None else _value(result)


_WORDS: dict[str, Callable[[Any], str]] = {
    "workflow.run": _runs,
    "output.find": _found,
    "output.save": _files,
    "file.copy": _files,
    "file.move": _files,
    "file.delete": _files,
    "webhook.post": _answer,
    "automation.trigger": _firings,
    "notify": lambda result: _few(result["targets"]),
    "wait_template": _waited,
    "wait_for_trigger": _waited,
    "delay": _delayed,
    "if": _verdict,
    "condition": _verdict,
    "choose": _taken,
    "repeat": _turns,
}


def _few(texts: Sequence[str]) -> str:
    more = f" and {len(texts) - _NAMED} more" if len(texts) > _NAMED else ""
    return ", ".join(texts[:_NAMED]) + more


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _cut(value, _LONGEST)
    return _cut(json.dumps(value, ensure_ascii=True), _LONGEST_VALUE)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}…"

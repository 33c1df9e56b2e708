"""How steps are told to people."""

from typing import Any

import pytest

from hub.cli.step_result import in_words

OUTPUTS = [{"name": f"{name}.png", "sha256": "0" * 64} for name in "abcde"]


@pytest.mark.parametrize(
    ("action", "result", "words"),
    [
        ("workflow.run", {"runs": [{"number": 7}], "outputs": OUTPUTS[:1]}, "run 7: a.png"),
        (
            "workflow.run",
            {"runs": [{"number": n} for n in (1, 2, 3, 4)], "outputs": OUTPUTS},
            "runs 1, 2, 3 and 1 more: a.png, b.png, c.png and 2 more",
        ),
        ("workflow.run", {"runs": [{"number": 7}], "outputs": []}, "run 7"),
        ("output.find", {"outputs": OUTPUTS[:2], "count": 2}, "2 outputs: a.png, b.png"),
        ("output.find", {"outputs": [], "count": 0}, "0 outputs"),
        ("output.save", {"files": ["/out/a.png"]}, "/out/a.png"),
        ("file.move", {"files": ["/out/a.png", "/out/b.png"]}, "a.png, b.png"),
        ("webhook.post", {"id": "x", "status": 200, "attempts": 1}, "answer 200 after 1 attempt"),
        ("webhook.post", {"id": "x"}, "delivery x"),
        ("notify", {"targets": ["phone", "desk"]}, "phone, desk"),
        ("automation.trigger", {"firings": ["f1"]}, "firing f1"),
        ("wait_template", {"completed": False, "remaining": 0.0}, "timed out"),
        ("if", None, "holds"),
        ("if", "1 is not above 2.", "1 is not above 2."),
        ("choose", 0, "option 1"),
        ("choose", None, "no option"),
        ("repeat", ["x", "y"], "2 turns"),
        ("variables", {"style": "bold", "n": [1, 2]}, "style: bold, n: [1, 2]"),
        ("repeat", None, "holds"),
        ("automation.toggle", None, ""),
        ("delay", None, ""),
    ],
)
def test_what_a_step_did_is_told_in_a_few_words(action: str, result: Any, words: str) -> None:
    step = {"action": action, "state": "succeeded", "error": None, "result": result}
    assert in_words(step) == words


def test_what_a_step_notes_for_itself_is_not_told_but_when_a_delay_ends() -> None:
    step = {"action": "workflow.run", "state": "running", "error": None, "result": {"note": 1}}
    assert in_words(step) == ""
    assert in_words({**step, "action": "delay", "result": "12:00"}) == "until 12:00"


def test_of_a_failed_step_its_error_is_told() -> None:
    step = {"action": "webhook.post", "state": "failed", "error": "No.", "result": {"status": 404}}
    assert in_words(step) == "No."


def test_long_values_are_cut() -> None:
    step = {"action": "variables", "state": "succeeded", "error": None, "result": {"a": "x" * 999}}
    assert in_words(step) == f"a: {'x' * 197}…"

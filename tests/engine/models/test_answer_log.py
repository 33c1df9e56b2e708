"""Answers of a model, noted in a file and read again by another process."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from hub.engine.models import answer_log
from hub.engine.models.answer_log import AnswerLog, ResumeAt
from hub.engine.models.evaluation import Memory
from hub.engine.sampling.denoising import Answer, Denoise

X = torch.zeros(1, 4, 3, 2)


def log_at(path: Path, fingerprint: bytes = b"f" * 32, seconds: float = 0.0) -> AnswerLog:
    return AnswerLog(ResumeAt(path=path, seconds=seconds), X, lambda: fingerprint)


def answers(count: int, *, both: bool = False) -> Iterator[Answer]:
    for _ in range(count):
        yield Answer(torch.randn_like(X), torch.randn_like(X) if both else None)


def asked(number: int) -> Denoise:
    """The request that the answer of that number is to."""
    return Denoise(torch.full_like(X, number), torch.tensor(float(number)))


def recalled(log: AnswerLog) -> list[Answer]:
    """All that it has of what was noted."""
    found: list[Answer] = []
    while answer := log.recalled(asked(len(found)), {}):
        found.append(answer)
    return found


def noted(path: Path, several: list[Answer]) -> None:
    log = log_at(path)
    assert recalled(log) == []
    for number, answer in enumerate(several):
        log.add(asked(number), answer, {})
    log.close()


def recorded(path: Path, fingerprint: bytes = b"f" * 32) -> list[Answer]:
    log = log_at(path, fingerprint)
    found = recalled(log)
    log.close()
    return found


def are_equal(found: list[Answer], expected: list[Answer]) -> bool:
    return len(found) == len(expected) and all(
        (one is None and two is None) or (one is not None and two is not None and one.equal(two))
        for pair in zip(found, expected, strict=True)
        for one, two in zip(*pair, strict=True)
    )


def test_what_was_noted_is_read_and_goes_on(tmp_path: Path) -> None:
    several = [*answers(2), *answers(2, both=True)]
    noted(tmp_path / "log", several[:3])
    again = log_at(tmp_path / "log")
    assert are_equal(recalled(again), several[:3])
    again.add(asked(3), several[3], {})
    again.close()
    assert are_equal(recorded(tmp_path / "log"), several)


def test_an_answer_that_is_not_whole_is_written_over(tmp_path: Path) -> None:
    path, several = tmp_path / "log", list(answers(3))
    noted(path, several[:2])
    path.write_bytes(path.read_bytes()[:-5])
    again = log_at(path)
    assert are_equal(recalled(again), several[:1])
    again.add(asked(1), several[2], {})
    again.close()
    assert are_equal(recorded(path), [several[0], several[2]])


def test_another_sampling_begins_anew(tmp_path: Path) -> None:
    noted(tmp_path / "log", list(answers(2)))
    other, (answer,) = log_at(tmp_path / "log", b"o" * 32), answers(1)
    assert recalled(other) == []
    other.add(asked(0), answer, {})
    other.close()
    assert are_equal(recorded(tmp_path / "log", b"o" * 32), [answer])


def test_an_answer_is_given_again_only_to_its_own_request(tmp_path: Path) -> None:
    path, several = tmp_path / "log", list(answers(4))
    noted(path, several[:3])
    again = log_at(path)
    assert again.recalled(asked(0), {}) is not None
    changed = replace(asked(1), x=asked(1).x + 1e-6)
    assert again.recalled(changed, {}) is None
    again.add(changed, several[3], {})
    again.close()
    log = log_at(path)
    found = [log.recalled(request, {}) for request in (asked(0), changed, asked(2))]
    log.close()
    assert found[2] is None
    assert are_equal([one for one in found if one], [several[0], several[3]])


def test_what_a_sampler_writes_into_later_was_asked_as_it_was(tmp_path: Path) -> None:
    log, request, (answer,) = log_at(tmp_path / "log", seconds=0.0), asked(1), answers(1)
    log._write_at = float("inf")  # so that it is written later
    assert log.recalled(request, {}) is None
    log.add(request, answer, {})
    request.x.zero_()
    log._write()
    log.close()
    again = log_at(tmp_path / "log")
    assert again.recalled(asked(1), {}) is not None
    again.close()


def test_guidance_gets_back_what_it_kept_at_each_answer(tmp_path: Path) -> None:
    log, several = log_at(tmp_path / "log"), list(answers(3, both=True))
    kept: list[Memory] = [{}, {0: torch.randn_like(X)}, {0: torch.randn_like(X), 3: X + 1}]
    for number, (answer, memory) in enumerate(zip(several, kept, strict=True)):
        log.add(asked(number), answer, memory)
    log.close()
    again, memory = log_at(tmp_path / "log"), {5: X}
    for number, expected in enumerate(kept):
        found = again.recalled(asked(number), memory)
        assert found is not None
        assert are_equal([found], [several[number]])
        assert memory.keys() == expected.keys()
        assert all(torch.equal(memory[place], expected[place]) for place in expected)
    again.close()


def test_a_quick_sampling_writes_nothing(tmp_path: Path) -> None:
    log = log_at(tmp_path / "log", seconds=3600)
    for number, answer in enumerate(answers(3)):
        log.add(asked(number), answer, {})
    log.close()
    assert not (tmp_path / "log").exists()


def test_a_log_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_log, "MOST_BYTES", 250)
    several = list(answers(4))
    noted(tmp_path / "log", several)
    assert are_equal(recorded(tmp_path / "log"), several[:2])


def test_a_folder_that_is_not_there_costs_no_sampling(tmp_path: Path) -> None:
    noted(tmp_path / "nowhere" / "log", list(answers(2)))

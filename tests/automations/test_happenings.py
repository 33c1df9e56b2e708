"""What is told of moments and webhooks; `tests/cli/test_questions.py` asks whole hubs."""

from hub.automations.happenings import SETTLED
from hub.records.occurrence import OccurrenceState


def test_there_is_a_sentence_for_whatever_became_of_a_moment() -> None:
    assert SETTLED.keys() == {*OccurrenceState} - {OccurrenceState.FIRED}

"""Letters: which ones the font has."""

import pytest

from hub.nodes.lettering import font_of


@pytest.mark.parametrize(
    "text", ["Grüße", "naïve", "Łódź", "Ωμέγα", "Привет", "smørrebrød", "Şırnak", "„€ 5“ – …"]
)
def test_european_letters_are_no_boxes(text: str) -> None:
    font = font_of(40)
    box = bytes(font.getmask("\uffff"))
    assert any(box)
    assert [letter for letter in text if bytes(font.getmask(letter)) == box] == []

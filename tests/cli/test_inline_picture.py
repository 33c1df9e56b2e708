"""Pictures in terminals that can show them."""

import base64
import re

import pytest

from hub.cli.inline_picture import Terminal, shown_inline, terminal_of

PICTURE = bytes(range(256)) * 40


@pytest.mark.parametrize(
    ("environment", "terminal"),
    [
        ({"TERM": "xterm-kitty"}, Terminal.KITTY),
        ({"TERM_PROGRAM": "ghostty"}, Terminal.KITTY),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, Terminal.ITERM),
        ({"TERM_PROGRAM": "WezTerm"}, Terminal.ITERM),
        ({"TERM": "xterm-256color"}, Terminal.NONE),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "WezTerm"}, Terminal.NONE),
        ({}, Terminal.NONE),
    ],
)
def test_a_terminal_is_known_by_what_it_says_of_itself(
    environment: dict[str, str], terminal: Terminal
) -> None:
    assert terminal_of(environment) is terminal


def test_kitty_gets_a_picture_in_pieces() -> None:
    pieces = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", shown_inline(PICTURE, Terminal.KITTY))
    assert base64.b64decode("".join(text for _, text in pieces)) == PICTURE
    assert [keys[-3:] for keys, _ in pieces] == ["m=1"] * (len(pieces) - 1) + ["m=0"]
    assert all(len(text) <= 4096 for _, text in pieces)


def test_iterm_gets_it_whole() -> None:
    written = shown_inline(PICTURE, Terminal.ITERM)
    assert f"size={len(PICTURE)}" in written
    assert base64.b64encode(PICTURE).decode() in written


def test_others_get_nothing() -> None:
    assert shown_inline(PICTURE, Terminal.NONE) == ""

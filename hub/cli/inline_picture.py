"""Pictures in the terminal, where it can show them: kitty's protocol and that of iTerm2."""

import base64
import os
from collections.abc import Iterator, Mapping
from enum import Enum, auto

_CHUNK = 4096  # kitty takes so much at a time


class Terminal(Enum):
    """Which way a terminal takes pictures."""

    KITTY = auto()
    ITERM = auto()
    NONE = auto()


def terminal_of(environment: Mapping[str, str] = os.environ) -> Terminal:
    """By what terminals say of themselves; behind tmux and screen nothing passes through."""
    if environment.get("TMUX") or environment.get("TERM", "").startswith(("screen", "tmux")):
        return Terminal.NONE
    if "kitty" in environment.get("TERM", "") or environment.get("TERM_PROGRAM") == "ghostty":
        return Terminal.KITTY
    if environment.get("TERM_PROGRAM") in {"iTerm.app", "WezTerm"}:
        return Terminal.ITERM
    return Terminal.NONE


def shown_inline(picture: bytes, terminal: Terminal) -> str:
    """What to write to the terminal for a picture: a PNG for kitty, of any kind for the other."""
    text = base64.b64encode(picture).decode()
    match terminal:
        case Terminal.KITTY:
            return "".join(_kitty(text)) + "\n"
        case Terminal.ITERM:
            return f"\x1b]1337;File=inline=1;size={len(picture)};height=16:{text}\a\n"
        case Terminal.NONE:
            return ""


def _kitty(text: str) -> Iterator[str]:
    for start in range(0, len(text), _CHUNK):
        first = "a=T,f=100,r=16," if start == 0 else ""
        more = int(start + _CHUNK < len(text))
        yield f"\x1b_G{first}m={more};{text[start : start + _CHUNK]}\x1b\\"

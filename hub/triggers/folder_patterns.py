"""Patterns of file names, nearly as in .gitignore.

`*` and `?` stand for any characters and for one, but not for a slash; `[a-z]` and `[!a-z]` for one
of some, or none of them; `**` for any number of folders. A pattern without a slash is about the
name alone, wherever it lies; one with a slash is about the path below the watched folder; a slash
at the end limits it to folders. Case never matters: cameras write `.JPG`.
"""

import re
from dataclasses import dataclass

# `.*` covers dotfiles and what macOS and Syncthing put beside them: `._photo.jpg`, `.stfolder`.
BUILT_IN_IGNORE = (".*", "*.part", "*.crdownload", "*.tmp", "Thumbs.db", "@eaDir")

_TOKEN = re.compile(r"(?P<folders>\*\*/)|(?P<rest>\*\*)|(?P<any>\*)|(?P<one>\?)|(?P<set>\[!?.+?\])")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, ready to be matched. `text` is how it was written."""

    text: str
    expression: re.Pattern[str]
    of_path: bool
    folders_only: bool

    def matches(self, relative: str, *, folder: bool = False) -> bool:
        """Whether the file or folder at this path below the watched folder fits."""
        if self.folders_only and not folder:
            return False
        subject = relative if self.of_path else relative.rpartition("/")[2]
        return self.expression.fullmatch(subject) is not None


def pattern(text: str) -> Pattern:
    """The pattern that is written so. Raises `ValueError` with a sentence for people."""
    if text.startswith("!"):
        raise ValueError(f"The pattern {text!r} begins with !, but exceptions cannot be written.")
    core = text.removesuffix("/")
    if not core.strip("/"):
        raise ValueError(f"The pattern {text!r} fits no name.")
    try:
        expression = re.compile(_expression(core.removeprefix("/")), re.IGNORECASE | re.DOTALL)
    except re.error as error:
        raise ValueError(f"The pattern {text!r} cannot be understood: {error}.") from None
    return Pattern(text, expression, of_path="/" in core, folders_only=text.endswith("/"))


def _expression(glob: str) -> str:
    parts, end = [], 0
    for token in _TOKEN.finditer(glob):
        parts += [re.escape(glob[end : token.start()]), _of_token(token)]
        end = token.end()
    return "".join([*parts, re.escape(glob[end:])])


def _of_token(token: re.Match[str]) -> str:
    match token.lastgroup:
        case "folders":
            return "(?:.*/)?"
        case "rest":
            return ".*"
        case "any":
            return "[^/]*"
        case "one":
            return "[^/]"
    inside = token[0][1:-1].replace("\\", "\\\\")
    return f"[^/{inside[1:]}]" if inside.startswith("!") else f"[{inside}]"

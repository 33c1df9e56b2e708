"""Reads `extra_model_paths.yaml`, in which people tell ComfyUI where else their models lie.

my_models:                # sections may have any name
  base_path: ~/models     # relative paths count from here
  is_default: true        # searched before all others
  loras: loras
  text_encoders: |
    text_encoders
    clip
"""

from collections.abc import Iterator
from pathlib import Path

from hub.config.documents import Documents
from hub.config.elements import Element, Mapping, Unreadable, is_null, quoted
from hub.config.fields import OneOrMany
from hub.config.model_folders import FurtherFolder, present_kind
from hub.config.model_settings import folder_at
from hub.config.problems import Problems
from hub.config.reader import Reader

FILE = "extra_model_paths.yaml"
_BASE, _FIRST = "base_path", "is_default"


def read_extra_model_paths(documents: Documents, problems: Problems) -> list[FurtherFolder]:
    """The folders that it names; none without the file.

    What cannot be read is noted and left out; what does not exist is noted.
    """
    path = documents.config / FILE
    if not path.exists():
        return []
    reader = _Reader(documents.config, problems)
    return list(reader.folders(documents.load(path)))


class _Reader:
    def __init__(self, config: Path, problems: Problems) -> None:
        self._config = config
        self._problems = problems
        self._reader = Reader(problems)

    def folders(self, document: Element) -> Iterator[FurtherFolder]:
        for name, section in self._entries(document, "this file").items():
            entries = self._entries(section, repr(name))
            base = self._base(entries.pop(_BASE, None))
            first = entries.pop(_FIRST, None)
            is_first = first is not None and bool(self._reader.read(first, bool, repr(_FIRST)))
            for kind, element in entries.items():
                for folder in self._paths(kind, element, base):
                    yield FurtherFolder(present_kind(kind), str(folder), is_first)

    def _entries(self, element: Element, label: str) -> dict[str, Element]:
        match element:
            case Mapping(entries=entries):
                self._problems.extend(element.problems)
                return {key.text: value for key, value in entries}
            case Unreadable(problem=problem):
                self._problems.extend([problem])
            case _ if not is_null(element):
                message = f"{label} must be a mapping, not {quoted(element)}"
                self._problems.add(element.place, message)
        return {}

    def _base(self, element: Element | None) -> Path:
        """Where relative paths count from."""
        written = None if element is None else self._reader.read(element, str, repr(_BASE))
        return folder_at(self._config, written or "")

    def _paths(self, kind: str, element: Element, base: Path) -> Iterator[Path]:
        """What is written after a kind: a list, or one path per line."""
        several: list[str] = self._reader.read(element, OneOrMany[str], repr(kind)) or []
        for line in "\n".join(several).splitlines():
            if written := line.strip():
                folder = folder_at(base, written)
                if not folder.is_dir():
                    message = f"there is no folder {str(folder)!r}"
                    self._problems.warn(element.place, message, value=written)
                yield folder

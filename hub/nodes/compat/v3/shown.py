"""What a node of the third node API shows."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from hub.nodes.compat.v3.widget_types import FolderType


class UIOutput(ABC):
    """Given as `NodeOutput(ui=…)`."""

    @abstractmethod
    def as_dict(self) -> dict[str, Any]:
        """For each key what is listed under it."""


class SavedResult(dict[str, str]):
    """A file: its name, the folder below the one that `type` says."""

    def __init__(self, filename: str, subfolder: str, type: FolderType | str) -> None:  # noqa: A002 - the documented name
        super().__init__(filename=filename, subfolder=subfolder, type=str(type))

    @property
    def filename(self) -> str:
        return self["filename"]

    @property
    def subfolder(self) -> str:
        return self["subfolder"]

    @property
    def type(self) -> FolderType:
        return FolderType(self["type"])


class SavedImages(UIOutput):
    """Pictures, or one that moves."""

    def __init__(self, results: Sequence[SavedResult], is_animated: bool = False) -> None:
        self.results = results
        self.is_animated = is_animated

    def as_dict(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"images": list(self.results)}
        return {**shown, "animated": (True,)} if self.is_animated else shown


class SavedAudios(UIOutput):
    """Sounds."""

    def __init__(self, results: Sequence[SavedResult]) -> None:
        self.results = results

    def as_dict(self) -> dict[str, Any]:
        return {"audio": list(self.results)}


class PreviewVideo(UIOutput):
    """Videos that were written before."""

    def __init__(self, values: Sequence[SavedResult], **_: Any) -> None:
        self.values = values

    def as_dict(self) -> dict[str, Any]:
        return {"images": list(self.values), "animated": (True,)}


class PreviewText(UIOutput):
    def __init__(self, value: str, **_: Any) -> None:
        self.value = value

    def as_dict(self) -> dict[str, Any]:
        return {"text": (self.value,)}

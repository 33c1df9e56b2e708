"""The `models:` section of hub.yaml: where models lie besides the hub's own folders."""

import os
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from hub.config.fields import OneOrMany
from hub.config.model_folders import FurtherFolder, folders_of_comfyui, present_kind
from hub.config.positions import Positions
from hub.config.problems import Problems


class ModelSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Files stay where they are; of two with one name that of the hub's own folder is taken."""

    comfyui: Annotated[
        OneOrMany[str],
        Meta(
            description="Folders of ComfyUI installations whose models are used where they lie."
            " Their node packs are not; name their `custom_nodes` in `packs.folders` for that."
        ),
    ] = []
    folders: Annotated[
        dict[str, OneOrMany[str]],
        Meta(description="Further folders by kind: `{loras: /nas/loras}`. `~` and `$HOME` work."),
    ] = {}

    def further(self, base: Path) -> list[FurtherFolder]:
        """All of these folders, absolute."""
        installed = [folder_at(base, written) for written in self.comfyui]
        named = [
            FurtherFolder(present_kind(kind), str(folder_at(base, written)))
            for kind, several in self.folders.items()
            for written in several
        ]
        return named + [one for root in installed for one in folders_of_comfyui(root)]

    def warn_of_missing(self, base: Path, positions: Positions, problems: Problems) -> None:
        """Note which of them are not there; a disk may be mounted later."""
        for number, written in enumerate(self.comfyui):
            if not (folder_at(base, written) / "models").is_dir():
                place = positions.of(self, "comfyui", number)
                problems.warn(place, f"there is no folder 'models' in {written!r}", value=written)
        for kind, several in self.folders.items():
            for number, written in enumerate(several):
                if not folder_at(base, written).is_dir():
                    place = positions.of(self, "folders", kind, number)
                    problems.warn(place, f"there is no folder {written!r}", value=written)


def folder_at(base: Path, written: str) -> Path:
    """The folder that somebody wrote down, with `~` and environment variables carried out."""
    return Path(os.path.normpath(base / os.path.expandvars(os.path.expanduser(written))))  # noqa: PTH111 - a user nobody knows is no error

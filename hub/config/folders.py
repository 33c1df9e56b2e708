"""The folders of a hub, all absolute."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from hub.config.model_folders import FurtherFolder, ModelFolder, model_folders
from hub.errors import Invalid
from hub.records.output import OutputFolder


class NoPath(Invalid):
    """No file can be there."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{str(path)[:200]!a} is no path: a name has neither a zero byte nor half a letter."
        )


@dataclass(slots=True)
class Allowed:
    """The folders that triggers and file actions may touch; those of a running hub change when
    hub.yaml does."""

    paths: tuple[Path, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Folders:
    """Where things lie. `allowed` is where triggers and file actions may touch files, `packs` are
    those whose node packs are loaded: all of them, or the `chosen_packs`, but none that are kept
    apart in a process of their own; `further_models` are searched for models besides the hub's own.
    """

    config: Path
    data: Path
    allowed: Allowed = field(default_factory=Allowed)
    output_folder: Path | None = None
    packs: tuple[Path, ...] = ()
    chosen_packs: tuple[str, ...] = ()
    packs_apart: tuple[str, ...] = ()
    further_models: tuple[FurtherFolder, ...] = ()

    @cached_property
    def database(self) -> Path:
        return self.data / "hub.sqlite"

    @cached_property
    def input(self) -> Path:
        """Uploads, named by people."""
        return self.data / "input"

    @cached_property
    def store(self) -> Path:
        """Input files known by their hash: `<first two digits>/<sha256>.<ext>`."""
        return self.data / "store"

    @cached_property
    def output(self) -> Path:
        return self.output_folder or self.data / "output"

    @cached_property
    def temp(self) -> Path:
        return self.data / "temp"

    @cached_property
    def staging(self) -> Path:
        """Files in the making: `<run>-<attempt>-<number>.<ext>`. Same file system as `data`."""
        return self.data / "staging"

    @cached_property
    def resume(self) -> Path:
        """How far long samplings have come: `<run>-<node>-<number>`."""
        return self.data / "resume"

    @cached_property
    def users(self) -> Path:
        """What ComfyUI's editor keeps, in a folder for each user."""
        return self.data / "users"

    @cached_property
    def models(self) -> Path:
        """Where models belong: each kind in a folder of its own below."""
        return self.data / "models"

    @property
    def model_folders(self) -> dict[str, ModelFolder]:
        """Where the files of each kind are looked for."""
        return model_folders(
            models=self.models,
            output=self.output,
            packs=self.packs,
            further=self.further_models,
        )

    def root(self, folder: OutputFolder) -> Path:
        """Where files that runs produce for `folder` lie."""
        return self.output if folder is OutputFolder.OUTPUT else self.temp

    def make(self) -> None:
        """Create those that are missing."""
        for folder in (
            *(self.input, self.store, self.output, self.temp, self.staging, self.resume),
            self.models,
        ):
            folder.mkdir(parents=True, exist_ok=True)

    def allows(self, path: Path) -> bool:
        """Whether triggers and file actions may touch `path`; symbolic links are followed first.

        Raises `NoPath`.
        """
        try:
            real = path.resolve()
        except ValueError as error:
            raise NoPath(path) from error
        allowed = (*self.allowed.paths, self.output)
        return any(real.is_relative_to(folder.resolve()) for folder in allowed)

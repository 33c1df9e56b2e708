"""Which node packs there are in the folders of packs. Nothing of them is loaded here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hub.config.folders import Folders


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundPack:
    """A folder with an `__init__.py`, or a single file."""

    path: Path

    @property
    def name(self) -> str:
        return pack_name(self.path.name)

    @property
    def code(self) -> Path:
        return self.path if self.path.is_file() else self.path / "__init__.py"

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return self.path.parent if self.path.is_file() else self.path


def pack_name(name: str) -> str:
    """What a pack is called, of which the folder or the file was named."""
    return name.removesuffix(".py")


def find_packs(folders: Folders) -> list[FoundPack]:
    """Those to be loaded, in the order of the folders, and of the names in each."""
    chosen = set(map(pack_name, folders.chosen_packs))
    apart = set(map(pack_name, folders.packs_apart))
    return [
        pack
        for pack in every_pack(folders.packs)
        if (pack.name in chosen or not chosen) and pack.name not in apart
    ]


def every_pack(folders: Iterable[Path]) -> Iterator[FoundPack]:
    """All that lie there, whether they are to be loaded or not."""
    for folder in folders:
        if folder.is_dir():
            yield from (FoundPack(path=path) for path in sorted(folder.iterdir()) if _is_pack(path))


def _is_pack(path: Path) -> bool:
    if path.name.endswith(".disabled") or path.name.startswith((".", "__")):
        return False
    return path.suffix == ".py" if path.is_file() else (path / "__init__.py").is_file()

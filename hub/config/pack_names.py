"""The names of node packs in hub.yaml, held against the packs that are there."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from hub.config.found_packs import every_pack, pack_name
from hub.config.positions import Positions
from hub.config.problems import Problems, closest
from hub.config.settings import HubSettings


def check_pack_names(
    settings: HubSettings, positions: Positions, folders: Iterable[Path], problems: Problems
) -> None:
    """Every pack that is named is there. One that is not leaves the hub as it is without it."""
    present = [pack.name for pack in every_pack(folders)]
    for struct, key, names in _named(settings):
        for index, name in enumerate(names):
            if pack_name(name) not in present:
                problems.add(
                    positions.of(struct, key, index),
                    f"there is no node pack {name!r} in the folders of packs",
                    value=name,
                    suggestion=closest(name, present),
                )


def _named(settings: HubSettings) -> Iterator[tuple[Struct, str, list[str]]]:
    yield settings.packs, "allow", settings.packs.allow
    yield settings.packs, "apart", settings.packs.apart
    if not isinstance(settings.engine.workers, int):
        for worker in settings.engine.workers:
            if isinstance(worker.packs, list):
                yield worker, "packs", worker.packs

"""Makes a .safetensors of another model file: `python -m hub.engine.worker.conversion FILE`.

A process of its own, so that nothing of a foreign file comes near the hub. It is read by the same
restricted loader as in a worker: what holds code is refused, with its name.
"""

import os
import sys
import warnings
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from torch import Tensor

from hub.engine.models.model_file import read_tensors
from hub.engine.models.weight_files import SAFE
from hub.engine.models.weight_writing import write_tensors
from hub.errors import Conflict, HubError, Invalid, NotFound


class NothingToConvert(Invalid):
    """A file needs no conversion, or has nothing to convert."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path.name} {why}. Name a .ckpt, .pt, .pth or .bin file of a model.")


class AlreadyThere(Conflict):
    """The converted file would take the place of another."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"There is a file {path} already. Move it away first.")


class NoSuchFile(NotFound):
    """The file is not there, or cannot be read or written."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"{error.filename} cannot be converted: {error.strerror}.")


def convert(path: Path) -> Path:
    """The new file, beside the old one, which stays. Raises `HubError`."""
    if path.suffix.lower() in SAFE:
        raise NothingToConvert(path, "is a safetensors file")
    made = path.with_suffix(SAFE[0])
    if made.exists():
        raise AlreadyThere(made)
    try:
        tensors = read_tensors(path)
        if not tensors:
            raise NothingToConvert(path, "holds no tensors")
        _write(made, tensors)
    except OSError as error:
        raise NoSuchFile(error) from error
    return made


def _write(path: Path, tensors: Mapping[str, Tensor]) -> None:
    """The file appears whole, or not at all."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write_tensors(unfinished, tensors)
        os.link(unfinished, path)
    except FileExistsError:
        raise AlreadyThere(path) from None
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()


def main() -> int:
    warnings.filterwarnings("ignore", message="Detected pickle protocol")  # it is refused anyway
    try:
        made = convert(Path(sys.argv[1]))
    except HubError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{made}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

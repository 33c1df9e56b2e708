"""Having a file or a folder on the disk for good."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Return once what was written there would outlast a power cut; of a folder its names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""The texts that a `.safetensors` file has besides its weights, read without torch.

The file begins with the length of its header, eight bytes, little-endian; then comes the header, a
JSON object, in which `__metadata__` maps names to texts.
"""

import json
from pathlib import Path

_LARGEST_HEADER = 1 << 20
_ENDING = ".safetensors"


def file_metadata(path: Path) -> dict[str, str] | None:
    """None for other files, for a damaged or too large header, and where there is none."""
    if path.suffix.lower() != _ENDING:
        return None
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(length)) if length <= _LARGEST_HEADER else None
    except (OSError, ValueError, RecursionError):
        return None
    metadata = header.get("__metadata__") if isinstance(header, dict) else None
    return metadata if isinstance(metadata, dict) else None

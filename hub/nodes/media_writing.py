"""Makes files of video and sound."""

from collections.abc import Mapping
from pathlib import Path
from typing import IO

import av
from av.container import OutputContainer

Target = Path | IO[bytes]


def writing(target: Target, container: str, tags: Mapping[str, str]) -> OutputContainer:
    """A new file with `tags`. To MP4 the muxer writes them only when told so."""
    file = str(target) if isinstance(target, Path) else target
    options = {"movflags": "use_metadata_tags"} if container == "mp4" else {}
    made = av.open(file, "w", format=container, container_options=options)
    made.metadata.update(tags)
    return made

"""Model files, those that workflows lack, and what files say of themselves."""

import json
from pathlib import Path

import pytest

from hub.app import Hub
from hub.engine.file_metadata import file_metadata
from tests.web.client import Client


def put(path: Path, metadata: object = None, *, size: int = 0) -> None:
    """A .safetensors file without weights."""
    path.parent.mkdir(parents=True, exist_ok=True)
    header = json.dumps({"__metadata__": metadata} if metadata is not None else {}).encode()
    content = len(header).to_bytes(8, "little") + header
    path.write_bytes(content + bytes(max(0, size - len(content))))


async def test_files_are_listed_by_kind_with_their_sizes(client: Client, hub: Hub) -> None:
    loras = hub.configuration.folders.models / "loras"
    put(loras / "sub" / "a.safetensors", size=1000)
    (loras / "b.safetensors").symlink_to("nowhere")
    _, found = await client.get("/api/hub/models")
    kinds = {kind["kind"]: kind for kind in found["kinds"]}
    assert kinds["loras"]["files"] == [{"name": "sub/a.safetensors", "size": 1000}]
    assert str(loras) in kinds["loras"]["folders"]
    assert "custom_nodes" not in kinds
    assert found["missing"] == {}


async def test_metadata_of_a_model_is_shown(client: Client, hub: Hub) -> None:
    loras = hub.configuration.folders.models / "loras"
    put(loras / "a.safetensors", {"trained": "long"})
    put(loras / "silent.safetensors")
    address = "/view_metadata/loras?filename="
    assert await client.get(f"{address}a.safetensors") == (200, {"trained": "long"})
    for name in ("silent.safetensors", "gone.safetensors", "../../hub.sqlite", ""):
        status, told = await client.get(f"{address}{name}")
        assert (status, "metadata" in told["error"]["message"]) == (404, True)
    assert (await client.get("/view_metadata/nosuch?filename=a.safetensors"))[0] == 404


@pytest.mark.parametrize("content", [b"", b"\xff" * 20, b"\x02" + bytes(7) + b"[]", b"[" * 9])
def test_a_damaged_file_says_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.safetensors").write_bytes(content)
    assert file_metadata(tmp_path / "a.safetensors") is None

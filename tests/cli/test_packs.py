"""`hub packs`."""

from pathlib import Path

from hub.app import Hub
from tests.cli.conftest import RunHub


async def test_packs_are_listed_with_what_is_wrong_with_them(
    config: Path, hub_command: RunHub
) -> None:
    folder = config / "custom_nodes"
    folder.mkdir()
    (folder / "bad.py").write_text("raise ValueError('it is broken')\n")
    (folder / "empty.py").write_text("NODE_CLASS_MAPPINGS = {}\n")
    async with Hub(config, port=0) as hub:
        await hub.engine.ready.wait()
        result = await hub_command("packs")
    assert (result.code, result.err) == (1, "")
    lines = result.out.splitlines()
    assert [line.split(",")[0].strip() for line in lines] == [
        "bad: 0 nodes",
        "ValueError: it is broken",
        "empty: 0 nodes",
    ]


async def test_without_packs_there_is_a_sentence(hub: Hub, hub_command: RunHub) -> None:
    result = await hub_command("packs")
    assert (result.code, result.out) == (0, "No worker has reported a node pack.\n")

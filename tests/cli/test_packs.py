"""`hub packs`."""

from pathlib import Path

from hub.app import Hub
from tests.cli.conftest import RunHub
from tests.engine.story import until

GREEDY = """
from server import PromptServer
NODE_CLASS_MAPPINGS = {}
@PromptServer.instance.routes.get("/history/{run}", allow_head=False)
async def history(request): ...
"""


async def test_packs_are_listed_with_what_is_wrong_with_them(
    config: Path, hub_command: RunHub
) -> None:
    folder = config / "custom_nodes"
    folder.mkdir()
    (folder / "bad.py").write_text("raise ValueError('it is broken')\n")
    (folder / "empty.py").write_text("import comfy.hooks\nNODE_CLASS_MAPPINGS = {}\n")
    (folder / "greedy.py").write_text(GREEDY)
    async with Hub(config, port=0) as hub:
        await hub.engine.ready.wait()
        result = await hub_command("packs")
        detailed = await hub_command("packs", "--traceback")
    assert 'bad.py", line 1, in <module>' in detailed.out
    assert detailed.out.count('File "') == 1
    assert (result.code, result.err) == (1, "")
    lines = result.out.splitlines()
    assert [line.split(",")[0].strip() for line in lines] == [
        "bad: 0 nodes",
        "ValueError: it is broken",
        "empty: 0 nodes",
        "It imports comfy.hooks",
        "greedy: 0 nodes",
        "Its route GET /history/{run} is out of reach: the hub has its own there.",
    ]


async def test_each_pack_is_told_with_the_workers_that_have_it(
    config: Path, hub_command: RunHub
) -> None:
    folder = config / "custom_nodes"
    folder.mkdir()
    for name in ("First", "Second"):
        (folder / f"{name}.py").touch()
    with (config / "hub.yaml").open("a") as settings:
        settings.write("packs: {apart: Second}\nengine: {workers: 2}\n")
    async with Hub(config, port=0, worker_module="hub.testing.worker") as hub:
        await until(lambda: all(worker.ready for worker in hub.engine.workers))
        result = await hub_command("packs")
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines() == [
        "First: 1 nodes, 0.0 s, in main 1, main 2",
        "Second: 1 nodes, 0.0 s, in pack:Second",
    ]


async def test_the_check_tells_of_packs_that_are_not_there(
    config: Path, hub_command: RunHub
) -> None:
    with (config / "hub.yaml").open("a") as settings:
        settings.write("packs: {apart: Gone}\n")
    result = await hub_command("check")
    assert result.code == 1
    assert "hub.yaml:2:16: there is no node pack 'Gone'" in result.err


async def test_without_packs_there_is_a_sentence(hub: Hub, hub_command: RunHub) -> None:
    result = await hub_command("packs")
    assert (result.code, result.out) == (0, "No worker has reported a node pack.\n")

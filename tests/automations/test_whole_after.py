"""What becomes of the file once its firing has ended, in a whole hub."""

from pathlib import Path

import aiohttp
import pytest

from hub.app import Hub
from hub.automations.loading import find_problems
from hub.testing.inbox import jpeg
from tests.automations.started import firing_ended

AUTOMATION = """
- id: photos
  triggers: [{{trigger: folder, path: inbox, settle: 0s, existing: process,
    events: [added, removed], on_duplicate: run}}]
  actions: {actions}
  after: {after}
"""
FAILS = "[{stop: It was meant to., error: true}]"
SUCCEEDS = "[{action: output.find, data: {}}]"


def write(folder: Path, after: str, actions: str) -> None:
    (folder / "inbox").mkdir()
    (folder / "hub.yaml").write_text("folders: {allow: [inbox]}\n")
    (folder / "automations.yaml").write_text(AUTOMATION.format(after=after, actions=actions))


async def states(folder: Path, *names: str) -> list[str]:
    """How the firings end, one after the other, of files that come one after the other."""
    hub = Hub(folder, port=0, worker_module="hub.testing.worker")
    async with hub:
        assert hub.configuration.problems == ()
        with hub.notices.subscribe() as subscription:
            found = []
            for number, name in enumerate(names):
                (folder / "inbox" / name).write_bytes(jpeg(number))
                found.append(await firing_ended(subscription))
    return found


@pytest.mark.parametrize(
    ("after", "actions", "left"),
    [
        ("{success: delete}", SUCCEEDS, []),
        ("{success: delete}", FAILS, ["a.jpg"]),
        ("{success: keep, failure: delete}", FAILS, []),
        ("{success: keep, failure: delete}", SUCCEEDS, ["a.jpg"]),
        ("{failure: {move: ../inbox/.failed}}", FAILS, [".failed/a.jpg"]),
    ],
)
async def test_a_file_is_kept_deleted_or_moved_by_how_it_ended(
    tmp_path: Path, after: str, actions: str, left: list[str]
) -> None:
    write(tmp_path, after, actions)
    await states(tmp_path, "a.jpg")
    inbox = tmp_path / "inbox"
    assert [str(p.relative_to(inbox)) for p in inbox.rglob("*") if p.is_file()] == left


async def why(hub: Hub, path: Path) -> list[str]:
    """What the hub says of a file, sentence by sentence."""
    url = f"{hub.address}/api/hub/why"
    async with (
        aiohttp.ClientSession() as session,
        session.get(url, params={"path": str(path)}) as answer,
    ):
        explanations = (await answer.json())["explanations"]
    return [explanation["reason"] for explanation in explanations]


async def test_why_tells_where_a_file_went_and_where_it_came_from(tmp_path: Path) -> None:
    write(tmp_path, "{success: {move: .done}, failure: delete}", SUCCEEDS)
    await states(tmp_path, "a.jpg")
    before, after = tmp_path / "inbox" / "a.jpg", tmp_path / "inbox" / ".done" / "a.jpg"
    async with Hub(tmp_path, port=0, worker_module="hub.testing.worker") as hub:
        (told,) = await why(hub, before)
        assert told.endswith(f"The firing succeeded. The automation moved the file to {after}.")
        told, ignored = await why(hub, after)
        assert told.startswith(f"It was {before}.")
        assert told.endswith("The firing succeeded.")
    assert ignored.startswith("It is ignored")


async def test_why_tells_that_the_hub_deleted_a_file(tmp_path: Path) -> None:
    write(tmp_path, "{success: delete}", SUCCEEDS)
    await states(tmp_path, "a.jpg")
    async with Hub(tmp_path, port=0, worker_module="hub.testing.worker") as hub:
        (told,) = await why(hub, tmp_path / "inbox" / "a.jpg")
    assert told.endswith("The automation deleted the file, as `after` says.")


async def test_what_the_hub_deleted_is_not_removed_and_its_name_is_that_of_a_new_file(
    tmp_path: Path,
) -> None:
    write(tmp_path, "{success: delete}", SUCCEEDS)
    assert await states(tmp_path, "a.jpg", "a.jpg", "b.jpg") == ["succeeded"] * 3
    async with Hub(tmp_path, port=0, worker_module="hub.testing.worker") as hub:
        events = [await hub.books.events.get(f.event) for f in await hub.books.firings.page()]
    assert [event.variables["event_type"] for event in events] == ["added"] * 3


async def test_a_file_that_was_replaced_meanwhile_is_not_deleted(tmp_path: Path) -> None:
    write(
        tmp_path,
        "{success: delete}",
        """
    - {action: file.delete, data: {path: "{{ trigger.path }}"}}
    - {action: file.copy, data: {path: inbox/other.txt, to: "{{ trigger.path }}"}}""",
    )
    path = tmp_path / "automations.yaml"
    path.write_text(path.read_text().replace("added, removed", "added"))
    (tmp_path / "inbox" / "other.txt").write_text("Somebody else's.")
    await states(tmp_path, "a.jpg")
    assert (tmp_path / "inbox" / "a.jpg").read_text() == "Somebody else's."
    async with Hub(tmp_path, port=0, worker_module="hub.testing.worker") as hub:
        (firing,) = await hub.books.firings.page()
    assert "was changed or replaced meanwhile" in str(firing.reason)


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ("{success: remove}", "keep"),
        ("{success: {copy: done}}", "move"),
        ("delete", "after"),
    ],
)
def test_what_cannot_become_of_a_file_is_refused(tmp_path: Path, after: str, told: str) -> None:
    write(tmp_path, after, SUCCEEDS)
    problems = [str(problem) for problem in find_problems(tmp_path)]
    assert told in "\n".join(problems)

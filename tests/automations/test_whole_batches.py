"""A batch of files in a whole hub: one firing, and all of them are moved afterwards."""

from pathlib import Path

from hub.app import Hub
from hub.testing.inbox import jpeg
from tests.automations.recorded import until_ended

AUTOMATION = """
- id: sheets
  triggers: [{trigger: folder, path: inbox, settle: 0s, existing: process, ignore: done/,
    batch: {max: 3, quiet: 1h}}]
  actions: [{action: output.find, data: {}}]
  after: {success: {move: done}}
"""


async def test_all_files_of_a_batch_are_moved_after_its_one_firing(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for number in range(3):
        (inbox / f"{number}.jpg").write_bytes(jpeg(number))
    (tmp_path / "hub.yaml").write_text("folders: {allow: [inbox]}\n")
    (tmp_path / "automations.yaml").write_text(AUTOMATION)
    hub = Hub(tmp_path, port=0, worker_module="hub.testing.worker")
    async with hub:
        with hub.notices.subscribe() as subscription:
            page = await hub.books.firings.page()
            if not page or page[0].ended_at is None:
                await until_ended(subscription)
        (firing,) = await hub.books.firings.page()
        assert firing.reason is None
    assert sorted(path.name for path in (inbox / "done").iterdir()) == ["0.jpg", "1.jpg", "2.jpg"]
    assert [path.name for path in inbox.iterdir()] == ["done"]

"""Files that runs can name, and what a run tells of those that it was given."""

import io

from PIL import Image

from hub.app import Hub
from tests.web.client import Client
from tests.web.test_workflows_api import png


async def test_an_input_is_sent_as_it_came(client: Client) -> None:
    _, told = await client.post("/api/hub/inputs?name=a.png", png())
    async with client.session.get(f"/api/hub/inputs/{told['name']}") as response:
        assert response.content_type == "image/png"
        assert await response.read() == png()


async def test_a_small_picture_of_an_input_is_asked_for_only_once(client: Client) -> None:
    _, told = await client.post("/api/hub/inputs?name=a.png", png())
    address = f"/api/hub/inputs/{told['name']}?thumbnail=4"
    async with client.session.get(address) as response:
        picture = Image.open(io.BytesIO(await response.read()))
        tag = response.headers["ETag"]
    assert (picture.format, picture.size) == ("JPEG", (4, 4))
    async with client.session.get(address, headers={"If-None-Match": tag}) as response:
        assert response.status == 304


async def test_only_inputs_are_sent(client: Client, hub: Hub) -> None:
    (hub.configuration.folders.data / "mine.txt").write_text("secret")
    for name in ("gone.png", "../mine.txt", "..%2Fmine.txt", "%2Fetc%2Fpasswd"):
        async with client.session.get(f"/api/hub/inputs/{name}") as response:
            assert response.status in (400, 404)


async def test_a_run_tells_which_files_it_was_given(client: Client, hub: Hub) -> None:
    below = hub.configuration.folders.input / "pets"
    below.mkdir(parents=True)
    (below / "my cat.png").write_bytes(png())
    _, stored = await client.post("/api/hub/inputs?name=a.png", png())
    graph = {
        "1": {"class_type": "LoadImage", "inputs": {"image": "pets/my cat.png"}},
        "2": {"class_type": "LoadImage", "inputs": {"image": stored["name"]}},
        "3": {"class_type": "LoadImage", "inputs": {"image": "pets/my cat.png"}},
        "4": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "x"}},
        "5": {"class_type": "PreviewImage", "inputs": {"images": ["2", 0]}},
        "6": {"class_type": "PreviewImage", "inputs": {"images": ["3", 0]}},
    }
    run = await client.run(graph)
    assert [(given["node"], given["input"], given["title"]) for given in run["inputs"]] == [
        ("1", "image", "pets/my cat.png"),
        ("2", "image", stored["name"]),
    ]
    for given in run["inputs"]:
        async with client.session.get(given["url"]) as response:
            assert await response.read() == png()


async def test_a_run_without_files_tells_of_none(client: Client) -> None:
    _, answer = await client.post("/api/hub/workflows/plain/run", {"wait": True})
    _, run = await client.get(f"/api/hub/runs/{answer['run']['id']}")
    assert run["inputs"] == []

"""Film strips over the hub's own API."""

from tests.web.client import Client
from tests.web.configuration import plain_graph


async def test_pictures_on_the_way_are_told_after_the_run_too(client: Client) -> None:
    run = await client.run(plain_graph(fake="steps"))
    _, film = await client.get("/api/hub/runs/1/film")
    frames = film["frames"]
    assert [(frame["number"], frame["node"]) for frame in frames] == [(n, "2") for n in range(4)]
    assert frames[0]["url"] == f"/api/hub/runs/{run['id']}/film/0"
    async with client.session.get(frames[3]["url"]) as response:
        assert (response.status, response.content_type) == (200, "image/png")
    status, answer = await client.get("/api/hub/runs/1/film/7")
    assert (status, answer["error"]["type"]) == (404, "NoSuch")


async def test_a_run_that_showed_nothing_has_no_film(client: Client) -> None:
    await client.run(plain_graph())
    assert await client.get("/api/hub/runs/1/film") == (200, {"frames": []})
    assert (await client.get("/api/hub/runs/9/film"))[0] == 404

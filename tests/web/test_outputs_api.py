"""The files that runs produced."""

import io

from PIL import Image

from tests.web.client import Client, content_of, delete
from tests.web.configuration import plain_graph


async def test_an_output_is_sent_as_it_is(client: Client) -> None:
    (output,) = (await client.run(plain_graph()))["outputs"]
    async with client.session.get(output["url"]) as response:
        assert response.content_type == "image/png"
        assert await response.read() == content_of(output)


async def test_outputs_are_listed_latest_first_and_page_by_page(client: Client) -> None:
    for _ in range(3):
        await client.run(plain_graph())
    _, first = await client.get("/api/hub/outputs?limit=2")
    last = first["outputs"][-1]
    _, rest = await client.get(f"/api/hub/outputs?before={last['run']}.{last['id']}")
    told = [(output["run"], output["name"]) for output in first["outputs"] + rest["outputs"]]
    assert told == [(3, "plain_00003_.png"), (2, "plain_00002_.png"), (1, "plain_00001_.png")]


async def test_outputs_are_chosen_by_workflow(client: Client) -> None:
    await client.run(plain_graph())
    assert await client.get("/api/hub/outputs?workflow=photo") == (200, {"outputs": []})
    assert (await client.get("/api/hub/outputs?before=last"))[0] == 400


async def test_a_thumbnail_is_a_small_jpeg_and_asked_for_only_once(client: Client) -> None:
    (output,) = (await client.run(plain_graph()))["outputs"]
    async with client.session.get(f"{output['url']}?thumbnail=4") as response:
        picture = Image.open(io.BytesIO(await response.read()))
        tag = response.headers["ETag"]
    assert (picture.format, picture.size) == ("JPEG", (4, 4))
    again = {"If-None-Match": tag}
    async with client.session.get(f"{output['url']}?thumbnail=4", headers=again) as response:
        assert response.status == 304


async def test_an_output_that_was_deleted_is_said_to_be_gone(client: Client) -> None:
    (output,) = (await client.run(plain_graph()))["outputs"]
    delete(output)
    for query in ("", "?thumbnail=64"):
        status, answer = await client.get(output["url"] + query)
        assert (status, answer["error"]["type"]) == (404, "OutputGone")
        assert output["path"] in answer["error"]["message"]


async def test_there_is_no_output_under_a_number_that_was_never_given(client: Client) -> None:
    assert (await client.get("/api/hub/outputs/7"))[0] == 404
    assert (await client.get("/api/hub/outputs/x"))[0] == 404

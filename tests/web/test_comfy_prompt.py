"""Prompts posted as ComfyUI's clients do."""

import uuid
from pathlib import Path
from typing import Any

from hub.app import Hub
from tests.web.client import Client
from tests.web.configuration import plain_graph
from tests.web.recorded import recorded_answer


async def test_an_accepted_prompt_is_answered_as_comfyui_does(client: Client) -> None:
    status, answer = await client.post("/prompt", {"prompt": plain_graph()})
    assert status == 200
    assert set(answer) == set(recorded_answer("prompt_post_ok"))
    assert repr(answer["number"]) == "1"
    assert answer["node_errors"] == {}


REFUSED: list[tuple[Any, str]] = [
    ({}, "no_prompt"),
    ([1], "no_prompt"),
    (b"", "no_prompt"),
    ({"prompt": 7}, "invalid_prompt"),
    ({"prompt": {"1": {"inputs": {}}}}, "invalid_prompt"),
    ({"prompt": {"1": {"class_type": "Nothing", "inputs": {}}}}, "invalid_prompt"),
    ({"prompt": {}}, "prompt_no_outputs"),
    ({"prompt": plain_graph(images=["9", 0])}, "prompt_outputs_failed_validation"),
    ({"prompt": plain_graph(), "prompt_id": "../../x"}, "invalid_prompt_id"),
    ({"prompt": plain_graph(), "prompt_id": 7}, "invalid_prompt_id"),
    ({"prompt": plain_graph(), "client_id": "\ud800"}, "invalid_prompt"),
    (b"{not json", "invalid_json"),
    (b"\xff", "invalid_json"),
]


async def test_a_refused_prompt_is_answered_as_comfyui_does(client: Client) -> None:
    for body, kind in REFUSED:
        status, answer = await client.post("/prompt", body)
        assert (status, answer["error"]["type"]) == (400, kind)
        assert set(answer) == {"error", "node_errors"}
        assert set(answer["error"]) == {"type", "message", "details", "extra_info"}


async def test_a_node_error_says_which_input_of_which_node(client: Client) -> None:
    graph = plain_graph()
    del graph["1"]["inputs"]["width"]  # type: ignore[attr-defined]  # it is a dict
    _, answer = await client.post("/prompt", {"prompt": graph})
    (error,) = answer["node_errors"]["1"]["errors"]
    assert (error["type"], error["details"]) == ("required_input_missing", "width")
    assert answer["node_errors"]["1"]["dependent_outputs"] == ["2"]


async def test_outputs_that_cannot_be_made_are_told_while_others_run(client: Client) -> None:
    graph = plain_graph() | {"3": {"class_type": "SaveImage", "inputs": {"filename_prefix": "x"}}}
    status, answer = await client.post("/prompt", {"prompt": graph})
    assert status == 200
    assert list(answer["node_errors"]) == ["3"]


async def test_an_absolute_file_name_is_refused(client: Client, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.touch()
    graph = plain_graph() | {"1": {"class_type": "LoadImage", "inputs": {"image": str(secret)}}}
    status, answer = await client.post("/prompt", {"prompt": graph})
    assert status == 400
    assert list(answer["node_errors"]) == ["1"]


async def test_asking_twice_with_one_id_makes_one_run(client: Client) -> None:
    body = {"prompt": plain_graph(), "prompt_id": str(uuid.uuid4())}
    first, second = [await client.post("/prompt", body) for _ in range(2)]
    assert first == second
    _, listed = await client.get("/api/hub/runs")
    assert len(listed["runs"]) == 1


async def test_credentials_are_not_kept(client: Client) -> None:
    extra = {"api_key_comfy_org": "secret", "auth_token_comfy_org": "secret", "mine": 1}
    run = await client.run(plain_graph(), extra_data=extra)
    _, history = await client.get(f"/history/{run['id']}")
    kept = history[run["id"]]["prompt"][3]
    assert set(kept) == {"mine", "client_id", "create_time"}


async def test_the_front_of_the_queue_has_negative_numbers(client: Client) -> None:
    _, front = await client.post("/prompt", {"prompt": plain_graph(), "front": True})
    _, given = await client.post("/prompt", {"prompt": plain_graph(), "number": -5.5})
    assert (front["number"], given["number"]) == (-1, -5.5)


async def test_the_same_addresses_answer_under_api(client: Client, hub: Hub) -> None:
    await hub.engine.ready.wait()
    status, answer = await client.post("/api/prompt", {"prompt": plain_graph(fake="hang")})
    assert status == 200
    assert (await client.get("/api/prompt"))[1] == {"exec_info": {"queue_remaining": 1}}
    assert (await client.get("/prompt"))[1] == {"exec_info": {"queue_remaining": 1}}
    await client.post(f"/api/hub/runs/{answer['prompt_id']}/cancel")


async def test_half_a_letter_in_a_files_name_fails_its_run_alone(client: Client) -> None:
    run = await client.run(plain_graph(filename_prefix="a\ud800"))
    assert (run["state"], run["error"]["kind"]) == ("failed", "publication_failed")
    assert (await client.run(plain_graph()))["state"] == "succeeded"

"""Editing the files of automations over the hub's own API."""

from pathlib import Path

import pytest

from tests.web.client import Client

ADDRESS = "/api/hub/automation_texts"
COMMENTED = """# what I want
- id: mine   # and nobody else's
  triggers: [{trigger: startup}]
  actions: [{action: workflow.run, data: {workflow: plain}}]
"""


async def put(client: Client, **body: object) -> tuple[int, dict[str, object]]:
    async with client.session.put(ADDRESS, json=body) as response:
        return response.status, await response.json()


async def version_of(client: Client, name: str) -> str:
    _, told = await client.get(ADDRESS)
    (version,) = (file["version"] for file in told["files"] if file["name"] == name)
    assert isinstance(version, str)
    return version


async def test_a_file_is_written_as_it_is_and_followed(client: Client, config: Path) -> None:
    version = await version_of(client, "automations.yaml")
    status, told = await put(client, name="automations.yaml", text=COMMENTED, version=version)
    assert (status, told["refused"]) == (200, None)
    assert (config / "automations.yaml").read_text() == COMMENTED
    _, listed = await client.get("/api/hub/automations")
    assert [automation["id"] for automation in listed["automations"]] == ["mine"]


async def test_a_new_file_is_made_below_automations(client: Client, config: Path) -> None:
    status, _ = await put(client, name="automations/more.yaml", text=COMMENTED)
    assert status == 200
    assert (config / "automations" / "more.yaml").read_text() == COMMENTED


async def test_what_somebody_else_wrote_meanwhile_is_kept(client: Client, config: Path) -> None:
    version = await version_of(client, "automations.yaml")
    (config / "automations.yaml").write_text(COMMENTED)
    status, told = await put(client, name="automations.yaml", text="[]", version=version)
    assert status == 409
    assert "was changed since you began" in str(told["error"])
    assert (config / "automations.yaml").read_text() == COMMENTED


@pytest.mark.parametrize(
    "name", ["hub.yaml", "../x.yaml", "automations/../hub.yaml", "/etc/x.yaml"]
)
async def test_other_files_are_out_of_reach(client: Client, name: str) -> None:
    assert (await put(client, name=name, text="[]"))[0] == 400


async def test_every_mistake_is_told_with_its_place(client: Client) -> None:
    text = COMMENTED.replace("startup", "startupp")
    status, told = await client.post(f"{ADDRESS}/check", {"name": "automations.yaml", "text": text})
    (problem,) = told["problems"]
    assert (status, problem["line"], problem["suggestion"]) == (200, 3, "startup")
    _, told = await client.post(f"{ADDRESS}/check", {"name": "automations.yaml", "text": COMMENTED})
    assert told["problems"] == []


async def test_an_id_that_another_file_has_is_a_mistake(client: Client) -> None:
    text = COMMENTED.replace("mine", "photos")
    _, told = await client.post(f"{ADDRESS}/check", {"name": "automations/more.yaml", "text": text})
    assert any("photos" in problem["message"] for problem in told["problems"])


async def test_forms_ask_for_what_is_declared(client: Client) -> None:
    _, forms = await client.get("/api/hub/automation_forms")
    triggers = {kind["name"]: kind["fields"] for kind in forms["triggers"]}
    path = next(field for field in triggers["folder"] if field["name"] == "path")
    assert (path["kind"], path["needed"]) == ("text", True)
    actions = {kind["name"]: kind["fields"] for kind in forms["actions"]}
    data = next(field for field in actions["workflow.run"] if field["name"] == "data")
    workflow = next(field for field in data["fields"] if field["name"] == "workflow")
    assert (workflow["kind"], workflow["options"]) == ("text", ["photo", "plain"])
    mode = next(field for field in forms["automation"] if field["name"] == "mode")
    assert "queued" in mode["options"]


async def test_forms_tell_what_blocks_are_made_of(client: Client) -> None:
    _, forms = await client.get("/api/hub/automation_forms")
    kinds = {
        kind["name"]: {field["name"]: field for field in kind["fields"]}
        for kind in (*forms["conditions"], *forms["actions"])
    }
    lists = [("if", "if"), ("if", "else"), ("or", "conditions"), ("parallel", "parallel")]
    lists += [("choose", "choose"), ("wait_for_trigger", "wait_for_trigger")]
    assert [kinds[kind][name]["kind"] for kind, name in lists] == [
        *("conditions", "actions", "conditions", "actions"),
        *("sections", "triggers"),
    ]
    option, loop = kinds["choose"]["choose"]["fields"], kinds["repeat"]["repeat"]["fields"]
    assert [field["name"] for field in option] == ["alias", "conditions", "sequence"]
    assert {field["name"]: field["kind"] for field in loop}["while"] == "conditions"

"""The editor's own format becomes what the editor would export."""

from typing import Any

from hub.workflows.ui_graph import api_graph

CLASSES: dict[str, dict[str, Any]] = {
    "Sampler": {
        "display_name": "The Sampler",
        "input": {
            "required": {
                "model": ["MODEL"],
                "seed": ["INT", {"control_after_generate": True}],
                "steps": ["INT", {}],
                "name": [["euler", "heun"]],
            },
            "optional": {"text": ["STRING", {"forceInput": True}], "strength": ["FLOAT", {}]},
        },
    },
    "Loader": {"display_name": "", "input": {"required": {"file": [[]]}}},
    "Lora": {
        "display_name": "",
        "input": {"required": {"clip": ["CLIP"], "model": ["MODEL"], "weight": ["FLOAT", {}]}},
    },
    "Resize": {
        "display_name": "",
        "input": {"required": {"way": ["COMFY_DYNAMICCOMBO_V3", {}], "crop": ["BOOLEAN", {}]}},
    },
}


def node(number: int, kind: str, values: Any = (), **rest: Any) -> dict[str, Any]:
    taken = [
        {"name": name, "type": kind_of, "link": link}
        for name, (kind_of, link) in rest.pop("takes", {}).items()
    ]
    values = values if isinstance(values, dict) else list(values)
    return {"id": number, "type": kind, "inputs": taken, "widgets_values": values, **rest}


def converted(*nodes: dict[str, Any], links: Any = (), **rest: Any) -> dict[str, Any]:
    document = {"nodes": list(nodes), "links": [[*link] for link in links], **rest}
    return api_graph(document, CLASSES.get)


LOADER = node(1, "Loader", ["a.safetensors"], outputs=[{"type": "MODEL"}])


def sampler(link: int | None = 7, **rest: Any) -> dict[str, Any]:
    values = [42, "randomize", 20, "euler", 0.5]
    return node(2, "Sampler", values, takes={"model": ("MODEL", link)}, **rest)


def test_values_get_the_names_that_the_class_declares_and_links_their_outputs() -> None:
    graph = converted(LOADER, sampler(title="Mine"), links=[(7, 1, 0, 2, 0, "MODEL")])
    assert graph["1"] == {
        "class_type": "Loader",
        "_meta": {"title": "Loader"},
        "inputs": {"file": "a.safetensors"},
    }
    assert graph["2"]["_meta"] == {"title": "Mine"}
    assert graph["2"]["inputs"] == {
        "seed": 42,
        "steps": 20,
        "name": "euler",
        "strength": 0.5,
        "model": ["1", 0],
    }


def test_a_class_that_is_not_known_keeps_the_values_that_its_node_names() -> None:
    shown = [{"name": n, "type": "INT", "link": None, "widget": {"name": n}} for n in ("seed", "n")]
    unknown = {"id": 3, "type": "Other", "inputs": shown, "widgets_values": [1, "fixed", 5]}
    assert converted(unknown)["3"]["inputs"] == {"seed": 1, "n": 5}
    by_name = node(4, "Another", {"frame_rate": 8})
    assert converted(by_name)["4"]["inputs"] == {"frame_rate": 8}


def test_what_depends_on_a_choice_gets_its_dotted_name() -> None:
    shown = [
        {"name": name, "type": "INT", "link": None, "widget": {"name": name}}
        for name in ("way", "way.width", "crop")
    ]
    resize = {"id": 1, "type": "Resize", "inputs": shown, "widgets_values": ["fit", 64, True]}
    inputs = converted(resize)["1"]["inputs"]
    assert inputs == {"way": "fit", "way.width": 64, "crop": True}


def test_a_list_is_marked_as_no_link() -> None:
    graph = converted(node(4, "Another", {"points": ["1", 0]}))
    assert graph["4"]["inputs"] == {"points": {"__value__": ["1", 0]}}


def test_notes_and_muted_nodes_are_left_out_with_the_links_to_them() -> None:
    graph = converted(
        {**LOADER, "mode": 2},
        sampler(),
        node(5, "Note", ["To do"]),
        node(6, "MarkdownNote", ["# To do"]),
        links=[(7, 1, 0, 2, 0, "MODEL")],
    )
    assert graph.keys() == {"2"}
    assert "model" not in graph["2"]["inputs"]


def test_a_bypassed_node_hands_on_its_input_of_the_same_type() -> None:
    lora = node(
        3,
        "Lora",
        [1.0],
        takes={"clip": ("CLIP", None), "model": ("MODEL", 8)},
        outputs=[{"type": "MODEL"}, {"type": "CLIP"}],
        mode=4,
    )
    links = [(8, 1, 0, 3, 1, "MODEL"), (7, 3, 0, 2, 0, "MODEL")]
    graph = converted(LOADER, lora, sampler(), links=links)
    assert graph.keys() == {"1", "2"}
    assert graph["2"]["inputs"]["model"] == ["1", 0]


def test_reroutes_and_named_wires_are_followed() -> None:
    nodes = (
        LOADER,
        node(3, "Reroute", takes={"": ("*", 8)}),
        node(4, "SetNode", ["model"], takes={"MODEL": ("MODEL", 9)}),
        node(5, "GetNode", ["model"]),
        sampler(),
    )
    links = [(8, 1, 0, 3, 0, "*"), (9, 3, 0, 4, 0, "*"), (7, 5, 0, 2, 0, "MODEL")]
    graph = converted(*nodes, links=links)
    assert graph.keys() == {"1", "2"}
    assert graph["2"]["inputs"]["model"] == ["1", 0]


def test_reroutes_in_a_ring_lead_nowhere() -> None:
    first, second = (
        node(3, "Reroute", takes={"": ("*", 8)}),
        node(4, "Reroute", takes={"": ("*", 9)}),
    )
    links = [(8, 4, 0, 3, 0, "*"), (9, 3, 0, 4, 0, "*"), (7, 3, 0, 2, 0, "MODEL")]
    assert "model" not in converted(first, second, sampler(), links=links)["2"]["inputs"]


def test_a_primitive_gives_its_value() -> None:
    two = sampler(None)
    two["inputs"].append({"name": "steps", "type": "INT", "link": 9, "widget": {"name": "steps"}})
    primitive = node(3, "PrimitiveNode", [30, "fixed"], outputs=[{"type": "INT"}])
    graph = converted(primitive, two, links=[(9, 3, 0, 2, 1, "INT")])
    assert graph["2"]["inputs"]["steps"] == 30
    assert graph.keys() == {"2"}


def test_a_link_that_is_not_there_is_dropped() -> None:
    assert "model" not in converted(sampler(99))["2"]["inputs"]


def link(number: int, origin: int, slot: int, target: int, target_slot: int) -> dict[str, Any]:
    return {
        "id": number,
        "origin_id": origin,
        "origin_slot": slot,
        "target_id": target,
        "target_slot": target_slot,
        "type": "*",
    }


def with_subgraph(**instance: Any) -> dict[str, Any]:
    """A loader, a subgraph that holds a Lora with a field of its own, and a sampler."""
    inner_lora = node(9, "Lora", [1.0], takes={"clip": ("CLIP", None), "model": ("MODEL", 1)})
    inner_lora["inputs"].append(
        {"name": "weight", "type": "FLOAT", "link": 3, "widget": {"name": "weight"}}
    )
    inner = {
        "id": "abc",
        "nodes": [inner_lora],
        "links": [link(1, -10, 0, 9, 1), link(2, 9, 0, -20, 0), link(3, -10, 1, 9, 2)],
    }
    outer = node(3, "abc", [0.25], takes={"model": ("MODEL", 8)}, outputs=[{"type": "MODEL"}])
    outer["inputs"].append(
        {"name": "weight", "type": "FLOAT", "link": None, "widget": {"name": "weight"}}
    )
    return converted(
        LOADER,
        {**outer, **instance},
        sampler(),
        links=[(8, 1, 0, 3, 0, "MODEL"), (7, 3, 0, 2, 0, "MODEL")],
        definitions={"subgraphs": [inner]},
    )


def test_a_subgraph_is_laid_open() -> None:
    graph = with_subgraph()
    assert graph.keys() == {"1", "2", "3:9"}
    assert graph["3:9"]["inputs"] == {"weight": 0.25, "model": ["1", 0]}
    assert graph["2"]["inputs"]["model"] == ["3:9", 0]


def test_a_bypassed_subgraph_hands_on_what_it_is_given() -> None:
    graph = with_subgraph(mode=4)
    assert graph.keys() == {"1", "2"}
    assert graph["2"]["inputs"]["model"] == ["1", 0]

"""What each policy keeps, as attempts see it."""

from pathlib import Path
from typing import Any

import pytest

from hub.config.engine_settings import CachePolicy, CacheSettings
from hub.engine.worker.policies import Nothing, Policy, Recent, policy_of
from tests.engine.text_nodes import CALLS
from tests.engine.worker.bench import Bench, node


def show(*texts: str) -> dict[str, Any]:
    """Each text by a node of its own, all shown by the node `show`."""
    words = {text: node("Text", text=text) for text in texts}
    return words | {"show": node("Show", **{text: [text, 0] for text in texts})}


def kept(bench: Bench, *texts: str) -> set[str]:
    """Which of the texts are served when they are asked for in a run."""
    return bench.run(show(*texts), "show").cached - {"show"}


@pytest.fixture(autouse=True)
def nothing_called() -> None:
    CALLS.clear()


def bench_with(folder: Path, policy: Policy) -> Bench:
    return Bench(folder, policy=policy)


def test_classic_keeps_what_occurs_in_the_current_run(tmp_path: Path) -> None:
    bench = bench_with(tmp_path, Recent(1))
    bench.run(show("a", "b"), "show")
    assert kept(bench, "b", "c") == {"b"}
    assert kept(bench, "a", "b", "c") == {"b", "c"}


def test_what_lies_behind_a_served_node_occurs_too(tmp_path: Path) -> None:
    bench = bench_with(tmp_path, Recent(1))
    for _ in range(2):
        bench.run(show("a"), "show")
    assert kept(bench, "a", "b") == {"a"}


def test_lru_keeps_what_occurs_in_the_last_runs(tmp_path: Path) -> None:
    bench = bench_with(tmp_path, Recent(2))
    for text in "abc":
        bench.run(show(text), "show")
    assert kept(bench, "a", "b", "c") == {"b", "c"}


def test_none_carries_out_every_node_each_time(tmp_path: Path) -> None:
    bench = bench_with(tmp_path, Nothing())
    for _ in range(3):
        bench.run(show("a"), "show")
    assert CALLS["a"] == 3


def test_none_carries_out_equal_nodes_too(tmp_path: Path) -> None:
    twins = {"a1": node("Text", text="a"), "a2": node("Text", text="a")}
    graph = twins | {"show": node("Show", x=["a1", 0], y=["a2", 0])}
    bench_with(tmp_path, Nothing()).run(graph, "show")
    assert CALLS["a"] == 2


def test_nodes_inside_an_expansion_occur(tmp_path: Path) -> None:
    bench = bench_with(tmp_path, Recent(1))
    inner = {"x": node("Text", text="inner"), "y": node("Show", text=["x", 0])}
    graph = {
        "e": node("Expand", graph={"__value__": inner}, out="x"),
        "s": node("Show", x=["e", 0]),
    }
    for _ in range(3):
        bench.run(graph, "s")
    assert CALLS["inner"] == 1


def test_a_run_under_way_keeps_what_it_uses_whatever_else_begins() -> None:
    policy = Recent(1)
    policy.occur(("long", 1), {"a": None})
    assert set(policy.occur(("short", 1), {"b": None})) == set()
    policy.end(("short", 1))
    assert set(policy.occur(("next", 1), {"c": None})) == {"b"}
    policy.end(("long", 1))
    policy.end(("next", 1))
    assert set(policy.occur(("last", 1), {"c": None})) == {"a"}


def test_what_a_node_expands_to_is_what_it_expanded_to_last() -> None:
    policy = Recent(1)
    for run in ("1", "2", "3"):
        policy.occur((run, 1), {"parent": None})
        policy.occur((run, 1), {f"inner {run}": "parent", f"innermost {run}": f"inner {run}"})
        policy.end((run, 1))
    assert set(policy.occur(("4", 1), {"parent": None})) == {"inner 2", "innermost 2"}
    policy.end(("4", 1))
    gone = {"parent", "inner 3", "innermost 3"}
    assert set(policy.occur(("5", 1), {"other": None})) == gone


def test_as_many_runs_are_current_as_there_are_slots() -> None:
    policy = policy_of(CacheSettings(policy=CachePolicy.CLASSIC), slots=2)
    dropped: list[str] = []
    for number in range(4):
        for name in "ab":
            dropped += policy.occur((f"{name}{number}", 1), {name: None})
            policy.end((f"{name}{number}", 1))
    assert dropped == []


@pytest.mark.parametrize("policy", CachePolicy)
def test_the_budget_holds_with_every_policy(tmp_path: Path, policy: CachePolicy) -> None:
    settings = CacheSettings(policy=policy)
    bench = Bench(tmp_path, cache_bytes=1 << 20, policy=policy_of(settings, slots=1))
    sizes = {"width": 256, "height": 256, "batch_size": 1}
    images = {str(n): node("EmptyImage", color=n, **sizes) for n in range(16)}
    graph = images | {"all": node("CountThings", after=["0", 0])}
    for number in range(16):
        graph[f"mask{number}"] = node("ImageToMask", image=[str(number), 0], channel="red")
    bench.run(graph, *graph)
    assert bench.cache.used <= 1 << 20

"""Templates as the hub renders them: in place or in a process with a deadline."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from zoneinfo import ZoneInfo

import psutil
import pytest

from hub.automations.template_environment import TemplateFailed
from hub.automations.templates import Templates
from hub.testing.clock import ScriptedClock

BACKTRACKS = "{{ ('a' * 60 ~ '!') | regex_match('(a+)+$') }}"
CALCULATES = "{{ 1 + 1 }}"


@pytest.fixture
async def templates() -> AsyncIterator[Templates]:
    async with Templates(ScriptedClock(), ZoneInfo("Europe/Berlin"), deadline=20) as templates:
        yield templates


@pytest.fixture
async def impatient() -> AsyncIterator[Templates]:
    async with Templates(ScriptedClock(), ZoneInfo("UTC"), deadline=0.1) as templates:
        yield templates


def processes() -> set[int]:
    """The template processes that are running."""
    return {
        child.pid
        for child in psutil.Process().children()
        if "hub.automations.template_process" in child.cmdline()
    }


async def value(templates: Templates, source: Any, **variables: Any) -> Any:
    return await templates.render(source, variables, native=True)


async def test_templates_inside_lists_and_mappings_are_rendered(templates: Templates) -> None:
    source = {"{{ key }}": ["{{ a }}", 7, {"b": "{{ a + 1 }}"}], "plain": "as it is \n"}
    expected = {"{{ key }}": [1, 7, {"b": 2}], "plain": "as it is \n"}
    assert await value(templates, source, a=1) == expected


async def test_text_and_value_differ(templates: Templates) -> None:
    assert await templates.render("{{ a + 1 }}", {"a": 1}, native=False) == "2"
    assert await templates.render("{{ a + 1 }}", {"a": 1}, native=True) == 2


async def test_following_names_starts_no_process(templates: Templates) -> None:
    before = processes()
    assert await value(templates, "{{ trigger.path }}/x", trigger={"path": "in"}) == "in/x"
    assert processes() == before


async def test_one_process_renders_one_template_after_the_other(templates: Templates) -> None:
    before = processes()
    values = await asyncio.gather(
        *(value(templates, "{{ n * n }}", n=number) for number in range(20))
    )
    assert values == [number * number for number in range(20)]
    assert len(processes() - before) == 1


async def test_the_process_ends_with_the_hubs_part() -> None:
    before = processes()
    async with Templates(ScriptedClock(), ZoneInfo("UTC"), deadline=20) as templates:
        await value(templates, CALCULATES)
    assert processes() == before


async def test_time_comes_from_the_hubs_clock_and_zone(templates: Templates) -> None:
    assert await value(templates, "{{ now() }}") == "2026-01-15 13:00:00+01:00"


async def test_file_names_that_are_no_utf8_come_back_unharmed(templates: Templates) -> None:
    assert await value(templates, "{{ path ~ '.png' }}", path="\udcff") == "\udcff.png"


async def test_a_template_that_takes_too_long_is_stopped(impatient: Templates) -> None:
    with pytest.raises(TemplateFailed, match=r"took longer than 0\.1 s"):
        await value(impatient, BACKTRACKS)


async def test_a_template_that_only_waits_for_its_turn_is_not_stopped(
    impatient: Templates,
) -> None:
    before = processes()
    await value(impatient, CALCULATES)
    (process,) = processes() - before
    psutil.Process(process).suspend()
    rendered = asyncio.create_task(value(impatient, CALCULATES))
    await asyncio.wait([rendered], timeout=0.3)  # three times as long as it may compute
    psutil.Process(process).resume()
    assert await rendered == 2


async def test_after_a_stopped_template_the_next_is_rendered() -> None:
    async with Templates(ScriptedClock(), ZoneInfo("UTC"), deadline=1) as templates:
        with pytest.raises(TemplateFailed):
            await value(templates, BACKTRACKS)
        assert await value(templates, CALCULATES) == 2


async def test_an_answer_nobody_waited_for_is_not_the_next_ones(templates: Templates) -> None:
    await value(templates, CALCULATES)
    left = asyncio.create_task(value(templates, BACKTRACKS))
    await asyncio.sleep(0)
    left.cancel()
    assert await value(templates, "{{ 40 + 2 }}") == 42
    assert left.cancelled()


async def test_too_much_memory_is_a_failure_of_the_template_only(templates: Templates) -> None:
    with pytest.raises(TemplateFailed, match="too much memory"):
        await value(templates, "{{ 'x' * (10 ** 10) }}")
    assert await value(templates, CALCULATES) == 2


async def test_too_large_a_value_is_refused(templates: Templates) -> None:
    with pytest.raises(TemplateFailed, match="more than 1048576 characters"):
        await value(templates, "{{ ['x' * 1000] * 2000 }}")


async def test_a_process_that_somebody_ends_is_replaced_and_its_template_rendered(
    templates: Templates,
) -> None:
    before = processes()
    await value(templates, CALCULATES)
    (process,) = processes() - before
    psutil.Process(process).kill()
    assert await value(templates, CALCULATES) == 2
    assert process not in processes()


async def test_failures_of_the_process_name_what_is_missing(templates: Templates) -> None:
    with pytest.raises(TemplateFailed, match=r"'a\.c' is not defined; a has: b"):
        await value(templates, "{{ a.c | upper }}", a={"b": 1})

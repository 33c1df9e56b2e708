"""Triggers that follow the hub's time zone and place, as they are read."""

from pathlib import Path

import pytest

from hub.automations.loading import Configuration, read_configuration
from hub.triggers.scheduled import Scheduled
from hub.triggers.sun import SunTrigger

BERLIN = "location: {latitude: 52.52, longitude: 13.4}\n"


def read(folder: Path, trigger: str, hub: str = "") -> Configuration:
    (folder / "hub.yaml").write_text(f"time_zone: Europe/Berlin\n{hub}")
    (folder / "automations.yaml").write_text(
        f"- id: a\n  triggers: [{{{trigger}}}]\n  actions: [{{action: output.find, data: {{}}}}]\n"
    )
    return read_configuration(folder)


@pytest.mark.parametrize(
    "trigger",
    [
        "trigger: time, at: 07:30:00",
        "platform: time, at: ['07:30', '19:00']",
        "trigger: time_pattern, minutes: /5",
        "trigger: time_pattern, hours: 3",
        "trigger: schedule, at: 2026-12-24 18:00, end: 2027-01-01 00:00, jitter: 5min",
        "trigger: sun, event: sunset, offset: -00:45:00, latitude: 52.5, longitude: 13.4",
    ],
)
def test_is_read_as_it_is_written_and_follows_the_hubs_time_zone(
    tmp_path: Path, trigger: str
) -> None:
    configuration = read(tmp_path, trigger)
    assert configuration.problems == ()
    read_trigger = configuration.automations[0].triggers[0]
    assert isinstance(read_trigger, Scheduled)
    assert read_trigger.zone().key == "Europe/Berlin"


def test_the_sun_is_that_of_the_hubs_place(tmp_path: Path) -> None:
    configuration = read(tmp_path, "trigger: sun, event: sunrise", BERLIN)
    trigger = configuration.automations[0].triggers[0]
    assert isinstance(trigger, SunTrigger)
    assert (trigger.latitude, trigger.longitude) == (52.52, 13.4)


def test_without_a_place_there_is_no_sunrise(tmp_path: Path) -> None:
    (problem,) = read(tmp_path, "trigger: sun, event: sunrise").problems
    assert "needs `location:` in hub.yaml" in str(problem)


def test_auth_none_may_be_written_short(tmp_path: Path) -> None:
    trigger = f"trigger: webhook, webhook_id: {'0f' * 32}, auth: none"
    assert read(tmp_path, trigger).problems == ()

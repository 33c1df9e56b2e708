"""The settings of hub.yaml."""

from pathlib import Path

import pytest

from hub.config.problems import ConfigurationInvalid
from hub.config.settings import HubSettings, load_settings
from tests.config.reading import write


@pytest.mark.parametrize("text", [None, "", "# nothing\n", "server:\nfolders:\n"])
def test_what_is_left_out_has_its_default(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        write(tmp_path, {"hub.yaml": text})
    settings, folders = load_settings(tmp_path)
    assert settings == HubSettings()
    assert folders.data == tmp_path / "data"
    assert folders.output == tmp_path / "data" / "output"
    assert folders.allowed == ()


def test_relative_folders_count_from_the_configuration_folder(tmp_path: Path) -> None:
    write(tmp_path, {"hub.yaml": "data: ./d\noutput: /o\nfolders: {allow: [inbox, /pictures]}"})
    _, folders = load_settings(tmp_path)
    assert folders.data == tmp_path / "d"
    assert folders.output == Path("/o")
    assert folders.allowed == (tmp_path / "inbox", Path("/pictures"))


def test_every_section_is_read(tmp_path: Path) -> None:
    text = """
server: {host: localhost, port: 9000}
folders: {allow: inbox}
time_zone: Europe/Berlin
minimum_free: 1 GiB
engine: {workers: 2}
"""
    write(tmp_path, {"hub.yaml": text})
    settings, _ = load_settings(tmp_path)
    assert (settings.server.host, settings.server.port) == ("localhost", 9000)
    assert settings.folders.allow == ["inbox"]
    assert (settings.time_zone, settings.minimum_free) == ("Europe/Berlin", 2**30)
    assert settings.engine.workers == 2


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("server: {port: 99999}", "1:16: 'port' must be at most 65535, not '99999'"),
        ("server: {prot: 1}", "1:10: unknown key 'prot' (did you mean 'port'?)"),
        (
            "time_zone: Europe/Berlim",
            (
                "1:12: 'time_zone' must be `system` or a time zone such as "
                "Europe/Berlin, not 'Europe/Berlim' (did you mean 'Europe/Berlin'?)"
            ),
        ),
        ("engine: {workers: 0}", "1:19: 'workers' must be at least 1, not '0'"),
    ],
)
def test_a_mistake_is_refused_at_its_place(tmp_path: Path, text: str, mistake: str) -> None:
    write(tmp_path, {"hub.yaml": text})
    with pytest.raises(ConfigurationInvalid) as error:
        load_settings(tmp_path)
    assert [str(problem) for problem in error.value.problems] == [f"hub.yaml:{mistake}"]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org", "::"])
def test_only_this_machine_can_be_listened_to(tmp_path: Path, host: str) -> None:
    write(tmp_path, {"hub.yaml": f"server: {{host: '{host}'}}"})
    with pytest.raises(ConfigurationInvalid, match="would need a login"):
        load_settings(tmp_path)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_this_machine_has_many_addresses(tmp_path: Path, host: str) -> None:
    write(tmp_path, {"hub.yaml": f"server: {{host: '{host}'}}"})
    assert load_settings(tmp_path)[0].server.host == host

"""The settings of hub.yaml."""

from pathlib import Path

import pytest

from hub.config.engine_settings import CachePolicy, CacheSettings
from hub.config.problems import ConfigurationInvalid
from hub.config.settings import HubSettings, load_settings
from hub.config.worker_settings import WorkerSettings
from tests.config.reading import write


@pytest.mark.parametrize("text", [None, "", "# nothing\n", "server:\nfolders:\n"])
def test_what_is_left_out_has_its_default(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        write(tmp_path, {"hub.yaml": text})
    settings, folders = load_settings(tmp_path)
    assert settings == HubSettings()
    assert folders.data == tmp_path / "data"
    assert folders.output == tmp_path / "data" / "output"
    assert folders.allowed.paths == ()


def test_relative_folders_count_from_the_configuration_folder(tmp_path: Path) -> None:
    write(tmp_path, {"hub.yaml": "data: ./d\noutput: /o\nfolders: {allow: [inbox, /pictures]}"})
    _, folders = load_settings(tmp_path)
    assert folders.data == tmp_path / "d"
    assert folders.output == Path("/o")
    assert folders.allowed.paths == (tmp_path / "inbox", Path("/pictures"))


def test_every_section_is_read(tmp_path: Path) -> None:
    text = """
server: {host: localhost, port: 9000}
folders: {allow: inbox}
time_zone: Europe/Berlin
minimum_free: 1 GiB
engine: {workers: 2, cache: {policy: lru, runs: 3, bytes: 2 GiB}}
"""
    write(tmp_path, {"hub.yaml": text})
    settings, _ = load_settings(tmp_path)
    assert (settings.server.host, settings.server.port) == ("localhost", 9000)
    assert settings.folders.allow == ["inbox"]
    assert (settings.time_zone, settings.minimum_free) == ("Europe/Berlin", 2**30)
    assert settings.engine.workers == 2
    assert settings.engine.cache == CacheSettings(policy=CachePolicy.LRU, runs=3, bytes=2**31)


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
        (
            "engine: {cache: {policy: clasic}}",
            (
                "1:26: 'policy' must be one of memory, classic, lru, none, not 'clasic' (did you"
                " mean 'classic'?)"
            ),
        ),
        ("engine: {workers: 0}", "1:19: 'workers' must be at least 1, not '0'"),
        ("engine: {workers: []}", "1:19: 'workers' is empty: list at least one"),
        ("engine: {workers: [{device: cpu}]}", "1:20: the key 'name' is missing"),
        (
            "engine: {workers: [{name: a, device: gpu}]}",
            ("1:38: 'device' must be auto, cpu, cuda, or one of several such as cuda:1, not 'gpu'"),
        ),
        (
            "engine: {workers: [{name: a, packs: al}]}",
            "1:37: 'packs' must be one of all, none, not 'al' (did you mean 'all'?)",
        ),
        (
            "engine:\n  workers:\n  - name: gpu\n  - name: gpu\n",
            "4:11: the worker in line 3 has the name 'gpu' too",
        ),
    ],
)
def test_a_mistake_is_refused_at_its_place(tmp_path: Path, text: str, mistake: str) -> None:
    write(tmp_path, {"hub.yaml": text})
    with pytest.raises(ConfigurationInvalid) as error:
        load_settings(tmp_path)
    assert [str(problem) for problem in error.value.problems] == [f"hub.yaml:{mistake}"]


def test_workers_are_a_number_or_a_list_of_kinds(tmp_path: Path) -> None:
    text = """
packs: {apart: loud}
engine:
  workers:
  - {name: gpu, device: "cuda:1", count: 2, slots: 3, packs: [a, b.py]}
  - {name: plain, device: cpu, packs: none}
"""
    write(tmp_path, {"hub.yaml": text})
    settings, folders = load_settings(tmp_path)
    assert settings.engine.workers == [
        WorkerSettings(name="gpu", device="cuda:1", count=2, slots=3, packs=["a", "b.py"]),
        WorkerSettings(name="plain", device="cpu", packs="none"),
    ]
    assert folders.packs_apart == ("loud",)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::"])
def test_whoever_comes_from_elsewhere_logs_in(tmp_path: Path, host: str) -> None:
    write(tmp_path, {"hub.yaml": f"server: {{host: '{host}'}}"})
    assert load_settings(tmp_path)[0].server.everybody_logs_in


@pytest.mark.parametrize("setting", ["login: always", "names: hub.example.org"])
def test_whoever_sits_at_this_machine_can_be_made_to_log_in(tmp_path: Path, setting: str) -> None:
    write(tmp_path, {"hub.yaml": f"server: {{{setting}}}"})
    assert load_settings(tmp_path)[0].server.everybody_logs_in


@pytest.mark.parametrize(
    ("setting", "mistake"),
    [
        ("host: example.org", "an address such as"),
        ("names: ['https://hub.example.org']", "without scheme and port"),
        ("certificate: hub.pem", "needs both"),
        ("login: never", "one of always, auto"),
    ],
)
def test_what_the_door_cannot_use_is_told(tmp_path: Path, setting: str, mistake: str) -> None:
    write(tmp_path, {"hub.yaml": f"server: {{{setting}}}"})
    with pytest.raises(ConfigurationInvalid, match=mistake):
        load_settings(tmp_path)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_this_machine_has_many_addresses(tmp_path: Path, host: str) -> None:
    write(tmp_path, {"hub.yaml": f"server: {{host: '{host}'}}"})
    server = load_settings(tmp_path)[0].server
    assert (server.host, server.everybody_logs_in) == (host, False)

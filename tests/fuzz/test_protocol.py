"""Whatever a client of ComfyUI's protocol sends: an answer, and no file from outside."""

import json
import os
import struct
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from websocket import create_connection

from tests.fuzz.conftest import Fuzzed

SECRET = b"what nobody outside may read"
SECONDS = 100  # only what hangs takes so long
CLASSES = ["EmptyImage", "SaveImage", "LoadImage", "PreviewImage", "Nothing", "", "KSampler"]
DETERMINED = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=60,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def house(fuzzed: Fuzzed) -> Fuzzed:
    """A hub with files that are not to be read or written, and links that lead to them."""
    (fuzzed.config / "secret.txt").write_bytes(SECRET)
    for folder in ("input", "output", "temp"):
        place = fuzzed.config / "data" / folder
        (place / "inside.txt").write_bytes(b"to be read")
        (place / "folder").symlink_to(fuzzed.config)
        (place / "link.txt").symlink_to(fuzzed.config / "secret.txt")
        (place / "circle").symlink_to(place / "circle")
    return fuzzed


def ask(
    address: str, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, bytes]:
    """Status and body, of a path that is sent as it is."""
    connection = HTTPConnection(address.removeprefix("http://"), timeout=SECONDS)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def holds(status: int, body: bytes) -> None:
    assert status < 500 or status == 503, body
    assert SECRET not in body


odd_texts = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["", "\x00", "\ud83d", "../a", "é" * 200, "1e999", "[output]", "a [temp]"]),
)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), odd_texts, st.just(10**400), st.just(-0.0)
)
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(odd_texts, inner, max_size=3)
    ),
    max_leaves=8,
)
links = st.tuples(st.sampled_from(["1", "2", "9", 1, None, ""]), values).map(list)
nodes = st.fixed_dictionaries(
    {},
    optional={
        "class_type": st.one_of(st.sampled_from(CLASSES), values),
        "inputs": st.one_of(
            st.dictionaries(
                st.sampled_from(["image", "images", "filename_prefix", "width", "x"]),
                st.one_of(links, values),
                max_size=4,
            ),
            values,
        ),
        "_meta": values,
        "is_changed": values,
    },
)
graphs = st.dictionaries(
    st.one_of(st.sampled_from(["1", "2", "3"]), odd_texts), st.one_of(nodes, values), max_size=4
)
prompts = st.fixed_dictionaries(
    {},
    optional={
        "prompt": st.one_of(graphs, values),
        "prompt_id": values,
        "client_id": values,
        "number": values,
        "front": values,
        "extra_data": st.one_of(
            values,
            st.fixed_dictionaries(
                {}, optional={"extra_pnginfo": values, "preview_method": values, "webhook": values}
            ),
        ),
        "partial_execution_targets": values,
    },
)
bodies = st.one_of(
    st.one_of(prompts, values).map(lambda content: json.dumps(content).encode()),
    st.one_of(prompts, values).map(
        lambda content: json.dumps(content, ensure_ascii=False).encode(errors="surrogatepass")
    ),
    st.binary(max_size=40),
)


def drawing(node: str = "1", prefix: str = "odd") -> dict[str, Any]:
    """A graph that is carried out."""
    size = {"width": 8, "height": 8, "batch_size": 1, "color": 0}
    return {
        node: {"class_type": "EmptyImage", "inputs": size},
        "2": {
            "class_type": "SaveImage",
            "inputs": {"images": [node, 0], "filename_prefix": prefix},
        },
    }


POSTED = ["/prompt", "/queue", "/interrupt", "/history", "/free", "/api/jobs/cancel"]


@DETERMINED
@given(st.sampled_from(POSTED), bodies)
def test_any_body_is_answered(house: Fuzzed, path: str, body: bytes) -> None:
    holds(*ask(house.address, "POST", path, body))


@DETERMINED
@given(prompts)
@example({"prompt": {}, "number": 10**400})
@example({"prompt": {"1": {"class_type": []}}})
@example({"prompt": {}, "extra_data": {"webhook": {"\ud83d": None}}})
@example({"prompt": drawing("\ud83d")})
@example({"prompt": drawing(prefix="\ud83d")})
@example({"prompt": drawing(), "client_id": "\ud83d"})
def test_any_prompt_is_answered(house: Fuzzed, prompt: Any) -> None:
    status, body = ask(house.address, "POST", "/prompt", json.dumps(prompt).encode())
    holds(status, body)
    assert json.loads(body).keys() >= ({"prompt_id"} if status == 200 else {"error"})


steps = st.sampled_from(
    [
        *("..", ".", "", "...", "folder", "inside.txt", "link.txt", "secret.txt", "circle", "~"),
        *(
            "config",
            "data",
            "hub.sqlite",
            "\\",
            "..\\",
            "C:",
            "\0",
            "\n",
            "a" * 300,
            "é",
            "[output]",
        ),
        *("%2e%2e", "%2f", "%00", "%", "\udcff", "inside.txt [temp]"),
    ]
)
names = st.one_of(
    st.lists(steps, max_size=5).map("/".join),
    steps.map(lambda step: f"/etc/{step}"),
    odd_texts,
)
kinds = st.one_of(st.sampled_from(["input", "output", "temp", ""]), names)


def quoted(text: str) -> str:
    return quote_from_bytes(text.encode(errors="surrogatepass"))


@DETERMINED
@example("é" * 200, "", "input", "")
@given(names, names, kinds, st.sampled_from(["", "&preview=webp;90", "&channel=rgb", "&preview="]))
def test_view_shows_nothing_from_outside(
    house: Fuzzed, name: str, subfolder: str, kind: str, more: str
) -> None:
    asked = f"filename={quoted(name)}&subfolder={quoted(subfolder)}&type={quoted(kind)}{more}"
    holds(*ask(house.address, "GET", f"/view?{asked}"))


PATHS = ["/page/", "/extensions/", "/extensions/x/", "/view_metadata/", "/models/", "/history/"]
PATHS += ["/object_info/", "/api/hub/docs/", "/api/hub/outputs/", "/api/jobs/", "/userdata/", "/"]
PATHS += ["/editor/", "/api/userdata/", "/api/hub/runs/", "/settings/", "/api/assets/"]


@DETERMINED
@given(st.sampled_from(PATHS), names, st.booleans())
@example("/page/", "\x00", False)
def test_no_path_leads_outside(house: Fuzzed, path: str, name: str, raw: bool) -> None:
    spelled = "".join(letter for letter in name if " " < letter < "\x7f") if raw else quoted(name)
    holds(*ask(house.address, "GET", path + spelled))


def everything_else(config: Path) -> dict[Path, bytes]:
    """Whatever lies in the configuration folder, but for where uploads belong and the database."""
    kept = [config / "data" / name for name in ("input", "output", "temp", "store", "users")]
    return {
        path: path.read_bytes()
        for folder, _, files in os.walk(config)
        for path in (Path(folder) / name for name in files)
        if not any(path.is_relative_to(each) for each in kept)
        and not path.name.startswith("hub.sqlite")
        and path.name != "hub.log"
        and path.is_file()
    }


def form(fields: list[tuple[str, str, str | None]]) -> bytes:
    """A multipart body; what stands third is a file's name."""
    pieces = []
    for name, value, filename in fields:
        named = "" if filename is None else f'; filename="{filename}"'
        head = f'--edge\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'
        pieces.append((head + value + "\r\n").encode(errors="surrogatepass"))
    return b"".join([*pieces, b"--edge--\r\n"])


@DETERMINED
@given(
    st.sampled_from(["/upload/image", "/upload/mask"]),
    names,
    names,
    kinds,
    st.sampled_from(["", "true", "1"]),
    st.one_of(names, values.map(json.dumps), names.map(lambda n: json.dumps({"filename": n}))),
)
@example("/upload/mask", "\ud83d", "", "input", "", '{"filename": "\\ud83d"}')
def test_uploads_stay_in_their_folders(
    house: Fuzzed, path: str, name: str, subfolder: str, kind: str, overwrite: str, reference: str
) -> None:
    before = everything_else(house.config)
    fields = [
        ("image", "content", name),
        ("subfolder", subfolder, None),
        ("type", kind, None),
        ("overwrite", overwrite, None),
        ("original_ref", reference, None),
    ]
    sent = {"Content_Type": "multipart/form-data; boundary=edge"}
    holds(*ask(house.address, "POST", path, form(fields), **sent))
    assert everything_else(house.config) == before


@DETERMINED
@given(st.binary(max_size=200), st.sampled_from(["multipart/form-data; boundary=edge", "", "a/b"]))
def test_any_upload_is_answered(house: Fuzzed, body: bytes, media: str) -> None:
    broken = form([("image", "content", "a.png")])[: len(body) * 2] + body
    for path in ("/upload/image", "/upload/mask", "/api/hub/workflows/photo/run"):
        holds(*ask(house.address, "POST", path, broken, Content_Type=media))


spoken = st.one_of(
    st.binary(max_size=50),
    values.map(lambda content: json.dumps(content).encode()),
    values.map(lambda data: json.dumps({"type": "feature_flags", "data": data}).encode()),
    st.just(b"[" * 100_000),
)
frames = st.lists(
    st.tuples(st.sampled_from([0, 1, 2, 8, 9, 10, 3, 15]), st.booleans(), spoken), max_size=5
)


def frame(kind: int, content: bytes, *, final: bool) -> bytes:
    """As RFC 6455 (5.2) draws it, whether it may be sent or not; masked with zeros."""
    length = struct.pack(">BH", 0x80 | 126, len(content) & 0xFFFF)
    if len(content) > 0xFFFF:
        length = struct.pack(">BQ", 0x80 | 127, len(content))
    return bytes([0x80 * final | kind]) + length + bytes(4) + content


@DETERMINED
@given(st.sampled_from(["/ws?clientId=fuzz", "/api/hub/notices"]), frames, st.binary(max_size=8))
def test_any_frames_leave_the_hub_as_it_was(
    house: Fuzzed, path: str, said: list[tuple[int, bool, bytes]], broken: bytes
) -> None:
    talking = create_connection(house.address.replace("http", "ws") + path, timeout=SECONDS)
    assert talking.sock is not None
    with suppress(OSError):  # it was closed, as it should be after what no socket may say
        for kind, final, content in said:
            talking.sock.sendall(frame(kind, content, final=final))
        talking.sock.sendall(broken)
    talking.sock.close()
    with_answer = create_connection(house.address.replace("http", "ws") + "/ws", timeout=SECONDS)
    assert json.loads(with_answer.recv())["type"] == "status"
    with_answer.close()

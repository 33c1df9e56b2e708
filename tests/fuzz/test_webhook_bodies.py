"""Any body: an event, or a refusal that says why."""

import contextlib
import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from hub.storage.columns import to_text
from hub.triggers.webhook_body import UnreadableBody, read_json, read_text
from hub.triggers.webhook_multipart import take_apart
from tests.fuzz.test_configuration import DETERMINED

TYPES = ["application/json", "application/vnd.a+json", "application/x-www-form-urlencoded"]
TYPES += ["text/plain", "multipart/form-data", "", "application/json;"]
PIECES = [
    *(b"{", b"}", b"[", b"]", b'"a"', b":", b",", b"null", b"NaN", b"1e999", b"9" * 50, b"\\ud83d"),
    *(b"a=1", b"&", b"%", b"%ff", b"+", b";", b"\x00", b"\xff\xfe", b"--a\r\n", b"\r\n\r\n", b"["),
]


@DETERMINED
@given(
    st.sampled_from(TYPES),
    st.one_of(st.binary(max_size=60), st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join)),
)
def test_any_body_can_be_kept_or_is_refused(media_type: str, body: bytes) -> None:
    with contextlib.suppress(UnreadableBody):
        content = read_text(media_type, body)
        json.loads(to_text([content.json, content.data]))


FORM_PIECES = [
    *(b"--a", b"--a--", b"\r\n", b"\r\n\r\n", b"\n", b"-", b"--", b"x", b"\xff", b"\x00", b'"'),
    b"Content-Disposition: form-data; name=",
    *(b"Content-Disposition: form-data", b"; filename=", b"b.png", b"; filename*=utf-8''%e9%"),
    *(b"Content-Type: image/png", b"Content-Transfer-Encoding: base64", b": ", b";"),
]


@DETERMINED
@given(
    st.sampled_from(["a", '"a"', "", "a; boundary=b", "\udcff"]),
    st.lists(st.sampled_from(FORM_PIECES), max_size=16).map(b"".join),
)
def test_any_form_is_taken_apart_or_refused(boundary: str, body: bytes) -> None:
    with TemporaryDirectory() as folder, contextlib.suppress(UnreadableBody):
        form = Path(folder) / "form"
        form.write_bytes(body)
        for part in take_apart(form, f"multipart/form-data; boundary={boundary}"):
            to_text([part.name, part.value, part.filename, part.content_type])
            assert part.path is None or part.path.parent == form.parent


def test_deep_nesting_is_refused() -> None:
    with contextlib.suppress(UnreadableBody):
        read_json(b"[" * 100_000)

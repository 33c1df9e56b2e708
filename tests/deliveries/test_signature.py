"""Signatures as receivers check them."""

import base64
from datetime import UTC, datetime

from hub.deliveries.signature import signature_headers

AT = datetime.fromtimestamp(1614265330, UTC)


def test_the_example_of_the_specification_is_signed_as_there() -> None:
    """Its example values, from https://www.standardwebhooks.com."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    headers = signature_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", AT, body, secret)
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_secret_of_another_form_is_taken_as_its_text() -> None:
    text = "correct horse"
    as_base64 = f"whsec_{base64.b64encode(text.encode()).decode()}"
    assert signature_headers("1", AT, b"x", text) == signature_headers("1", AT, b"x", as_base64)


def test_without_a_secret_the_id_and_time_go_along() -> None:
    assert signature_headers("1", AT, b"", None).keys() == {"webhook-id", "webhook-timestamp"}

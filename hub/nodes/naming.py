"""Names of produced files: the tokens that a prefix may hold."""

import secrets
import string
from datetime import datetime


def filled_prefix(prefix: str, *, width: int, height: int, number: int) -> str:
    """`prefix` with its tokens replaced by facts of the picture and by the local time.

    `number` is the picture's place in its batch, from 0. Unknown tokens stay as they are.
    """
    if "%" not in prefix:
        return prefix
    now = datetime.now().astimezone()
    tokens = {
        "width": str(width),
        "height": str(height),
        "batch_num": str(number),
        "year": str(now.year),
        "month": f"{now.month:02}",
        "day": f"{now.day:02}",
        "hour": f"{now.hour:02}",
        "minute": f"{now.minute:02}",
        "second": f"{now.second:02}",
    }
    for token, value in tokens.items():
        prefix = prefix.replace(f"%{token}%", value)
    return prefix


def preview_prefix() -> str:
    """For temporary files; another one each time.

    Numbers begin anew when the temporary files are cleared, and without the letters a browser
    would show an older preview of the same number.
    """
    letters = "".join(secrets.choice(string.ascii_lowercase) for _ in range(5))
    return f"ComfyUI_temp_{letters}"

"""The documentation of settings is made from their declarations."""

from pathlib import Path

from hub.config.reference import table, with_settings
from hub.config.settings import HubSettings

_DOCUMENT = Path(__file__).parents[2] / "docs" / "configuration.md"


def test_every_setting_is_documented_as_it_is_declared() -> None:
    text = _DOCUMENT.read_text("utf-8")
    assert with_settings(text) == text, "run: python -m hub.config.reference docs/configuration.md"


def test_the_table_has_a_row_for_each_setting_of_each_section() -> None:
    written = table(HubSettings)
    for setting in ("server.host", "folders.allow", "engine.workers", "data", "minimum_free"):
        assert f"| `{setting}` |" in written

"""A whole hub whose real worker has loaded the pack `extras`, and packs made for the occasion."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from hub.app import Hub
from tests.web.client import Client
from tests.web.configuration import write_configuration

EXTRAS = Path(__file__).parent / "packs" / "extras"
DEEP = "a-name-that-is-rather-long/" * 6  # no socket's name may have so many letters
SETTINGS = f"""
data: {DEEP}
packs: {{folders: [more], allow: [extras, project, started]}}
"""
PROJECT = """
[project]
name = "a-project"
[tool.comfy]
web = "js"
"""
HubWithExtras = tuple[Hub, Client]
MAPPINGS = "NODE_CLASS_MAPPINGS = {}\n"


def write_packs(config: Path) -> None:
    """`extras`, three packs in a folder of their own, and files that lead out of `extras`."""
    write_configuration(config)
    with (config / "hub.yaml").open("a") as settings:
        settings.write(SETTINGS)
    extras = config / "custom_nodes" / "extras"
    shutil.copytree(EXTRAS, extras)
    (extras / "web" / "out.js").symlink_to(extras / "__init__.py")
    (extras / "web" / "outside").symlink_to(extras)
    files = {
        "project/__init__.py": MAPPINGS,
        "project/pyproject.toml": PROJECT,
        "project/js/project.mjs": "export {}",
        "project/js/project.js": "export {}",
        "started/__init__.py": f"import sys\n{MAPPINGS}assert sys.modules['early'].torch is False",
        "started/prestartup_script.py": (
            "import sys, types\n"
            "early = sys.modules['early'] = types.ModuleType('early')\n"
            "early.torch = 'torch' in sys.modules\n"
        ),
        "forbidden/__init__.py": MAPPINGS,
    }
    for name, content in files.items():
        file = config / "more" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)


@asynccontextmanager
async def running_hub(config: Path) -> AsyncIterator[HubWithExtras]:
    """The hub once its worker is ready, and a client."""
    write_packs(config)
    made = await asyncio.to_thread(Hub, config, port=0)
    async with made as hub, Client(hub.address) as client:
        await hub.engine.ready.wait()
        yield hub, client


def speak(text: str) -> dict[str, Any]:
    """A graph of one node that says `text`."""
    return {"1": {"class_type": "ExtrasSpeak", "inputs": {"text": text}}}

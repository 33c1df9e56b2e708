"""`hub backup` and `hub restore`."""

import asyncio
from pathlib import Path

from hub.backups.archive import Choice, make_backup
from hub.backups.restoring import restore_backup
from hub.cli.console import out
from hub.cli.sizes import size_text
from hub.clock import SystemClock
from hub.config.settings import load_settings


async def back_up_hub(config: Path, target: Path, choice: Choice) -> int:
    """Into `target`, or under a name with the time if that is a folder. A hub may be running."""
    _, folders = await asyncio.to_thread(load_settings, config)
    now = SystemClock().now()
    if await asyncio.to_thread(target.is_dir):
        target /= f"hub-{now:%Y-%m-%d-%H%M%S}.tar"
    manifest = await asyncio.to_thread(make_backup, folders, target, choice, now)
    told = f"{target}: {len(manifest.files):,} files, {size_text(manifest.bytes)}."
    out.print(told, markup=False, highlight=False, soft_wrap=True)
    if manifest.secrets:
        out.print("Your secrets are in it: keep it as safe as secrets.yaml.", soft_wrap=True)
    return 0


async def restore_hub(config: Path, source: Path, *, replace: bool) -> int:
    """No hub may be running on the data folder."""
    restored = await asyncio.to_thread(restore_backup, source, config, replace=replace)
    manifest = restored.manifest
    then = f"{manifest.made_at:%Y-%m-%d %H:%M}"
    told = f"Restored {len(manifest.files):,} files, as they were {then} UTC."
    out.print(told, highlight=False, soft_wrap=True)
    if restored.former_database is not None:
        told = f"The database that was there is now {restored.former_database}."
        out.print(told, markup=False, highlight=False, soft_wrap=True)
    if not manifest.secrets:
        out.print("The backup holds no secrets.yaml: put yours back if you had one.")
    return 0

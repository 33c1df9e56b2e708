"""`hub check`: the loader of the hub itself, used to tell mistakes."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path

from hub.automations.loading import find_problems
from hub.cli.console import err, out


async def check_configuration(config: Path, *, as_json: bool) -> int:
    """0 if there is nothing to say."""
    problems = await asyncio.to_thread(find_problems, config)
    if as_json:
        out.print_json(json.dumps([asdict(problem) for problem in problems]))
    else:
        for problem in problems:
            err.print(str(problem), markup=False, highlight=False, soft_wrap=True)
        count = len(problems)
        verdict = f"{count} mistake{'s' if count != 1 else ''}" if count else "no mistakes"
        out.print(f"{config}: {verdict}.", highlight=False)
    return 1 if problems else 0

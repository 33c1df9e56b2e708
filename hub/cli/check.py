"""`hub check`: the loader of the hub itself, used to tell mistakes."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path

from hub.automations.loading import find_problems
from hub.cli.console import err, out


async def check_configuration(config: Path, *, as_json: bool) -> int:
    """0 if there are no mistakes; a warning is told, but is none."""
    problems = await asyncio.to_thread(find_problems, config)
    warnings = sum(problem.warning for problem in problems)
    mistakes = len(problems) - warnings
    if as_json:
        out.print_json(json.dumps([asdict(problem) for problem in problems]))
    else:
        for problem in problems:
            err.print(str(problem), markup=False, highlight=False, soft_wrap=True)
        counts = f"{_count(mistakes, 'mistake')}, {_count(warnings, 'warning')}"
        verdict = f"{config}: {counts if warnings else _count(mistakes, 'mistake')}."
        out.print(verdict, markup=False, highlight=False, soft_wrap=True)
    return 1 if mistakes else 0


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"

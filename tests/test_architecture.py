"""The rules of the house: who may import whom, what stays out of the hub process, how long is long.

A part is a package or module directly below `hub`, or one of those named in `INNER_PARTS`.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from subprocess import PIPE

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "hub").rglob("*.py"))

# Each part may import parts of the layers below its own; those of one layer do not know each
# other, they meet through protocols.
LAYERS = (
    {"cli"},
    {"app"},
    {"web"},
    {"automations"},
    {"runs", "deliveries", "retention", "backups", "access"},
    {"triggers", "workflows", "engine", "storage"},
    {"probe", "config"},
    {"notices", "nodes.api", "recent_log", "unexpected"},
    {
        "records",
        "errors",
        "background",
        "clock",
        "wire",
        "child",
        "crash",
        "threads",
        "together",
        "client",
        "log",
        "nodes.schema",
    },
)
LOWEST = LAYERS[-1] | LAYERS[-2]
MODELS = {"engine.models", "engine.sampling"}
WORKER_SIDE = {
    "engine.worker": {"engine", "nodes", "nodes.compat", "config"} | MODELS | LOWEST,
    "engine.models": {"engine.sampling", "errors"},
    "engine.sampling": {"errors"},
    "nodes": MODELS | LOWEST,
    "nodes.compat": {"nodes", "engine", "engine.worker", "config"} | MODELS | LOWEST,
}
EVERYTHING = set.union(*LAYERS) | set(WORKER_SIDE)
MAY_IMPORT: dict[str, set[str]] = (
    {
        part: set().union(*LAYERS[depth + 1 :])
        for depth, layer in enumerate(LAYERS)
        for part in layer
    }
    | WORKER_SIDE
    | {"testing": EVERYTHING}
)
INNER_PARTS = ("nodes.api", "nodes.schema", "nodes.compat", "engine.worker", *sorted(MODELS))

# Where the heavy and the risky libraries may be imported: all in processes of their own.
WORKER = ("hub.engine.worker", "hub.engine.models", "hub.engine.sampling", "hub.nodes")
PROBE = tuple(
    f"hub.probe.{name}"
    for name in (
        "conversion",
        "embedded",
        "exif",
        "inspection",
        "looks",
        "pictures",
        "process",
        "recordings",
        "thumbnails",
    )
)
HOMES_OF_LIBRARIES = {
    "torch": WORKER,
    "numpy": WORKER,
    "safetensors": WORKER,
    "torchsde": ("hub.engine.sampling",),
    "PIL": (*WORKER, *PROBE, "hub.testing"),
    "av": ("hub.nodes", *PROBE),
}
# Alembic alone runs the migrations; they are no modules to import.
NOT_IN_THE_HUB_PROCESS = (*WORKER, *PROBE, "hub.testing", "hub.storage.migrations")

# Who may catch what nobody foresaw, and why.
HOMES_OF_BLANKET_EXCEPT = {
    "hub.engine.worker.node_code": "a node's own code may raise anything",
    "hub.engine.worker.session": "a bug of ours costs the attempt, not the worker",
    "hub.unexpected": "one broken trigger or firing leaves its neighbours running",
    "hub.web.errors": "the outermost middleware: no traceback reaches a client",
    "hub.storage.database": "a failed unit of a group commit is handed to whoever waits for it",
}
LONGEST_FILE = 400
LONGEST_FUNCTION = 50
DECLARATIONS = {"define_schema", "upgrade", "downgrade"}  # tables that happen to be functions


def module_name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_within(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def part_of(module: str) -> str:
    inner = (part for part in INNER_PARTS if is_within(module, (f"hub.{part}",)))
    return next(inner, module.split(".")[1])


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def nodes() -> Iterator[tuple[Path, ast.AST]]:
    """Every piece of syntax of the hub, with the file it is in."""
    return ((file, node) for file in FILES for node in ast.walk(tree(file)))


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} line {node.lineno}: imports are absolute here"
            module = node.module or ""
            yield from (f"hub.{name.name}" for name in node.names) if module == "hub" else [module]


@pytest.mark.parametrize("part", sorted(MAY_IMPORT))
def test_imports_go_one_way(part: str) -> None:
    offences = [
        f"{module_name(file)} imports {name}"
        for file in FILES
        if module_name(file) != "hub" and part_of(module_name(file)) == part
        for name in imports(file)
        if name.startswith("hub.") and part_of(name) not in MAY_IMPORT[part] | {part}
    ]
    assert offences == []


def test_every_module_belongs_to_a_part_with_a_rule() -> None:
    parts = {part_of(module_name(file)) for file in FILES if module_name(file) != "hub"}
    assert parts == set(MAY_IMPORT)


def test_heavy_libraries_stay_in_their_homes() -> None:
    offences = [
        f"{module_name(file)} imports {name}"
        for file in FILES
        for name in imports(file)
        if (homes := HOMES_OF_LIBRARIES.get(name.split(".")[0]))
        and not is_within(module_name(file), homes)
    ]
    assert offences == []


def test_the_hub_process_loads_no_heavy_library() -> None:
    modules = [
        name
        for name in map(module_name, FILES)
        if name in ("hub.nodes.api", "hub.nodes.schema")
        or not is_within(name, NOT_IN_THE_HUB_PROCESS)
    ]
    code = (
        "import importlib, sys\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        f"print(*sys.modules.keys() & {set(HOMES_OF_LIBRARIES)!r})"
    )
    loaded = subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, stdout=PIPE)
    assert loaded.stdout.split() == []


def test_a_package_file_is_only_a_docstring() -> None:
    packages = [file for file in FILES if file.name == "__init__.py"]
    others = {module_name(file) for file in packages if len(tree(file).body) != 1}
    assert others == {"hub.client"}  # the one that programs of others import from


def test_a_file_opens_with_what_it_is_about() -> None:
    assert [module_name(file) for file in FILES if not ast.get_docstring(tree(file))] == []


def test_a_file_fits_one_sitting() -> None:
    lengths = {module_name(file): len(file.read_text().splitlines()) for file in FILES}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_a_function_fits_one_screen() -> None:
    lengths = {
        f"{module_name(file)}.{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for file, node in nodes()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name not in DECLARATIONS
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def test_unforeseen_errors_are_swallowed_only_in_their_homes() -> None:
    offences = [
        f"{module_name(file)} line {node.lineno}"
        for file, node in nodes()
        if isinstance(node, ast.ExceptHandler)
        and is_blanket(node)
        and not isinstance(node.body[-1], ast.Raise)
        and module_name(file) not in HOMES_OF_BLANKET_EXCEPT
    ]
    assert offences == []


def is_blanket(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    names = {name.id for name in ast.walk(handler.type) if isinstance(name, ast.Name)}
    return bool(names & {"Exception", "BaseException"})


def test_nothing_is_printed_past_the_console() -> None:
    offences = [
        f"{module_name(file)} line {node.lineno}"
        for file, node in nodes()
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert offences == []


def test_the_steps_of_the_database_follow_one_another() -> None:
    """Two that were made side by side both go on from the same one, and none can be carried out."""
    steps = sorted((ROOT / "hub" / "storage" / "migrations" / "versions").glob("[0-9]*.py"))
    numbers = [int(step.name[:4]) for step in steps]
    assert numbers == list(range(1, len(steps) + 1))

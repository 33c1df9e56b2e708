"""A bench on which a node class is carried out alone, for authors of packs and for our tests.

bench = NodeBench(tmp_path)
bench.add_input("cat.png", data)
image, mask = bench.run(LoadImage, image="cat.png")
"""

import asyncio
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hub.config.model_folders import INDEX
from hub.engine.models.evaluation import evaluated
from hub.errors import Invalid, NoSuch
from hub.nodes.api import Hidden, Node, current_context
from hub.nodes.pictures import tensor_of
from hub.records.output import OutputFolder


@dataclass(kw_only=True)
class BenchFile:
    """A file that a node made on the bench, at the place it would be published to."""

    path: Path
    folder: OutputFolder
    subfolder: str
    width: int | None = None
    height: int | None = None

    def item(self) -> dict[str, str]:
        """The entry for the node's `ui`."""
        return {
            "filename": self.path.name,
            "subfolder": self.subfolder,
            "type": self.folder.value,
        }

    def describe(self, *, width: int, height: int) -> None:
        """Note how large the picture is, in pixels."""
        self.width, self.height = width, height


@dataclass(kw_only=True)
class BenchContext:
    """What a node may ask while it runs; `input_root` serves as input folder and input store."""

    root: Path
    node: str = "1"
    prompt: dict[str, Any] = field(default_factory=dict)
    extra_pnginfo: dict[str, Any] | None = None
    files: list[BenchFile] = field(default_factory=list)
    steps: list[tuple[float, float]] = field(default_factory=list)
    previews: list[bytes] = field(default_factory=list)
    prefixes: int = 0

    def stage(
        self, *, prefix: str, suffix: str, folder: OutputFolder, counted: bool = True
    ) -> BenchFile:
        """A new file, numbered from 1 if it is `counted`; its folders are made."""
        base = self.root / folder.value
        counter = f"_{len(self.files) + 1:05}_" if counted else ""
        path = _inside(base, f"{prefix}{counter}{suffix}")
        path.parent.mkdir(parents=True, exist_ok=True)
        subfolder = path.parent.relative_to(base.resolve()).as_posix()
        made = BenchFile(path=path, folder=folder, subfolder="" if subfolder == "." else subfolder)
        self.files.append(made)
        return made

    def input_file(self, name: str) -> Path:
        """A file of the input folder, or of another one by an annotation like ` [output]`."""
        bare, _, annotation = name.removesuffix("]").partition(" [")
        path = _inside(self.root / (annotation or "input"), bare)
        if not path.is_file():
            raise NoSuch("input file", name)
        return path

    def model_file(self, kind: str, name: str) -> Path:
        """A file below `models/<kind>`, or the index of a folder there."""
        path = _inside(self.root / "models" / kind, name)
        path = path / INDEX if path.is_dir() else path
        if not path.is_file():
            raise NoSuch(f"file of the kind {kind}", name)
        return path

    def input_folder(self, name: str) -> Path:
        """A folder of the input folder."""
        return _inside(self.root / "input", name)

    def model_folders(self, kind: str) -> tuple[Path, ...]:
        """The folder `models/<kind>`."""
        return (self.root / "models" / kind,)

    def progress(self, value: float, maximum: float) -> None:
        """Collected in `steps`."""
        self.steps.append((value, maximum))

    def preview(self, encoded: Callable[[], tuple[bytes, str]]) -> None:
        """Collected in `previews`."""
        self.previews.append(encoded()[0])

    def show(self, image: bytes, kind: str) -> None:
        """Collected there too."""
        self.previews.append(image)

    async def sampled(self, run: Any) -> Any:
        """Sampled alone, and at once."""
        task = run.task(lambda step, steps, denoised: self.progress(step, steps))
        task.begin()
        while not task.is_over:
            (sides,) = evaluated(task.model, [task.ask()])
            task.answer(sides)
        return task.result.result()

    def check_cancelled(self) -> None:
        """Nothing is ever cancelled on a bench."""

    def new_prefix(self) -> str:
        """Counted from 1."""
        self.prefixes += 1
        return f"{self.node}.{self.prefixes}."


class NodeBench:
    """Carries out nodes in `folder`. `files`, `ui`, `steps` and `previews` are those of the last
    call."""

    def __init__(
        self,
        folder: Path,
        *,
        prompt: dict[str, Any] | None = None,
        extra_pnginfo: dict[str, Any] | None = None,
    ) -> None:
        self.folder = folder
        self._prompt = prompt or {}
        self._extra_pnginfo = extra_pnginfo
        self.files: list[BenchFile] = []
        self.steps: list[tuple[float, float]] = []
        self.previews: list[bytes] = []
        self.ui: dict[str, list[Any]] | None = None

    def add_input(self, name: str, content: bytes) -> Path:
        """Put a file where `context().input_file(name)` finds it."""
        path = _inside(self.folder / "input", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def run(self, node: type[Node], **inputs: Any) -> tuple[Any, ...]:
        """What `execute` gives, with pictures as tensors.

        Inputs that are not named have their declared defaults.
        """
        schema = node.define_schema()
        defaults = {item.name: item.default for item in schema.inputs if item.default is not None}
        hidden = {token.lower(): self._hidden(token) for token in schema.hidden}
        with self._context():
            result = node.execute(**{**defaults, **hidden, **inputs})
            if inspect.isawaitable(result):
                result = asyncio.run(_awaited(result))
        self.ui = result.ui
        return tuple(tensor_of(value) for value in result.values)

    def fingerprint(self, node: Any, **constants: Any) -> Any:
        """What `fingerprint_inputs` gives."""
        with self._context():
            return node.fingerprint_inputs(**constants)

    def _hidden(self, token: Hidden) -> Any:
        match token:
            case Hidden.PROMPT | Hidden.DYNPROMPT:
                return self._prompt
            case Hidden.EXTRA_PNGINFO:
                return self._extra_pnginfo
            case Hidden.UNIQUE_ID:
                return "1"

    @contextmanager
    def _context(self) -> Iterator[None]:
        context = BenchContext(
            root=self.folder, prompt=self._prompt, extra_pnginfo=self._extra_pnginfo
        )
        self.files, self.steps = context.files, context.steps
        self.previews = context.previews
        token = current_context.set(context)
        try:
            yield
        finally:
            current_context.reset(token)


def _inside(base: Path, name: str) -> Path:
    path = (base / name).resolve()
    if not path.is_relative_to(base.resolve()):
        raise Invalid(f"The name {name!r} leads out of the {base.name} folder.")
    return path


async def _awaited(result: Any) -> Any:
    return await result

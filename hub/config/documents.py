"""Documents: the YAML files of a configuration folder, with Home Assistant's tags carried out."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from hub.config.elements import Element, Mapping, Scalar, Sequence, Unreadable, is_null, quoted
from hub.config.parsing import parse, place_of_byte, unreadable
from hub.config.problems import Place, Problem, closest, problem_at

SECRETS_FILE = "secrets.yaml"


class Documents:
    """Loads YAML files of the folder `config`.

    Nothing raises: what cannot be read stands as `Unreadable` in its place, so that the rest of a
    file, and all other files, are read and judged all the same. `secret_values` are the texts that
    `!secret` gave out so far; whoever shows or stores values blots them out. `files` are all that
    were looked for, whether they are there or not.
    """

    def __init__(self, config: Path) -> None:
        self.config = config
        self.secret_values: set[str] = set()
        self.files: set[Path] = set()
        self._secrets: dict[Path, Element] = {}
        self._open: list[Path] = []
        self._fill: Callable[[Scalar], Element] | None = None
        self._tags: dict[str, Callable[[Path, Scalar], Element]] = {
            "!include": self._include,
            "!include_dir_list": self._include_dir_list,
            "!include_dir_named": self._include_dir_named,
            "!include_dir_merge_list": self._include_dir_merge_list,
            "!include_dir_merge_named": self._include_dir_merge_named,
            "!secret": self._secret,
            "!env_var": self._environment,
            "!input": self._input,
        }

    def load(self, path: Path) -> Element:
        """The whole file; an empty one is null."""
        return self._load(path, Place(self.name(path)))

    def load_text(self, text: str, path: Path) -> Element:
        """A text as if it stood in that file."""
        return parse(text, self.name(path), partial(self._answer, path))

    def load_blueprint(self, path: Path, fill: Callable[[Scalar], Element]) -> Element:
        """The same for a file with gaps: `fill` says what stands where `!input NAME` does."""
        self._fill = fill
        try:
            return self.load(path)
        finally:
            self._fill = None

    def name(self, path: Path) -> str:
        """What messages call a file: its path from the configuration folder, if it lies there."""
        return str(path.relative_to(self.config) if path.is_relative_to(self.config) else path)

    def _load(self, path: Path, wanted_at: Place) -> Element:
        if path in self._open:
            return unreadable(wanted_at, f"the file {self.name(path)!r} includes itself")
        self.files.add(path)
        try:
            data = path.read_bytes()
        except OSError as error:
            return self._missing(path, wanted_at, error)
        self._open.append(path)
        try:
            return parse(data.decode("utf-8-sig"), self.name(path), partial(self._answer, path))
        except UnicodeDecodeError as error:
            place = place_of_byte(data, error.start, self.name(path))
            return unreadable(place, "this is not UTF-8; save the file in that encoding")
        finally:
            self._open.pop()

    def _missing(self, path: Path, wanted_at: Place, error: OSError) -> Unreadable:
        message = f"the file {self.name(path)!r} cannot be read ({error.strerror})"
        siblings = [other.name for other in path.parent.glob("*") if other != path]
        return unreadable(wanted_at, message, suggestion=closest(path.name, siblings))

    def _answer(self, path: Path, tag: str, element: Element) -> Element:
        answer = self._tags.get(tag)
        if answer is None:
            return unreadable(
                element.place, f"unknown tag {tag!r}", suggestion=closest(tag, self._tags)
            )
        if not isinstance(element, Scalar) or not element.text:
            return unreadable(element.place, f"{tag} must be followed by a name")
        return answer(path, element)

    def _include(self, path: Path, name: Scalar) -> Element:
        file = self._beside(path, name)
        return self._load(file, name.place) if isinstance(file, Path) else file

    def _include_dir_list(self, path: Path, name: Scalar) -> Element:
        parts = (part for _, part in self._folder(path, name) if not is_null(part))
        return Sequence(tuple(parts), name.place)

    def _include_dir_named(self, path: Path, name: Scalar) -> Element:
        parts = self._folder(path, name)
        return Mapping(
            tuple((Scalar(file.stem, part.place), part) for file, part in parts), name.place
        )

    def _include_dir_merge_list(self, path: Path, name: Scalar) -> Element:
        items: list[Element] = []
        for _, part in self._folder(path, name):
            if isinstance(part, Sequence):
                items.extend(part.items)
            elif not is_null(part):
                items.append(_only(part, "a list"))
        return Sequence(tuple(items), name.place)

    def _include_dir_merge_named(self, path: Path, name: Scalar) -> Element:
        entries: dict[str, tuple[Scalar, Element]] = {}
        problems: list[Problem] = []
        for file, part in self._folder(path, name):
            if isinstance(part, Mapping):
                problems += [*part.problems, *_clashes(entries, part)]
                entries.update({key.text: (key, value) for key, value in part.entries})
            elif not is_null(part):
                entries[str(file)] = (Scalar(file.stem, part.place), _only(part, "a mapping"))
        return Mapping(tuple(entries.values()), name.place, tuple(problems))

    def _folder(self, path: Path, name: Scalar) -> Iterator[tuple[Path, Element]]:
        """Every YAML file below the folder, in the order of names; hidden ones are left out."""
        folder = self._beside(path, name)
        if not isinstance(folder, Path):
            yield path, folder
            return
        if not folder.is_dir():
            yield folder, unreadable(name.place, f"there is no folder {self.name(folder)!r}")
        for file in sorted(folder.rglob("*.yaml")):
            hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
            if not hidden and file.name != SECRETS_FILE:
                yield file, self._load(file, name.place)

    def _beside(self, path: Path, name: Scalar) -> Path | Unreadable:
        """Only what lies in the configuration folder is looked at for changes, and in backups."""
        wanted = Path(os.path.normpath(path.parent / name.text))
        if wanted.is_relative_to(self.config) or not path.is_relative_to(self.config):
            return wanted
        message = (
            f"{name.text!r} leads out of the configuration folder: move it there, or make a link to"
            " it there"
        )
        return unreadable(name.place, message)

    def _environment(self, path: Path, words: Scalar) -> Element:
        name, _, default = words.text.partition(" ")
        value = os.environ.get(name, default.strip() or None)
        if value is None:
            return unreadable(words.place, f"the environment variable {name!r} is not set")
        return Scalar(value, words.place)

    def _input(self, path: Path, name: Scalar) -> Element:
        if self._fill is None:
            return unreadable(name.place, "`!input` belongs into a blueprint; write the value here")
        return self._fill(name)

    def _secret(self, path: Path, name: Scalar) -> Element:
        """Looked for in the folder of the file and then in each one above, up to `config`."""
        known: list[str] = []
        for file in self._secret_files(path):
            secrets = self._secrets.get(file) or self._secrets.setdefault(file, self.load(file))
            if isinstance(secrets, Unreadable):
                return secrets
            if isinstance(secrets, Mapping):
                if secrets.problems:
                    return Unreadable(secrets.problems[0], secrets.place)
                if found := secrets.get(name.text):
                    return self._hidden(found, name)
                known += [key.text for key, _ in secrets.entries]
        message = f"no {SECRETS_FILE} holds a secret named {name.text!r}"
        return unreadable(name.place, message, suggestion=closest(name.text, known))

    def _secret_files(self, path: Path) -> Iterator[Path]:
        inside = (folder for folder in path.parents if folder.is_relative_to(self.config))
        for folder in inside if path.is_relative_to(self.config) else (path.parent, self.config):
            if (file := folder / SECRETS_FILE).is_file():
                yield file

    def _hidden(self, found: Element, name: Scalar) -> Element:
        if not isinstance(found, Scalar):
            return unreadable(found.place, f"the secret {name.text!r} must be a single value")
        self.secret_values.add(found.text)
        return Scalar(found.text, name.place, plain=found.plain, secret=True)


def _only(part: Element, wanted: str) -> Element:
    if isinstance(part, Unreadable):
        return part
    return unreadable(part.place, f"this file must hold {wanted}, not {quoted(part)}")


def _clashes(entries: dict[str, tuple[Scalar, Element]], part: Mapping) -> Iterator[Problem]:
    for key, _ in part.entries:
        if first := entries.get(key.text):
            message = f"the key {key.text!r} is already at {first[0].place}"
            yield problem_at(key.place, message, value=key.text)

"""Where automations are written: `automations.yaml`, the files in `automations/`, and packages."""

from collections.abc import Iterator
from collections.abc import Mapping as Mapped
from dataclasses import dataclass
from pathlib import Path

from hub.automations.automation import Automation
from hub.automations.blueprints import KEY, Blueprints, Expansion
from hub.automations.settled import with_trigger_variables
from hub.config.declared import old_keys
from hub.config.documents import Documents
from hub.config.elements import Element, Mapping, Scalar, Sequence, is_null
from hub.config.packages import automations_of_packages
from hub.config.problems import Problem, Problems
from hub.config.reader import Reader
from hub.config.settings import FILE as SETTINGS_FILE

FILE = "automations.yaml"
FOLDER = "automations"


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """One automation as it is written: what it is called, and what it says, if it can be read."""

    name: str
    is_nameless: bool
    value: Automation | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    expansion: Expansion | None = None

    def explained(self, problems: Problems) -> Problems:
        """The problems, with both places where a blueprint has to do with them."""
        if self.expansion is None:
            return problems
        found = Problems()
        found.extend(map(self.expansion.explained, problems))
        return found


def automation_files(config: Path) -> list[Path]:
    """The files, in the order in which they are read; hidden ones are left out."""
    file, folder = config / FILE, config / FOLDER
    return [
        *([file] if file.exists() else []),
        *(
            file
            for file in sorted(folder.rglob("*.yaml"))
            if not any(part.startswith(".") for part in file.relative_to(folder).parts)
        ),
    ]


def read_automations(
    documents: Documents, reader: Reader, edited: Mapped[Path, str] | None = None
) -> Iterator[Written]:
    """All of them; each is read by itself, so that a broken one leaves the others alone. Files of
    `edited` are read as if they held those texts."""
    texts = edited or {}
    known = automation_files(documents.config)
    for file in [*known, *(file for file in texts if file not in known)]:
        text = texts.get(file)
        content = documents.load(file) if text is None else documents.load_text(text, file)
        yield from _read_all(content, file, documents, reader)
    settings = documents.config / SETTINGS_FILE
    if settings.exists():
        for content in automations_of_packages(documents.load(settings)):
            yield from _read_all(content, Path(content.place.file), documents, reader)


def read_automations_of(text: str, documents: Documents, reader: Reader) -> Iterator[Written]:
    """Those of a text, as if it stood in `automations.yaml`."""
    file = documents.config / FILE
    yield from _read_all(documents.load_text(text, file), file, documents, reader)


def _read_all(
    content: Element, file: Path, documents: Documents, reader: Reader
) -> Iterator[Written]:
    blueprints, name = Blueprints(documents), documents.name(file)
    for index, element in enumerate(_items(content)):
        place = f"automation {index + 1} of {name}"
        yield _read(element, _id_of(element) or place, blueprints, reader)


def _items(element: Element) -> tuple[Element, ...]:
    if is_null(element):
        return ()
    return element.items if isinstance(element, Sequence) else (element,)


def _read(element: Element, name: str, blueprints: Blueprints, reader: Reader) -> Written:
    problems = Problems()
    expansion = None
    whole: Element | None = element
    if isinstance(element, Mapping) and element.get(KEY) is not None:
        expansion = blueprints.expand(element, problems)
        whole = expansion.element
    value = None
    if whole is not None:
        reading = reader.read_alone(with_trigger_variables(whole), Automation)
        problems.extend(reading.problems)
        value = reading.value
    return Written(
        name=name,
        is_nameless=_id_of(element) is None,
        value=None if len(problems) else value,
        problems=tuple(problems),
        warnings=tuple(_warnings(element)),
        expansion=expansion,
    )


def _warnings(element: Element) -> Problems:
    """What may be meant otherwise by whoever knows Home Assistant."""
    found = Problems()
    if isinstance(element, Mapping) and element.get("mode") is None:
        for key, _ in element.entries:
            if key.text in old_keys(Automation):
                message = (
                    "an automation without `mode` lets events wait here (`queued`), where Home"
                    " Assistant drops them (`single`): write which is meant"
                )
                found.warn(key.place, message)
                break
    return found


def _id_of(element: Element) -> str | None:
    """The id that an automation gives itself; None where that cannot be read."""
    if isinstance(element, Mapping) and isinstance(name := element.get("id"), Scalar):
        return name.text
    return None

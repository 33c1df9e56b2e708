"""Blueprints: automations with gaps, which other automations fill.

`use_blueprint: {path: inbox.yaml, input: {folder: in}}` stands for the automation that
`blueprints/inbox.yaml` holds, with every `!input folder` in it replaced by `in`. What is put in
keeps the place where it was written, so that mistakes are told where they can be mended.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import msgspec

from hub.automations.selectors import read_selector
from hub.config.documents import Documents
from hub.config.elements import Element, Mapping, Scalar, Sequence, Unreadable
from hub.config.parsing import unreadable
from hub.config.problems import Place, Problem, Problems, closest, problem_at
from hub.config.reader import Reader

FOLDER = "blueprints"
KEY = "use_blueprint"
_HEADER = "blueprint"


class UseBlueprint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `use_blueprint` holds."""

    path: str
    input: dict[str, Any] = {}


class Header(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a blueprint says of itself. What its inputs are is read one by one."""

    name: str
    description: str = ""
    domain: Literal["automation"] = "automation"
    author: str = ""
    source_url: str = ""
    homeassistant: dict[str, Any] = {}
    input: dict[str, Any] = {}


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Inputs that belong together."""

    name: str = ""
    description: str = ""
    icon: str = ""
    collapsed: bool = False
    input: dict[str, Any] = {}


class Input(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One input. `selector` and `default` are read by themselves."""

    name: str = ""
    description: str = ""
    default: Any = None
    selector: Any = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """A declared input: the type its values must have, and what stands there if none is given."""

    wanted: Any
    default: Element | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Expansion:
    """An automation made from a blueprint. `element` is None if that could not be done.

    `used_at` is where `use_blueprint` stands; `given` are the places of what was put in.
    """

    element: Element | None
    blueprint: str = ""
    used_at: Place
    given: frozenset[Place] = field(default=frozenset())

    def explained(self, problem: Problem) -> Problem:
        """The problem with the other place that has to do with it."""
        place = Place(problem.file, problem.line, problem.column)
        if not self.blueprint:
            return problem
        if problem.file == self.blueprint:
            other = f"used in {self.used_at.file} line {self.used_at.line}"
        elif place in self.given:
            other = f"put into {self.blueprint}"
        else:
            return problem
        return replace(problem, message=f"{problem.message} ({other})")


class Blueprints:
    """The blueprints of a configuration folder."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._folder = documents.config / FOLDER

    def expand(self, element: Mapping, problems: Problems) -> Expansion:
        """What an automation with `use_blueprint` stands for; mistakes are noted."""
        written = element.get(KEY)
        assert written is not None, "this is asked only of automations that use a blueprint"
        reader = Reader(problems)
        use = reader.read(written, UseBlueprint)
        nothing = Expansion(element=None, used_at=written.place)
        if use is None:
            return nothing
        file = self._file(use.path, reader.positions.of(use, "path"), problems)
        if file is None:
            return nothing
        name = self._documents.name(file)
        header = self._documents.load_blueprint(file, _leave_out)
        gaps = _gaps(header, problems)
        if gaps is None:
            return nothing
        given = _given(written)
        answers = _answers(gaps, given, name, written.place, reader, problems)
        body = self._documents.load_blueprint(file, lambda gap: _fill(gap, gaps, answers))
        return Expansion(
            element=_merged(body, element),
            blueprint=name,
            used_at=written.place,
            given=frozenset(place for value in given.values() for place in _places(value)),
        )

    def _file(self, path: str, place: Place, problems: Problems) -> Path | None:
        known = {str(file.relative_to(self._folder)): file for file in self._folder.rglob("*.yaml")}
        if path not in known:
            message = f"there is no blueprint {path!r} in {FOLDER}/"
            problems.add(place, message, value=path, suggestion=closest(path, known))
        return known.get(path)


def _gaps(blueprint: Element, problems: Problems) -> dict[str, Gap] | None:
    """The declared inputs; None if this is no blueprint."""
    header = blueprint.get(_HEADER) if isinstance(blueprint, Mapping) else None
    if isinstance(blueprint, Unreadable):
        problems.extend([blueprint.problem])
    elif not isinstance(header, Mapping):
        problems.add(blueprint.place, f"a blueprint begins with `{_HEADER}:` and its name")
    if not isinstance(header, Mapping):
        return None
    problems.extend(_misplaced(blueprint))
    reader = Reader(problems)
    reader.read(header, Header)
    return dict(_declared(header, reader, problems))


def _declared(parent: Mapping, reader: Reader, problems: Problems) -> Iterator[tuple[str, Gap]]:
    inputs = parent.get("input")
    for key, element in inputs.entries if isinstance(inputs, Mapping) else ():
        if isinstance(element, Mapping) and element.get("input") is not None:
            reader.read(element, Section)
            yield from _declared(element, reader, problems)
        else:
            reader.read(element, Input)
            yield key.text, _gap(element, reader, problems)


def _gap(element: Element, reader: Reader, problems: Problems) -> Gap:
    if not isinstance(element, Mapping):
        return Gap(wanted=Any, default=None)
    wanted = read_selector(element.get("selector"), reader, problems)
    default = element.get("default")
    if default is not None:
        reader.read(default, wanted, "the default")
    return Gap(wanted=wanted, default=default)


def _given(written: Element) -> dict[str, Element]:
    inputs = written.get("input") if isinstance(written, Mapping) else None
    entries = inputs.entries if isinstance(inputs, Mapping) else ()
    return {key.text: value for key, value in entries}


def _answers(
    gaps: dict[str, Gap],
    given: dict[str, Element],
    blueprint: str,
    place: Place,
    reader: Reader,
    problems: Problems,
) -> dict[str, Element]:
    """What is put in for each input, checked by its selector."""
    for name in given.keys() - gaps.keys():
        message = f"the blueprint {blueprint} has no input {name!r}"
        near = closest(name, gaps)
        problems.add(given[name].place, message, value=name, suggestion=near)
    answers = {}
    for name, gap in gaps.items():
        if name in given:
            reader.read(given[name], gap.wanted, f"the input {name!r}")
            answers[name] = given[name]
        elif gap.default is not None:
            answers[name] = gap.default
        else:
            problems.add(place, f"the blueprint {blueprint} needs the input {name!r}")
    return answers


def _leave_out(gap: Scalar) -> Element:
    return Scalar("", gap.place)


def _fill(gap: Scalar, gaps: dict[str, Gap], answers: dict[str, Element]) -> Element:
    if gap.text in answers:
        return answers[gap.text]
    if gap.text in gaps:
        return unreadable(gap.place, f"the input {gap.text!r} is missing")
    near = closest(gap.text, gaps)
    return unreadable(gap.place, f"no input {gap.text!r} is declared above", suggestion=near)


def _merged(body: Element, element: Mapping) -> Element:
    """The blueprint's keys; those that stand beside `use_blueprint` win."""
    if not isinstance(body, Mapping):
        return body
    own = [(key, value) for key, value in element.entries if key.text != KEY]
    taken = {key.text for key, _ in own} | {_HEADER}
    kept = [(key, value) for key, value in body.entries if key.text not in taken]
    return Mapping(tuple(own + kept), element.place, element.problems + body.problems)


def _misplaced(element: Element) -> Iterator[Problem]:
    """`!input` in a template, where it means nothing."""
    match element:
        case Scalar(text=text, place=place) if "!input" in text and ("{{" in text or "{%" in text):
            yield problem_at(
                place,
                "`!input` cannot stand in a template: give it a name under `variables:`, and use"
                " that name here",
            )
        case Sequence(items=items):
            for item in items:
                yield from _misplaced(item)
        case Mapping(entries=entries):
            for _, value in entries:
                yield from _misplaced(value)


def _places(element: Element) -> Iterator[Place]:
    yield element.place
    match element:
        case Sequence(items=items):
            for item in items:
                yield from _places(item)
        case Mapping(entries=entries):
            for key, value in entries:
                yield key.place
                yield from _places(value)

"""What a `workflow.run` gives to the parameters of its workflow, as it is written."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from hub.automations.actions.base import Known, Mistake
from hub.automations.actions.sweep import NoValues
from hub.automations.template_environment import is_template
from hub.config.problems import closest
from hub.errors import Invalid
from hub.workflows.filling import needed_by
from hub.workflows.parameters import Parameter, converted

Way = tuple[str | int, ...]


class GivenParameters:
    """Checks them against what the workflow has `declared`: nothing, if it declares none."""

    def __init__(self, workflow: str, declared: Mapping[str, Parameter], known: Known) -> None:
        self._workflow = workflow
        self._declared = declared
        self._known = known

    def missing(self, given: Collection[str]) -> Iterator[Mistake]:
        """Whether all that each run needs is among those `given`."""
        if missing := needed_by(self._declared) - set(given):
            message = f"workflow {self._workflow!r} needs {', '.join(sorted(missing))}"
            yield Mistake(way=("data",), message=message, value=self._workflow)

    def swept(self, way: Way, matrix: Mapping[str, Any]) -> Iterator[Mistake]:
        """Whether each parameter of a sweep has values to go through."""
        for name, values in matrix.items():
            is_sweep = isinstance(values, list) and values
            if not is_sweep and not is_template(str(values)):
                message = str(NoValues(name, values))
                yield Mistake(way=(*way, name), message=message, value=str(values))

    def named(self, way: Way, values: Mapping[str, Any]) -> Iterator[Mistake]:
        """Names that the workflow does not take, and plain values that do not fit."""
        for name, value in values.items():
            parameter = self._declared.get(name)
            if parameter is not None:
                yield from self._misfits((*way, name), parameter, value)
            elif self._declared and "." not in name:
                yield Mistake(
                    way=(*way, name),
                    message=f"workflow {self._workflow!r} has no parameter {name!r}",
                    value=name,
                    suggestion=closest(name, self._declared),
                )

    def _misfits(self, way: Way, parameter: Parameter, value: Any) -> Iterator[Mistake]:
        several = isinstance(value, list) and way[1] in ("matrix", "change")
        for one in value if several else [value]:
            if parameter.type.is_path:
                yield from self._known.outside(way, _absolute(one))
            if one is None or (isinstance(one, str) and is_template(one)):
                continue
            try:
                converted(str(way[-1]), parameter, one)
            except Invalid as error:
                yield Mistake(way=way, message=str(error), value=str(one))


def _absolute(value: Any) -> list[str]:
    """What is certainly a path: another text may be the name of an upload."""
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str) and text.startswith("/")]

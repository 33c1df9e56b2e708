"""`notify`: tell people."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from hub.automations.actions.base import Action, Known, Mistake, StepContext
from hub.automations.actions.source_file import named_files
from hub.automations.template_environment import is_template
from hub.config.elements import Element, Mapping, Scalar
from hub.config.fields import OneOrMany
from hub.config.problems import closest
from hub.deliveries.notifier import DEFAULT_THUMBNAIL

_PREFIX = "notify."


def with_target(element: Element) -> Element:
    """`action: notify.phone`, Home Assistant's way to name a target, as `notify` with that."""
    if not isinstance(element, Mapping):
        return element
    entries = []
    target: Scalar | None = None
    for key, value in element.entries:
        names_it = key.text in ("action", "service") and isinstance(value, Scalar)
        if names_it and isinstance(value, Scalar) and value.text.startswith(_PREFIX):
            target = Scalar(value.text.removeprefix(_PREFIX), value.place)
            value = Scalar("notify", value.place)
        entries.append((key, value))
    if target is None:
        return element
    added = (Scalar("target", target.place), target)
    return Mapping((*entries, added), element.place, element.problems)


class NotifyData(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `notify` takes."""

    message: Annotated[str, Meta(description="The text; a template.")]
    title: Annotated[str, Meta(description="A line above it; a template.")] = ""
    attach: Annotated[
        Any, Meta(description="Outputs or files that go along, such as `{{ result.outputs }}`.")
    ] = None
    thumbnail: Annotated[
        int,
        Meta(
            description="Of pictures and videos, a JPEG of at most so many pixels each way goes"
            " along; 0 sends the files themselves.",
            ge=0,
            le=8192,
        ),
    ] = DEFAULT_THUMBNAIL


class Notify(Action, frozen=True, kw_only=True, tag_field="action", tag="notify"):
    """Tell people something, with pictures if wanted."""

    kind: ClassVar[str] = "notify"

    data: NotifyData
    target: Annotated[
        OneOrMany[str],
        Meta(description="Whom: names under `notify:` in hub.yaml. Left out: all of them."),
    ] = msgspec.field(default_factory=list)

    def mistakes(self, known: Known) -> Iterator[Mistake]:
        names = known.settings.notifiable
        if not names:
            message = "hub.yaml names nobody to notify: write `notify: {phone: ADDRESS}` there"
            yield Mistake(way=("data",), message=message, value="")
            return
        for name in self.target:
            if name not in names and not is_template(name):
                yield Mistake(
                    way=("target",),
                    message=f"`notify:` in hub.yaml has no {name!r}",
                    value=name,
                    suggestion=closest(name, names),
                )
        yield from known.outside(("data", "attach"), self.data.attach)

    async def finish(self, step: StepContext) -> Any:
        data = self.data
        targets = [str(name) for name in await step.render(self.target, native=False)]
        await step.means.notifier.send(
            targets,
            title=await step.render(data.title, native=False),
            message=await step.render(data.message, native=False),
            files=[] if data.attach is None else await named_files(data.attach, step),
            thumbnail=data.thumbnail,
        )
        return {"targets": targets or list(step.means.notifier.names)}

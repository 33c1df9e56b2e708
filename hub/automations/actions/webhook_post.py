"""`webhook.post`: post something to an address elsewhere."""

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from hub.automations.actions.base import Action, Known, Mistake, StepContext, StepFailed
from hub.automations.actions.source_file import named_files
from hub.automations.template_environment import is_template
from hub.config.problems import closest
from hub.errors import Invalid
from hub.records.delivery import Attachment, Delivery, DeliveryState

_ADDRESS = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110, 5.6.2
_NAMESPACE = uuid.UUID("0b6a3a4e-7f55-4b0c-9c2f-5d3f7a1c8e24")


class GivenUp(StepFailed):
    """A delivery did not get there."""

    def __init__(self, delivery: Delivery) -> None:
        times = "1 attempt" if delivery.attempts == 1 else f"{delivery.attempts} attempts"
        super().__init__(
            f"Posting to {delivery.url} was given up after {times}: {delivery.reason}. "
            f"`hub deliveries requeue {delivery.id}` sends it anew.",
            _came_of(delivery),
        )


class NoAddress(Invalid):
    """What should be an address to post to is none."""

    def __init__(self, url: Any) -> None:
        super().__init__(
            f"`url` must give an address that begins with https:// or http://, not "
            f"{str(url)[:100]!r}."
        )


class BadHeader(Invalid):
    """A name or value that no request can have."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The header {name[:100]!r} cannot be sent: its name takes letters, digits and `-`, its"
            " value a single line."
        )


class WebhookPostData(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `webhook.post` takes."""

    url: Annotated[str, Meta(description="The address; a template.")]
    json: Annotated[Any, Meta(description="Send this as JSON; texts may be templates.")] = None
    form: Annotated[
        dict[str, Any] | None, Meta(description="Send this as a form's fields instead.")
    ] = None
    text: Annotated[
        str | None, Meta(description="Send this text, a template, as it is instead.")
    ] = None
    file: Annotated[
        Any, Meta(description="Send the content of this file, a path or an output, instead.")
    ] = None
    attach: Annotated[
        Any,
        Meta(
            description="Files, such as `{{ result.outputs }}`, sent as a form's fields `file`,"
            " `file2` …, beside those of `form`, or of a field `json`."
        ),
    ] = None
    headers: Annotated[
        dict[str, str],
        Meta(description="Further headers; templates. They are kept in the database."),
    ] = {}
    secret: Annotated[
        str | None,
        Meta(
            description="Sign it, as Standard Webhooks says, with this secret of `deliveries:"
            " secrets:` in hub.yaml."
        ),
    ] = None
    attempts: Annotated[int, Meta(description="How many in all.", ge=1, le=100)] = 8
    backoff: Annotated[
        timedelta,
        Meta(
            description="Pause before the second attempt; it doubles each time, up to an hour, and"
            " varies by a fifth."
        ),
    ] = timedelta(seconds=10)
    timeout: Annotated[timedelta, Meta(description="How long one attempt may take.")] = timedelta(
        seconds=30
    )
    wait: Annotated[
        bool, Meta(description="False goes on to the next step without waiting for the answer.")
    ] = True

    def __post_init__(self) -> None:
        given = [name for name in ("json", "form", "text", "file") if self.has(name)]
        if len(given) > 1:
            raise ValueError("`webhook.post` takes one of `json`, `form`, `text` and `file`.")
        if self.attach is not None and given and given[0] in ("text", "file"):
            raise ValueError(f"`attach` goes with `form` or `json`, not with `{given[0]}`.")

    def has(self, name: str) -> bool:
        return getattr(self, name) is not None


class WebhookPost(Action, frozen=True, kw_only=True, tag_field="action", tag="webhook.post"):
    """Post something to an address elsewhere, until it gets there."""

    kind: ClassVar[str] = "webhook.post"

    data: WebhookPostData

    def mistakes(self, known: Known) -> Iterator[Mistake]:
        secrets = known.settings.deliveries.secrets
        if self.data.secret is not None and self.data.secret not in secrets:
            yield Mistake(
                way=("data", "secret"),
                message=f"`deliveries: secrets:` in hub.yaml has no {self.data.secret!r}",
                value=self.data.secret,
                suggestion=closest(self.data.secret, secrets),
            )
        url = self.data.url
        if not is_template(url) and not _is_address(url):
            yield Mistake(way=("data", "url"), message=str(NoAddress(url)), value=url)
        for name, value in self.data.headers.items():
            if not _can_be_sent(name, value):
                way = ("data", "headers", name)
                yield Mistake(way=way, message=str(BadHeader(name)), value=name)
        yield from known.outside(("data", "file"), self.data.file)
        yield from known.outside(("data", "attach"), self.data.attach)

    async def finish(self, step: StepContext) -> Any:
        courier, books = step.means.courier, step.means.deliveries
        identity = str(uuid.uuid5(_NAMESPACE, f"{step.firing}/{step.key}"))
        delivery = await books.find(identity) or await self._made(identity, step)
        delivery = await courier.send(delivery)
        if not self.data.wait:
            return {"id": identity}
        delivery = await courier.wait(identity)
        if delivery.state is not DeliveryState.DELIVERED:
            raise GivenUp(delivery)
        return _came_of(delivery)

    async def _made(self, identity: str, step: StepContext) -> Delivery:
        now = step.means.clock.now()
        url = await step.render(self.data.url, native=False)
        if not _is_address(url):
            raise NoAddress(url)
        headers = await step.render(self.data.headers, native=False)
        for name, value in headers.items():
            if not _can_be_sent(name, value):
                raise BadHeader(name)
        return Delivery(
            id=identity,
            url=url,
            created_at=now,
            due_at=now,
            firing=step.firing,
            step=step.key,
            headers=headers,
            content=await self._content(step),
            attachments=await self._attachments(step),
            secret=self.data.secret,
            most_attempts=self.data.attempts,
            backoff=self.data.backoff.total_seconds(),
            timeout=self.data.timeout.total_seconds(),
        )

    async def _content(self, step: StepContext) -> dict[str, Any]:
        data = self.data
        if data.json is not None:
            return {"json": await step.render(data.json, native=True)}
        if data.form is not None:
            fields = await step.render(data.form, native=False)
            return {"form": {name: str(value) for name, value in fields.items()}}
        if data.text is not None:
            return {"text": await step.render(data.text, native=False)}
        if data.file is not None:
            path, *_ = await named_files(data.file, step)
            return {"file": str(path)}
        return {}

    async def _attachments(self, step: StepContext) -> tuple[Attachment, ...]:
        if self.data.attach is None:
            return ()
        paths = await named_files(self.data.attach, step)
        return tuple(
            Attachment(name="file" if number == 1 else f"file{number}", path=str(path))
            for number, path in enumerate(paths, 1)
        )


def _came_of(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "status": delivery.status,
        "attempts": delivery.attempts,
        "answer": delivery.answer,
    }


def _is_address(url: Any) -> bool:
    return _ADDRESS.fullmatch(str(url)) is not None


def _can_be_sent(name: str, value: str) -> bool:
    return _TOKEN.fullmatch(name) is not None and not set(value) & set("\r\n\0")

"""What can go wrong between a program and a hub."""

from hub.client.records import Run


class ClientError(Exception):
    """Something went wrong; its text is meant for people."""


class Unreachable(ClientError):
    """The hub does not answer."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"The hub at {address} cannot be reached: {reason}.")


class Refused(ClientError):
    """The hub refused a request: with an HTTP `status`, and a `kind` such as `NoSuchWorkflow`."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        self.status = status
        self.kind = kind
        super().__init__(message)


class RunFailed(ClientError):
    """A run that was waited for did not succeed; `run` tells the rest."""

    def __init__(self, run: Run) -> None:
        self.run = run
        why = run.error.message if run.error else "It was cancelled."
        super().__init__(f"Run {run.number} {run.state.value}: {why}")

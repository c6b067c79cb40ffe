"""Every error this library raises on purpose.

    SilkError
    ├── InvalidInput          what the caller sent cannot be used; names the field
    ├── NotFound              no such document, passage, tool or assessment (or not yours)
    ├── Conflict              the request does not fit the present state
    ├── Busy                  somebody else holds what is needed; try again
    ├── IndexUnusable         no index, or a damaged one; says which command mends it
    ├── CorpusInvalid         a corpus file breaks its schema; names file, place and fix
    ├── ModelUnusable         model weights are missing or not the ones expected
    ├── ChatModelFailed       the chat model did not answer; the extractive answer is given instead
    └── SettingInvalid        an environment variable has a value that cannot be used

Codes are stable: programs may rely on them. This module knows no HTTP; the API maps classes to status codes.
Refusing to answer a question is not an error but a value (`Abstention`).
"""


class SilkError(Exception):
    """Base of all errors raised on purpose; `message` says what is wrong, and what to do, in one or two sentences."""

    code = "silk-error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidInput(SilkError):
    """What the caller sent cannot be used. `field` names the part that is wrong."""

    code = "invalid-input"

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class NotFound(SilkError):
    """There is no such thing, or it is not the caller's: the two are told apart to nobody."""

    code = "not-found"


class Conflict(SilkError):
    """The request does not fit the present state, for instance a reply to a finished assessment."""

    code = "conflict"


class Busy(SilkError):
    """Another process holds the resource; the message names it where it is known."""

    code = "busy"


class IndexUnusable(SilkError):
    """There is no index or it is damaged; the message names the command that mends it."""

    code = "index-unusable"


class CorpusInvalid(SilkError):
    """A corpus file breaks its schema; the message names the file, the place and the fix."""

    code = "corpus-invalid"


class ModelUnusable(SilkError):
    """Model weights are missing, or their hash is not the pinned one."""

    code = "model-unusable"


class ChatModelFailed(SilkError):
    """The configured chat model gave no usable reply; it never reaches the person who asked, who gets another answer.

    `kind` says what happened, one of answering.ports.FAILURES; `retry_after_s` how long the provider asks to wait.
    """

    code = "chat-model-failed"

    def __init__(self, message: str, *, kind: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.retry_after_s = retry_after_s


class SettingInvalid(SilkError):
    """An environment variable has a value that cannot be used; the message names it and the values allowed."""

    code = "setting-invalid"

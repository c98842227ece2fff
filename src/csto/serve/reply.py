"""What a worker gives back: a status, a media type, a body."""

from __future__ import annotations

import json
from dataclasses import dataclass, field


class RefusalError(Exception):
    """A request that is not answered: status of HTTP and one clear line for the client."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass
class Reply:
    """An answer as it goes over HTTP."""

    body: bytes
    type: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def head(self, **more: object) -> bytes:
        """The head as a line of JSON, for the pipe between worker and server."""
        fields = {"status": self.status, "type": self.type, "headers": self.headers}
        return json.dumps({**fields, "length": len(self.body), **more}).encode()

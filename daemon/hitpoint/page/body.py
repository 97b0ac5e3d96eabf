"""What a request sends: a JSON object, and not a long one."""

from typing import Any

from starlette.requests import Request


async def json_body(request: Request, most: int) -> dict[str, Any]:
    """The body as a JSON object. Raises ValueError where it is none, or longer than `most` bytes."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise ValueError("too long")
    request._body = body
    try:
        content = await request.json()
    # A text of nothing but brackets is too deep for the reader.
    except RecursionError:
        raise ValueError("too deep") from None
    if not isinstance(content, dict):
        raise ValueError("no object")
    return content

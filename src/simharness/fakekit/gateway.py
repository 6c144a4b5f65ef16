"""What stands before a vendor and answers where the vendor itself does not: a page in HTML, not the API's own form."""

from __future__ import annotations

from importlib.resources import files

from simharness.domain.exchange import Response

#: How gateways spell the statuses they answer by themselves (nginx; those built on it spell them alike).
_WORDS = ((502, "502 Bad Gateway"), (503, "503 Service Temporarily Unavailable"), (504, "504 Gateway Time-out"))


def page(status: int, server: str) -> Response:
    """The page of a gateway that has no answer to pass on; `server` is how it calls itself, for example nginx."""
    words = dict(_WORDS)[status]
    body = _template().replace("{status}", words).replace("{server}", server)
    return Response(status=status, headers={"content-type": "text/html", "server": server}, body=body.encode())


def _template() -> str:
    text = (files("simharness.fakekit") / "pages" / "gateway.html").read_text(encoding="utf-8")
    return text.replace("\n", "\r\n")

"""A client of its own process: sends one prepared HTTP request again and again over many connections.

`python -m benchmarks.load URL CONNECTIONS REQUESTS < request-bytes` prints the requests answered per second. It parses
no more of an answer than it must, so that the server is what is measured. Every request gets a number of its own: a
server that knows a request again has less to do.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from urllib.parse import urlsplit

#: Where the number goes; it is as long.
NUMBER = b"<number>"
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


async def _drive(host: str, port: int, request: bytes, numbers: range) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    before, _, after = request.partition(NUMBER)
    refused = 0
    for number in numbers:
        writer.write(b"%b%08d%b" % (before, number, after))
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if length is not None:
            await reader.readexactly(int(length[1]))
        refused += not head.startswith(b"HTTP/1.1 2")
    writer.close()
    return refused


async def _all(host: str, port: int, request: bytes, connections: int, requests: int) -> tuple[float, int]:
    share = requests // connections
    began = time.perf_counter()
    numbers = [range(share * number, share * (number + 1)) for number in range(connections)]
    refused = await asyncio.gather(*(_drive(host, port, request, each) for each in numbers))
    return share * connections / (time.perf_counter() - began), sum(refused)


def main() -> None:
    """Read the request from stdin and print the rate."""
    url, connections, requests = urlsplit(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    request = sys.stdin.buffer.read()
    rate, refused = asyncio.run(_all(url.hostname or "", url.port or 80, request, connections, requests))
    if refused:
        sys.exit(f"{refused} of {requests} requests were refused")
    print(rate)


if __name__ == "__main__":
    main()

"""An object storage of our own for the tests: as much of the S3 protocol as a client of data files speaks.

Objects lie in memory, listen on loopback and are gone with the server. Requests must be signed with the right key id;
ranges, uploads in parts, lists of version 2 and deletion work as AWS documents them.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.sax.saxutils import escape

KEY_ID = "lienthong-tests"


class _Objects(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", headers.pop("length", str(len(body))))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _asked(self) -> tuple[str, dict[str, list[str]]] | None:
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length)
        if f"Credential={KEY_ID}/" not in self.headers.get("Authorization", ""):
            self._answer(403, b"<Error><Code>AccessDenied</Code></Error>")
            return None
        parts = urlsplit(self.path)
        return unquote(parts.path).lstrip("/"), parse_qs(parts.query, keep_blank_values=True)

    def do_GET(self) -> None:
        if (asked := self._asked()) is None:
            return
        path, query = asked
        if "list-type" in query:
            self._listed(path.rstrip("/"), query)
            return
        found = self.server.objects.get(path)
        if found is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
            return
        etag = f'"{hashlib.md5(found).hexdigest()}"'
        span = self.headers.get("Range")
        if span is None:
            self._answer(200, found, ETag=etag, Accept_Ranges="bytes")
            return
        first, last = span.removeprefix("bytes=").split("-")
        start = int(first) if first else len(found) - int(last)
        end = min(int(last) if first and last else len(found) - 1, len(found) - 1)
        self._answer(
            206, found[start : end + 1], ETag=etag, Content_Range=f"bytes {start}-{end}/{len(found)}"
        )

    def do_HEAD(self) -> None:
        if (asked := self._asked()) is None:
            return
        found = self.server.objects.get(asked[0])
        if found is None:
            self._answer(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(found)))
        self.send_header("ETag", f'"{hashlib.md5(found).hexdigest()}"')
        self.send_header("Last-Modified", "Sun, 22 Nov 2026 00:00:00 GMT")
        self.send_header("Accept-Ranges", "bytes")
        self.end_headers()

    def do_PUT(self) -> None:
        if (asked := self._asked()) is None:
            return
        path, query = asked
        if "uploadId" in query:
            self.server.parts[query["uploadId"][0]][int(query["partNumber"][0])] = self.body
        else:
            self.server.objects[path] = self.body
        self._answer(200, ETag=f'"{hashlib.md5(self.body).hexdigest()}"')

    def do_POST(self) -> None:
        if (asked := self._asked()) is None:
            return
        path, query = asked
        if "uploads" in query:
            upload = str(next(self.server.uploads))
            self.server.parts[upload] = {}
            answer = f"<InitiateMultipartUploadResult><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>"
        elif "uploadId" in query:
            parts = self.server.parts.pop(query["uploadId"][0])
            self.server.objects[path] = b"".join(parts[number] for number in sorted(parts))
            answer = "<CompleteMultipartUploadResult><ETag>done</ETag></CompleteMultipartUploadResult>"
        else:
            for key in self.body.decode().split("<Key>")[1:]:
                self.server.objects.pop(f"{path.rstrip('/')}/{key.split('</Key>')[0]}", None)
            answer = "<DeleteResult></DeleteResult>"
        self._answer(200, answer.encode(), Content_Type="application/xml")

    def do_DELETE(self) -> None:
        if (asked := self._asked()) is None:
            return
        self.server.objects.pop(asked[0], None)
        self._answer(204)

    def _listed(self, bucket: str, query: dict[str, list[str]]) -> None:
        begins = query.get("prefix", [""])[0]
        lines = []
        for path, content in sorted(self.server.objects.items()):
            key = path.removeprefix(f"{bucket}/")
            if path.startswith(f"{bucket}/") and key.startswith(begins):
                shown = quote(key) if query.get("encoding-type") == ["url"] else escape(key)
                lines.append(
                    f"<Contents><Key>{shown}</Key><LastModified>2026-11-22T00:00:00.000Z</LastModified>"
                    f"<ETag>x</ETag><Size>{len(content)}</Size></Contents>"
                )
        body = f"<ListBucketResult><Name>{bucket}</Name><IsTruncated>false</IsTruncated>{''.join(lines)}</ListBucketResult>"
        self._answer(200, body.encode(), Content_Type="application/xml")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Objects)
        self.objects: dict[str, bytes] = {}
        self.parts: dict[str, dict[int, bytes]] = {}
        self.uploads = count(1)


@contextmanager
def running_object_storage() -> Iterator[tuple[str, dict[str, bytes]]]:
    """An object storage that answers every bucket; gives host:port, and the objects by bucket/key."""
    server = _Server()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}", server.objects
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

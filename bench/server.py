"""A web server on loopback that serves feeds with a latency and ETags: python -m bench.server FOLDER [--latency 0.02].

FOLDER holds feeds, gzipped or not, each under its own name. Prints its port, then serves until it is stopped.
"""

import argparse
import asyncio
import gzip
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiohttp import web


async def serve(folder: Path, latency_s: float, hosts: int = 1) -> None:
    """Serve until cancelled."""
    bodies = {f"/{file.name.removesuffix('.gz')}": _body(file) for file in folder.rglob("*") if file.is_file()}
    etags = {path: f'"{hashlib.sha256(body).hexdigest()[:16]}"' for path, body in bodies.items()}

    async def answer(request: web.Request) -> web.Response:
        await asyncio.sleep(latency_s)
        if request.path not in bodies:
            raise web.HTTPNotFound
        headers = {"ETag": etags[request.path]}
        if request.headers.get("If-None-Match") == etags[request.path]:
            return web.Response(status=304, headers=headers)
        return web.Response(body=bodies[request.path], headers=headers, content_type="application/xml")

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    for n in range(2, hosts + 1):
        await web.TCPSite(runner, f"127.0.0.{n}", port).start()
    print(port, flush=True)
    await asyncio.Event().wait()


@contextmanager
def serve_folder(folder: Path, latency_s: float = 0.02, hosts: int = 1) -> Iterator[str]:
    """Serve a folder from a process of its own, at 127.0.0.1 and so many addresses in all; gives the first."""
    command = [sys.executable, "-m", "bench.server", str(folder), "--latency", str(latency_s), "--hosts", str(hosts)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


def write_feeds(folder: Path, feeds: Iterator[tuple[str, bytes]]) -> list[str]:
    """Write feeds to the served folder and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for path, body in feeds:
        name = path.rpartition("/")[2]
        (folder / name).write_bytes(body)
        paths.append(f"/{name}")
    return paths


def _body(file: Path) -> bytes:
    return gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--latency", type=float, default=0.02)
    parser.add_argument("--hosts", type=int, default=1)
    chosen = parser.parse_args()
    asyncio.run(serve(chosen.folder, chosen.latency, chosen.hosts))

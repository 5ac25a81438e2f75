"""Past issues sent by a browser: read from a form, kept as one zip in the workspace until they are imported."""

import email
import email.policy
import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path, PurePosixPath

from starlette.exceptions import HTTPException
from starlette.requests import Request

from pipeline.archive.files import SUFFIXES, are_read
from pipeline.core.atomic_write import write_atomically
from pipeline.core.errors import InputError
from pipeline.desk.security import MAX_UPLOAD

FOLDER = "uploads"
KEPT = 3  # uploads; older ones are deleted
MOST_PARTS = 5_000
NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Upload:
    """The fields of a form and the files sent with it."""

    fields: dict[str, str]
    files: list[tuple[str, bytes]]  # name, content


async def read_upload(request: Request, most: int | None = None) -> Upload:
    """Read a form with files. Raises 413 beyond `most` bytes, MAX_UPLOAD if it is not given."""
    most = MAX_UPLOAD if most is None else most
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise HTTPException(413, f"At most {most:,} bytes can be sent at once.")
    form = parse_form(request.headers.get("content-type", ""), bytes(body))
    request.state.form = {name: [value] for name, value in form.fields.items()}
    request.state.has_files = bool(form.files)
    return form


def parse_form(content_type: str, body: bytes) -> Upload:
    """Parse multipart/form-data.

    Raises
    ------
    InputError
        If it is something else.
    """
    if not content_type.lower().startswith("multipart/form-data") or "\n" in content_type:
        raise InputError("choose files and send them with the button of this page")
    head = f"Content-Type: {content_type}\r\nMIME-Version: 1.0\r\n\r\n".encode("latin-1", "replace")
    message = email.message_from_bytes(head + body, policy=email.policy.HTTP)
    upload = Upload({}, [])
    for nth, part in enumerate(message.iter_parts() if isinstance(message, EmailMessage) else ()):
        if nth >= MOST_PARTS:
            raise InputError(f"more than {MOST_PARTS} files were sent; send a zip of them")
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        if part.get_filename():
            upload.files.append((str(part.get_filename()), content))
        elif isinstance(name, str):
            upload.fields[name] = content.decode("utf-8", "replace")
    return upload


def keep(files: list[tuple[str, bytes]], folder: Path) -> str:
    """Keep files as one zip and return its name; a single zip is kept as it is.

    Raises
    ------
    InputError
        If there is no file.
    """
    files = [(name, content) for name, content in files if content]
    if not files:
        raise InputError("no file was chosen; choose past issues, an export or a zip of them")
    body = files[0][1] if len(files) == 1 and _is_zip(*files[0]) else _zip(files)
    name = hashlib.sha256(body).hexdigest()[:32]
    place = folder / FOLDER
    place.mkdir(exist_ok=True)
    write_atomically(place / f"{name}.zip", body)
    for old in sorted(place.glob("*.zip"), key=lambda file: file.stat().st_mtime, reverse=True)[KEPT:]:
        old.unlink(missing_ok=True)
    return name


def find(name: str, folder: Path) -> Path:
    """Return the file of an upload.

    Raises
    ------
    InputError
        If it is not there any more.
    """
    file = folder / FOLDER / f"{name}.zip"
    if not NAME.fullmatch(name) or not file.is_file():
        raise InputError("these files are not here any more; choose them again")
    return file


def _is_zip(name: str, content: bytes) -> bool:
    """Is it a zip of files? A spreadsheet or a Word document is a zip, too."""
    return PurePosixPath(name).suffix.lower() not in SUFFIXES and zipfile.is_zipfile(io.BytesIO(content))


def _zip(files: list[tuple[str, bytes]]) -> bytes:
    is_read = are_read([name for name, _ in files])
    known = [(name, content) for name, content in files if is_read(name)]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for nth, (name, content) in enumerate(known):
            parts = [part for part in re.split(r"[/\\]", name) if part not in ("", ".", "..")]
            member = "/".join(parts) or f"{nth}.md"
            archive.writestr(member if member not in archive.namelist() else f"{nth}/{member}", content)
    return packed.getvalue()

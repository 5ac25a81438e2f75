"""Read sent mails (.eml, .mbox): the HTML or text of each, its subject and its day. Attachments are dropped."""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage, MIMEPart
from typing import Any

from pipeline.archive.formats.forwarded import original_day, without_prefix

WEB_PAGE = re.compile(r"<\s*(https?://[^\s<>]+)\s*>", re.IGNORECASE)
FROM_LINE = re.compile(rb"^From [^\n]*\n", re.MULTILINE)


def read_mails(body: bytes) -> Iterator[tuple[dict[str, Any], str, bool]]:
    """Yield subject and date, text, and whether it is HTML, of each mail in a file."""
    messages = FROM_LINE.split(body) if body.startswith(b"From ") else [body]
    for raw in messages:
        if not raw.strip():
            continue
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        part = mail.get_body(("html", "plain"))
        if part is None:
            continue
        text, is_html = _content(part), part.get_content_type() == "text/html"
        day = original_day(text, is_html=is_html) or _header(mail, "date")
        yield {"subject": without_prefix(_header(mail, "subject")), "date": day, "url": _own_page(mail)}, text, is_html


def _own_page(mail: EmailMessage) -> str:
    """Return the page that the headers name, of the mail (RFC 5064, Substack's List-Post) or its list (RFC 2369)."""
    found = (WEB_PAGE.search(_header(mail, name)) for name in ("archived-at", "list-post", "list-archive"))
    return next((match[1] for match in found if match), "")


def html_part(body: bytes) -> str:
    """Return the first page of a web page that a browser saved as a mail (MHTML); "" if there is none."""
    return next((text for _, text, is_html in read_mails(body) if is_html), "")


def _header(mail: EmailMessage, name: str) -> str:
    try:
        return str(mail.get(name, ""))
    except (ValueError, IndexError, TypeError):  # a header that the parser of the standard library stumbles over
        return ""


def _content(part: MIMEPart) -> str:
    try:
        return str(part.get_content())
    except (LookupError, ValueError, KeyError):  # an encoding that is not known
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""

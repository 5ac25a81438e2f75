"""What the editor keeps out of the shortlist: a source, an author or a phrase."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from models.words import MARKS, UNSPACED, fold
from pipeline.core.types import Article, Decision
from pipeline.core.urls import canonical_url, host_of, with_ascii_host
from pipeline.store.shortlist import Story

WORD = re.compile(rf"\w[\w+#{MARKS}]*")  # "C++" and "C#" are words, "#tag" is "tag"
SCHEME = re.compile(r"https?://(www\.)?|www\.|\*\.")


def active_mutes(decisions: Sequence[Decision]) -> list[str]:
    """Return the mutes that stand after all decisions, as "kind:value", the oldest first."""
    last = {d.text: d.verdict for d in decisions if d.verdict in ("mute", "unmute") and d.text}
    return [text for text, verdict in last.items() if verdict == "mute"]


def mute_filter(decisions: Sequence[Decision]) -> Callable[[Article | Story], str | None]:
    """Return a function that names the mute an article matches, None if none."""
    active = [text.split(":", 1) for text in active_mutes(decisions)]

    def matching_mute(article: Article | Story) -> str | None:
        for kind, value in active:
            if MATCHES[kind](fold(value).strip(), article):
                return f"{kind} {value}"
        return None

    return matching_mute


def _mutes_source(wanted: str, article: Article | Story) -> bool:
    """Match the source's name, its host or a subdomain of it, or an address above the article's."""
    address = SCHEME.sub("", wanted, count=1).rstrip("/")
    hosts = {fold(article.source), host_of(article.url)}
    if wanted in hosts or address in hosts:
        return True
    if "/" in address:
        return f"{SCHEME.sub('', fold(article.url), count=1)}/".startswith(f"{address}/")
    host = _ascii_host(address)
    return "." in host and any(f".{_ascii_host(known)}".endswith(f".{host}") for known in hosts)  # "com" is no host


@lru_cache(maxsize=4096)
def _ascii_host(name: str) -> str:
    """Return a host without port, an international name as it is asked for; "" for no host."""
    return host_of(with_ascii_host(canonical_url(f"https://{name}")))


def _mutes_author(wanted: str, article: Article | Story) -> bool:
    author = " ".join(fold(article.author or "").split())
    wanted = " ".join(wanted.split())
    return wanted == author or wanted in (name.strip() for name in author.split(","))


def _mutes_phrase(wanted: str, article: Article | Story) -> bool:
    """Match whole words in sequence, whatever stands between them; scripts without spaces by their characters."""
    text = fold(f"{article.title} {article.summary}")
    if UNSPACED.search(wanted):
        return wanted in text
    words = WORD.findall(wanted)
    return bool(words) and f" {' '.join(words)} " in f" {' '.join(WORD.findall(text))} "


MATCHES = {"source": _mutes_source, "author": _mutes_author, "phrase": _mutes_phrase}

"""Turn tags of site generators that show a link, `{{< card url="…" title="…" >}}`, into Markdown links; drop others."""

import re

TAG = re.compile(r"\{[{%]([^{}]*)(?:\}|(?<=%))\}")  # of Hugo, Jekyll, Eleventy, Zola
NAME = re.compile(r"[<%-]?\s*[\w/.-]*")
TAG_ALONE = re.compile(r"^[ \t]*\{[{%].*[}%]\}[ \t]*$", re.MULTILINE)
ARGUMENT = re.compile(r"(?:(?<![\w-])([\w-]+)\s*[=:]\s*)?(?:\"([^\"]*)\"|'([^']*)'|(https?://[^\s\"'<>]+))")
ADDRESSES = ("", "url", "href", "link", "to", "uri")  # names of arguments; "" of one that has none
TITLES = ("title", "name", "text", "label", "heading", "headline", "")
PICTURE = "src"
SPONSOR = re.compile(r"\b(?:ads?|advert\w*|sponsor\w*|promo\w*|anzeige|werbung|patrocin\w*)\b", re.IGNORECASE)


def without_template_tags(text: str) -> str:
    """Return Markdown with links in the place of tags that name an address, and without others on their own line."""
    return TAG_ALONE.sub("", TAG.sub(_as_link, text))


def _as_link(tag: re.Match[str]) -> str:
    inside = tag[1].removesuffix("%")
    kind = NAME.match(inside)[0]  # type: ignore[index]  # it matches nothing too
    values = [(name, double or single or bare) for name, double, single, bare in ARGUMENT.findall(inside[len(kind) :])]
    addresses = [value for name, value in values if name in ADDRESSES and value.startswith(("http://", "https://"))]
    if not addresses or any(name == PICTURE for name, _ in values):
        return tag[0]
    words = {name: value for name, value in reversed(values) if value not in addresses}
    title = next((words[name] for name in TITLES if words.get(name)), addresses[0])
    label = "Sponsor: " if SPONSOR.search(kind) else ""
    title = title.replace("[", r"\[").replace("]", r"\]")
    return f"{label}[{title}]({addresses[0]})" + "\n" * tag[0].count("\n")  # later lines keep their numbers

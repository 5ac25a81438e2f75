"""Turn Org, AsciiDoc, MediaWiki and Gemtext into Markdown, reStructuredText into HTML. Text in, text out."""

import re

ORG_LINK = re.compile(r"\[\[([^\]\[]+)\](?:\[([^\]\[]*)\])?\]")
ORG_TAGS = re.compile(r"^(\*+ (?:.*?[^ \t\n])??)[ \t]++:[\w@#%:]+:[ \t]*$", re.MULTILINE)  # of a heading
ORG_PROPERTY = re.compile(r"^[ \t]*:[A-Z_]+:[ \t]*(.*)$", re.MULTILINE)  # of the heading above; its address is kept
ORG_KEY = re.compile(r"^#\+(\w+):[ \t]*(.*)$", re.MULTILINE)
ADOC_LINK = re.compile(r"(?:link:)?(https?://[^\s\[\]<>]++)(?:\[([^\]]{0,1000}+)\])?")  # or a bare address
ADOC_ATTRIBUTES = re.compile(r",\s*[\w-]+=.*$")  # `[Title,window=_blank]`
ADOC_TITLE = re.compile(r"^\.([^\s.].*)$", re.MULTILINE)  # of the block below
ADOC_TERM = re.compile(r"^(\S.*\]):{2,4}(?=\s|$)", re.MULTILINE)  # of a list of terms, that is a link
ADOC_KEY = re.compile(r"^:([\w-]+):[ \t]+(.*)$", re.MULTILINE)
WIKI_LINK = re.compile(r"\[(https?://[^\s\[\]]++)\s++([^\]\n]{1,1000}+)\]")
WIKI_PAGE = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")  # of the wiki itself
WIKI_DROPPED = re.compile(  # a comment without an end reaches to that of the page
    r"<!--.*?(?:-->|\Z)|\{\{[^{}]*\}\}|\[\[[^\[\]|:]*+:[^\[\]]*+\]\][ \t]*$", re.DOTALL | re.MULTILINE
)
WIKI_ITEM = re.compile(r"^([*#:]+)[ \t]*", re.MULTILINE)
WIKI_HEADING = re.compile(r"^(={1,6})(.+?)\1[ \t]*$", re.MULTILINE)
GEMTEXT_LINK = re.compile(r"^=>[ \t]*(\S+)(.*)$", re.MULTILINE)
RST_NOTE = re.compile(r"^\.\. \[(#?[\w-]+)\][ \t]+<?(https?://[^\s<>]+)>?[ \t]*$", re.MULTILINE)
RST_FIELD = re.compile(r"^(?::|\.\. )([\w-]+):[ \t]+(\S.*)$", re.MULTILINE)
# the first line that is neither a field, a title, nor its underline
RST_BODY = re.compile(r"^(?=[-*] |\w.*\n(?![=\-~#*^\"'`+]{3}))", re.MULTILINE)


def org_to_markdown(text: str) -> tuple[dict[str, str], str]:
    """Return the keys and the body of an Org file as Markdown."""
    meta = {key.lower(): value.strip("<>[] ") for key, value in ORG_KEY.findall(text)}
    body = re.sub(r"^#\+.*$", "", text, flags=re.MULTILINE)
    body = ORG_PROPERTY.sub(lambda line: f"\n{line[1]}\n" if "://" in line[1] else "", body)
    body = ORG_TAGS.sub(r"\1", body)
    body = re.sub(
        r"^(\*+) ", lambda stars: "#" * min(6, len(stars[1]) + ("title" in meta)) + " ", body, flags=re.MULTILINE
    )
    return meta, ORG_LINK.sub(lambda link: f"[{link[2] or link[1]}]({link[1]})", body)


def adoc_to_markdown(text: str) -> tuple[dict[str, str], str]:
    """Return the attributes and the body of an AsciiDoc file as Markdown."""
    meta = {key.lower().removeprefix("rev"): value.strip() for key, value in ADOC_KEY.findall(text)}
    body = ADOC_KEY.sub("", text)
    body = re.sub(r"^(={1,6}) ", lambda marks: "#" * len(marks[1]) + " ", body, flags=re.MULTILINE)
    body = re.sub(r"^(\*{2,5}) ", lambda stars: "    " * (len(stars[1]) - 1) + "* ", body, flags=re.MULTILINE)
    body = re.sub(r"(?<![*\w])\*(\S(?:[^*\n]*\S)?)\*(?![*\w])", r"**\1**", body)
    body = ADOC_TERM.sub(r"* \1", ADOC_TITLE.sub(r"**\1**\n", body))
    return meta, ADOC_LINK.sub(
        lambda link: (
            link[0] if link[2] is None else f"[{ADOC_ATTRIBUTES.sub('', link[2]).rstrip('^') or link[1]}]({link[1]})"
        ),
        body,
    )


def mediawiki_to_markdown(text: str) -> str:
    """Return the text of a wiki's page as Markdown, without templates, categories and pictures."""
    body = WIKI_DROPPED.sub("", text)
    body = WIKI_ITEM.sub(lambda marks: "    " * (len(marks[1]) - 1) + ("1. " if marks[1][-1] == "#" else "* "), body)
    body = WIKI_HEADING.sub(lambda marks: f"{'#' * len(marks[1])} {marks[2].strip()}", body)
    body = WIKI_PAGE.sub(r"\1", WIKI_LINK.sub(r"[\2](\1)", body))
    return body.replace("'''", "**").replace("''", "*")


def gemtext_to_markdown(text: str) -> str:
    """Return Gemtext, of which each line is a paragraph, as Markdown."""
    linked = GEMTEXT_LINK.sub(lambda link: f"[{without_brackets(link[2].strip()) or link[1]}]({link[1]})", text)
    return re.sub(r"\n(?![*>] )", "\n\n", linked)


def without_brackets(words: str) -> str:
    """Return words that may stand in a link of Markdown."""
    return words.replace("[", r"\[").replace("]", r"\]")


def rst_to_html(text: str) -> tuple[dict[str, str], str]:
    """Return the fields and the body of reStructuredText as HTML.

    Nothing outside the text is read, and what is odd in it is no error. Fields are those of Pelican (`:date: …`) and of
    Nikola (`.. date: …`), above the first paragraph.
    """
    head = RST_BODY.split(text, maxsplit=1)[0]
    meta = {key.lower(): value.strip() for key, value in RST_FIELD.findall(head)}
    return meta, _rst_to_html(RST_FIELD.sub("", head) + text[len(head) :])


def _with_addresses_of_notes(text: str) -> str:
    """Link `[3]_` to the address that its footnote consists of, and leave such footnotes out."""
    addresses = dict(RST_NOTE.findall(text))
    if not addresses:
        return text
    mark = re.compile(rf"\[({'|'.join(map(re.escape, addresses))})\]_(?!\w)")
    return mark.sub(lambda note: f"`[{note[1]}] <{addresses[note[1]]}>`__", RST_NOTE.sub("", text))


def _rst_to_html(text: str) -> str:
    from docutils.core import publish_parts

    settings = {
        "file_insertion_enabled": False, "raw_enabled": False, "report_level": 5, "halt_level": 6,
        "doctitle_xform": False, "_disable_config": True, "line_length_limit": 1_000_000,
    }  # fmt: skip
    return str(publish_parts(_with_addresses_of_notes(text), writer="html5", settings_overrides=settings)["html_body"])

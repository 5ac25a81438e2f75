"""Write the text of HTML as Markdown: paragraphs, headings, lists, quotes, code, captions. Pure.

Article texts are stored in this form, so that the desk can show their structure. It is safe to render: no HTML, no
links and no images are written, and characters of the text that Markdown would read as markup are escaped.
"""

import re

from lxml import etree

from pipeline.feeds import sanitize

# HTML's elements and those of trafilatura's result (head, item, quote, lb, row), by what they are here
HEADINGS = {**{f"h{n}": n for n in range(1, 7)}, "head": 2}
QUOTES = frozenset({"blockquote", "quote"})
LISTS = frozenset({"ul", "ol", "list", "menu", "dl"})
ITEMS = frozenset({"li", "item", "dt", "dd"})
CAPTIONS = frozenset({"figcaption", "caption"})
CELLS = frozenset({"td", "th", "cell"})
BLOCKS = frozenset({
    "p", "div", "section", "article", "main", "header", "footer", "aside", "nav", "figure", "table", "thead", "tbody",
    "tfoot", "tr", "row", "address", "form", "fieldset", "details", "summary", "hr", "iframe", "body", "html", "doc",
})  # fmt: skip
MAX_INDENT = 6  # quotes and lists within each other; deeper ones stay at this depth

# what Markdown reads as markup inside a line: an underscore inside a word and a lone < are none
# begins with a set of characters, which is sought far faster than alternatives
INLINE = re.compile(
    r"[\\`*\[\]~_<&](?:(?<=[\\`*\[\]~])|(?<=_)(?:(?<!\w_)|(?!\w))|(?<=<)(?=[A-Za-z/!?])|(?<=&)(?=#?\w{1,31};))"
)
LINE_START = re.compile(r"^(?:#{1,6}(?=\s|$)|>|[-+](?=\s|$)|-{3,}$|={1,}$|\|)")
NUMBER_START = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
BACKTICKS = re.compile("`+")
LINE_BREAK = "\x0b"  # stands for <br> until the spaces of a paragraph are collapsed; removed from texts before
DROPPED = frozenset({"script", "style", "template", "noscript"})


def escape(text: str) -> str:
    """Escape what Markdown would read as markup in one line of plain text."""
    text = INLINE.sub(lambda found: "\\" + found[0], text)
    text = LINE_START.sub(lambda found: "\\" + found[0], text)
    return NUMBER_START.sub(r"\1\\\2", text)


def from_plain(text: str) -> str:
    """Return a plain text as Markdown; its line breaks stay."""
    lines = (escape(" ".join(line.split())) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def from_html(markup: str) -> str:
    """Return the text of some HTML as Markdown."""
    tree = sanitize.parse_html(sanitize.CONTROL.sub("", sanitize.replace_surrogates(markup))) if markup else None
    return "" if tree is None else from_tree(tree)


def from_tree(tree: etree._Element) -> str:
    """Return the text below an element of HTML, or of trafilatura's result, as Markdown."""
    writer = _Writer()
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        if event == "start":
            writer.start(element)
        elif event == "end":
            writer.end(element)
        if event != "start" and element is not tree and element.tail:  # a comment has a tail too
            writer.text(element.tail)
    writer.flush()
    return "".join(writer.blocks)


class _Writer:
    """Collects the blocks of a document while its elements are walked."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self.line: list[str] = []  # the paragraph that is being read
        self.indents: list[str] = []  # one for each quote and list item around it
        self.counts: list[int | None] = []  # of each list around it: items so far if numbered
        self.last_indent = ""
        self.marker = ""  # of a list item that has no paragraph yet
        self.around = ("", "")  # what stands before and after the paragraph: a heading's signs, a caption's
        self.n_dropped = 0  # elements around it whose text is not read
        self.preformatted: etree._Element | None = None  # the element around it whose spaces and line breaks count
        self.code_from: int | None = None  # where in `line` a piece of code begins
        self.code: etree._Element | None = None  # its element

    def start(self, element: etree._Element) -> None:
        """Read an element's start and the text after it."""
        tag = str(element.tag)
        if tag in DROPPED:
            self.n_dropped += 1
        elif tag in ("br", "lb"):
            self.line.append(LINE_BREAK if self.preformatted is None else "\n")
        elif self.preformatted is None and self.code_from is None:
            self._start_block(tag, element)
        if element.text:
            self.text(element.text)

    def _start_block(self, tag: str, element: etree._Element) -> None:
        if tag == "pre" or (tag == "code" and _is_block(element)):
            self.flush()
            self.preformatted = element
        elif tag == "code":
            self.code_from, self.code = len(self.line), element
        elif tag in HEADINGS:
            self.flush()
            rend = str(element.get("rend") or "")
            level = int(rend[1]) if re.fullmatch(r"h[1-6]", rend) else HEADINGS[tag]
            self.around = ("#" * level + " ", "")
        elif tag in CAPTIONS:
            self.flush()
            self.around = ("*", "*")
        elif tag in LISTS:
            self.flush()
            self.counts.append(0 if tag == "ol" or element.get("rend") == "ol" else None)
        elif tag in ITEMS:
            self.flush()
            self._start_item()
        elif tag in QUOTES:
            self.flush()
            self.indents.append("> ")
        elif tag in CELLS:
            if "".join(self.line).strip():
                self.line.append(" · ")
        elif tag in BLOCKS:
            self.flush()

    def _start_item(self) -> None:
        count = self.counts[-1] if self.counts else None
        self.marker = "- "
        if count is not None:
            self.counts[-1] = count + 1
            self.marker = f"{count + 1}. "
        self.indents.append(" " * len(self.marker))

    def end(self, element: etree._Element) -> None:
        """Read an element's end."""
        tag = str(element.tag)
        if tag in DROPPED:
            self.n_dropped -= 1
        elif self.preformatted is not None:
            if element is self.preformatted:
                self.preformatted = None
                self._flush_code()
        elif self.code_from is not None:
            if element is self.code:
                self._end_code()
        elif tag in HEADINGS or tag in CAPTIONS:
            self.flush()
            self.around = ("", "")
        elif tag in LISTS:
            self.flush()
            self.counts.pop() if self.counts else None
        elif tag in ITEMS or tag in QUOTES:
            self.flush()
            self.marker = ""
            self.indents.pop() if self.indents else None
        elif tag in BLOCKS:
            self.flush()

    def text(self, text: str) -> None:
        """Read a piece of text."""
        if not self.n_dropped:
            self.line.append(_escape_inline(text) if self.preformatted is None and self.code_from is None else text)

    def flush(self) -> None:
        """End the paragraph."""
        if self.code_from is not None:
            self._end_code()
        text, self.line = "".join(self.line), []
        lines = [" ".join(line.split()) for line in text.split(LINE_BREAK)]
        paragraphs = re.split(r"\n\n+", "\n".join(lines).strip())  # two line breaks end a paragraph
        for paragraph in filter(None, paragraphs):
            before, after = self.around
            if before:
                paragraph = before + " ".join(paragraph.split()) + after
            else:
                paragraph = "\n".join(_escape_start(line) for line in paragraph.split("\n"))
            self._write(paragraph)

    def _end_code(self) -> None:
        code = " ".join("".join(self.line[self.code_from :]).replace(LINE_BREAK, " ").split())
        fence = "`" * (max(map(len, BACKTICKS.findall(code)), default=0) + 1)
        space = " " if "`" in code else ""
        self.line[self.code_from :] = [f"{fence}{space}{code}{space}{fence}"] if code else []
        self.code_from = None

    def _flush_code(self) -> None:
        code, self.line = "".join(self.line).strip("\n").rstrip(), []
        if code:
            fence = "`" * max(3, max(map(len, BACKTICKS.findall(code)), default=0) + 1)
            self._write(f"{fence}\n{code}\n{fence}")

    def _write(self, block: str) -> None:
        indents = self.indents[:MAX_INDENT]
        first = rest = "".join(indents)
        if self.marker and len(self.indents) <= MAX_INDENT:
            first = "".join(indents[:-1]) + self.marker
        self.marker = ""
        lines = block.split("\n")
        between = _common_start(self.last_indent, rest).rstrip()  # a quote goes on between its paragraphs
        self.blocks.append(f"\n{between}\n" if self.blocks else "")
        self.blocks.append("\n".join((rest if n else first) + line for n, line in enumerate(lines)))
        self.last_indent = rest


def _common_start(one: str, other: str) -> str:
    n = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:n]


def _escape_inline(text: str) -> str:
    return INLINE.sub(lambda found: "\\" + found[0], text.replace(LINE_BREAK, " "))


def _escape_start(line: str) -> str:
    return NUMBER_START.sub(r"\1\\\2", LINE_START.sub(lambda found: "\\" + found[0], line))


def _is_block(code: etree._Element) -> bool:
    """Return whether an element `code` holds lines and stands among paragraphs, as trafilatura writes `pre`."""
    parent = code.getparent()
    return (parent is None or parent.tag in BLOCKS - {"p"}) and "\n" in "".join(code.itertext()).strip()

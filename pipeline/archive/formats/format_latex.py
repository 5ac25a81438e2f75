"""Turn LaTeX into Markdown. Text in, text out: nothing is compiled, and what is no text of a letter is dropped."""

import re

from pipeline.archive.formats.format_markup import without_brackets

OPTION = r"(?:\[[^\[\]]*\])?"
ARGUMENT = r"\{((?:[^{}]|\{[^{}]*\})*)\}"  # with one pair of braces in it
TITLE, DAY = re.compile(r"\\title" + ARGUMENT), re.compile(r"\\date" + ARGUMENT)
BODY = re.compile(r"\\begin\{document\}(.*?)(?:\\end\{document\}|\Z)", re.DOTALL)
COMMENT = re.compile(r"(?<!\\)%.*$", re.MULTILINE)
LEVELS = {"part": "#", "chapter": "#", "section": "##", "subsection": "###", "subsubsection": "####"}
HEADING = re.compile(rf"\\({'|'.join(LEVELS)})\*?{OPTION}{ARGUMENT}")
LINK = re.compile(rf"\\href{OPTION}\{{([^{{}}]*)\}}{ARGUMENT}")
ADDRESS = re.compile(r"\\url\{([^{}]*)\}")
BOLD, FOOTNOTE = re.compile(r"\\textbf" + ARGUMENT), re.compile(r"\\(?:footnote|thanks)" + ARGUMENT)
ITEM = re.compile(r"\\item(?:\[([^\[\]]*)\])?[ \t]*")
SETTING = re.compile(r"\\(?:vspace|hspace|label|pagestyle|includegraphics|input|addcontentsline|setlength)\*?"
                     rf"{OPTION}(?:\{{[^{{}}]*\}})+")  # fmt: skip
ENVIRONMENT = re.compile(rf"\\(?:begin|end)\{{[^{{}}]*\}}{OPTION}")
COMMAND = re.compile(rf"\\[a-zA-Z]+\*?{OPTION}[ \t]?")
ESCAPED = re.compile(r"\\([%&$#_{}])")
MARKS = (("``", "“"), ("''", "”"), ("---", "—"), ("--", "–"), (r"\\", "\n"))


def latex_to_markdown(text: str) -> tuple[dict[str, str], str]:
    """Return title and day of a LaTeX file, and its body as Markdown."""
    text = COMMENT.sub("", text)
    found = (("title", TITLE.search(text)), ("date", DAY.search(text)))
    meta = {key: _words(match[1]).strip() for key, match in found if match and r"\today" not in match[1]}
    body = match[1] if (match := BODY.search(text)) else text
    body = FOOTNOTE.sub(r" (\1)", SETTING.sub("", body))
    body = HEADING.sub(lambda heading: f"\n\n{LEVELS[heading[1]]} {_words(heading[2])}\n\n", body)
    body = ITEM.sub(lambda item: "\n- " + (f"**{item[1]}** " if item[1] else ""), body)
    parts = LINK.split(ADDRESS.sub(r"\\href{\1}{\1}", BOLD.sub(r"**\1**", ENVIRONMENT.sub("\n\n", body))))
    words = [_words(part) for part in parts]
    addresses = [ESCAPED.sub(r"\1", url) for url in parts[1::3]]
    links = [f"[{without_brackets(title)}]({url})" for title, url in zip(words[2::3], addresses, strict=True)]
    return meta, "".join(text + link for text, link in zip(words[::3], [*links, ""], strict=True))


def _words(text: str) -> str:
    for mark, sign in MARKS:
        text = text.replace(mark, sign)
    text = COMMAND.sub("", text.replace("~", " "))
    return ESCAPED.sub(r"\1", re.sub(r"(?<!\\)[{}]", "", text))

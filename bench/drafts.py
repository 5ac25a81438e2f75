"""Does a draft look like the newsletter? Draft each archive's last issue in the form of the issues before it.

python -m bench.drafts [-v] FOLDER...   (each with past issues, or with a folder `issues`)

For each archive the picks of the last issue are drafted, their texts as notes, in the form learned from the issues
before. Printed are the share of entries whose block kinds are, in order, those of the real issue (alike), the share
that are the same to the letter, white space aside (exact: where the texts of past entries can be had), how many words
around the stories only one issue has (once), the share of picks that reading the draft gives back, and how many more.
"""

import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from pipeline.archive.blocks import Block
from pipeline.archive.draft_reading import frame_of, read_draft
from pipeline.archive.files import read_files
from pipeline.archive.importer import read_archive
from pipeline.archive.layout.lone_links import is_lone_link
from pipeline.archive.pieces import Entry, Pieces, divide
from pipeline.archive.proposal.proposed_newsletter import propose
from pipeline.archive.reading import Reading, ReadIssue
from pipeline.core.config import Newsletter
from pipeline.core.config_reader import read_newsletter
from pipeline.core.draft_form import NAME, DraftForm
from pipeline.core.urls import article_id, canonical_url, host_of
from pipeline.drafts.draft import Draft, DraftEntry, DraftSection, DraftStory
from pipeline.drafts.form_learning import form_toml, learn_form
from pipeline.drafts.formed import write_formed

Kinds = tuple[str, ...]
FEWEST = 2  # issues with picks: one to learn from and one to draft


def measure(folder: Path, keep: Path) -> dict[str, object]:
    """Draft one archive's last issue that has picks, in the form of those before it."""
    files = list(read_files(folder / "issues" if (folder / "issues").is_dir() else folder))
    reading = read_archive(files, Newsletter(folder.name, ()))
    examples = [issue for issue in reading.examples if issue.found.stories]
    if len(examples) < FEWEST:
        return {"archive": folder.name, "not measured": f"{len(examples)} of the last issues have picks, not {FEWEST}"}
    *before, last = examples
    newsletter = _newsletter(_before(reading, last), before, keep)
    if newsletter.draft is None:
        return {"archive": folder.name, "form": "plain"}
    is_frame = frame_of(newsletter.draft)
    real = divide(last.document, last.found, is_frame)
    draft = _draft(last, real, newsletter)
    text = write_formed(draft, newsletter.draft)
    (keep / f"{folder.name}.draft.md").write_text(text, "utf-8")
    (keep / f"{folder.name}.real.md").write_text(last.document.source, "utf-8")
    document, found = read_draft(text, newsletter)
    drafted = {
        canonical_url(entry.stories[0].link.url or ""): entry for entry in divide(document, found, is_frame).entries
    }
    mine = {url: _kinds(entry) for url, entry in drafted.items()}
    texts = {url: _text(entry) for url, entry in drafted.items()}
    entries = [entry for entry in real.entries if canonical_url(entry.stories[0].link.url or "")]
    if not entries:
        return {"archive": folder.name, "not measured": "no entry of the last issue begins with an address"}
    same = [_kinds(entry) == mine.get(canonical_url(entry.stories[0].link.url or "")) for entry in entries]
    exact = [_text(entry) == texts.get(canonical_url(entry.stories[0].link.url or "")) for entry in entries]
    for entry, is_same in zip(entries, same, strict=True):
        if not is_same and "-v" in sys.argv:
            url = canonical_url(entry.stories[0].link.url or "")
            print(f"    {entry.stories[0].link.text[:60]!r} {url[:60]} real {_kinds(entry)} draft {mine.get(url)}")
    picks = [canonical_url(story.link.url or "") for story in last.found.stories]
    back = [canonical_url(story.link.url or "") for story in found.stories]
    return {
        "archive": folder.name,
        "form": newsletter.draft.story.replace("\n", "⏎"),
        "entries": len(entries),
        "alike": sum(same) / len(same),
        "exact": sum(exact) / len(exact),
        "once": _once(newsletter.draft, before),
        "back": sum(url in back for url in picks) / len(picks),
        "more": len(set(back) - set(picks)),
    }


def _before(reading: Reading, last: ReadIssue) -> Reading:
    """Return the reading without one issue and those after it."""
    return replace(reading, issues=[issue for issue in reading.issues if issue.date < (last.facts.day or date.max)])


def _newsletter(reading: Reading, examples: Sequence[ReadIssue], keep: Path) -> Newsletter:
    text, _ = propose(reading.issues, "Bench", "Bench", examples)
    file = keep / "newsletter.toml"
    file.write_text(text, "utf-8")
    learned = learn_form(examples, read_newsletter(file).section_for)
    if learned:
        file.write_text(f"{text}\n{form_toml(learned[0], len(examples), learned[1])}", "utf-8")
    return read_newsletter(file)


def _draft(last: ReadIssue, real: Pieces, newsletter: Newsletter) -> Draft:
    sections: dict[str, list[DraftEntry]] = {}
    for entry in real.entries:
        pattern = (
            newsletter.draft.pattern(newsletter.section_for(entry.section), len(sections.get(entry.section, [])) + 1)
            if newsletter.draft
            else ""
        )
        stories = tuple(
            DraftStory(
                article_id(url),
                url,
                story.link.text,
                host_of(url),
                author=(story.byline or "").rpartition(", ")[0] or story.byline,
                edited_byline=story.byline or "",
                note="" if nth else _note(entry, pattern),
            )
            for nth, story in enumerate(entry.stories)
            if (url := canonical_url(story.link.url or ""))
        )
        if stories:
            sections.setdefault(entry.section, []).append(DraftEntry(stories))
    made = tuple(DraftSection(name, newsletter.section_for(name), tuple(e)) for name, e in sections.items())
    assert last.facts.number is not None
    assert last.facts.day is not None
    return Draft(last.facts.number, last.facts.day, newsletter.name, made)


def _note(entry: Entry, pattern: str) -> str:
    """Return the text of a past entry, as the editor would write it in the desk: a quote without what the form adds."""
    has_own_block = re.search(r"\n\n\W*\{blurb\}", pattern) is not None
    story = entry.stories[0]
    below = [piece for piece in entry.pieces[1:] if not piece.is_blank]
    below = [p for p in below if not is_lone_link(p.block)]
    is_quoted = "> {blurb}" in pattern and all(piece.block.kind == "quote" for piece in below)
    mark = r"(?m)^[ \t]*(?:>[ \t]?)?" if is_quoted else r"(?m)^[ \t]*"
    texts = [re.sub(mark, "", piece.text) for piece in below]
    head = entry.head.block.text
    if story.kind == "inline" or (
        len(head) > len(story.link.text) + len(story.byline or "") + 30 and not has_own_block
    ):
        rest = head.replace(story.link.text, "").replace(story.link.url or "\0", "").replace(story.byline or "\0", "")
        texts.insert(0, " ".join(rest.split())[:300].lstrip(" -–—:：.,|<>()*") or "…")
    return "\n\n".join(texts)


def _kinds(entry: Entry) -> Kinds:
    """Return the kinds of an entry's blocks, several of one kind as one; of a heading its level."""
    kinds: list[str] = []
    for piece in entry.pieces:
        kind = _kind(piece.block)
        if not piece.is_blank and kinds[-1:] != [kind]:
            kinds.append(kind)
    return tuple(kinds)


def _text(entry: Entry) -> str:
    return " ".join(" ".join(piece.text for piece in entry.pieces if not piece.is_blank).split())


def _once(form: DraftForm, before: Sequence[ReadIssue]) -> int:
    """Count the words of what stands around the stories that only one of the past issues has."""
    frame = NAME.sub("\n", "\n".join((form.front_matter, form.opening, form.closing)))
    sources = [
        one.document.source
        or " ".join(f"{block.text} {' '.join(link.url or '' for link in block.links)}" for block in one.document.blocks)
        for one in before
    ]
    words = set(re.findall(r"[^\s()\[\]\"*_<>#]+", frame))
    return sum(sum(word in source for source in sources) == 1 for word in words)


def _kind(block: Block) -> str:
    return f"{block.kind} {block.level}" if block.kind == "heading" else block.kind


def main(folders: Sequence[str]) -> None:
    """Print the figures of several archives."""
    import tempfile

    keep = Path(tempfile.mkdtemp(prefix="triage-drafts-"))
    for folder in (folder for folder in folders if folder != "-v"):
        row = measure(Path(folder), keep)
        (keep / "newsletter.toml").rename(keep / f"{row['archive']}.toml")
        shown = "  ".join(f"{key} {v:.2f}" if isinstance(v, float) else f"{key} {v}" for key, v in row.items())
        print(shown, flush=True)
    print(f"the drafts are in {keep}")


if __name__ == "__main__":
    main(sys.argv[1:])

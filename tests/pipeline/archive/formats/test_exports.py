"""What people have is read: exports, bookmarks, tables, files of one link; drafts are left out and counted."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
import yaml

from pipeline.archive.files import File, read_files
from pipeline.archive.formats.format_markdown import read_markdown
from pipeline.archive.formats.format_markup import org_to_markdown
from pipeline.archive.importer import read_archive
from pipeline.archive.reading import Reading
from pipeline.core.config import Newsletter
from pipeline.core.errors import InputError

N = range(1, 5)
DAYS = [f"2024-05-{n * 7 - 5:02d}" for n in N]  # Thursdays
LETTER = Newsletter("Pier", (), issue_day="thursday")


def links(n: int) -> list[tuple[str, str]]:
    """Return the stories of an issue."""
    return [(f"Harbour story {n}{k} of the tide", f"https://site{n}{k}.example/{k}") for k in range(3)]


def html(n: int) -> str:
    """Write the body of an issue."""
    items = "".join(f'<li><a href="{url}">{title}</a> Some words.</li>' for title, url in links(n))
    return f"<h2>News</h2><ul>{items}</ul>"


def tracked(n: int) -> str:
    """Write the body of an issue with the mark of listmonk behind its addresses."""
    return html(n).replace('">', '@TrackLink">')


def lexical(n: int) -> str:
    """Write the body of an issue as the editor of Ghost keeps it."""
    items = [
        {"type": "listitem", "children": [{"type": "link", "url": url, "children": [{"type": "text", "text": title}]}]}
        for title, url in links(n)
    ]
    heading = {"type": "heading", "tag": "h2", "children": [{"type": "text", "text": "News"}]}
    return json.dumps({"root": {"children": [heading, {"type": "list", "children": items}]}})


def posts(**more: object) -> list[dict[str, object]]:
    """Return rows of issues; values that can be called are given the issue's number."""
    return [{"title": f"Pier #{n}", **{k: v(n) if callable(v) else v for k, v in more.items()}} for n in N]


def each(make: object) -> list[object]:
    """Return one row a link."""
    return [make(n, title, url) for n in N for title, url in links(n)]  # type: ignore[operator]


def day(n: int) -> str:
    """Return the day of an issue."""
    return DAYS[n - 1]


def seconds(n: int) -> str:
    """Return the day of an issue in seconds."""
    return str(int(datetime.fromisoformat(day(n)).replace(tzinfo=UTC).timestamp()))


JSON: dict[str, object] = {
    "kit": {"broadcasts": [*posts(content=html, published_at=day, send_at=day),
                           {"title": "Unsent #9", "content": html(9), "published_at": None, "send_at": None}]},
    "beehiiv": {"data": [*posts(publish_date=seconds, status="confirmed", content=lambda n: {"free": {"web": html(n)}}),
                         {"title": "Draft #9", "status": "draft", "content": {"free": {"web": html(9)}}}]},
    "mailchimp": {"campaigns": [{"status": "sent", "send_time": day(n), "settings": {"subject_line": f"Pier #{n}"},
                                 "archive_html": html(n)} for n in N]},
    "curated": {"issues": posts(published_at=day, categories=lambda n: [{"name": "News", "items": [
        {"title": title, "url": url, "description": "<p>Words</p>"} for title, url in links(n)]}])},
    "listmonk": {"data": {"results": [*posts(body=tracked, send_at=None, started_at=day, created_at="2024-03-01"),
                                      {"subject": "Unsent #9", "body": html(9), "send_at": None, "started_at": None}]}},
    "brevo": {"campaigns": posts(htmlContent=html, sentDate=day, status="sent", createdAt="2024-03-01")},
    "inoreader": {"items": each(lambda n, t, u: {
        "title": t, "canonical": [{"href": u}], "published": 1600000000, "starred": int(seconds(n)),
        "summary": {"content": '<a href="https://in.example/x">in</a>'}})},
    "ghost": {"db": [{"data": {"posts": posts(published_at=day, status="published", lexical=lexical)}}]},
    "json feed": {"version": "https://jsonfeed.org/version/1.1", "items": posts(content_html=html, date_published=day)},
    "pinboard": each(lambda n, t, u: {"href": u, "description": t, "extended": "w", "time": f"{day(n)}T08:00:00Z",
                                      "toread": "no", "tags": "News tide"}),
    "pocket": {"list": {u: {"given_url": u, "resolved_url": u, "resolved_title": t, "time_added": seconds(n)}
                        for n in N for t, u in links(n)}},
    "readwise": {"results": each(lambda n, t, u: {"url": f"https://read.example/{u[-9:]}{n}", "source_url": u,
                                                  "title": t, "saved_at": day(n)})},
    "raindrop": {"items": each(lambda n, t, u: {"title": t, "link": u, "created": f"{day(n)}T08:00:00.000Z"})},
}  # fmt: skip


def check(reading: Reading) -> None:
    """All twelve stories are in, of the right days."""
    picks = [pick for issue in reading.issues for pick in issue.picks]
    assert {(pick.title, pick.url) for pick in picks} == {link for n in N for link in links(n)}
    assert len(picks) == 12
    assert [issue.date for issue in reading.issues] == [date.fromisoformat(day) for day in DAYS]


@pytest.mark.parametrize("name", JSON)
def test_json_exports(name: str) -> None:
    """Bodies under any key, nested, or as lists of links; drafts are left out and counted."""
    reading = read_archive([File("e.json", "", json.dumps(JSON[name]).encode())], LETTER)
    check(reading)
    if name in ("kit", "beehiiv", "listmonk"):
        assert [left.why.partition(" ")[0] for left in reading.skipped] == ["it"]
        assert reading.skipped[0].path.endswith(("(Unsent #9)", "(Draft #9)"))


def card(n: int, place: str, k: int, **more: object) -> dict[str, object]:
    """Write a card of a board, made on the day of its issue."""
    made = f"{int(seconds(n)):08x}{k:016x}"
    return {"id": made, "idList": place, "pos": k, "closed": False, "labels": [], "attachments": [], **more}


def board(cards: list[dict[str, object]], lists: dict[str, str]) -> File:
    """Write a board; its last card was archived."""
    places = [{"id": key, "name": name, "pos": nth} for nth, (key, name) in enumerate(lists.items())]
    old = card(1, next(iter(lists)), 9, name="Old", desc="https://old.example/", closed=True)
    actions = [{"type": "createCard", "date": "2024-01-01T10:00:00.000Z", "data": {"text": "https://no.example/"}}]
    data = {"name": "Pier", "url": "https://trello.com/b/x", "actions": actions, "cards": [*cards[::-1], old]}
    return File("board.json", "", json.dumps({**data, "lists": places}).encode())


def test_a_board_with_a_list_for_each_issue() -> None:
    """The address of a card stands in its attachment or its text, its label is the section; the inbox is told."""
    places = [{"attachments": [{"url": "{}"}]}, {"desc": "{}\n\nWhy."}, {"desc": "Why: {}"}]
    cards = [
        card(n, f"L{n}", k, name=t, labels=[{"name": "News"}], **json.loads(json.dumps(places[k]).replace("{}", u)))
        for n in N
        for k, (t, u) in enumerate(links(n))
    ]
    idea = card(1, "inbox", 5, name="Idea", desc="https://idea.example/")
    file = board([*cards, idea], {"inbox": "Inbox", **{f"L{n}": f"#{n} ({day(n)})" for n in N}})
    reading = read_archive([file], LETTER)
    check(reading)
    assert [issue.number for issue in reading.issues] == list(N)
    assert {pick.section_name for issue in reading.issues for pick in issue.picks} == {"News"}
    assert [left.path for left in reading.skipped] == ["board.json, list 'Inbox'"]


def test_a_board_with_a_card_for_each_issue() -> None:
    """Cards with several links are the issues, those with one are ideas for others."""
    text = {n: "## News\n\n" + "\n".join(f"- [{t}]({u}): why" for t, u in links(n)) for n in N}
    cards = [card(n, "sent", n, name=f"Pier {n}", desc=text[n], due=f"{day(n)}T07:00:00.000Z") for n in N]
    idea = card(1, "ideas", 5, name="Idea", desc="https://idea.example/")
    check(read_archive([board([*cards, idea], {"ideas": "Ideas", "sent": "Sent"})], LETTER))


def prosemirror(n: int) -> dict[str, object]:
    """Write the body of an issue as a tree of ProseMirror."""
    items = [
        {"type": "listItem", "content": [{"type": "paragraph", "content": [
            {"type": "text", "text": title, "marks": [{"type": "link", "attrs": {"href": url}}]}]}]}
        for title, url in links(n)
    ]  # fmt: skip
    heading = {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "News"}]}
    return {"type": "doc", "content": [heading, {"type": "bulletList", "content": items}]}


def ricos(n: int) -> dict[str, object]:
    """Write the body of an issue as a tree of Wix."""
    items = [
        {"type": "LIST_ITEM", "nodes": [{"type": "PARAGRAPH", "nodes": [{"type": "TEXT", "nodes": [], "textData": {
            "text": title, "decorations": [{"type": "LINK", "linkData": {"link": {"url": url}}}]}}]}]}
        for title, url in links(n)
    ]  # fmt: skip
    words = [{"type": "TEXT", "nodes": [], "textData": {"text": "News", "decorations": []}}]
    heading = {"type": "HEADING", "nodes": words, "headingData": {"level": 2}}
    return {"nodes": [heading, {"type": "BULLETED_LIST", "nodes": items}]}


@pytest.mark.parametrize("tree", [prosemirror, ricos])
def test_trees_of_editors_in_a_table(tree: Callable[[int], dict[str, object]]) -> None:
    """What an editor calls nodes, texts and links does not matter."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(["Title", "Plain Content", "Published Date", "Rich Content"])
    for n in N:
        table.writerow([f"Pier #{n}", "News …", f"{day(n)}T10:00:00Z", json.dumps(tree(n))])
    reading = read_archive([File("posts.csv", "", text.getvalue().encode())], LETTER)
    check(reading)
    assert {pick.section_name for issue in reading.issues for pick in issue.picks} == {"News"}


def test_pocket_page() -> None:
    """Its export is a page of links with the second of saving."""
    items = "".join(f'<li><a href="{u}" time_added="{seconds(n)}" tags="">{t}</a></li>' for n in N for t, u in links(n))
    check(read_archive([File("p.html", "", f"<!DOCTYPE html><html><ul>{items}</ul></html>".encode())], LETTER))


def test_american_days_of_a_table() -> None:
    """5/16/2024 in one row says how all rows write their days."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(["Name", "URL", "Added"])
    for n in N:
        for title, url in links(n):
            table.writerow([title, url, f"5/{int(day(n)[-2:])}/2024"])
    check(read_archive([File("Links-Grid view.csv", "", text.getvalue().encode())], LETTER))


def test_section_called_read_in_a_table_of_issues() -> None:
    """Among bookmarks the word is a status; where the table names issues, it is a section as others are."""
    rows = [[title, url, "Read" if k else "Watch", n, day(n)] for n in N for k, (title, url) in enumerate(links(n))]
    text = io.StringIO()
    csv.writer(text).writerows([["Name", "Link", "Category", "Edition", "Sent on"], *rows])
    reading = read_archive([File("Links 3f2.csv", "", text.getvalue().encode())], LETTER)
    check(reading)
    assert {pick.section_name for issue in reading.issues for pick in issue.picks} == {"Read", "Watch"}


def test_section_column_of_any_name() -> None:
    """Its values part the issues and recur; who added a link does not."""
    rows = [
        [t, u, f"Pier {n}", ("Ada", "Bo")[(n + k) % 2], ("Lezen", "Lezen", "Kijken")[k]]
        for n in N
        for k, (t, u) in enumerate(links(n))
    ]
    text = io.StringIO()
    csv.writer(text).writerows([["Kop", "URL", "Issue", "Door", "Rubriek"], *rows])
    reading = read_archive([File("l.csv", "", text.getvalue().encode(), modified=date(2024, 5, 23))], LETTER)
    sections = [pick.section_name for issue in reading.issues for pick in issue.picks]
    assert sections == ["Lezen", "Lezen", "Kijken"] * 4


def test_tags_of_an_org_heading_are_no_part_of_its_name() -> None:
    """As `* Posts   :web:posts:` has them."""
    _, body = org_to_markdown("#+TITLE: Tides 3\n* Posts   :web:posts:\n- [[https://a.example/][A: b]]\n* On a:b:\n")
    assert [line for line in body.splitlines() if line.startswith("#")] == ["## Posts", "## On a:b:"]


def test_sheet_with_linked_cells(tmp_path: Path) -> None:
    """The address stands behind a word, the day in a column of any name."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["When", "Name", "Where"])
    for n in N:
        for title, url in links(n):
            sheet.append([datetime.fromisoformat(day(n)), title, "link"])
            sheet.cell(sheet.max_row, 3).hyperlink = url
    book.save(tmp_path / "l.xlsx")
    check(read_archive(list(read_files(tmp_path)), LETTER))


def test_files_of_one_link_each() -> None:
    """A link blog's posts become the issues of its weeks."""
    files = [
        File(f"b/{day(n)}-{k}.md", "b", f'---\ntitle: "{t}"\nlink: {u}\ndate: {day(n)}\n---\nSome words.\n'.encode())
        for n in N
        for k, (t, u) in enumerate(links(n))
    ]
    check(read_archive(files, LETTER))


def test_clippings_are_of_the_day_of_saving() -> None:
    """Obsidian's clipper writes when the page was published, and when it was saved."""
    head = "---\ntitle: {}\nsource: {}\npublished: 2023-01-0{}\ncreated: {}\ntags: [clippings]\n---\n"
    text = "Words, [one](https://in.example/1) and [two](https://in.example/2).\n"
    files = [File(f"c/{t}.md", "c", (head.format(t, u, n, day(n)) + text).encode()) for n in N for t, u in links(n)]
    check(read_archive(files, LETTER))


def groups(n: int) -> dict[str, object]:
    """Write an issue as data: groups of links, each with its name."""
    entries = [{"link": f"https://sho.rt/{n}{k}", "url": u, "title": t} for k, (t, u) in enumerate(links(n))]
    chapters = [{"title": "News", "entries": entries[:2]}, {"title": "Tools", "entries": entries[2:]}]
    return {"subject": "Tides", "issueDate": day(n), "header": ["Hello,"], "chapters": chapters}


@pytest.mark.parametrize(("suffix", "write"), [("json", json.dumps), ("yml", yaml.safe_dump)])
def test_a_data_file_for_each_issue(suffix: str, write: Callable[[object], str]) -> None:
    """Its number is the file's name, sections are the groups' names; what configures the site is no issue."""
    files = [File(f"data/{n + 40}.{suffix}", "data", write(groups(n)).encode()) for n in N]
    files.append(File("data/_config.yml", "data", b"title: Pier\nurl: https://pier.example\n"))
    reading = read_archive(files, LETTER)
    check(reading)
    assert [issue.number for issue in reading.issues] == [41, 42, 43, 44]
    assert [pick.section_name for pick in reading.issues[0].picks] == ["News", "News", "Tools"]
    assert not reading.skipped


def test_lists_of_one_issue_are_named_by_their_keys() -> None:
    """Where there are several; one list is the issue."""
    files = []
    for n in N:
        one = [{"title": t, "url": u} for t, u in links(n)]
        issue = {"title": "Pier", "number": n, "date": day(n), "links": one[:1], "open_jobs": one[1:]}
        files.append(File(f"{n}.json", "", json.dumps(issue).encode()))
    picks = read_archive(files, LETTER).issues[0].picks
    assert [pick.section_name for pick in picks] == ["Links", "Open jobs", "Open jobs"]


def test_a_bomb_of_yaml_is_refused() -> None:
    """Nine aliases of nine aliases and so on; a few are read, as front matter has them."""
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
    reading = read_archive([File("1.yml", "", bomb.encode())], LETTER)
    assert reading.skipped[0].why == "line 3: not YAML"
    with pytest.raises(InputError, match=r"1\.md, line 4: the front matter is not YAML"):
        read_markdown(f"---\n{bomb}---\n[A](https://a.example)\n", "1.md")
    meta, _ = read_markdown("---\ntags: &tags [tides, ports]\nkeywords: *tags\n---\nWords.\n", "1.md")
    assert meta["keywords"] == ["tides", "ports"]


def test_lines_of_json_with_the_day_of_the_issue() -> None:
    """Days that lie a week apart and have several links each are those of issues."""
    rows = [{"title": t, "url": u, "issueDate": day(n)} for n in N for t, u in links(n)]
    letter = Newsletter("Pier", (), issue_day="monday")
    check(read_archive([File("l.jsonl", "", "\n".join(map(json.dumps, rows)).encode())], letter))


@pytest.mark.parametrize("head", [":date: {}\n:tags: a\n", ".. date: {} 09:00\n.. slug: p\n"])
def test_fields_of_restructured_text(head: str) -> None:
    """Those of Pelican stand below the title, those of Nikola in comments."""
    files = []
    for n in N:
        items = "\n".join(f"- `{t}`_\n\n.. _`{t}`: {u}\n" for t, u in links(n))
        text = f"#{n} - Tides of {n}\n###############\n\n{head.format(day(n))}\nNews\n====\n\n{items}\n"
        files.append(File(f"2018/{n:02d}-tides.rst", "2018", text.encode()))
    reading = read_archive(files, LETTER)
    check(reading)
    assert [issue.number for issue in reading.issues] == [1, 2, 3, 4]


def test_folders_of_one_link_a_file_are_issues() -> None:
    """`2012/20` is the twentieth week where a folder's number is above twelve, whatever days the files have."""
    files = [
        File(f"a/2012/{week}/{k}.md", f"a/2012/{week}", (
            f"---\ntitle: {t}\nurl: {u}\ncategory: videos\ncreatedOn: '2012-0{n}-01T09:00:10.000Z'\n---\nWords.\n"
        ).encode())
        for n, week in zip(N, (9, 10, 12, 13), strict=True)
        for k, (t, u) in enumerate(links(n))
    ]  # fmt: skip
    reading = read_archive(files, LETTER)
    assert [issue.date for issue in reading.issues] == [date.fromisocalendar(2012, w, 1) for w in (9, 10, 12, 13)]
    assert {(p.title, p.url, p.section_name) for p in reading.issues[0].picks} == {
        (*link, "videos") for link in links(1)
    }


@pytest.mark.parametrize("folder", ["{:%Y/%m}", "{:%Y-%m}"])
def test_folders_of_months_are_no_issues(folder: str) -> None:
    """A link blog kept by month is grouped by its days, as one in a single folder is."""
    files = []
    for n in range(60):
        today = date(2024, 3, 1) + timedelta(n)
        text = f"---\ntitle: Story {n} of the tide\nlink: https://s{n}.example/{n}\ndate: {today}\n---\nWords.\n"
        files.append(File(f"b/{folder.format(today)}/{n}.md", f"b/{folder.format(today)}", text.encode()))
    issues = read_archive(files, LETTER).issues
    assert max(len(issue.picks) for issue in issues) == 7
    assert sum(len(issue.picks) for issue in issues) == 60


def test_bad_line_of_json_is_named() -> None:
    """By its line in the file; the other lines are read, also of a file that was named by hand."""
    rows = [{"url": f"https://k{n}.example/{n}", "title": f"Kelp {n}", "date": "2024-05-03"} for n in range(4)]
    lines = list(map(json.dumps, rows))
    body = "\n".join([*lines[:2], "", "{broken", *lines[2:]]).encode()
    reading = read_archive([File("l.jsonl", "", body, is_named=True)], LETTER)
    assert [(left.path, left.why[:8]) for left in reading.skipped] == [("l.jsonl, line 4", "not JSON")]
    assert reading.n_picks == 4
    assert read_archive([File("l.jsonl", "", b"{broken\n")], LETTER).skipped[0].why == "line 1: not JSON"


def test_medium_footer_is_no_pick() -> None:
    """The export's author, canonical link and day are not the issue's."""
    foot = (
        '<footer><p>By <a href="https://medium.com/@a">A</a> on <a href="https://medium.com/p/1"><time datetime="{}">'
    )
    files = [
        File(f"p/{n}.html", "p", f'<title>Pier #{n}</title><article class="h-entry">{html(n)}{foot.format(day(n))}'
             "day</time></a></p></footer></article>".encode())
        for n in N
    ]  # fmt: skip
    files.append(File("p/draft_Unfinished.html", "p", f'<i class="h-entry">{html(9)}</i>'.encode()))
    reading = read_archive(files, LETTER)
    check(reading)
    assert "draft" in reading.skipped[0].why


def test_folders_of_drafts_are_left_out(tmp_path: Path) -> None:
    """Below the folder that is given; a folder of drafts that is given itself is read."""
    for n, folder in enumerate(("posts", "_drafts", "posts", "trash"), 1):
        (tmp_path / "drafts" / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / "drafts" / folder / f"{n}.md").write_text(f"---\ntitle: P #{n}\ndate: {day(n)}\n---\n{html(n)}\n")
    reading = read_archive(list(read_files(tmp_path / "drafts")), LETTER)
    assert [issue.number for issue in reading.issues] == [1, 3]
    assert len(reading.skipped) == 2
    assert len(read_archive(list(read_files(tmp_path / "drafts" / "_drafts")), LETTER).issues) == 1

"""A newcomer sends past issues in the browser, sees how they are read, and imports them; strangers send nothing."""

import io
import json
import zipfile

import pytest
from starlette.testclient import TestClient

from pipeline.desk import security, uploads
from pipeline.desk.session import Desk


def issue(n: int) -> bytes:
    """Write one issue."""
    return f"# Pier #{n}\n\n2024-05-{n:02d}\n\n## News\n\n- [Fog <i>{n}</i>](https://fog{n}.example/)\n".encode()


def files(*names: str) -> list[tuple[str, tuple[str, bytes]]]:
    """Name the issues to send."""
    return [("files", (name, issue(n))) for n, name in enumerate(names, 1)]


def n_picks(desk: Desk) -> int:
    """Count the stored picks."""
    with desk.workspace.database.reading() as connection:
        row = connection.execute("SELECT count(*) FROM picks").fetchone()
    return row[0] if row else 0


def test_issues_are_shown_then_imported(client: TestClient, desk: Desk) -> None:
    """Nothing is stored before the second button; then the picks are in."""
    before = n_picks(desk)
    assert 'type="file"' in client.get("/import").text
    page = client.post("/import", files=files("1.md", "../2.md", "3.md"), data={"action": "preview"})
    assert page.status_code == 200, page.text
    assert "Fog &lt;i&gt;1" in page.text or "Fog" in page.text
    assert "<i>1</i>" not in page.text
    assert n_picks(desk) == before
    name = page.text.partition('name="upload" value="')[2].partition('"')[0]
    done = client.post("/import", files={"none": b""}, data={"action": "import", "upload": name, "layout": "auto"})
    assert "Imported: 3 picks of 3 issues" in done.text
    assert n_picks(desk) == before + 3


def test_layout_can_be_tried(client: TestClient) -> None:
    """The same files are read again with another layout."""
    page = client.post("/import", files=files("1.md", "2.md", "3.md"))
    name = page.text.partition('name="upload" value="')[2].partition('"')[0]
    again = client.post("/import", files={"none": b""}, data={"upload": name, "layout": "headings"})
    assert 'value="headings" selected' in again.text


@pytest.mark.parametrize("name", ["../../etc/passwd", "0" * 32, "", "x" * 40])
def test_only_kept_uploads_are_read(client: TestClient, name: str) -> None:
    """A name that is no upload is refused with a sentence."""
    answer = client.post("/import", files={"none": b""}, data={"upload": name})
    assert answer.status_code == 400
    assert "choose" in answer.text


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_foreign_page_sends_nothing(client: TestClient, desk: Desk, headers: dict[str, str]) -> None:
    """The fence of the other forms stands here too."""
    assert client.post("/import", files=files("1.md"), headers=headers).status_code == 403
    assert not (desk.workspace.folder / uploads.FOLDER).exists()


def test_size_is_bounded(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than is allowed is refused, told in the header or not."""
    monkeypatch.setattr(security, "MAX_UPLOAD", 2_000)
    monkeypatch.setattr(uploads, "MAX_UPLOAD", 2_000)
    assert client.post("/import", files={"files": ("a.md", b"x" * 3_000)}).status_code == 413
    chunks = iter([b"x" * 1_500, b"x" * 1_500])
    answer = client.post("/import", content=chunks, headers={"content-type": "multipart/form-data; boundary=b"})
    assert answer.status_code == 413
    assert client.post("/decide", content=b"x" * 1_000_001).status_code == 413


def test_files_become_one_zip(tmp_path) -> None:
    """Names lead nowhere, pictures are dropped, a zip is kept as it is, and only the last uploads stay."""
    name = uploads.keep([("../../a.md", b"one"), ("a.md", b"two"), ("b.png", b"pic")], tmp_path)
    members = zipfile.ZipFile(uploads.find(name, tmp_path)).namelist()
    assert members == ["a.md", "1/a.md"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("x.md", "x")
    same = uploads.keep([("x.zip", packed.getvalue())], tmp_path)
    assert uploads.find(same, tmp_path).read_bytes() == packed.getvalue()
    word = uploads.keep([("x.docx", packed.getvalue())], tmp_path)
    assert zipfile.ZipFile(uploads.find(word, tmp_path)).namelist() == ["x.docx"]
    for n in range(5):
        uploads.keep([(f"{n}.md", b"%d" % n)], tmp_path)
    assert len(list((tmp_path / uploads.FOLDER).iterdir())) == uploads.KEPT


def test_files_known_by_content_are_read_as_on_the_command_line(client: TestClient) -> None:
    """Where no name has a known end, each is read as what it begins like; a picture is named as unreadable."""
    posts = [{"title": f"Pier #{n}", "date": f"2024-05-{n:02d}", "body": issue(n).decode()} for n in (1, 2, 3)]
    body = ("window.YTD.tweets.part0 = " + json.dumps(posts)).encode()
    assert "Import 3 picks of 3 issues" in client.post("/import", files={"files": ("tweets.js", body)}).text
    assert "Import 3 picks of 3 issues" in client.post("/import", files=files("1.letter", "2.letter", "3.letter")).text
    answer = client.post("/import", files={"files": ("b.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xd8")})
    assert "1 file was left out" in answer.text
    assert "cannot be read as text" in answer.text

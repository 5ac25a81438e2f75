"""A refused form shows its page again, with what was typed and the sentence beside it, also without JavaScript."""

import errno

import pytest
from playwright.sync_api import Page, expect

from pipeline.desk import settings_page, uploads
from pipeline.desk.overruling import OverruledError
from pipeline.desk.refused import fill_in
from pipeline.desk.session import Desk

FORM = """<!doctype html><title>A page</title><form action="/a"><input type="hidden" name="back" value="/">
<input type="hidden" name="id" value="1"><input name="t" value="old"></form><details><form action="/a">
<input type="hidden" name="id" value="2"><input name="t"><input name="t" value="b"><textarea name="note"></textarea>
<select name="s"><option value="x" selected>X<option value="y">Y</select>
<input type="checkbox" name="c" value="0" checked>
<input type="checkbox" name="c" value="1"><button name="v" value="p">Go</button></form></details>"""


def test_form_is_filled_by_its_hidden_fields():
    """Of two forms to one address that with the same hidden fields is filled, name by name in order, and opened."""
    sent = {"id": ["2"], "t": ["<i>", "\x00second"], "note": ["two\r\nlines"], "s": ["y"], "c": ["1"], "v": ["p"]}
    page = fill_in(FORM, "/a", sent, "That is <wrong>.", "/a?b=1")
    first, _, second = page.partition("<details open")
    assert 'value="old"' in first
    assert 'role="alert"' not in first
    assert "That is &lt;wrong&gt;." in second
    assert second.index('value="&lt;i&gt;"') < second.index('value="second"')
    assert ">two\nlines<" in second
    assert 'value="y" selected' in second
    assert 'value="x">' in second
    assert ('value="0">' in second, 'value="1" checked>' in second) == (True, True)
    assert fill_in(FORM, "/a", sent | {"id": ["3"]}, "Gone.", "/") is None


@pytest.fixture
def page(address, open_page) -> Page:
    """The desk in a browser without scripts, one story picked."""
    page = open_page(address, java_script_enabled=False)
    page.locator(".verdicts").get_by_role("button", name="Pick").first.click()
    return page


@pytest.mark.parametrize(
    ("path", "action", "typed", "sentence"),
    [
        ("settings", "/settings/newsletter", {"timezone": "Nowhere", "name": "Another"}, "Nowhere"),
        (
            "settings",
            "/settings/sections",
            {"name": "", "quota": "4", "key": "kit", "instructions": "What\nhelps"},
            "needs a key",
        ),
        ("feeds", "/feeds/add", {"url": "gopher://a.example/"}, "no web address"),
        ("status", "/mute", {"value": "   "}, "Mute"),
        ("add", "/add", {"url": "ftp://a.example/x", "section": "random"}, "web address"),
        ("", "/add", {"url": "ftp://a.example/x"}, "web address"),
        ("draft/published", "/draft/published", {"text": "# No issue\n\nat all"}, ""),
        ("models", "/job", {"model": "some/model", "last": "1"}, "2 to 10,000"),
        ("import", "/import", {}, "No file was chosen"),
    ],
)
def test_what_was_typed_stays(page, address, path, action, typed, sentence):
    """Each form of the desk keeps its fields when it is refused, with the sentence in it."""
    page.goto(f"{address}/{path}")
    page.evaluate("document.querySelectorAll('form').forEach(form => (form.noValidate = true))")
    form = page.locator(f"form[action='{action}']").last
    for name, value in typed.items():
        field = form.locator(f"[name='{name}']").last
        field.select_option(value) if field.evaluate("node => node.matches('select')") else field.fill(value)
    form.locator("button").last.click()
    expect(form.get_by_role("alert")).to_contain_text(sentence)
    for name, value in typed.items():
        expect(form.locator(f"[name='{name}']").last).to_have_value(value)


@pytest.mark.parametrize(("path", "action"), [("/settings", "/settings/newsletter"), ("/import", "/import")])
def test_full_disk_keeps_what_was_typed(page, address, monkeypatch, path, action):
    """What cannot be written now is no fault of ours: the form stands there again, with the sentence."""

    def refuse(*_):
        raise OSError(errno.ENOSPC, "No space left on device", "/a/letter")

    monkeypatch.setattr(settings_page, "save_settings", refuse)
    monkeypatch.setattr(uploads, "keep", refuse)
    page.goto(address + path)
    form = page.locator(f"form[action='{action}']")
    if path == "/settings":
        form.locator("[name=name]").fill("Another")
    else:
        form.locator("[name=files]").set_input_files({"name": "1.md", "mimeType": "text/plain", "buffer": b"# 1"})
    form.locator("button").last.click()
    expect(form.get_by_role("alert")).to_contain_text("/a/letter cannot be written (No space left on device)")
    if path == "/settings":
        expect(form.locator("[name=name]")).to_have_value("Another")


def test_blurb_that_is_overruled_is_not_lost(page, ids, monkeypatch):
    """A text that another editor's overrules stands in its field again, or, its form gone, on the error's page."""

    def refuse(*_):
        raise OverruledError("ben wrote a text meanwhile; look at it, and save again")

    monkeypatch.setattr(Desk, "record", refuse)
    blurb = page.locator("form.blurb")
    blurb.locator("textarea").fill("Worth ten minutes.\nAnd more.")
    blurb.get_by_role("button", name="Save").click()
    expect(blurb.get_by_role("alert")).to_contain_text("Ben wrote")
    expect(blurb.locator("textarea")).to_have_value("Worth ten minutes.\nAnd more.")
    page.evaluate("document.querySelector('form.blurb [name=back]').value = '/settings'")
    blurb.get_by_role("button", name="Save").click()
    expect(page.locator("main textarea")).to_have_value("Worth ten minutes.\nAnd more.")


def test_refused_page_is_reloaded_not_sent_again(address, open_page):
    """With the script the address is that of the page again; the sentence in the drawer of a narrow window is seen."""
    page = open_page(f"{address}/?state=skipped", viewport={"width": 1024, "height": 768})
    page.get_by_role("link", name="Issue", exact=True).click()
    page.get_by_placeholder("Paste a link").fill("ftp://a.example/x")
    page.locator(".issue form.add button").click()
    expect(page.locator(".issue").get_by_role("alert")).to_be_in_viewport()
    expect(page).to_have_url(f"{address}/?state=skipped")
    page.get_by_role("link", name="Close").click()
    expect(page.locator(".issue")).to_be_hidden()

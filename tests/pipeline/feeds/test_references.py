"""References that make a feed malformed are repaired, and nothing else."""

import pytest

from pipeline.feeds.references import escape_bare, repair


@pytest.mark.parametrize(
    ("written", "repaired"),
    [
        ("Q&A & more", "Q&amp;A &amp; more"), ("caf&eacute;&nbsp;x", "caf&#233;&#160;x"), ("a&b; c", "a&amp;b; c"),
        ("&amp; &lt; &#233; &#xE9;", "&amp; &lt; &#233; &#xE9;"),
        ("<![CDATA[a & b &x;]]>&", "<![CDATA[a & b &x;]]>&amp;"), ("<![CDATA[a & b", "<![CDATA[a & b"),
        ('<!ENTITY own "x">&own; &other;', '<!ENTITY own "x">&own; &amp;other;'),
    ],
)  # fmt: skip
def test_reference_that_xml_does_not_know_is_repaired(written: str, repaired: str) -> None:
    """HTML's by their number, others as text; CDATA and what the feed declares stay."""
    assert repair(written.encode()).decode() == repaired


def test_ampersand_alone_is_escaped_for_the_lenient_parser() -> None:
    """Which knows HTML's names itself."""
    assert escape_bare("Q&A &eacute; <![CDATA[&]]> &") == "Q&amp;A &eacute; <![CDATA[&]]> &amp;"

"""Choose where a newsletter's stories are, by counting positions of links in each issue and its neighbours."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.archive.layout.positions import Position

NEIGHBOURS = 4  # issues on either side whose form counts with an issue's own
WEIGHT_OF_ALL = 0.1  # of the whole archive's counts beside those of the neighbours
LEADS: tuple[Position, ...] = ("heading", "below heading", "title line", "bold lead", "item", "closing")
FEWEST_LEADS = 0.45  # share of the entries that must begin with their link; below it the newsletter is prose
MINOR = 0.12  # share of the leads below which a position carries comments
FEWEST_OPENING = 2  # leads above the first section from which an issue opens with stories
LINKLESS = 0.1  # share of the paragraphs of sections without a link, up to which each is an entry …
INSIDE = 0.2  # … if the link of so many stands within a sentence
OPENING_ISSUES = 0.7  # share of the issues that must open with stories
MOSTLY = 0.5  # share of the bold leads that must stand in list items to be taken for these
HEADED = 0.3  # share of the leads in headings from which what stands below a story heading is a comment


@dataclass(frozen=True)
class Form:
    """Where the stories of an issue stand."""

    positions: frozenset[Position]
    is_prose: bool = False  # every link of a section is a pick
    opens_with_stories: bool = False  # what stands above the first section counts
    each_paragraph: bool = False  # of a section is an entry, wherever its link stands

    @property
    def reads_headings(self) -> bool:
        """Are one-off headings titles of stories?"""
        return bool(self.positions & {"heading", "below heading"}) and not self.is_prose

    @property
    def name(self) -> str:
        """As shown to the editor."""
        if self.is_prose:
            return "links in prose"
        plural = {"heading": "headings", "below heading": "links below headings", "title line": "title lines",
                  "bold lead": "bold leads", "item": "list items", "closing": "links at the end"}  # fmt: skip
        return " and ".join(name for key, name in plural.items() if key in self.positions) or "nothing"


@dataclass
class Counts:
    """How often links stand where, in one issue."""

    positions: Counter[str]
    under_stories: Counter[str]  # below the heading of a story
    opening: int = 0  # leads above the first section
    has_sections: bool = False

    @property
    def opens_with_stories(self) -> bool:
        """Do several leads stand above the first section?"""
        return self.opening >= FEWEST_OPENING


def choose_forms(counts: Sequence[Counts]) -> list[Form]:
    """Choose the form of each issue, in the order of publication, by its neighbours and a little by all issues."""
    total = _sum(counts)
    share = WEIGHT_OF_ALL * (2 * NEIGHBOURS + 1) / max(len(counts), 1)
    forms = []
    for nth, own in enumerate(counts):
        window = counts[max(0, nth - NEIGHBOURS) : nth + NEIGHBOURS + 1]
        forms.append(choose_form(_add(_sum(window), total, share), own))
    return forms


def choose_form(weights: "Weights", own: Counts) -> Form:
    """Choose the form by weighted counts."""
    here, under = weights.positions, weights.under_stories
    headed = here["heading"] + here["below heading"]
    leads = sum(here[position] for position in LEADS)
    if headed < HEADED * leads:  # what stands below one-off headings is as good as the rest
        here = here + under
        leads = sum(here[position] for position in LEADS)
    prose = here["sentence"] + here["sentence in item"] / 2
    is_prose = leads < FEWEST_LEADS * (leads + prose)
    chosen: set[Position] = {position for position in LEADS if here[position] >= MINOR * leads and here[position] > 0}
    if here["bold item"] >= MOSTLY * here["bold lead"] > 0 and chosen & {"bold lead", "item"}:
        chosen |= {"bold lead", "item"}  # items of one list, whichever words are bold
    if here["below heading"] < HEADED * headed:
        chosen.discard("below heading")
    opens = weights.opening > 0.5 * max(leads, 1) or weights.opening_issues >= OPENING_ISSUES or not own.has_sections
    return Form(frozenset(chosen), is_prose, opens, "title line" in chosen and _each_paragraph(here))


def _each_paragraph(here: Counter[str]) -> bool:
    """Have nearly all paragraphs of the sections a link, a good part of them within a sentence?"""
    found = {key: here[f"paragraph: {key}"] for key in ("", "title line", "sentence")}
    total = sum(found.values())
    return found[""] <= LINKLESS * total and found["sentence"] >= INSIDE * total > 0


@dataclass
class Weights:
    """Counts of several issues, weighted."""

    positions: Counter[str]
    under_stories: Counter[str]
    opening: float
    opening_issues: float  # share of the issues that open with stories


def _sum(counts: Sequence[Counts]) -> Weights:
    positions: Counter[str] = Counter()
    under: Counter[str] = Counter()
    for each in counts:
        positions.update(each.positions)
        under.update(each.under_stories)
    opening = sum(each.opens_with_stories for each in counts) / max(len(counts), 1)
    return Weights(positions, under, sum(each.opening for each in counts), opening)


def _add(window: Weights, total: Weights, share: float) -> Weights:
    def scaled(counter: Counter[str]) -> Counter[str]:
        return Counter({key: n * share for key, n in counter.items()})

    return Weights(
        window.positions + scaled(total.positions),
        window.under_stories + scaled(total.under_stories),
        window.opening + total.opening * share,
        window.opening_issues,
    )

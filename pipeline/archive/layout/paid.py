"""Recognise what is paid for, and the furniture that says so in words: sponsor marks, calls to subscribe or share."""

import re
import unicodedata
from itertools import filterfalse
from typing import Literal

from pipeline.archive.blocks import Block

# "sponsor" and words of its meaning as the big languages write them; each is matched at the beginning of a word
PAID_WORDS = (
    r"sponsor\w*|advert(?:is\w+|s|orial)?|anzeigen?|werbung|werbepartner|gesponsert\w*|patrocin\w+|publicidad|anuncios?|"
    r"sponsoris\w+|publicit[ée]|partenaires?|sponsorizzat\w+|pubblicità|an[uú]ncio|publicidade|apoio|реклама|спонсор\w*|"
    r"партн[её]р\w*|إعلان|ممول|برعاية|פרסומת|ממומן|διαφήμιση|χορηγ\w*|विज्ञापन|प्रायोजित|quảng cáo|iklan|oglas|"
    r"advertentie|gesponsord\w*|reklama?|sponzor\w*|annons|mainos|promoted|classifieds?|kleinanzeigen|"
    r"petites annonces|clasificados|classificados|annunci|"
    r"partner(?:ed)? (?:message|content|post|spotlight|offer)s?|supported by|presented by|brought to you by|"
    r"our (?:partners?|supporters?)|paid partnership|promoted by|supporting this (?:issue|week|newsletter)|"
    r"präsentiert von|support for this (?:issue|week|newsletter)|unser\w* partner|"
    r"partner\w* (?:wydania|tygodnia|numeru)|प्रायोजक|offert\w* par|"
    r"unterstützt von|(?:freundlicher )?unterstützung von|avec le soutien d[eu]|présenté par|"
    r"presentado por|con el apoyo de|apresentado por|presentato da"
)
PAID_SIGNS = r"[【［](?:PR|AD)[】］]|スポンサー|広告|提供|広告|广告|赞助|推广|贊助|廣告|광고|협찬|후원"
PAID_HEADING = re.compile(rf"(?:\b(?:{PAID_WORDS})\b|{PAID_SIGNS})", re.IGNORECASE)
PAID_START = re.compile(
    rf"\W*(?:\(|\[|【)?\s*(?:(?:{PAID_WORDS}|ad|promo)\b|{PAID_SIGNS})\s*(?:[:：\])】|–—]|-(?!\w))",
    re.IGNORECASE,
)
SIGNS_OF_PAID = re.compile(r"[(\[【（)\]】）#:：—–-]")  # one of which each mark below has
# each begins with its sign, to which a search skips
PAID_MARKS = (
    re.compile(
        rf"[(\[【（]\s*(?:(?:{PAID_WORDS}|ad|promo|affiliate(?: link)?)|{PAID_SIGNS})\s*[)\]】）]", re.IGNORECASE
    ),
    re.compile(r"#(?<!\S#)(?:ad|sponsored|sponsor|werbung|anzeige|pub|publi|реклама|pr)\b", re.IGNORECASE),
    re.compile(r"\A\W*[(\[【（［]\s*(?:PR|AD)\s*[)\]】）］](?=.*[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3])"),
    re.compile(r"[—–-]\s*(?:from|by|thanks to)?\s*our (?:sponsor|partner)s?\b", re.IGNORECASE),
)
# "Boards supported by X" is news of boards; "this issue is supported by X" is none
SUPPORTED = re.compile(
    r"(?<=[^\W\d_] )(?<!is )(?<!issue )(?<!week )(?<!edition )(?<!newsletter )(?<!month )(?<!ly )supported by\b",
    re.IGNORECASE,
)
LONGEST_PAID_HEADING = 6  # words; a longer heading that names sponsors is a story about them
LONGEST_PAID_TITLE = 3  # of the heading of a story
LONGEST_MARK = 8  # words of a line that marks the entry beside it
MANY_OFFERS = re.compile(r"classifieds?|anzeigen|annonces|clasificados|classificados|annunci", re.IGNORECASE)
PAID_ALONE = re.compile(rf"\W*(?:{PAID_WORDS}|{PAID_SIGNS})(?:$|\s)", re.IGNORECASE)
CONTENT = r"content|contenido|contenu|contenuto|conteúdo|inhalt|post|message"
PAID_WORD = re.compile(rf"\W*(?:(?:{CONTENT})\s)?(?:{PAID_WORDS}|{PAID_SIGNS})(?:\s(?:{CONTENT}))?\W*", re.IGNORECASE)
PAID_BY = re.compile(
    r"(?:sponsored|brought to you|presented) by\b|"
    r"\b(?:from|by|to|with) (?:our|this week['’]s|today['’]s) (?:sponsor|partner)s?\b",
    re.IGNORECASE,
)
PAID_FOR_BY = re.compile(
    rf"\b(?:{PAID_WORDS}|brought to you|presented|supported|offert\w*|präsentiert|unterstützt|présentée?|presentad[oa]|"
    r"apresentad[oa]|presentat[oa]) (?:by|von|par|por|da|door|av|przez)\b",
    re.IGNORECASE,
)
THANKS = re.compile(
    r"\W*(?:thanks?\b|dank|merci|gra[cz]i|obrigad|tack|dzięk|спасибо|благодар|感谢|感謝|शुक्रिया|धन्यवाद|شكر)",
    re.IGNORECASE,
)
OWN_TIME = re.compile(r"\b(?:bu (?:hafta|sayı|ay)|veckans|månadens|ukens|ugens|viikon|týdne)", re.IGNORECASE)
PAID_BEFORE = re.compile(  # what such a line says is paid for stands below it, where nothing tells
    r"\W*(?:presented by|brought to you by|(?:together|in partnership) with|präsentiert von|présenté par|"
    r"presentado por|apresentado por|presentato da)\b|"
    rf"\W*(?:\w+ ){{0,3}}(?:our|this (?:week|month|issue)['’]s|today['’]s|unser\w*|notre|nos|nuestr\w+|nostr\w+|"
    rf"noss\w+|nasz\w*|наш\w*|onze)\s(?:{PAID_WORDS})\W*$",
    re.IGNORECASE,
)
# "(this issue is) made possible by X" as each language writes it
THIS_ISSUE = r"(?:(?:this|deze|dit|diese[rs]?|cette|ce|esta|este|quest[ao]|denna|denne|detta|ten|to) (?:\w+ ){1,2})?"
MADE_POSSIBLE = re.compile(
    rf"\W*{THIS_ISSUE}(?:"
    r"made possible (?:by|thanks)|with (?:the )?support (?:of|from)|"
    r"(?:mede )?(?:mogelijk gemaakt|aangeboden|gepresenteerd|ondersteund) door|met (?:de )?steun van|"
    r"(?:ermöglicht|unterstützt) (?:durch|von)|mit unterstützung (?:von|der|des)|"
    r"(?:rendue?s? possibles?|soutenue?s?) (?:par|grâce)|avec le soutien d|"
    r"(?:hech[oa] )?posible (?:gracias a|por)|apoyad[oa] por|con el apoyo de|"
    r"(?:res[oa] possibile|sostenut[oa]) da|con il (?:sostegno|supporto|contributo) d|"
    r"(?:tornad[oa] possível|apoiad[oa]|oferecid[oa]) (?:por|pel[oa])|com o apoio d|"
    r"(?:möjliggörs|möjliggjort|presenteras) av|med (?:stöd|støtte) (?:av|fra|från)|i sam(?:arbete|arbeid|arbejde) med|"
    r"(?:støttet|presentert|præsenteret|muliggjort) (?:av|af)|yhteistyössä|"
    r"(?:wspieran[ey]|umożliwion[ey]) przez|przy wsparciu|za podpory|"
    r"при поддержке|за підтримки|με την (?:υποστήριξη|ευγενική)|בתמיכת|בחסות|بدعم من|với sự hỗ trợ|didukung oleh)"
    r"|[\w’' .-]+(?:desteğiyle|katkılarıyla|के सहयोग से|의 (?:지원|후원)으로)\W*$|本期由.+(?:支持|支援|赞助)",
    re.IGNORECASE,
)
SIGNED = re.compile(rf"\s*(?:[(\[（]|[–—-]+)\s*(?:(?:from|by) our )?(?:{PAID_WORDS}|{PAID_SIGNS})", re.IGNORECASE)
PAID_END = re.compile(rf"\s(?:{PAID_WORDS})\W*", re.IGNORECASE)
NAME_AND_MARK = 4  # words of a line that ends with a mark: "Acme sponsor"
PARTNER = re.compile(r"\W*(?:(?:together|in partnership) with|a (?:message|word) from)\b", re.IGNORECASE)
# the whole text, in small letters, of a link that asks readers to do something with the newsletter itself
CALL = re.compile(
    r"\W*(?:(?:click here to )?(?:un)?subscribe(?: now| here| today| for free)?|sign ?up(?: now| here)?|"
    r"share(?: this.*)?|forward.*|"
    r"(?:view|read|open)(?: it| this.*)? (?:in (?:your|the|a) browser|online|on the web)|leave a comment|comment|"
    r"upgrade(?: to paid)?|become a (?:member|patron|supporter|sponsor)|give a gift subscription|get \d+% off.*|donate|"
    r"update (?:your )?preferences|manage (?:your )?(?:subscription|preferences).*|privacy policy|"
    r"(?:jetzt )?(?:abonnieren|anmelden|abmelden|abbestellen)|teilen|im browser (?:ansehen|lesen)|"
    r"s['’]abonner|se désabonner|se désinscrire|partager|suscr[ií]b(?:ete|irse)|darse de baja|compartir|"
    r"iscriviti|condividi|assinar|inscreva-se|подписаться|отписаться|поделиться|订阅|退订|分享|購読(?:する)?|登録|구독(?:하기)?|공유)\W*",
)


def is_paid_heading(text: str, *, is_story: bool = False) -> bool:
    """Does a heading announce sponsors or advertisements? That of a story may be about them."""
    text = SUPPORTED.sub("", text)
    if PAID_BY.search(text) or (not is_story and (PARTNER.match(text) or _thanks_or_names_a_sponsor(text))):
        return True
    is_short = len(text.split()) <= (LONGEST_PAID_TITLE if is_story else LONGEST_PAID_HEADING)
    spellings = _spellings(text)
    return any(map(PAID_START.match, spellings)) or (is_short and any(map(PAID_HEADING.search, spellings)))


def offer_beside(block: Block) -> Literal["above", "below"] | None:
    """Say where the entry stands that a short line without link marks as paid for; None if it marks none.

    "Sponsored by X", "X, sponsor" and "(sponsored)" speak of what is above; all others read on, as "Our sponsor" does.
    """
    text = block.text.strip()
    if block.links or block.kind == "heading" or not 0 < len(text.split()) <= LONGEST_MARK:
        return None
    spellings = _spellings(text)
    if any(map(_is_signature, spellings)):
        return "above"
    if any(map(_reads_on, spellings)):
        return "below"
    if any(map(_speaks_of_what_is_above, spellings)):
        return "above"
    return "below" if any(map(PAID_ALONE.match, spellings)) or any(map(PAID_FOR_BY.search, spellings)) else None


def _reads_on(text: str) -> bool:
    is_line = not text.endswith((".", "!", "?")) and (PAID_BEFORE.match(text) or MADE_POSSIBLE.match(text))
    return bool(is_line or PAID_WORD.fullmatch(text) or (THANKS.match(text) and PAID_HEADING.search(text)))


def _thanks_or_names_a_sponsor(text: str) -> bool:
    is_line = len(text.split()) <= LONGEST_MARK
    return is_line and bool(
        PAID_FOR_BY.search(text) or MADE_POSSIBLE.match(text) or (THANKS.match(text) and PAID_HEADING.search(text))
    )


def _speaks_of_what_is_above(text: str) -> bool:
    by = PAID_FOR_BY.search(text)
    is_byline = by is not None and not re.search(r"\w", text[: by.start()])
    is_short = len(text.split()) <= NAME_AND_MARK and not OWN_TIME.search(text)
    return is_byline or (is_short and any(PAID_END.fullmatch(text, at) for at in _spaces(text)))


def _is_signature(text: str) -> bool:
    is_label = text[-1:] in "–—-"  # "– Anzeige –"
    return len(text.split()) <= NAME_AND_MARK and SIGNED.match(text) is not None and not is_label


def names_many_offers(text: str) -> bool:
    """Does a heading announce several advertisements: "Classifieds"?"""
    return MANY_OFFERS.search(text) is not None


def _spaces(text: str) -> list[int]:
    return [at for at, char in enumerate(text) if char.isspace()]


def is_paid(block: Block) -> bool:
    """Is a block marked as paid for: "Sponsored:", "(ad)", "#ad", "— from our sponsor"?"""
    return SIGNS_OF_PAID.search(block.text) is not None and any(
        PAID_START.match(text) or any(mark.search(text) for mark in PAID_MARKS) for text in _spellings(block.text)
    )


def _spellings(text: str) -> tuple[str, ...]:
    """Return a text as it is and, where it has any, without accents."""
    if text.isascii():
        return (text,)
    bare = "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFKD", text)))
    return (text, bare) if bare != text else (text,)


def is_call(text: str) -> bool:
    """Is the text of a link a call to subscribe, share or read elsewhere?"""
    return CALL.fullmatch(text.strip().lower()) is not None

"""A page that stands in an article's place is distinguished from an article about such pages."""

from datetime import UTC, datetime

import pytest

from pipeline.feeds.article_page import read_page
from pipeline.feeds.stub_page import stub_kind

STUBS = [
    ("challenge", "Just a moment...",
     "Verifying you are human. This may take a few seconds. news.example needs to review the security of your "
     "connection before proceeding."),
    ("challenge", "Attention Required! | Cloudflare",
     "Sorry, you have been blocked. You are unable to access news.example. Why have I been blocked? This "
     "website is using a security service to protect itself from online attacks. Ray ID: 8a"),
    ("challenge", "Nur einen Moment…", "Bestätigen Sie, dass Sie ein Mensch sind. Dies kann einige Sekunden dauern."),
    ("challenge", "Access Denied", "You don't have permission to access this page on this server. Reference #18.9c"),
    ("challenge", "Vérification de sécurité",
     "Vérifiez que vous êtes humain en cochant la case. Cela améliore la sécurité."),
    ("challenge", "Проверка", "Мы проверяем ваш браузер. Подтвердите, что вы не робот. Это займёт несколько секунд."),
    ("challenge", "Güvenlik", "Robot olmadığınızı doğrulayın. Bağlantınız kontrol ediliyor, lütfen bekleyin."),
    ("challenge", "安全验证", "请完成安全验证后继续访问。您的网络环境异常。"),
    ("consent_wall", "Wiadomości", "My i nasi 400 zaufani partnerzy przechowujemy pliki cookie. Ustawienia."),
    ("not_found", "Hoppla", "Diese Seite gibt es leider nicht mehr. Zurück zur Startseite."),
    ("javascript", "Uygulama", "Bu sayfayı görüntülemek için JavaScript'i etkinleştirin."),
    ("consent_wall", "Le Quotidien",
     "Nous et nos 212 partenaires utilisons des cookies. Votre consentement est demandé pour la publicité. Vous"
     " pouvez continuer sans accepter en vous abonnant. Votre vie privée compte."),
    ("consent_wall", "Zeitung mit Werbung",
     "Besuchen Sie zeitung.example wie gewohnt mit Werbung und Tracking. Wir und unsere 150 Partner speichern "
     "Cookies. Details zum Datenschutz und zum Widerruf Ihrer Einwilligung."),
    ("consent_wall", "El Diario",
     "Nosotros y nuestros 90 socios almacenamos cookies. Puede retirar su consentimiento. Aceptar y continuar. "
     "Publicidad personalizada."),
    ("not_found", "404 Not Found", "nginx"),
    ("not_found", "Seite nicht gefunden – Blatt", "Die gesuchte Seite existiert nicht. Zur Startseite oder zur Suche."),
    ("not_found", "Strona nie istnieje", "Przepraszamy. Strona, której szukasz, nie istnieje."),
    ("not_found", "News", "Oops! The page you requested could not be found. Try our home page."),
    ("not_found", "ページが見つかりません", "お探しのページは見つかりませんでした。トップページへ"),
    ("javascript", "App", "You need to enable JavaScript to run this app."),
    ("javascript", "Plattform", "Bitte aktivieren Sie JavaScript in Ihrem Browser."),
    ("login", "Sign in - Team wiki", "Please log in. Email Password Remember me Forgot password?"),
    ("login", "Connexion", "Veuillez vous connecter. Adresse e-mail. Mot de passe oublié ?"),
    ("paywall", "A story",
     "The first lines of a story are shown. To continue reading, subscribe now. Already a subscriber? Log in."),
    ("paywall", "Ein Bericht",
     "Der Bericht beginnt hier mit ein paar Worten. Um weiterzulesen, schließen Sie ein Abo ab. Bereits "
     "Abonnent? Anmelden."),
    ("paywall", "Un article",
     "Le début de l'article est ici. La suite est réservée aux abonnés. Déjà abonné ? Se connecter."),
    ("paywall", "記事", "冒頭の文章です。この記事は会員限定です。残り1200文字。"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "title", "text"), STUBS)
def test_stub_is_named(kind: str, title: str, text: str) -> None:
    """In the languages that the phrases cover."""
    assert stub_kind(title, text) == kind


BODY = " ".join(
    f"The {n}th paragraph tells what the town council decided about the ferry, who voted for it and what it costs."
    for n in range(12)
)
ARTICLES = [
    ("How we fixed our 404 page", f"{BODY} A reader wrote that the page could not be found. {BODY}"),
    ("Why cookie banners lie", f"We and our 173 partners value your privacy, says the banner. {BODY} {BODY}"),
    ("The rise of the captcha", f"Are you a robot? Every visitor is asked. {BODY}"),
    ("Paywalls and the public", f"{BODY} Already a subscriber, she pays for three papers. {BODY}"),
    ("The ferry is back", f"{BODY} Subscribe to our newsletter for more."),
    ("A long read", f"Already a subscriber? Log in. {BODY} {BODY}"),
    ("Just a moment of peace", BODY), ("Login flows that work", BODY), ("Short note", "The ferry runs again today."),
]  # fmt: skip


@pytest.mark.parametrize(("title", "text"), ARTICLES)
def test_article_about_such_pages_is_an_article(title: str, text: str) -> None:
    """A phrase in it, or a title that begins like a stub's, is not enough."""
    assert stub_kind(title, text) is None


def test_stub_gives_no_text_and_no_title_of_its_own() -> None:
    """Of a paywall's preview the title is the article's, and it is paywalled."""
    seen = datetime(2026, 11, 20, tzinfo=UTC)
    page = "<html><title>{0}</title><body><article><h1>{0}</h1><p>{1}</article></html>"
    bodies = [page.format(title, text).encode() for _, title, text in (STUBS[0], STUBS[-4])]
    pages = [read_page(body, "https://a.example/", seen) for body in bodies]
    assert [(page.stub, page.title, page.text, page.paywalled) for page in pages] == [
        ("challenge", None, "", None),
        ("paywall", "A story", "", True),
    ]

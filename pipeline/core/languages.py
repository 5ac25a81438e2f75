"""Codes of languages, as newsletter.toml writes them ("de", "pt-BR"), and what Babel knows of them."""

from babel import Locale, localedata


def is_language(code: str) -> bool:
    """Return whether Babel knows a language, so that days can be written in it."""
    return localedata.exists(_in_babel(code))


def locale_of(code: str) -> Locale:
    """Return the locale of a language.

    Raises
    ------
    UnknownLocaleError
        If Babel has none.
    ValueError
        If it is no code of a language.
    """
    return Locale.parse(_in_babel(code))


def _in_babel(code: str) -> str:
    return code.replace("-", "_")

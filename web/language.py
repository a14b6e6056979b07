"""Which language a reader reads: Simplified Chinese, or English for whoever asks for it.

    ?lang=en            this page, and from now on (kept in a cookie)
    cookie "language"   an earlier choice
    the account         what its owner set
    Accept-Language     zh* is Chinese, any other language is English
    nothing             Chinese

In modules and templates a sentence is written once, in Chinese: `_("批号不能为空")`; a table of sentences
marks them by `N_` and turns them with `gettext` when they are shown. A per cent sign is written twice.
The English stands in translations/en (see `web.catalogue`). Terminal programs use the same sentences
under `with speaking(cli_language(os.environ)):`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from babel import Locale
from flask import Flask, Response, g, has_request_context, request, session
from flask_babel import Babel
from werkzeug.datastructures import LanguageAccept

from web.catalogue import translations

Language = Literal["zh", "en"]

LANGUAGES: tuple[Language, ...] = ("zh", "en")
LOCALES: dict[Language, str] = {"zh": "zh_Hans_CN", "en": "en"}
TAGS: dict[Language, str] = {"zh": "zh-Hans-CN", "en": "en"}
COOKIE = "language"
YEAR = 365 * 24 * 3600

_spoken: ContextVar[Language | None] = ContextVar("spoken", default=None)


def N_(msgid: str) -> str:  # noqa: N802 -- the name by which Babel finds a sentence in a table
    """Mark *msgid* as a sentence to translate later."""
    return msgid


class _Blanks(dict[str, object]):
    """Facts of which one that is missing shows as a dash: an error message must not fail itself."""

    def __missing__(self, name: str) -> str:
        return "—"


def gettext(msgid: str, **facts: object) -> str:
    """Return the sentence in the reader's language, with *facts* in their places."""
    return _msgstr(msgid) % facts


def told(msgid: str, facts: Mapping[str, object]) -> str:
    """Return the sentence with *facts* in their places, and a dash for each that is not there."""
    return _msgstr(msgid) % _Blanks(facts)


def ngettext(singular: str, plural: str, num: int, **facts: object) -> str:
    """Return the sentence for *num* things in the reader's language."""
    return _plural_msgstr(singular, plural, num) % {"num": num, **facts}


def _msgstr(msgid: str) -> str:
    # Templates put the facts in themselves, escaped.
    return translations(current()).ugettext(msgid)


def _plural_msgstr(singular: str, plural: str, num: int) -> str:
    return translations(current()).ungettext(singular, plural, num)


def current() -> Language:
    """Return the language of this request, of the innermost `speaking`, or else Chinese."""
    spoken = _spoken.get()
    if spoken is not None:
        return spoken
    if not has_request_context():
        return "zh"
    if "language" not in g:
        kept = request.cookies.get(COOKIE), session.get(COOKIE)
        g.language = choose((request.args.get("lang"), *kept), request.accept_languages)
    return g.language  # type: ignore[no-any-return]  # set two lines above, or earlier in this request


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak *language* within, whatever a request asks for."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def choose(wishes: tuple[str | None, ...], accept: LanguageAccept) -> Language:
    """Return the first of *wishes* that we speak, else what the browser accepts, else Chinese."""
    for wish in wishes:
        if wish in LANGUAGES:
            return wish
    tags = [tag.lower() for tag, quality in accept if quality > 0 and tag != "*"]
    for tag in tags:
        if tag.split("-")[0] in LANGUAGES:
            return cast(Language, tag.split("-")[0])
    return "en" if tags else "zh"


def cli_language(environ: Mapping[str, str]) -> Language:
    """Return the language of a terminal: Chinese where its locale is Chinese, else English (POSIX, 8.2)."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            return "zh" if environ[name].lower().startswith("zh") else "en"
    return "en"


def install(app: Flask) -> None:
    """Let every template of *app* speak the reader's language."""
    Babel(app, locale_selector=lambda: Locale.parse(LOCALES[current()]), default_timezone="Asia/Shanghai")
    # Flask-Babel looks for compiled catalogues; ours are read as they are written.
    app.jinja_env.install_gettext_callables(_msgstr, _plural_msgstr, newstyle=True)  # type: ignore[attr-defined]  # added by the i18n extension
    app.jinja_env.globals.update(
        language=current, language_tag=lambda: TAGS[current()], without_language=without_language
    )
    app.after_request(_remember)


def without_language(address: str) -> str:
    """Return the path *address* without its ?lang=, so that a newly chosen language is not undone."""
    parts = urlsplit(address)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "lang"]
    return parts.path + ("?" + urlencode(kept) if kept else "")


def _remember(response: Response) -> Response:
    # Only what was put into words depends on the reader; tiles and style sheets do not.
    if "language" in g:
        response.vary.update(("Accept-Language", "Cookie"))
    wish = request.args.get("lang")
    if wish in LANGUAGES and request.cookies.get(COOKIE) != wish:
        safe = request.is_secure
        response.set_cookie(COOKIE, wish, max_age=YEAR, samesite="Lax", secure=safe, httponly=True)
    return response

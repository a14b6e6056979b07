"""Who is asking, and what may they see: signing in, roles, and the guard before every room.

    @blueprint.get("/farm/")
    @require("cooperative", "farm")            # else: 403, or the sign-in page
    def index() -> str:
        party = me().party                      # whose content this person may see and write
        …
        mine(lot_owner)                         # else: NotAllowed, told as 403

Every route is in `PUBLIC` or bears `@require`; `check_every_route` refuses to start an application with one
that has neither. Every form carries `{{ forms.csrf() }}`. A session ends after twelve hours, at sign-out, and
when the password changes or the account is closed.
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response as AnyResponse

from traceability.errors import NotAllowed
from traceability.events.registry import Role
from web import accounts, attempts
from web.accounts import Account
from web.services import services
from web.settings import Settings

PUBLIC = frozenset(
    {
        "around.container",
        "around.gs1_place",
        "around.gs1_product",
        "around.own_place",
        "around.own_product",
        "api.docs",
        "api.document",
        "api.open_data",
        "api.open_data_file",
        "credit.dishonest_csv",
        "credit.dishonest_json",
        "credit.drawn_by_grade",
        "credit.drawn_lot",
        "credit.drawn_lots",
        "credit.index",
        "credit.party",
        "home.change_language",
        "home.find",
        "home.index",
        "home.sign_in",
        "home.sign_out",
        "home.submit_sign_in",
        "listings.listing",
        "listings.listing_document",
        "passports.lot_passport",
        "operations.health",
        "operations.metrics",
        "operations.ready",
        "scan.gs1_lot",
        "scan.own_lot",
        "scan.report",
        "scan.short_code",
        "shopper.ask",
        "shopper.rate",
        "shopper.status",
        "static",
        "tiles.checkpoint",
        "tiles.policy",
        "tiles.rules",
        "tiles.tile",
    }
)
SESSION = timedelta(hours=12)
# Guessing ten passwords a minute finds none; a person who mistypes is not locked out for long. Only
# failures count, by address and by name, so that neither many names nor many addresses help; and they count
# in the database, so that many worker processes do not help, either.
SIGN_IN_LIMITS = "10 per minute; 60 per hour"

P = ParamSpec("P")

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, storage_uri=f"{attempts.SCHEME}://", headers_enabled=False)
login_manager = LoginManager()


class Person:
    """Somebody who has signed in, in the shape that Flask-Login asks for."""

    is_authenticated = True
    is_anonymous = False

    def __init__(self, account: Account) -> None:
        self.account = account

    @property
    def is_active(self) -> bool:
        """Whether the account is open."""
        return self.account.active

    def get_id(self) -> str:
        """Return the account's name, bound to its password of now."""
        return f"{self.account.name}:{_fingerprint(self.account)}"


def install(app: Flask, settings: Settings) -> None:
    """Give *app* sessions, sign-in, form tokens and limits."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        # Browsers refuse a cookie named __Host- unless it is secure and ours alone (RFC 6265bis, 4.1.3).
        SESSION_COOKIE_NAME="__Host-session" if settings.is_https else "session",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SESSION,
        WTF_CSRF_TIME_LIMIT=None,
    )
    csrf.init_app(app)
    app.config["RATELIMIT_STORAGE_OPTIONS"] = {"shared": services}
    limiter.init_app(app)
    # Not `init_app`: it would read the session after every answer for a cookie that we never set, and so
    # mark even tiles and style sheets as depending on the reader.
    app.login_manager = login_manager  # type: ignore[attr-defined]  # where Flask-Login looks for it
    app.jinja_env.globals["me"] = signed_in


@login_manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login has no types
def _load(identifier: str) -> Person | None:
    name, _, fingerprint = identifier.partition(":")
    account = account_named(name)
    if account is None or not hmac.compare_digest(_fingerprint(account), fingerprint):
        return None
    return Person(account) if account.active else None


def account_named(name: str) -> Account | None:
    """Return the account of *name*; None where there is none, or its row was edited."""
    given = services()
    try:
        with given.engine.connect() as connection:
            return accounts.find(connection, given.kept_key, name)
    except accounts.RowBroken:
        # Nobody comes in by a row that was edited; an audit names it, and the operator reads it here.
        current_app.logger.critical("the seal of account %r does not hold", name)
        return None


def _fingerprint(account: Account) -> str:
    return hashlib.sha256(account.password.encode()).hexdigest()[:32]


def sign_in(name: str, password: str) -> Account | None:
    """Begin a session if *password* is that of *name*; None says nothing about which part was wrong."""
    account = account_named(name)
    if not accounts.check_password(account, password) or account is None:
        return None
    # Nothing of the visitor's earlier session goes on: whoever planted it knows nothing of this one.
    session.clear()
    session.permanent = True
    login_user(Person(account))
    session["language"] = account.language
    return account


def sign_out() -> None:
    """End the session."""
    logout_user()
    session.clear()


def signed_in() -> Account | None:
    """Return the account of the person asking, or None for a visitor."""
    return current_user.account if current_user.is_authenticated else None


def me() -> Account:
    """Return the account of the person asking, in a view that bears `require`."""
    account = signed_in()
    if account is None:
        raise Unauthorized
    return account


def mine(party: str) -> None:
    """Raise `NotAllowed` unless the person asking acts for *party*."""
    if me().party != party:
        raise NotAllowed("other-party", party=party)


def require(*roles: Role) -> Callable[[Callable[P, Any]], Callable[P, Any]]:
    """Let only signed-in people of *roles* into a view; none named lets in everybody who has signed in."""

    def guarded(view: Callable[P, Any]) -> Callable[P, Any]:
        @wraps(view)
        def inner(*args: P.args, **kwargs: P.kwargs) -> Any:
            account = me()
            if roles and account.role not in roles:
                raise NotAllowed("role", role=account.role)
            return view(*args, **kwargs)

        inner.required_roles = roles  # type: ignore[attr-defined]  # how a route shows that it is guarded
        return inner

    return guarded


def unguarded(app: Flask) -> set[str]:
    """Return the endpoints of *app* that anybody may ask for."""
    views = app.view_functions
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not hasattr(views[rule.endpoint], "required_roles")
    }


def check_every_route(app: Flask) -> None:
    """Raise `RuntimeError` where a route is neither in `PUBLIC` nor guarded."""
    forgotten = unguarded(app) - PUBLIC
    if forgotten:
        raise RuntimeError(f"neither public nor guarded: {sorted(forgotten)}")


def safe_next(target: str | None, otherwise: str = "/") -> str:
    """Return *target* if it is a path of this site, so that no link of ours leads a person away."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return otherwise
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc and target.isprintable() else otherwise


def named_key() -> str:
    """Return the key by which failed sign-ins of one name are counted."""
    return "name:" + request.form.get("name", "")[:40].strip().lower()


def failed(response: Response | AnyResponse) -> bool:
    """Tell whether a sign-in failed, for only failures count."""
    return response.status_code != 302

"""What browsers are told so that a page can do only what we wrote: headers on every answer.

Scripts come from our own files. Data may stand inline as `<script type="application/json"
nonce="{{ csp_nonce() }}">`, never code; no page of another site may frame ours.
"""

import secrets

from flask import Flask, Response, g, request, session
from flask_compress import Compress

POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; img-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    # Forms are checked by their origin over HTTPS, so our own pages must go on telling it.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
YEAR = 365 * 24 * 3600


LIGHTENED = (
    "text/html",
    "text/plain",
    "application/json",
    "application/ld+json",
    "application/linkset+json",
    "application/vnd.jizihao.proofs+json",
)
"""What those rooms write as text."""

LIGHT = frozenset({"around", "scan", "tiles"})
"""Rooms whose pages say the same to everybody."""


def csp_nonce() -> str:
    """Return the nonce of this answer, drawn at the first question."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def install(app: Flask, *, is_https: bool) -> None:
    """Send the headers with every answer of *app*, and HSTS where readers come over HTTPS."""

    def guard(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=csp_nonce()))
        if is_https:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
        # What only one person may see stays out of shared caches and of the back button after sign-out.
        # The session is opened only where there is one: what everybody may cache says no `Vary: Cookie`.
        has_session = app.config["SESSION_COOKIE_NAME"] in request.cookies
        if has_session and request.endpoint != "static" and session.get("_user_id"):
            response.headers["Cache-Control"] = "no-store"
        return response

    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.after_request(guard)
    _lighten(app)


def _lighten(app: Flask) -> None:
    """Compress what everybody may read: a weak signal carries a shopper's page in a quarter of its bytes.

    Rooms behind a sign-in are left as they are: a length must not tell what a page holds (BREACH, 2013).
    """
    app.config["COMPRESS_REGISTER"] = False
    app.config["COMPRESS_MIMETYPES"] = LIGHTENED
    compress = Compress(app)

    def lighten(response: Response) -> Response:
        is_visitor = app.config["SESSION_COOKIE_NAME"] not in request.cookies
        return compress.after_request(response) if is_visitor and request.blueprint in LIGHT else response

    app.after_request(lighten)

"""The door: the home page with the box for a code, signing in and out, and the language."""

from contextlib import suppress
from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response

from qr import short
from qr.code import tidy
from qr.errors import CodeError
from traceability import gs1
from traceability.errors import Invalid
from web import access
from web.forms import Form
from web.language import LANGUAGES, N_
from web.navigation import first_place
from web.problems import Sentence, tell
from web.services import services

blueprint = Blueprint("home", __name__)

WRONG_SIGN_IN = N_("登录名或密码不正确。")


@blueprint.get("/")
def index() -> str:
    """Show what this is, and the box for a code."""
    return render_template("home.html", form=Form({}))


@blueprint.get("/find")
def find() -> Response | tuple[str, int]:
    """Go to the page of the code that was typed or pasted, or say what is wrong with it."""
    typed = request.args.get("code", "").strip()
    try:
        return redirect(_path_of(typed))
    except (Invalid, CodeError) as error:
        told = tell(error)
        if not told.sentences:
            told = replace(told, sentences=(Sentence("code", told.code, told.detail),))
        form = Form({"code": typed}, told, everything_at="code")
        return render_template("home.html", form=form), told.status


def _path_of(typed: str) -> str:
    """Return the path of the page about *typed*: a code, an address (also of a pack), or a short code."""
    together = "".join(typed.split())
    try:
        return _own_path(gs1.parse(together, services().base_url).uri)
    except Invalid as error:
        # The same page may have been opened under another name of this host.
        with suppress(Invalid):
            return _own_path(gs1.parse(together, request.url_root).uri)
        if not _is_short(typed):
            raise error
    return url_for("scan.short_code", typed=short.read_short(typed))


def _is_short(typed: str) -> bool:
    """Tell whether *typed* is meant as a short code, mistyped or not: its length says so."""
    symbols = tidy(typed)
    return symbols.isascii() and symbols.isalnum() and len(symbols) - 1 in short.LENGTHS


def _own_path(uri: str) -> str:
    return uri.removeprefix("https://id.gs1.org")


@blueprint.get("/sign-in")
def sign_in() -> Response | str:
    """Show the form, or go on if somebody has signed in."""
    account = access.signed_in()
    if account is not None:
        return redirect(access.safe_next(request.args.get("next"), first_place(account.role)))
    return render_template("sign-in.html", form=Form({}), next=access.safe_next(request.args.get("next"), ""))


@blueprint.post("/sign-in")
@access.limiter.limit(access.SIGN_IN_LIMITS, key_func=get_remote_address, deduct_when=access.failed)
@access.limiter.limit(access.SIGN_IN_LIMITS, key_func=access.named_key, deduct_when=access.failed)
def submit_sign_in() -> Response | tuple[str, int]:
    """Begin a session, or say that name or password is wrong, never which."""
    name = request.form.get("name", "").strip().lower()
    account = access.sign_in(name, request.form.get("password", ""))
    onward = access.safe_next(request.form.get("next"), "")
    if account is None:
        return render_template(
            "sign-in.html", form=Form({"name": name}), next=onward, wrong=WRONG_SIGN_IN
        ), 422
    return redirect(onward or first_place(account.role))


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session."""
    access.sign_out()
    return redirect(url_for("home.index"))


@blueprint.get("/language")
def change_language() -> Response:
    """Keep the choice of ?lang= (`web.language` sets the cookie) and go back to the page."""
    onward = access.safe_next(request.args.get("next"))
    if request.args.get("lang") not in LANGUAGES:
        return redirect(url_for("home.index"))
    return redirect(onward)

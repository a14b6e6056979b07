"""How a refusal reaches whoever asked: a page for people, an RFC 9457 problem document for programs."""

import json

from flask import Flask, Response, current_app, make_response, redirect, render_template, request, url_for
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, Unauthorized
from werkzeug.wrappers import Response as AnyResponse

from ledger.errors import LedgerError
from qr.errors import CodeError
from traceability.errors import TraceError
from web.forms import Form
from web.problems import RETRY_SECONDS, Told, tell, tell_expired

FOR_PROGRAMS = ("/api/", "/epcis", "/log/", "/healthz", "/readyz", "/metrics", "/.well-known/")
PROBLEM = "application/problem+json"
LARGEST_BODY = 16 * 1024 * 1024


def install(app: Flask) -> None:
    """Answer every error of *app* in words, and never with a traceback."""
    app.config.setdefault("MAX_CONTENT_LENGTH", LARGEST_BODY)
    app.register_error_handler(TraceError, _foreseen)
    app.register_error_handler(LedgerError, _foreseen)
    app.register_error_handler(CodeError, _foreseen)
    app.register_error_handler(CSRFError, lambda _error: answer(tell_expired()))
    app.register_error_handler(Unauthorized, _sign_in_first)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _unforeseen)
    app.after_request(_with_retry)


def for_a_program() -> bool:
    """Tell whether whoever asks is a program: by the address, or by what it accepts."""
    if request.path.startswith(FOR_PROGRAMS):
        return True
    accepts = request.accept_mimetypes
    wish = max(accepts["application/json"], accepts[PROBLEM])
    # Whoever takes anything, as browsers do, gets the page.
    return bool(wish > accepts["text/html"])


def answer(told: Told) -> Response:
    """Return *told* as a page or as a problem document."""
    if for_a_program():
        body = json.dumps(told.document(request.path), ensure_ascii=False)
        response = make_response(body, told.status)
        response.content_type = PROBLEM
    else:
        response = make_response(render_template("error.html", told=told, form=Form({})), told.status)
    if told.retry_seconds is not None:
        response.headers["Retry-After"] = str(told.retry_seconds)
    return response


def _with_retry(response: Response) -> Response:
    """Say when to come back in every answer of ours that asks to: a form that is shown again, too."""
    if response.status_code == 429 and "Retry-After" not in response.headers:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _foreseen(error: Exception) -> Response:
    return answer(tell(error))


def _sign_in_first(error: Unauthorized) -> Response | AnyResponse:
    if for_a_program():
        return answer(tell(error))
    # A page that was asked for is gone to after signing in; a form that was sent is not sent again.
    onward = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("home.sign_in", next=onward))


def _of_http(error: HTTPException) -> Response | AnyResponse:
    # A redirect is raised, too; it is no error, and an answer that a view made itself is left alone.
    if error.code is None or error.code < 400 or error.response is not None:
        return error.get_response()
    response = answer(tell(error))
    if isinstance(error, RateLimitExceeded) and error.limit is not None:
        # Its window opened at the first of too many; at the latest it is over when it has wholly passed.
        response.headers["Retry-After"] = str(error.limit.limit.get_expiry())
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after", "www-authenticate"}:
            response.headers[name] = value
    return response


def _unforeseen(error: Exception) -> Response:
    current_app.logger.error("unforeseen: %s %s", request.method, request.path, exc_info=error)
    told = tell(error)
    try:
        return answer(told)
    except Exception as again:
        # A page needs the database to say who has signed in; without it a line of text must do.
        current_app.logger.error("no page for it, either", exc_info=again)
        response = make_response(f"{told.title}\n{told.detail}\n", told.status)
        response.content_type = "text/plain; charset=utf-8"
        return response

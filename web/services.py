"""What the pages of a running server share: its settings, its database, its log, its journal and its clock.

`create_app` puts them into the application; a view asks for them by `services()`.
"""

from typing import cast

from flask import Flask, current_app

from web.database import Services

KEY = "jizihao"


def install(app: Flask, given: Services) -> None:
    """Put *given* where `services` finds them."""
    app.extensions[KEY] = given


def services() -> Services:
    """Return the services of the running application."""
    return cast(Services, current_app.extensions[KEY])

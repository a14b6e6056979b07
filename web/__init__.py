"""The pages, the API and the commands: what people and partners see of the ledger.

    settings clock services                                     where it runs
    language catalogue words terms facts sentences problems     what it says, in two languages
    generated                                                   what is written from these for browsers
    accounts access security forms refusals navigation          who asks, and what they are answered
    home farm mill …               one blueprint for each kind of person; none imports another

A new room is a module with `blueprint`, a row in `BLUEPRINTS`, a row in `navigation.PLACES`, its own
`templates/<room>/` and its own translations/en/LC_MESSAGES/<room>.po. Its routes bear `@require(…)` or stand
in `access.PUBLIC`.
"""

import os
from pathlib import Path

from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from web import (
    access,
    api,
    around,
    brand,
    carrier,
    certificates,
    credit_public,
    deliveries,
    facts,
    farm,
    home,
    laboratory,
    language,
    listings,
    market,
    matters,
    mill,
    navigation,
    operations,
    passports,
    refusals,
    regulator,
    results,
    scan,
    security,
    shopper,
    tiles,
    trade,
    words,
)
from web import services as shared
from web.database import Services, open_services
from web.settings import Settings

BLUEPRINTS: tuple[Blueprint, ...] = (
    api.blueprint,
    farm.blueprint,
    home.blueprint,
    scan.blueprint,
    shopper.blueprint,
    around.blueprint,
    deliveries.blueprint,
    mill.blueprint,
    laboratory.blueprint,
    market.blueprint,
    passports.blueprint,
    listings.blueprint,
    trade.blueprint,
    carrier.blueprint,
    brand.blueprint,
    matters.blueprint,
    credit_public.blueprint,
    regulator.blueprint,
    results.blueprint,
    certificates.blueprint,
    tiles.blueprint,
    operations.blueprint,
)


def create_app(instance: Path | Settings, services: Services | None = None, *blueprints: Blueprint) -> Flask:
    """Return the application of one instance (its folder or its settings), with *blueprints* beside our own.

    *services* are opened unless given; whoever starts the server closes them when it ends. Raises
    `RuntimeError` where a route has neither guard nor place among the public ones.
    """
    settings = Settings.load(instance, os.environ) if isinstance(instance, Path) else instance
    app = Flask(__name__, instance_path=str(settings.instance))
    shared.install(app, services or open_services(settings))
    language.install(app)
    access.install(app, settings)
    refusals.install(app)
    security.install(app, is_https=settings.is_https)
    app.jinja_env.globals.update(
        fact=facts.format_fact, word=words.word, choices=words.choices, places=navigation.places
    )
    for blueprint in (*BLUEPRINTS, *blueprints):
        app.register_blueprint(blueprint)
    access.check_every_route(app)
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask's way
    return app

"""Everything that anybody may ask of an instance, and every sealed value that none of it may tell."""

import json
from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from traceability import kept, tables
from traceability.tables import brands, credit, selling
from web import access, create_app, scan
from web.database import Services

STATIC = Path(access.__file__).parent / "static"
FORMS = ("text/html", "application/json", "application/ld+json", "application/linkset+json")
OF_EVERYBODY = (
    *("/", "/report/", "/sign-in", "/credit", "/credit/dishonest.json", "/credit/dishonest.csv"),
    *("/credit/draws", "/api/docs", "/api/v1/openapi.json", "/api/v1/open/results"),
    *("/api/v1/open/results.csv", "/metrics", "/healthz", "/readyz", "/log/checkpoint", "/log/policy"),
)
PARTNERS = frozenset({"/to", "/recovered_from"})
"""Where a party is named and sealed; the id of a registered party is public elsewhere."""


@dataclass(frozen=True)
class Public:
    """An instance as the world may ask it."""

    services: Services
    app: Flask

    @classmethod
    def of(cls, services: Services) -> "Public":
        """Open the pages of an instance, what it says published."""
        services.log.publish()
        app = create_app(services.settings, services)
        app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
        with app.app_context():
            access.limiter.reset()
        return cls(services, app)

    def sealed(self) -> set[str]:
        """Return every sealed value, but those that their authors had published as stories."""
        story = brands.story
        with self.services.reading() as reader:
            ask = reader.connection.execute
            told = tables.standing(story, story.c.published.is_(True)).with_only_columns(story.c.entry)
            said = select(tables.statement.c.statement_id).where(tables.statement.c.entry.in_(told))
            published = set(ask(said).scalars())
            parties = set(ask(select(tables.party.c.party)).scalars())
            return {
                row.value
                for row in ask(select(kept.sealed_value))
                if row.statement_id not in published
                and not (row.pointer in PARTNERS and row.value in parties)
            }

    def paths(self) -> list[str]:
        """Return the address of everything that the log knows, and of the log itself."""
        with self.services.reading() as reader:
            ask = reader.connection.execute
            subjects = set(ask(select(tables.subject.c.subject)).scalars())
            products = ask(select(tables.product)).all()
            parties = sorted(set(ask(select(tables.party.c.party)).scalars()))
            lots = sorted(set(ask(select(tables.lot.c.lot)).scalars()))
            listings = sorted(set(ask(select(selling.listing.c.listing)).scalars()))
            draws = sorted(set(ask(select(credit.draw.c.entry)).scalars()))
        named = [scan.address(each) for each in sorted(subjects) if not each.startswith("urn:")]
        named += [f"/product/{row.party}/{row.product}" for row in products]
        named += [f"/passport{scan.address(each)}?form=json" for each in lots]
        named += [f"/listing/{each}{ending}" for each in listings for ending in ("", ".json")]
        named += [f"/credit/party/{each}" for each in parties] + [f"/credit/draws/{each}" for each in draws]
        return [*OF_EVERYBODY, *self._bundles(), *named, "/place/cangku", "/414/9521234000006"]

    def _bundles(self) -> list[str]:
        size = self.services.log.head()[0].size
        whole = [f"/log/tile/entries/{number:03d}" for number in range(size // 256)]
        return whole + ([f"/log/tile/entries/{size // 256:03d}.p/{size % 256}"] if size % 256 else [])

    def answers(
        self, forms: Iterable[str] = FORMS, languages: Iterable[str] = ("zh", "en")
    ) -> Iterator[tuple[str, str]]:
        """Yield each public address with what it answers, in every form and language."""
        client = self.app.test_client()
        access.limiter.enabled = False
        try:
            for path in self.paths():
                for form in forms:
                    for language in languages:
                        answer = client.get(path, headers={"Accept": form, "Accept-Language": language})
                        assert answer.status_code in {200, 404}, (path, form, answer.status_code)
                        yield f"{path} {form}", answer.get_data().decode("utf-8", "replace")
                        yield f"{path} {form} entries", "".join(_entries_in(answer.get_data(as_text=False)))
        finally:
            access.limiter.enabled = True

    def leaks(
        self, forms: Iterable[str] = FORMS, languages: Iterable[str] = ("zh", "en")
    ) -> set[tuple[str, str]]:
        """Return where a sealed value is told to everybody, and which."""
        sealed = self.sealed()
        files = ((str(each), each.read_bytes().decode("utf-8", "replace")) for each in STATIC.rglob("*.*"))
        told = (*files, *self.answers(forms, languages))
        return {(where, value) for where, text in told for value in sealed if value in text}


def _entries_in(answer: bytes) -> Iterator[str]:
    """Yield what the base64 in a page's bundle says."""
    _, _, rest = answer.decode("utf-8", "replace").partition('id="bundle">')
    if rest:
        bundle = json.loads(rest.partition("</script>")[0])
        yield from (b64decode(each["bytes"]).decode() for each in bundle["entries"])

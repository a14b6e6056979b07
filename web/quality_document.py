"""The report on the state of quality as a file: HTML that stands alone, and JSON for programs.

    .json   the canonical bytes of the report (RFC 8785)
    .html   the same numbers in words, tables and charts; the JSON's SHA-256 stands at its foot
    .pdf    `web.quality_paper`

The same report gives the same bytes: no clock, no random name, no address of this server is in them.
"""

import hashlib
from importlib import resources
from typing import Any

from markupsafe import Markup

from ledger import canonical
from web.language import N_, TAGS, current, gettext
from web.quality_sections import Grid, Section
from web.quality_telling import sections, title_of

Json = dict[str, Any]


def json_document(report: Json) -> bytes:
    """Return the canonical bytes of *report*."""
    return canonical.dumps(report)


def digest_of(report: Json) -> str:
    """Return the SHA-256 of the canonical bytes, by which two copies are compared."""
    return hashlib.sha256(json_document(report)).hexdigest()


def body(report: Json) -> Markup:
    """Return the parts of the report as they stand on a page, without its title."""
    return Markup("\n").join(_section(each, place) for place, each in enumerate(sections(report), 1))


def _section(section: Section, place: int) -> Markup:
    head = Markup('<h2 id="part-{}">{}</h2>').format(place, section.title)
    lead = Markup("\n").join(Markup("<p>{}</p>").format(each) for each in section.lead)
    drawn = Markup("\n").join(section.drawn)
    grids = Markup("\n").join(_grid(each) for each in section.grids)
    return Markup('<section aria-labelledby="part-{}">\n{}\n{}\n{}\n{}\n</section>').format(
        place, head, lead, drawn, grids
    )


def _grid(grid: Grid) -> Markup:
    head = Markup().join(Markup('<th scope="col">{}</th>').format(each) for each in grid.headings)
    rows = Markup("\n").join(
        Markup("<tr>{}</tr>").format(
            Markup().join(
                Markup('<td data-label="{}">{}</td>').format(heading, cell)
                for heading, cell in zip(grid.headings, row, strict=True)
            )
        )
        for row in grid.rows
    )
    table = Markup("<table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>\n{}\n</tbody></table>")
    return Markup('<div class="table-wrap">{}</div>').format(table.format(grid.caption, head, rows))


def html_document(report: Json) -> bytes:
    """Return the report as one HTML file that needs no other."""
    style = (resources.files("web") / "static" / "report.css").read_text("utf-8")
    foot = gettext(N_("数据（JSON）的 SHA-256：%(digest)s"), digest=digest_of(report))
    page = Markup(
        "<!doctype html>\n"
        '<html lang="{}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>{}</title>\n<style>\n{}</style>\n</head>\n"
        '<body>\n<main>\n<h1>{}</h1>\n{}\n<p class="fine">{}</p>\n</main>\n</body>\n</html>\n'
    )
    # The stylesheet is our own file; escaped, its quotation marks would mean nothing.
    told = page.format(TAGS[current()], title_of(report), Markup(style), title_of(report), body(report), foot)  # noqa: S704 -- as said above
    return str(told).encode()

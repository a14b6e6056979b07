"""Lots are drawn among all who are there, by a seed that nobody knew when the draw was announced."""

from collections.abc import Iterator

from ledger.checkpoint import Checkpoint
from traceability.draw import commitment_of, draw, seed_of
from traceability.errors import Breach
from traceability.events import Event, credit, followup
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.past.credit import PastDraw
from traceability.rule_tables.credit import GRADES
from traceability.rules.about import about
from traceability.rules.clauses import HOUSE
from traceability.scope import covers


@about(credit.DrawAnnounced, credit.DrawMade, followup.Corrected)
def not_drawn_fairly(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach for a pool that leaves somebody out, a chosen seed, or a result that nobody drew."""
    match event:
        case credit.DrawAnnounced():
            yield from _announced(event, past, rules)
        case credit.DrawMade():
            yield from _made(event, past)
        case followup.Corrected():
            yield from _taken_back(event, past)


def _announced(event: credit.DrawAnnounced, past: Past, rules: RuleSet) -> Iterator[Breach]:
    office = past.parties.get(past.by)
    if office is not None and not covers(office.division, event.division):
        yield Breach("another-division", HOUSE, (("party", past.by), ("division", event.division)))
    named = {party for group in event.pool for party in group.parties}
    if named != past.credit.candidates:
        facts = (
            ("missing", str(len(past.credit.candidates - named))),
            ("foreign", str(len(named - past.credit.candidates))),
        )
        yield Breach("pool-differs", HOUSE, facts)
    published = {row.grade: row.lots for row in rules.rows(GRADES) if row.sure and row.in_force(event.day)}
    for group in event.pool:
        if published.get(group.grade, group.weight) != group.weight:
            facts = (("grade", group.grade), ("weight", str(group.weight)))
            yield Breach("weight-not-published", HOUSE, facts)
    for each in past.credit.unmade:
        # Whoever may announce several draws of one pool makes the one that pleases.
        if set(each.event.roles) & set(event.roles):
            facts = (("target", each.digest), ("size", str(each.event.seed_size)))
            yield Breach("draw-owed", HOUSE, facts)
    # The announcement itself is the entry that makes the log one larger.
    if event.seed_size <= past.credit.size + 1:
        yield Breach("seed-is-known", HOUSE, (("size", str(event.seed_size)),))


def _made(event: credit.DrawMade, past: Past) -> Iterator[Breach]:
    announced = past.credit.draw
    if announced is None:
        yield Breach("draw-not-announced", HOUSE, (("target", event.target),))
        return
    if announced.by != past.by:
        yield Breach("not-your-draw", HOUSE, (("by", announced.by),))
    if announced.made:
        yield Breach("drawn-before", HOUSE, (("target", event.target),))
    yield from _seeded(event, announced, past)


def _seeded(event: credit.DrawMade, announced: PastDraw, past: Past) -> Iterator[Breach]:
    told = announced.event
    if event.size != told.seed_size:
        yield Breach("seed-not-announced", HOUSE, (("size", str(told.seed_size)),))
    elif announced.root is None:
        facts = (("size", str(told.seed_size)), ("has", str(past.credit.size)))
        yield Breach("seed-not-reached", HOUSE, facts)
    elif event.root != announced.root:
        yield Breach("seed-differs", HOUSE, (("size", str(event.size)),))
    elif told.commitment is not None and (event.word is None or commitment_of(event.word) != told.commitment):
        yield Breach("word-differs", HOUSE, (("target", event.target),))
    elif event.drawn != draw(_seed(event, announced, past), told):
        yield Breach("draw-differs", HOUSE, (("target", event.target),))


def _seed(event: credit.DrawMade, announced: PastDraw, past: Past) -> bytes:
    checkpoint = Checkpoint(past.credit.origin, event.size, bytes.fromhex(event.root))
    # Without a commitment a word could be chosen until the draw pleases.
    word = None if announced.event.commitment is None else event.word
    return seed_of(checkpoint, announced.digest, word)


def _taken_back(event: followup.Corrected, past: Past) -> Iterator[Breach]:
    """Yield a breach for a draw that is withdrawn once its outcome can be known, or is rewritten."""
    told = None if past.target is None else past.target.event
    if isinstance(told, credit.DrawMade):
        yield Breach("not-correctable", HOUSE, (("kind", told.kind),))
    elif isinstance(told, credit.DrawAnnounced):
        # A correction cannot be corrected: an announcement that is one could be neither made nor withdrawn.
        if event.replacement is not None:
            yield Breach("draw-not-put-right", HOUSE, (("target", event.target),))
        if told.seed_size <= past.credit.size:
            yield from _abandoned(told, past)


def _abandoned(told: credit.DrawAnnounced, past: Past) -> Iterator[Breach]:
    facts = (("size", str(told.seed_size)),)
    if past.credit.is_drawn or told.commitment is None:
        yield Breach("seed-is-known", HOUSE, facts)
    else:
        # Only who has lost the word of a commitment cannot draw any more; everybody is told of it.
        yield Breach("draw-abandoned", HOUSE, facts, level="warn")

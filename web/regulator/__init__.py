"""The regulator's rooms: what is in the division, what went wrong there, and whether the ledger is sound.

room        whose division it is, and what may be seen from it
lists       parties, lots, flags, failed tests, recalls, reports: in columns, as a page or a file
counting    the lists, and what needs attention
looking     one party, one lot, one record
acting      resolve a hold, confirm, recall; register a party, license a prefix
registrations
            the register: proposed, verified, suspended, ended; the form of each kind of organisation
alerts      the work queue: what to look into, the gravest first
cases       a party put right, step by step
recalls     recalls with their clocks; lots stopped at once
tasks       what offices give each other to do
reports     what shoppers say, answered
credit      grades, the dossier of a party, the list of serious dishonesty
draws       draws by lot, announced and made
report_page the report on the state of quality
samplings   who was sampled, objections, accreditations, odd results
villages    what grows in each township and village
audits      the audit, in the background, one at a time
"""

from web import code_rooms
from web.regulator import (
    acting,
    alerts,
    audits,
    cases,
    counting,
    credit,
    draws,
    looking,
    recalls,
    registrations,
    report_page,
    reports,
    samplings,
    suspicions,
    tasks,
    templates,
    villages,
)
from web.regulator.room import blueprint

code_rooms.add_to(blueprint, "regulator", "operator")

__all__ = [
    "acting",
    "alerts",
    "audits",
    "blueprint",
    "cases",
    "counting",
    "credit",
    "draws",
    "looking",
    "recalls",
    "registrations",
    "report_page",
    "reports",
    "samplings",
    "suspicions",
    "tasks",
    "templates",
    "villages",
]

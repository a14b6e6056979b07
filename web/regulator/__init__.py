"""The regulator's rooms: what is in the division, what went wrong there, and whether the ledger is sound.

room        whose division it is, and what may be seen from it
lists       parties, lots, flags, failed tests, recalls, reports: in columns, as a page or a file
counting    the lists, and what needs attention
looking     one party, one lot, one record
acting      resolve a hold, confirm, recall; register a party, license a prefix
audits      the audit, in the background, one at a time
"""

from web.regulator import acting, audits, counting, looking
from web.regulator.room import blueprint

__all__ = ["acting", "audits", "blueprint", "counting", "looking"]

"""Whether a policy believes a checkpoint: the log has signed it, and enough witnesses saw it in time.

    log         every key that the policy lists for the checkpoint's origin has signed
    witnesses   the quorum has cosigned, none of them later than now, clocks allowed for

Each function raises `NotProven` or says who has signed. A line of a known key that fails refuses the note.
"""

from datetime import datetime, timedelta

from ledger.checkpoint import Checkpoint
from ledger.cosignature import check_cosignature
from ledger.errors import NotProven
from ledger.keys import VerifierKey
from ledger.note import Note, verified
from ledger.policy import Policy

# A witness whose clock runs ahead by more than this is not believed about time, nor about anything else.
CLOCKS_DIFFER = timedelta(minutes=5)


def check_log(note: Note, policy: Policy) -> tuple[VerifierKey, ...]:
    """Return the keys that *policy* lists for the log of *note*; `NotProven` unless all have signed."""
    origin = Checkpoint.parse(note.text).origin
    keys = policy.keys_of(origin)
    if not keys:
        raise NotProven("the policy does not know this log", facts={"origin": origin})
    if set(keys) - set(verified(note, keys)):
        raise NotProven("a key that the policy lists for this log has not signed")
    return keys


def cosigned(note: Note, policy: Policy) -> dict[str, int]:
    """Return the names of witnesses of *policy* that cosigned *note*, and the POSIX second of each."""
    found: dict[str, int] = {}
    for name, (key, _) in policy.witnesses.items():
        for line in note.signatures:
            if (line.name, line.key_id) == (key.name, key.key_id):
                found[name] = check_cosignature(key, note.text, line.payload)
    # At no time a log states its own tree: that is nobody's word that there is no other.
    return {name: at for name, at in found.items() if at > 0}


def check_quorum(note: Note, policy: Policy, now: datetime) -> dict[str, int]:
    """Return who cosigned *note* and when, or raise `NotProven` unless that is *policy*'s quorum."""
    found = cosigned(note, policy)
    latest = (now + CLOCKS_DIFFER).timestamp()
    if not policy.quorum_met({name for name, at in found.items() if at <= latest}):
        raise NotProven("too few witnesses have seen this checkpoint", facts={"witnesses": len(found)})
    return found

/**
 * What can be wrong with a log, as ledger/errors.py has it.
 *
 *     LedgerError
 *     ├── Malformed    the bytes are not in the form the specification gives
 *     └── NotProven    the form is right, but the proof does not hold
 *
 * An error is a code and its facts; only verify-words.js puts it into words.
 */
export class LedgerError extends Error {
  constructor(code, facts = {}) {
    super(`${code} ${JSON.stringify(facts)}`);
    this.code = code;
    this.facts = facts;
  }
}

export class Malformed extends LedgerError {}

export class NotProven extends LedgerError {}

"""A verifiable, append-only log of JSON records that anybody can check without trusting whoever keeps it."""

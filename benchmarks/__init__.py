"""How fast the log is beside what else one could have: where the figures in docs/ come from."""

"""The gate: exact figures of compiled code beside those of the committed baseline."""

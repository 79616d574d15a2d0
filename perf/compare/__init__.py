"""Comparison of back ends: measures programs in turn, and reports ratios."""

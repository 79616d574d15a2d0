"""The results page: what perf/compare-backends and perf/count-backends found, beside what was expected."""

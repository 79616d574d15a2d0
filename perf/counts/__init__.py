"""Exact dynamic counts: each kernel, compiled with each preset for each machine."""

"""Comparison of interpreters: Volt's, Lua 5.4, and the recorded times of the original."""

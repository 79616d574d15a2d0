"""Cycles that llvm-mca estimates for what the emulator has counted, block by block."""

"""What single things on the path of a call cost: kernels' code with one thing changed, counted and timed."""

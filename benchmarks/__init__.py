"""What the record costs. `python -m benchmarks` runs them all; README.md has the figures."""

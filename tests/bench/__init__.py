"""Benchmarks: ``python -m tests.bench``; what they say is in docs/performance.md."""

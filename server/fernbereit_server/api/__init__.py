"""Thin routes for machines; what they answer is decided in `desk`, `publication` and `metrics`."""

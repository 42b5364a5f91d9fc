"""Metrics in the shapes that other frameworks call: `transformers` for its trainers, `rewards` for those of TRL."""

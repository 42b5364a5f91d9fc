"""The version of sacrebleu whose numbers these are: `sacrebleu.version` of sacrebleu 2.6.0."""

__all__ = ["version"]

version = "2.6.0"

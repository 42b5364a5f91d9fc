"""Tokenizers, one a module: `sacrebleu.tokenizers` of sacrebleu 2.6.0."""

"""Tokenizers and transforms: what happens to texts before they are measured."""

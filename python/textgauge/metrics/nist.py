"""NIST."""

from __future__ import annotations

from textgauge.metrics.base import SingleMetric, Tokenizer

__all__ = ["Nist"]


class Nist(SingleMetric):
    """NIST: n-gram precision in which an n-gram counts for more the rarer it is among all references.

    Doddington 2002, "Automatic evaluation of machine translation quality using n-gram co-occurrence statistics". From 0
    on, higher is better; the highest that can be reached depends on the references. Every number of a pair is equal,
    bit for bit, to NLTK 3.10.4's; that of a corpus may differ in its last bits, because NLTK rounds after each pair.
    Outputs: `nist`; `.hyp_len` and `.ref_len`, the lengths, once for each order; and for each order n `.num1`, the
    information of the shared n-grams, and `.den1`, the n-grams in the prediction, and so on.

    The weights of n-grams come from all references of a call, which are therefore read twice: iterators, streams and
    prepared references are refused. `Scorer.fit` takes them from references of your choice, for all calls.

    Attributes:
        tokenizer: As for `Bleu`. NLTK itself takes tokens.
        lowercase: Whether texts are lower-cased before all else.
        n: The longest n-grams, 1 to 16.
        transforms: Change the texts first: one of `textgauge.transforms` or its name, or several in their order.
        prefix: Put before the names of columns.

    Raises:
        ConfigError: There is no such option; a package or a model is missing.
    """

    tokenizer: str | Tokenizer = "13a"
    lowercase: bool = False
    n: int = 5

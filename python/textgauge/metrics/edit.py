"""Error rates and distances by edits."""

from __future__ import annotations

from typing import Literal

from textgauge.metrics.base import SingleMetric, Source, Spec, Tokenizer, make_spec

__all__ = ["Cer", "EditDistance", "EditSimilarity", "Mer", "Wer", "Wil", "Wip"]


class _Edit(SingleMetric):
    """What all metrics of the edit distance have in common."""

    tokenizer: str | Tokenizer = "jiwer-words"
    lowercase: bool = False
    compounds: bool = False
    empty_references: Literal["count", "drop", "error"] = "count"

    def specs(self, sources: list[Source]) -> list[Spec]:
        """See `Metric.specs`."""
        tokenizer = self.tokenizer
        if isinstance(tokenizer, str) and tokenizer in ("characters", "char"):
            # A blank is edited like any other character, as in rapidfuzz's distance of two strings.
            tokenizer = "characters+space"
        options = {
            "tokenizer": tokenizer,
            "lowercase": self.lowercase,
            "compounds": self.compounds,
            "empty_references": self.empty_references,
        }
        return [make_spec(self, self.metric, options, sources, lower_functions=self.lowercase)]


class Wer(_Edit):
    """WER, the word error rate: words to substitute, delete and insert, over words of the reference.

    From 0 up, lower is better. Every number is equal, bit for bit, to jiwer 4.0.0's: those of pairs to
    `jiwer.wer(reference, hypothesis)`, that of the corpus to `jiwer.wer(references, hypotheses)`. Outputs: `wer`;
    the counts `.hits`, `.sub`, `.del`, `.ins` of the script that rapidfuzz 3.14.6 finds; the lengths `.ref_len` and
    `.hyp_len`. Without a word in the reference, it is the number of words inserted. Of several references, the one with
    the lowest rate counts, the first of equals.

    Attributes:
        tokenizer: `"jiwer-words"` (blanks separate words, and so does any white space of two characters or more),
            one that `Bleu` takes, or a function from a text to its tokens.
        lowercase: Whether texts are lower-cased first; after `transforms`.
        compounds: Whether a word that one text writes as several, up to four, is no error: `ice cream` and `icecream`.
            A prediction is then read with the word boundaries of its reference wherever that saves edits. If a pair
            has such words, the time grows with the product of the lengths.
        empty_references: What happens to a reference without tokens, perhaps after `transforms`: `"count"`, its
            insertions count, as in jiwer; `"drop"`, its pair has no score (NaN) and is left out of the corpus; or
            `"error"`.
        transforms: Change the texts first: one of `textgauge.transforms` or its name, or several in their order.
        prefix: Put before the names of columns, so that a scorer can hold two variants of one metric.

    Raises:
        ConfigError: There is no such option.
        InputError: When texts are scored: a reference has no tokens, and `empty_references` is `"error"`.
    """


class Cer(_Edit):
    """CER, the character error rate: as `Wer`, over characters.

    Every number is equal, bit for bit, to jiwer 4.0.0's `cer`. Outputs and attributes are those of `Wer`; the
    tokenizer is `"jiwer-characters"`, code points without the white space at either end.
    """

    tokenizer: str | Tokenizer = "jiwer-characters"


class Mer(_Edit):
    """MER, the match error rate: edits over edits and hits; 0 to 1, lower is better.

    Morris, Maier and Green 2004, "From WER and RIL to MER and WIL: improved evaluation measures for connected speech
    recognition". Every number is equal, bit for bit, to jiwer 4.0.0's `mer`. Attributes are those of `Wer`.
    """


class Wil(_Edit):
    """WIL, word information lost: 1 less `Wip`; 0 to 1, lower is better.

    Morris, Maier and Green 2004. Every number is equal, bit for bit, to jiwer 4.0.0's `wil`. Attributes are those of
    `Wer`.
    """


class Wip(_Edit):
    """WIP, word information preserved: hits over words of the reference, times hits over words of the prediction.

    0 to 1, higher is better. Morris, Maier and Green 2004. Every number is equal, bit for bit, to jiwer 4.0.0's `wip`.
    Attributes are those of `Wer`.
    """


class EditDistance(_Edit):
    """Levenshtein's edit distance: the fewest tokens to substitute, delete and insert; from 0 up, lower is better.

    The score of a corpus is the mean over pairs. Attributes are those of `Wer`.
    """


class EditSimilarity(_Edit):
    """1 less the edit distance over the length of the longer text; 0 to 1, higher is better.

    That of a pair is rapidfuzz 3.14.6's `Levenshtein.normalized_similarity`. For a corpus, distances and lengths are
    added up first. Attributes are those of `Wer`.
    """

"""Drop-in for sacrebleu 2.6.0: `import textgauge.compat.sacrebleu as sacrebleu`."""

from textgauge.compat.sacrebleu.compat import (
    corpus_bleu,
    corpus_chrf,
    corpus_ter,
    raw_corpus_bleu,
    sentence_bleu,
    sentence_chrf,
    sentence_ter,
)
from textgauge.compat.sacrebleu.dataset import DATASETS
from textgauge.compat.sacrebleu.metrics import BLEU, CHRF, TER
from textgauge.compat.sacrebleu.metrics.helpers import extract_char_ngrams, extract_word_ngrams
from textgauge.compat.sacrebleu.utils import (
    SACREBLEU_DIR,
    download_test_set,
    get_available_testsets,
    get_langpairs_for_testset,
    get_reference_files,
    get_source_file,
    smart_open,
)
from textgauge.compat.sacrebleu.version import version as __version__

__all__ = [
    "BLEU",
    "CHRF",
    "DATASETS",
    "SACREBLEU_DIR",
    "TER",
    "__version__",
    "corpus_bleu",
    "corpus_chrf",
    "corpus_ter",
    "download_test_set",
    "extract_char_ngrams",
    "extract_word_ngrams",
    "get_available_testsets",
    "get_langpairs_for_testset",
    "get_reference_files",
    "get_source_file",
    "raw_corpus_bleu",
    "sentence_bleu",
    "sentence_chrf",
    "sentence_ter",
    "smart_open",
]

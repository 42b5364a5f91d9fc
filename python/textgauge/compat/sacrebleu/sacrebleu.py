"""The command: `sacrebleu.sacrebleu` of sacrebleu 2.6.0; `textgauge sacrebleu` runs it."""

from __future__ import annotations

import argparse
import io
import logging
import os
import sys
from typing import TYPE_CHECKING, Any, Literal

from textgauge.compat.sacrebleu import utils
from textgauge.compat.sacrebleu.dataset import DATASETS
from textgauge.compat.sacrebleu.metrics import METRICS
from textgauge.compat.sacrebleu.version import version as VERSION  # noqa: N812 - the peer's name

if TYPE_CHECKING:
    from typing import NoReturn

__all__ = ["DATASETS", "METRICS", "VERSION", "main", "parse_args"]

sacrelogger = logging.getLogger("sacrebleu")

_FORMATS = ("json", "text", "latex")


def parse_args() -> argparse.Namespace:
    """The arguments of the command line, `sys.argv`.

    Raises:
        SystemExit: They are not understood, or ask for help or the version.
    """
    parser = argparse.ArgumentParser(
        description="BLEU, chrF and TER as sacrebleu 2.6.0 has them, with its arguments: "
        "sacrebleu REFERENCES ... -i SYSTEM ... -m bleu chrf"
    )
    _add_input(parser)
    _add_metrics(parser)
    _add_tests(parser)
    _add_output(parser)
    parser.add_argument("--version", "-V", action="version", version=f"%(prog)s {VERSION}")
    args = parser.parse_args()
    from_environment = os.environ.get("SACREBLEU_FORMAT", "").lower()
    if from_environment in _FORMATS:
        args.format = from_environment
    return args


def _flag(group: Any, *names: str, help: str, **more: Any) -> None:  # noqa: A002, ANN401 - as argparse calls it
    group.add_argument(*names, action="store_true", help=help, **more)


def _add_input(parser: argparse.ArgumentParser) -> None:
    _flag(parser, "--citation", "--cite", help="Not covered here.")
    _flag(parser, "--list", help="List the test sets that sacrebleu has downloaded, or with -t the parts of one.")
    parser.add_argument("--test-set", "-t", help="Test set, or several with commas between them.")
    parser.add_argument("--language-pair", "-l", dest="langpair", help="Language pair of the test set, such as en-de.")
    parser.add_argument("--origlang", "-ol", help="Not covered here.")
    parser.add_argument("--subset", help="Not covered here.")
    parser.add_argument("--download", help="Check that a test set is there. Nothing is downloaded.")
    parser.add_argument("--echo", nargs="+", help="Print parts of the test set (src, ref, all) and quit.")
    parser.add_argument(
        "--input", "-i", nargs="*", help="Files of hypotheses, one for each system; else standard input."
    )
    parser.add_argument("refs", nargs="*", default=[], help="Files of references, before -i.")
    parser.add_argument("--num-refs", "-nr", type=int, default=1, help="References a line of the file, between tabs.")
    parser.add_argument("--encoding", "-e", default="utf-8", help="Encoding of the files. (Default: %(default)s)")


def _add_metrics(parser: argparse.ArgumentParser) -> None:
    names = [name.lower() for name in METRICS]
    parser.add_argument("--metrics", "-m", choices=names, nargs="+", default=["bleu"], help="Metrics. (Default: bleu)")
    _flag(parser, "--sentence-level", "-sl", help="Score each line.")
    bleu = parser.add_argument_group("BLEU")
    bleu.add_argument(
        *("--smooth-method", "-s"),
        choices=METRICS["BLEU"].SMOOTH_DEFAULTS,
        default="exp",
        dest="bleu_smooth_method",
        help="What is done about orders without a match. (Default: %(default)s)",
    )
    bleu.add_argument(
        "--smooth-value", "-sv", type=float, dest="bleu_smooth_value", help="For floor (default 0.1) and add-k (1)."
    )
    bleu.add_argument(
        *("--tokenize", "-tok"),
        choices=METRICS["BLEU"].TOKENIZERS,
        dest="bleu_tokenize",
        help="Tokenizer. (Default: that of the language with -l, else 13a)",
    )
    _flag(bleu, "--lowercase", "-lc", dest="bleu_lowercase", help="Lower-case texts.")
    _flag(bleu, "--force", dest="bleu_force", help="Do not warn of texts that look tokenised.")
    chrf = parser.add_argument_group("chrF")
    for name, short, default, text in (
        ("--chrf-char-order", ["-cc"], METRICS["CHRF"].CHAR_ORDER, "Longest n-grams of characters."),
        ("--chrf-word-order", ["-cw"], METRICS["CHRF"].WORD_ORDER, "Longest n-grams of words; 2 for chrF++."),
        ("--chrf-beta", [], METRICS["CHRF"].BETA, "Weight of recall."),
    ):
        chrf.add_argument(name, *short, type=int, default=default, help=f"{text} (Default: %(default)s)")
    _flag(chrf, "--chrf-whitespace", help="Count white space as characters.")
    _flag(chrf, "--chrf-lowercase", help="Lower-case texts.")
    _flag(chrf, "--chrf-eps-smoothing", help="Count orders without n-grams as almost zero.")
    ter = parser.add_argument_group("TER")
    _flag(ter, "--ter-case-sensitive", help="Do not lower-case texts.")
    _flag(ter, "--ter-asian-support", help="Treat Chinese, Japanese and Korean characters as words.")
    _flag(ter, "--ter-no-punct", help="Remove punctuation.")
    _flag(ter, "--ter-normalized", help="Cut punctuation off words.")


def _add_tests(parser: argparse.ArgumentParser) -> None:
    interval = parser.add_argument_group("Interval of one system")
    _flag(interval, "--confidence", "-ci", help="Give the 95 %% interval of bootstrap samples.")
    interval.add_argument("--confidence-n", "-cin", type=int, default=1000, help="Samples. (Default: %(default)s)")
    tests = parser.add_argument_group("Tests of several systems against the first")
    which = tests.add_mutually_exclusive_group()
    _flag(which, "--paired-ar", "-par", help="Approximate randomisation.")
    _flag(which, "--paired-bs", "-pbs", help="Paired bootstrap.")
    tests.add_argument("--paired-ar-n", "-parn", type=int, default=10000, help="Trials. (Default: %(default)s)")
    tests.add_argument("--paired-bs-n", "-pbsn", type=int, default=1000, help="Samples. (Default: %(default)s)")
    tests.add_argument("--paired-jobs", "-j", type=int, default=1, help="Without effect: all processors are used.")


def _add_output(parser: argparse.ArgumentParser) -> None:
    output = parser.add_argument_group("Output")
    _flag(output, "--quiet", "-q", help="Do not report on standard error.")
    _flag(output, "--short", "-sh", help="Abbreviate signatures.")
    _flag(output, "--score-only", "-b", help="Print the number only.")
    output.add_argument("--width", "-w", type=int, default=1, help="Digits after the point. (Default: %(default)s)")
    _flag(output, "--detail", "-d", help="Not covered here.")
    _flag(output, "--no-color", "-nc", help="Print without colours.")
    output.add_argument("--format", "-f", default="json", choices=_FORMATS, help="Format. (Default: %(default)s)")


def main() -> None:
    """Runs the command with the arguments in `sys.argv`.

    Raises:
        SystemExit: The command ends early: after a list or lines of its own, or after an error, which was logged.
    """
    args = parse_args()
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    utils.Color.ENABLE_COLORS = sys.stdout.isatty() and not (os.environ.get("NO_COLOR") or args.no_color)
    if not args.quiet:
        logging.basicConfig(level=logging.INFO, format="sacreBLEU: %(message)s")
    for option in ("citation", "detail"):
        if getattr(args, option):
            _fail(f"textgauge has no --{option}; use sacrebleu for it.")
    _show_test_sets(args)
    _check(args)
    if args.langpair:
        args.bleu_trg_lang = args.langpair.split("-")[1]
    references = _references(args)
    args.num_refs = len(references)
    names, systems = _systems(args)
    _check_systems(args, systems, references)
    metrics = {
        name.upper(): METRICS[name.upper()](references=references, **utils.args_to_dict(args, name, strip_prefix=True))
        for name in args.metrics
    }
    if args.sentence_level:
        _print_sentences(metrics, systems[0], references, args)
    elif len(systems) == 1:
        _print_one_system(metrics, systems[0], args)
    else:
        _print_systems(metrics, names, systems, args)


def _fail(*messages: Any, status: int = 1) -> NoReturn:  # noqa: ANN401 - what is logged has a text
    for message in messages:
        sacrelogger.error(message)
    sys.exit(status)


def _is_paired(args: argparse.Namespace) -> bool:
    return bool(args.paired_bs or args.paired_ar)


def _show_test_sets(args: argparse.Namespace) -> None:
    """Does what is asked about test sets only, and ends."""
    if args.download:
        utils.download_test_set(args.download, args.langpair)
        sys.exit(0)
    if not args.list:
        return
    if args.test_set:
        for pair in [args.langpair] if args.langpair else utils.get_langpairs_for_testset(args.test_set):
            print(f"{pair}: {', '.join(DATASETS[args.test_set].fieldnames(pair))}")
        sys.exit(0)
    if args.langpair:
        print(f"The available test sets for {args.langpair} are:")
        names = utils.get_available_testsets_for_langpair(args.langpair)
    else:
        print("The available test sets are:")
        names = utils.get_available_testsets()
    for name in sorted(names):
        print(f"{name:<30}: {DATASETS[name].description}")
    sys.exit(0)


def _check(args: argparse.Namespace) -> None:
    """Refuses arguments that do not fit together."""
    if args.sentence_level and len(args.metrics) > 1:
        _fail("Only one metric can be used in sentence-level mode.")
    if args.num_refs != 1 and (args.test_set is not None or len(args.refs) > 1):
        _fail(
            "The --num-refs argument allows you to provide any number of tab-delimited references in a single file.",
            "You can only use it with externally provided references, however (i.e., not with `-t`),",
            "and you cannot then provide multiple reference files.",
        )
    if args.test_set is None:
        if not args.refs:
            _fail(
                "If manual references given, make sure to provide them "
                "before the -i/--input argument to avoid confusion.",
                "Otherwise, I need a predefined test set (-t) from the following list:",
                utils.get_available_testsets(),
            )
        return
    for name in args.test_set.split(","):
        if name not in DATASETS:
            _fail(
                f"Unknown test set {name!r}: it is not in {utils.SACREBLEU_DIR}, where sacrebleu keeps those that it "
                f"has downloaded. textgauge downloads nothing; let sacrebleu do it: sacrebleu --download {name}",
                "Please run with --list to see the available test sets.",
            )
    if args.refs:
        _fail("I need exactly one of (a) a predefined test set (-t) or (b) a list of references")
    if args.langpair is None:
        _fail("I need a language pair (-l). Use --list to see available language pairs for this test set.")
    for name in args.test_set.split(","):
        pairs = utils.get_langpairs_for_testset(name)
        if args.langpair not in pairs:
            _fail(
                f"No such language pair {args.langpair!r}",
                f"Available language pairs for {name!r} are:",
                *(f" > {pair}" for pair in pairs),
            )
    if args.echo:
        for name in args.test_set.split(","):
            utils.print_test_set(name, args.langpair, args.echo, args.origlang, args.subset)
        sys.exit(0)
    if args.bleu_tokenize == "none":
        sacrelogger.warning(
            "You are turning off BLEU's internal tokenizer presumably to supply your own tokenized files."
        )
        sacrelogger.warning("Published numbers will not be comparable to other papers.")


def _lines(file: str, args: argparse.Namespace) -> list[str]:
    with utils.smart_open(file, encoding=args.encoding) as lines:
        return [line.rstrip() for line in lines]


def _references(args: argparse.Namespace) -> list[list[str]]:
    """The columns of references."""
    if args.test_set is None:
        files = [args.refs]
    else:
        files = [utils.get_reference_files(name, args.langpair) for name in args.test_set.split(",")]
    columns: list[list[str]] = [[] for _ in range(max(len(files[0]), args.num_refs))]
    for of_one_set in files:
        for column, file in zip(columns, of_one_set, strict=False):
            lines = _lines(file, args)
            if args.num_refs == 1:
                column.extend(lines)
                continue
            for number, line in enumerate(lines, 1):
                fields = line.split("\t", args.num_refs - 1)
                if len(fields) != args.num_refs:
                    message = f"FATAL: line {number}: expected {args.num_refs} fields, but found {len(fields)}."
                    _fail(message, status=17)
                for each, field in zip(columns, fields, strict=True):
                    each.append(field)
    return columns


def _systems(args: argparse.Namespace) -> tuple[list[str], list[list[str]]]:
    """The names of the systems and their columns of hypotheses."""
    if args.input is None:
        return _systems_of_standard_input(args)
    names: list[str] = []
    systems = []
    for name in args.input:
        if name in names:
            if _is_paired(args) and name == names[0]:
                sacrelogger.info(f"Ignoring {name!r} as it was also given as the baseline.")
                continue
            _fail(
                f"{name!r} already used to name a system.",
                "Make sure to have a different basename for each system.",
            )
        systems.append(_lines(name, args))
        names.append(name)
    if _is_paired(args):
        names[0] = f"Baseline: {names[0]}"
    return names, systems


def _systems_of_standard_input(args: argparse.Namespace) -> tuple[list[str], list[list[str]]]:
    lines = io.TextIOWrapper(sys.stdin.buffer, encoding=args.encoding)
    rows = [lines.readline().rstrip().split("\t")]
    for line in lines:
        rows.append(line.rstrip().split("\t"))
        if len(rows[-1]) != len(rows[0]):
            _fail("FATAL: the number of tab-delimited fields in the input stream differ across lines.", status=17)
    systems = [[text.rstrip() for text in column] for column in zip(*rows, strict=True)]
    # The first line is taken as it is.
    for system, text in zip(systems, rows[0], strict=True):
        system[0] = text
    first = ["Baseline"] if _is_paired(args) else []
    return [*first, *(f"System {number + 1}" for number in range(len(systems) - len(first)))], systems


def _check_systems(args: argparse.Namespace, systems: list[list[str]], references: list[list[str]]) -> None:
    """Refuses what cannot be done with these systems."""
    if args.sentence_level:
        if len(systems) > 1:
            _fail("Only one system can be evaluated in sentence-level mode.")
        if args.confidence or _is_paired(args):
            _fail("Statistical tests are unavailable in sentence-level mode.")
        args.bleu_effective_order = True
    if _is_paired(args) and len(systems) == 1:
        _fail("Paired tests require multiple input systems given to --input (-i).")
    if len(systems) > 1 and args.confidence:
        _fail("Use paired tests (--paired) for multiple systems.")
    utils.filter_subset(systems, args.test_set, args.langpair, args.origlang, args.subset)
    for system in systems:
        if not system:
            _fail(f"Test set {args.test_set!r} contains no sentence")
        utils.sanity_check_lengths(system, references, test_set=args.test_set)


def _print_sentences(
    metrics: dict[str, Any], system: list[str], references: list[list[str]], args: argparse.Namespace
) -> None:
    (metric,) = metrics.values()
    for hypothesis, *texts in zip(system, *references, strict=True):
        score = metric.sentence_score(hypothesis, texts)
        print(score.format(args.width, args.score_only, metric.get_signature().format(args.short)))


def _print_one_system(metrics: dict[str, Any], system: list[str], args: argparse.Namespace) -> None:
    is_json = args.format == "json"
    samples = args.confidence_n if args.confidence else 1
    results = []
    for name in sorted(metrics):
        score = metrics[name].corpus_score(system, references=None, n_bootstrap=samples)
        signature = metrics[name].get_signature().format(args.short and not is_json)
        results.append(score.format(args.width, args.score_only, signature, is_json))
    utils.print_single_results(results, args)


def _print_systems(
    metrics: dict[str, Any], names: list[str], systems: list[list[str]], args: argparse.Namespace
) -> None:
    sacrelogger.info(f"Found {len(systems)} systems.")
    named = list(zip(names, systems, strict=True))
    scores: dict[str, Any]
    if _is_paired(args):
        from textgauge.compat.sacrebleu.significance import PairedTest  # NumPy is seldom needed

        test: Literal["ar", "bs"]
        test, samples = ("bs", args.paired_bs_n) if args.paired_bs else ("ar", args.paired_ar_n)
        signatures, scores = PairedTest(named, metrics, None, test, samples, n_jobs=args.paired_jobs)()
    else:
        signatures, scores = {}, {"System": names}
        for _, system in named:
            for name in sorted(metrics):
                score = metrics[name].corpus_score(system, references=None)
                signatures[score.name] = metrics[name].get_signature()
                scores.setdefault(score.name, []).append(score.format(args.width, True))
    spelled = {name: signature.format(args.short) for name, signature in signatures.items()}
    utils.print_results_table(scores, spelled, args)


if __name__ == "__main__":
    main()

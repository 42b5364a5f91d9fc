//! Synthetic pairs of texts, and the workloads over them that are timed and counted.
//!
//! Words follow Zipf's law, lengths and overlap those of news summaries, and everything comes from
//! a seed: each run on each machine sees the same bytes.

use std::hint::black_box;
use std::ops::Range;

use textgauge_engine::{
    Aggregate, Batch, Plan, Prepared, References, RowOutputs, Run, Spec, Text, TokenSource, pairwise, score,
};
use textgauge_kernels::alnum_runs::{self, Edges, Scan};
use textgauge_kernels::interner::Interner;
use textgauge_kernels::overlap::{Texts, overlap};
use textgauge_kernels::resample::{self, Table};
use textgauge_kernels::token_key::Key;
use textgauge_kernels::union_lcs::{self, Sentences};
use textgauge_kernels::{CancelFlag, contiguous, edit, lcs, lcs_words, ngram, overlap, ter};
use textgauge_text::transforms::{Buffers, Spellings, Transform, Transforms, UnicodeForm};
use textgauge_text::{Pipeline, Reader, Stemmer, Tokenizer, Tokens};

/// Something to be run over and over.
pub struct Workload {
    /// How many pairs of texts one run goes through.
    pub pairs: usize,
    /// Goes through them once; buffers have grown to their size after the first time.
    pub run: Box<dyn FnMut()>,
}

/// A workload's name, `kernel/case`, and what sets it up.
pub type Named = (&'static str, fn() -> Workload);

/// Every workload.
pub const WORKLOADS: &[Named] = &[
    ("alnum_runs/keys", || keys(false, alnum_runs::alphanumeric_keys)),
    ("alnum_runs/keys-and-breaks", || keys(true, alnum_runs::alphanumeric_keys)),
    ("alnum_runs/portable", || keys(false, alnum_runs::portable_alphanumeric_keys)),
    ("transforms/four", || {
        transformed(&[
            Transform::ToLowerCase,
            Transform::RemovePunctuation,
            Transform::RemoveMultipleSpaces,
            Transform::Strip,
        ])
    }),
    ("transforms/nfkc-casefold", || {
        transformed(&[Transform::NormalizeUnicode(UnicodeForm::Nfkc), Transform::CaseFold])
    }),
    ("transforms/whisper-english", || transformed(&[Transform::WhisperEnglish(Spellings::new(String::new(), []))])),
    ("reader/rouge", || read(summaries(), Tokenizer::Rouge, Stemmer::None)),
    ("reader/rouge-accented", || read(accented(summaries()), Tokenizer::Rouge, Stemmer::None)),
    ("reader/porter", || read(summaries(), Tokenizer::Rouge, Stemmer::Porter)),
    ("reader/porter-new-words", || porter_new_words(summaries())),
    ("reader/whitespace", || read(summaries(), Tokenizer::Whitespace, Stemmer::None)),
    ("reader/words", || read(accented(summaries()), Tokenizer::Words, Stemmer::None)),
    ("reader/characters", || read(accented(summaries()), Tokenizer::Characters, Stemmer::None)),
    ("reader/graphemes", || read(accented(summaries()), Tokenizer::Graphemes, Stemmer::None)),
    ("reader/13a", || read(accented(summaries()), Tokenizer::V13a, Stemmer::None)),
    ("reader/intl", || read(accented(summaries()), Tokenizer::Intl, Stemmer::None)),
    ("reader/zh", || read(accented(summaries()), Tokenizer::Zh, Stemmer::None)),
    ("interner/summaries", || intern(summaries())),
    ("overlap/unigrams-1-word", || walk(exactly(64, 100), 1, false)),
    ("overlap/1-word", || walk(exactly(64, 100), 2, true)),
    ("overlap/2-words", || walk(exactly(128, 50), 2, true)),
    ("overlap/4-words", || walk(exactly(256, 25), 2, true)),
    ("overlap/16-words", || walk(exactly(1024, 6), 2, true)),
    ("overlap/past-border", || walk(exactly(1100, 6), 2, true)),
    ("overlap/orders-to-9", || walk(exactly(64, 100), 9, true)),
    ("lcs/4000-tokens", || lcs_length(exactly(4000, 2))),
    ("ngram/4000-tokens", || ngram_matches(exactly(4000, 2))),
    ("union_lcs/lanes", || union_hits(summaries())),
    ("union_lcs/rows", || union_hits(without_breaks(exactly(200, 20)))),
    ("lcs_words/summaries", || lcs_words_of(summaries())),
    ("contiguous/summaries", || longest_run(summaries())),
    ("contiguous/4000-tokens", || longest_run(exactly(4000, 2))),
    ("resample/bootstrap", || resampled(resample::bootstrap)),
    ("resample/randomization", || resampled(resample::randomization)),
    ("edit/distance-of-sentences", || edit_distance(exactly(16, 100))),
    ("edit/distance-of-4000-tokens", || edit_distance(exactly(4000, 2))),
    ("edit/counts-of-sentences", || edit_counts(exactly(16, 100))),
    ("edit/counts-of-summaries", || edit_counts(summaries())),
    ("edit/counts-of-4000-tokens", || edit_counts(exactly(4000, 2))),
    ("ter/sentences", || ter_edits(exactly(16, 100))),
    ("ter/summaries", || ter_edits(summaries())),
    ("score/rouge1-2-L", || score_all(&["rouge1", "rouge2", "rougeL"], "none")),
    ("score/rouge1-2-L-porter", || score_all(&["rouge1", "rouge2", "rougeL"], "porter")),
    ("score/rougeLsum", || score_all(&["rougeLsum"], "none")),
    ("score/pairwise", || score_matrix(&["rouge1", "rouge2", "rougeL"])),
];

/// A hypothesis and its reference.
type Pair = [String; 2];

/// SplitMix64 (Steele, Lea and Flood 2014): a sequence that no dependency can change.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.unit() * limit as f64) as usize
    }

    /// The rank of a word: log-uniform, which is Zipf's law with exponent 1.
    fn rank(&mut self) -> usize {
        (VOCABULARY.powf(self.unit()) - 1.0) as usize
    }
}

const VOCABULARY: f64 = 30_000.0;

/// The word of this rank: frequent words are short, some of the others end as English words do.
fn word(rank: usize) -> String {
    const ONSETS: [&str; 12] = ["b", "c", "d", "f", "l", "m", "n", "p", "r", "s", "t", "st"];
    const VOWELS: [&str; 5] = ["a", "e", "i", "o", "u"];
    const ENDS: [&str; 10] = ["", "", "", "n", "s", "ed", "ing", "ly", "ation", "er"];
    let mut random = Random(rank as u64);
    let syllables = match rank {
        0..30 => 1,
        30..3000 => 2,
        _ if rank.is_multiple_of(400) => 8,
        _ => 3,
    };
    let mut word = String::new();
    for _ in 0..syllables {
        word += ONSETS[random.below(ONSETS.len())];
        word += VOWELS[random.below(VOWELS.len())];
    }
    if rank >= 30 {
        word += ENDS[random.below(ENDS.len())];
    }
    word
}

/// Words as a text: sentences of some twenty words, one a line, some commas.
fn render(ranks: &[usize], random: &mut Random) -> String {
    let mut text = String::new();
    let mut left = 0;
    for &rank in ranks {
        if left == 0 {
            text += if text.is_empty() { "" } else { " .\n" };
            left = 12 + random.below(16);
        } else {
            text += if random.below(12) == 0 { " , " } else { " " };
        }
        text += &word(rank);
        left -= 1;
    }
    text
}

/// A pair with these numbers of words, a third of the hypothesis taken from the reference in spans.
fn pair(hypothesis: usize, reference: usize, random: &mut Random) -> Pair {
    let source: Vec<usize> = (0..reference).map(|_| random.rank()).collect();
    let mut ranks = Vec::new();
    while ranks.len() < hypothesis {
        if random.below(10) == 0 {
            let start = random.below(reference);
            let end = (start + 2 + random.below(7)).min(reference);
            ranks.extend_from_slice(&source[start..end]);
        } else {
            ranks.push(random.rank());
        }
    }
    ranks.truncate(hypothesis);
    [render(&ranks, random), render(&source, random)]
}

/// A hundred pairs of news summaries.
fn summaries() -> Vec<Pair> {
    let mut random = Random(1);
    (0..100).map(|_| pair(40 + random.below(48), 35 + random.below(48), &mut random)).collect()
}

/// Pairs of texts of exactly this many words.
fn exactly(words: usize, pairs: usize) -> Vec<Pair> {
    let mut random = Random(2);
    (0..pairs).map(|_| pair(words, words, &mut random)).collect()
}

/// The pairs with one letter in ten outside ASCII.
fn accented(pairs: Vec<Pair>) -> Vec<Pair> {
    pairs.into_iter().map(|pair| pair.map(|text| text.replace('e', "é"))).collect()
}

/// The pairs with each text in one sentence.
fn without_breaks(pairs: Vec<Pair>) -> Vec<Pair> {
    pairs.into_iter().map(|pair| pair.map(|text| text.replace('\n', " "))).collect()
}

/// A pair as ids: the hypothesis' are dense, a token that only the reference has is `vocabulary`.
struct Ids {
    hypothesis: Vec<u32>,
    reference: Vec<u32>,
    breaks: [Vec<u32>; 2],
    vocabulary: usize,
}

impl Ids {
    fn texts(&self) -> Texts<'_> {
        Texts { hypothesis: &self.hypothesis, reference: &self.reference, vocabulary: self.vocabulary }
    }
}

const ROUGE: Pipeline = Pipeline::new(Tokenizer::Rouge, true);

fn tokens(pairs: &[Pair]) -> Vec<[Tokens; 2]> {
    let mut reader = Reader::default();
    let mut read = |text: &String| {
        let mut tokens = Tokens::default();
        reader.read(ROUGE, text.as_bytes(), true, &mut tokens);
        tokens
    };
    pairs.iter().map(|pair| pair.each_ref().map(&mut read)).collect()
}

fn ids(pairs: &[Pair]) -> Vec<Ids> {
    let mut interner = Interner::default();
    let ids = |[hypothesis, reference]: [Tokens; 2]| {
        let (mut hypothesis_ids, mut reference_ids) = (Vec::new(), Vec::new());
        interner.clear(hypothesis.keys.len());
        interner.intern_all(&hypothesis.keys, &mut hypothesis_ids);
        interner.look_up_all(&reference.keys, &mut reference_ids);
        Ids {
            hypothesis: hypothesis_ids,
            reference: reference_ids,
            breaks: [hypothesis.breaks, reference.breaks],
            vocabulary: interner.len(),
        }
    };
    tokens(pairs).into_iter().map(ids).collect()
}

/// A chain of transforms over both texts of each pair.
fn transformed(transforms: &[Transform]) -> Workload {
    let transforms = Transforms::new(transforms);
    let (mut buffers, mut made) = (Buffers::default(), Vec::new());
    for_each(accented(summaries()), move |pair: &Pair| {
        made.clear();
        pair.iter().for_each(|text| transforms.apply(text.as_bytes(), &mut buffers, &mut made));
        black_box(&made);
    })
}

/// A workload that does `each` to every item.
fn for_each<T: 'static>(items: Vec<T>, mut each: impl FnMut(&T) + 'static) -> Workload {
    Workload { pairs: items.len(), run: Box::new(move || items.iter().for_each(&mut each)) }
}

fn keys(with_breaks: bool, find_keys: fn(Scan<'_>) -> bool) -> Workload {
    let (mut keys, mut breaks, mut edges) = (Vec::new(), Vec::new(), Edges::default());
    for_each(summaries(), move |pair| {
        for text in pair {
            keys.clear();
            breaks.clear();
            find_keys(Scan {
                text: text.as_bytes(),
                keys: &mut keys,
                breaks: with_breaks.then_some(&mut breaks),
                edges: &mut edges,
                long: &mut |_| Key::numbered(0),
            });
            black_box(&keys);
        }
    })
}

fn read(pairs: Vec<Pair>, tokenizer: Tokenizer, stemmer: Stemmer) -> Workload {
    let pipeline = Pipeline { tokenizer, stemmer, ..ROUGE };
    let (mut reader, mut tokens) = (Reader::default(), Tokens::default());
    for_each(pairs, move |pair| {
        reader.forget();
        for text in pair {
            tokens.clear();
            reader.read(pipeline, text.as_bytes(), false, &mut tokens);
            black_box(&tokens);
        }
    })
}

/// Every word of a pair is stemmed for the first time.
fn porter_new_words(pairs: Vec<Pair>) -> Workload {
    let pipeline = Pipeline { stemmer: Stemmer::Porter, ..ROUGE };
    let mut tokens = Tokens::default();
    for_each(pairs, move |pair| {
        let mut reader = Reader::default();
        for text in pair {
            tokens.clear();
            reader.read(pipeline, text.as_bytes(), false, &mut tokens);
            black_box(&tokens);
        }
    })
}

fn intern(pairs: Vec<Pair>) -> Workload {
    let (mut interner, mut ids) = (Interner::default(), Vec::new());
    for_each(tokens(&pairs), move |[hypothesis, reference]| {
        ids.clear();
        interner.clear(hypothesis.keys.len());
        interner.intern_all(&hypothesis.keys, &mut ids);
        interner.look_up_all(&reference.keys, &mut ids);
        black_box(&ids);
    })
}

fn walk(pairs: Vec<Pair>, orders: usize, lcs: bool) -> Workload {
    let (mut scratch, cancel) = (overlap::Scratch::default(), CancelFlag::new(false));
    for_each(ids(&pairs), move |ids| {
        black_box(overlap(ids.texts(), orders, lcs, None, &mut scratch, &cancel));
    })
}

fn lcs_length(pairs: Vec<Pair>) -> Workload {
    let (mut scratch, cancel) = (lcs::Scratch::default(), CancelFlag::new(false));
    for_each(ids(&pairs), move |ids| {
        black_box(lcs::length(&ids.hypothesis, &ids.reference, ids.vocabulary, &mut scratch, &cancel));
    })
}

fn ngram_matches(pairs: Vec<Pair>) -> Workload {
    let mut scratch = ngram::Scratch::default();
    for_each(ids(&pairs), move |ids| {
        let mut matches = [0; 2];
        ngram::matches(ids.texts(), &mut matches, None, &mut scratch);
        black_box(matches);
    })
}

fn union_hits(pairs: Vec<Pair>) -> Workload {
    let (mut scratch, cancel) = (union_lcs::Scratch::default(), CancelFlag::new(false));
    for_each(ids(&pairs), move |ids| {
        let hypothesis = Sentences { ids: &ids.hypothesis, breaks: &ids.breaks[0] };
        let reference = Sentences { ids: &ids.reference, breaks: &ids.breaks[1] };
        black_box(union_lcs::hits(hypothesis, reference, ids.vocabulary, &mut scratch, &cancel));
    })
}

fn lcs_words_of(pairs: Vec<Pair>) -> Workload {
    let (mut scratch, cancel) = (lcs_words::WordScratch::default(), CancelFlag::new(false));
    for_each(ids(&pairs), move |ids| {
        let hypothesis = Sentences { ids: &ids.hypothesis, breaks: &ids.breaks[0] };
        let reference = Sentences { ids: &ids.reference, breaks: &ids.breaks[1] };
        black_box(lcs_words::words(hypothesis, reference, ids.vocabulary, &mut scratch, &cancel));
    })
}

fn longest_run(pairs: Vec<Pair>) -> Workload {
    let mut scratch = contiguous::Scratch::default();
    for_each(ids(&pairs), move |ids| {
        black_box(contiguous::longest_run(&ids.hypothesis, &ids.reference, &mut scratch));
    })
}

/// 200 samples of 2,000 rows of two systems' BLEU, some blocks and rests of blocks.
fn resampled(resample: fn(Table<'_>, Range<u64>, u64, &mut [i128], &CancelFlag)) -> Workload {
    const ROWS: usize = 2000;
    const COMPONENTS: usize = 20;
    let values: Vec<i64> = (0..ROWS * COMPONENTS).map(|value| (value * value % 97) as i64).collect();
    let (mut totals, cancel) = (vec![0; 200 * COMPONENTS], CancelFlag::new(false));
    let run = move || {
        resample(Table { values: &values, components: COMPONENTS }, 0..200, 1, &mut totals, &cancel);
        black_box(&totals);
    };
    Workload { pairs: ROWS, run: Box::new(run) }
}

fn edit_distance(pairs: Vec<Pair>) -> Workload {
    let (mut scratch, cancel) = (edit::Scratch::default(), CancelFlag::new(false));
    for_each(ids(&pairs), move |ids| {
        black_box(edit::distance(ids.texts(), &mut scratch, &cancel));
    })
}

fn edit_counts(pairs: Vec<Pair>) -> Workload {
    let (mut scratch, cancel) = (edit::Scratch::default(), CancelFlag::new(false));
    for_each(ids(&pairs), move |ids| {
        black_box(edit::counts(ids.texts(), &mut scratch, &cancel));
    })
}

fn ter_edits(pairs: Vec<Pair>) -> Workload {
    let (mut scratch, cancel) = (ter::Scratch::default(), CancelFlag::new(false));
    for_each(ids(&pairs), move |ids| {
        black_box(ter::edits(&ids.hypothesis, &ids.reference, &mut scratch, &cancel));
    })
}

fn plan(metrics: &[&str], stemmer: &str) -> Plan {
    let spec = |&metric: &&str| Spec {
        name: metric.to_owned(),
        metric: metric.to_owned(),
        options: [("stemmer".to_owned(), stemmer.into())].into_iter().collect(),
        ..Spec::default()
    };
    Plan::new(metrics.iter().map(spec).collect()).expect("the metrics are registered")
}

/// One side of the pairs: 0 the hypotheses, 1 the references.
fn side(pairs: &[Pair], side: usize) -> Vec<Text<'_>> {
    pairs.iter().map(|pair| Some(pair[side].as_bytes())).collect()
}

fn batch<'a>(sources: &'a [TokenSource<'a>; 1], rows: usize) -> Batch<'a> {
    Batch::new(sources, References::Single, rows, false)
}

/// The whole way from text to scores, on the calling thread: the batch is small enough for that.
fn score_all(metrics: &[&str], stemmer: &str) -> Workload {
    let (plan, pairs, cancel) = (plan(metrics, stemmer), summaries(), CancelFlag::new(false));
    let mut scores = vec![vec![0.0; pairs.len()]; plan.columns().len()];
    let run = move || {
        let (predictions, references) = (side(&pairs, 0), side(&pairs, 1));
        let sources = [TokenSource::new(&predictions, &references)];
        let columns = scores.iter_mut().map(Vec::as_mut_slice).collect();
        let mut run = Run { threads: 1, watch: &mut || false, beside: None };
        let mut sums = [Aggregate::new(&plan)];
        score(&plan, &batch(&sources, pairs.len()), RowOutputs { columns, table: None }, &mut sums, &mut run, &cancel)
            .expect("nobody cancels");
        black_box(&sums);
    };
    Workload { pairs: 100, run: Box::new(run) }
}

/// Ten predictions against ten references, read before.
fn score_matrix(metrics: &[&str]) -> Workload {
    let (plan, pairs, cancel) = (plan(metrics, "none"), summaries(), CancelFlag::new(false));
    let prepare = |which: usize| {
        let references = side(&pairs[..10], which);
        let sources = [TokenSource::new(&[], &references)];
        let mut prepared = Prepared::new(&plan);
        let mut run = Run { threads: 1, watch: &mut || false, beside: None };
        prepared.append(&plan, &batch(&sources, 10), &mut run, &cancel).expect("nobody cancels");
        prepared
    };
    let (predictions, references) = (prepare(0), prepare(1));
    let mut matrices = vec![vec![0.0; 100]; plan.columns().len()];
    let run = move || {
        let cells = matrices.iter_mut().map(Vec::as_mut_slice).collect();
        let mut run = Run { threads: 1, watch: &mut || false, beside: None };
        pairwise(&plan, &predictions, &references, cells, &mut run, &cancel).expect("nobody cancels");
        black_box(&matrices);
    };
    Workload { pairs: 100, run: Box::new(run) }
}

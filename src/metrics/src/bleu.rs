//! BLEU: n-gram precision against one or several references, with a penalty for brevity.
//!
//! Papineni et al. 2002, "BLEU: a Method for Automatic Evaluation of Machine Translation". Every number here is as
//! sacrebleu 2.6.0 computes it, operation by operation; [`nltk`] and [`nmt`] are as their own packages have it.

mod nltk;
mod nmt;

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Number as JsonNumber, Value};
use textgauge_kernels::overlap::{MAX_ORDER, OverlapNeed};

use crate::entry::Entry;
use crate::numpy_float::{Number, Promoted};
use crate::option_spec::{Kind, ORDER, OptionSpec, option, optional};
use crate::options::{self, TokenizerOption};
use crate::{ConfigError, Corpus, Facts, Metric, Needs, Output, PairFacts, Pipeline, Reading, Sacrebleu, Unit};

pub(crate) const METRICS: &[Entry] = &[Entry {
    name: "bleu",
    family: "bleu",
    summary: "geometric mean of n-gram precisions, with a penalty for brevity",
    source: "Papineni et al. 2002; sacrebleu 2.6.0",
    options: OPTIONS,
    defaults: options::defaults::<Options>,
    build,
}];

/// The options of the family, in the order of their struct.
const OPTIONS: &[OptionSpec] = &[
    option("variant", Kind::Choice(&["sacrebleu", "nltk", "nmt"]), "whose BLEU"),
    option("tokenizer", Kind::Tokenizer, "how texts are cut into tokens"),
    option("lowercase", Kind::Bool, "whether texts are lower-cased first"),
    optional("max_order", ORDER, "the longest n-grams"),
    optional("smoothing", Kind::Choice(&SMOOTHINGS), "what is done about orders without a match, by variant"),
    optional(
        "smoothing_value",
        Kind::Number { least: 0.0, open: false, most: f64::MAX },
        "how much, for smoothings that take a value",
    ),
    optional("effective_order", Kind::Bool, "whether orders are left out for which a text is too short"),
    optional("weights", Kind::Shares, "the weight of each order"),
    optional("auto_reweigh", Kind::Bool, "whether short texts are measured by fewer orders"),
];

/// What is left out has the default of the variant.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Options {
    variant: String,
    tokenizer: TokenizerOption,
    lowercase: bool,
    max_order: Option<usize>,
    smoothing: Option<String>,
    smoothing_value: Option<JsonNumber>,
    effective_order: Option<bool>,
    weights: Option<Vec<f64>>,
    auto_reweigh: Option<bool>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            variant: "sacrebleu".to_owned(),
            tokenizer: TokenizerOption::Named("13a".to_owned()),
            lowercase: false,
            max_order: None,
            smoothing: None,
            smoothing_value: None,
            effective_order: None,
            weights: None,
            auto_reweigh: None,
        }
    }
}

impl Options {
    fn pipeline(&self, entry: &Entry) -> Result<Pipeline, ConfigError> {
        self.tokenizer.pipeline(entry, self.lowercase)
    }

    fn order(&self) -> usize {
        self.max_order.unwrap_or(4)
    }
}

/// The smoothings of all variants.
const SMOOTHINGS: [&str; 13] = [
    "none", "floor", "add-k", "exp", "method0", "method1", "method2", "method3", "method4", "method5", "method6",
    "method7", "add-1",
];

type BuildVariant = fn(&Entry, &Options) -> Result<Arc<dyn Metric>, ConfigError>;

/// Each variant with the options that it doesn't take.
const VARIANTS: [(&str, (BuildVariant, &[&str])); 3] = [
    ("sacrebleu", (build_sacrebleu, &["weights", "auto_reweigh"])),
    ("nltk", (nltk::build, &["max_order", "effective_order"])),
    ("nmt", (nmt::build, &["smoothing_value", "effective_order", "weights", "auto_reweigh"])),
];

fn build(entry: &Entry, options: Map<String, Value>) -> Result<Arc<dyn Metric>, ConfigError> {
    let given = options.iter().filter(|(_, value)| !matches!(value, Value::Null | Value::Bool(false)));
    let given: Vec<String> = given.map(|(name, _)| name.clone()).collect();
    let options: Options = options::parse(entry, options)?;
    let (build, refused) = options::by_name(entry, "variant", &options.variant, &VARIANTS)?;
    if let Some(name) = given.iter().find(|name| refused.contains(&name.as_str())) {
        return Err(options::bad(entry, format!("variant '{}' takes no {name}", options.variant)));
    }
    build(entry, &options)
}

/// What is done about orders without a match (Chen and Cherry 2014).
#[derive(Clone, Copy, Debug, PartialEq)]
enum Smoothing {
    None,
    /// So much for a count of 0.
    Floor(f64),
    /// So much more of every count above order 1, matched and in all.
    AddK(f64),
    /// Half the precision for each further order without a match.
    Exp,
}

/// Percent of it are still finite.
const MOST_SMOOTHING: f64 = 1e300;

fn build_sacrebleu(entry: &Entry, options: &Options) -> Result<Arc<dyn Metric>, ConfigError> {
    let value = options.smoothing_value.as_ref().and_then(JsonNumber::as_f64);
    let named = [
        ("none", Smoothing::None),
        ("floor", Smoothing::Floor(value.unwrap_or(0.1))),
        ("add-k", Smoothing::AddK(value.unwrap_or(1.0))),
        ("exp", Smoothing::Exp),
    ];
    let smoothing = options.smoothing.as_deref().unwrap_or("exp");
    let smoothing = options::by_name(entry, "smoothing", smoothing, &named)?;
    match (smoothing, value) {
        (Smoothing::None | Smoothing::Exp, Some(_)) => {
            let name = if smoothing == Smoothing::Exp { "exp" } else { "none" };
            return Err(options::bad(entry, format!("smoothing '{name}' takes no smoothing_value")));
        }
        (_, Some(value)) if !(0.0..=MOST_SMOOTHING).contains(&value) => {
            let problem = format!("smoothing_value is {value}; it must be a number from 0 to {MOST_SMOOTHING:e}");
            return Err(options::bad(entry, problem));
        }
        _ => {}
    }
    let tokenizer = match &options.tokenizer {
        TokenizerOption::Named(name) => name.clone(),
        TokenizerOption::TokenSource { .. } => "given".to_owned(),
    };
    Ok(Arc::new(Bleu {
        pipeline: options.pipeline(entry)?,
        tokenizer,
        lowercase: options.lowercase,
        order: options.order(),
        smoothing,
        effective_order: options.effective_order,
    }))
}

#[derive(Debug)]
struct Bleu {
    pipeline: Pipeline,
    tokenizer: String,
    lowercase: bool,
    order: usize,
    smoothing: Smoothing,
    /// `None`: for single pairs only, as sacrebleu's functions have it.
    effective_order: Option<bool>,
}

impl Bleu {
    /// What sacrebleu calls the tokenizer, if it has it; those of the caller's own pass.
    fn sacrebleu_tokenizer(&self) -> Option<&str> {
        match self.tokenizer.as_str() {
            "whitespace" | "none" => Some("none"),
            "characters" | "char" => Some("char"),
            name @ ("13a" | "intl" | "zh" | "given") => Some(name),
            _ => None,
        }
    }
}

/// Outputs that are not one for each order.
const WHOLE: usize = 5;

macro_rules! outputs {
    ($unit:expr, $highest:expr, $precision:literal; $($order:literal)*) => {
        [
            Output::new("", "BLEU", $unit).up_to($highest).higher_is_better(),
            Output::new("bp", "brevity penalty", Unit::Share),
            Output::new("ratio", "length of the hypothesis over that of the reference", Unit::Number),
            Output::new("hyp_len", "tokens in the hypothesis", Unit::Count),
            Output::new("ref_len", "tokens in the reference that is nearest in length", Unit::Count),
            $(
                Output::new(concat!("p", $order), concat!("precision of order ", $order, $precision), $unit)
                    .up_to(f64::INFINITY),
                Output::new(concat!("correct", $order), concat!("matched n-grams of order ", $order), Unit::Count),
                Output::new(
                    concat!("total", $order),
                    concat!("n-grams of order ", $order, " in the hypothesis"),
                    Unit::Count,
                ),
            )*
        ]
    };
}

// A perfect match is exp(log(100)), which rounding takes a little above 100.
static OUTPUTS: [Output; WHOLE + 3 * MAX_ORDER] = outputs!(
    Unit::Percent, 100.000_000_000_001, " in percent, smoothed"; 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
);

// Of the variants that stay below 1, unless smoothing takes precisions above it.
static SHARES: [Output; WHOLE + 3 * MAX_ORDER] =
    outputs!(Unit::Share, f64::INFINITY, ", smoothed"; 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16);

/// Counts of one order.
#[derive(Clone, Copy)]
struct Counts<N> {
    correct: N,
    total: N,
    precision: N,
}

/// The length of the reference that is nearest in length to the hypothesis, the shortest of equals.
fn nearest_length(references: &[Facts]) -> i64 {
    let hypothesis = i64::from(references[0].hypothesis_len);
    let lengths = references.iter().map(|facts| i64::from(facts.reference_len));
    lengths.min_by_key(|&len| ((len - hypothesis).abs(), len)).unwrap_or(0)
}

/// The names of the sums of every variant: lengths, then `kinds` by order.
fn sum_names(kinds: &[&str], orders: usize) -> Vec<String> {
    let of_orders = kinds.iter().flat_map(|kind| (1..=orders).map(move |order| format!("{kind}{order}")));
    ["hyp_len", "ref_len"].map(str::to_owned).into_iter().chain(of_orders).collect()
}

/// The brevity penalty of lengths.
fn brevity_penalty(hypothesis: f64, reference: f64) -> f64 {
    if hypothesis >= reference {
        1.0
    } else if hypothesis > 0.0 {
        (1.0 - reference / hypothesis).exp()
    } else {
        0.0
    }
}

/// BLEU without its brevity penalty; smooths the counts and fills in the precisions.
fn mean_precision<N: Number>(smoothing: Smoothing, effective_order: bool, counts: &mut [Counts<N>]) -> f64 {
    let zero = N::from(0.0);
    if counts.iter().all(|counts| counts.correct == zero) {
        return 0.0;
    }
    let mut halvings = 1.0;
    let mut order = counts.len();
    for (fewer, Counts { correct, total, precision }) in counts.iter_mut().enumerate() {
        if let Smoothing::AddK(value) = smoothing
            && fewer > 0
        {
            *correct = *correct + N::from(value);
            *total = *total + N::from(value);
        }
        if *total == zero {
            break;
        }
        if effective_order {
            order = fewer + 1;
        }
        *precision = if *correct != zero {
            N::from(100.0) * *correct / *total
        } else {
            match smoothing {
                Smoothing::Exp => {
                    halvings *= 2.0;
                    N::from(100.0) / (N::from(halvings) * *total)
                }
                Smoothing::Floor(value) => N::from(100.0 * value) / *total,
                Smoothing::None | Smoothing::AddK(_) => zero,
            }
        };
    }
    let log = |counts: &Counts<N>| {
        let precision: f64 = counts.precision.into();
        if precision == 0.0 { -9_999_999_999.0 } else { precision.ln() }
    };
    // From 0.0 on, one after the other, as Python's sum() does for so few.
    (counts[..order].iter().map(log).sum::<f64>() / order as f64).exp()
}

impl Bleu {
    fn fill(&self, effective_order: bool, row: &[i64], outputs: &mut [f64]) {
        let (hypothesis, reference) = (row[0] as f64, row[1] as f64);
        let mut counts = [Counts { correct: 0.0, total: 0.0, precision: 0.0 }; MAX_ORDER];
        let counts = &mut counts[..self.order];
        for (order, counts) in counts.iter_mut().enumerate() {
            (counts.correct, counts.total) = (row[2 + order] as f64, row[2 + self.order + order] as f64);
        }
        let penalty = brevity_penalty(hypothesis, reference);
        outputs[0] = penalty * mean_precision(self.smoothing, effective_order, counts);
        outputs[1] = penalty;
        outputs[2] = if reference > 0.0 { hypothesis / reference } else { 0.0 };
        outputs[3] = hypothesis;
        outputs[4] = reference;
        for (outputs, counts) in outputs[WHOLE..].chunks_exact_mut(3).zip(counts) {
            outputs.copy_from_slice(&[counts.precision, counts.correct, counts.total]);
        }
    }
}

impl Metric for Bleu {
    fn readings(&self) -> Vec<Reading> {
        let needs = Needs { overlap: OverlapNeed::joint_matches(self.order), ..Needs::default() };
        vec![Reading { pipeline: self.pipeline, needs }]
    }

    fn outputs(&self) -> &[Output] {
        &OUTPUTS[..WHOLE + 3 * self.order]
    }

    fn corpus(&self) -> Corpus {
        Corpus::Pooled
    }

    fn options(&self) -> String {
        let smoothing = match self.smoothing {
            Smoothing::None => "none".to_owned(),
            Smoothing::Floor(value) => format!("floor[{value}]"),
            Smoothing::AddK(value) => format!("add-k[{value}]"),
            Smoothing::Exp => "exp".to_owned(),
        };
        let effective = match self.effective_order {
            None => "pairs",
            Some(true) => "yes",
            Some(false) => "no",
        };
        format!("order:{}|eff:{effective}|smooth:{smoothing}", self.order)
    }

    fn sum_names(&self) -> Vec<String> {
        sum_names(&["matches", "ngrams"], self.order)
    }

    fn of_best_reference(&self) -> Range<usize> {
        // N-grams are clipped by all references together.
        0..0
    }

    fn width(&self) -> usize {
        2 + 2 * self.order
    }

    #[inline]
    fn row(&self, facts: &[PairFacts<'_>], row: &mut [i64]) {
        let PairFacts { references, joint, .. } = facts[0];
        let hypothesis = i64::from(references[0].hypothesis_len);
        (row[0], row[1]) = (hypothesis, nearest_length(references));
        let (correct, total) = row[2..].split_at_mut(self.order);
        for (order, ((correct, total), &matches)) in correct.iter_mut().zip(total).zip(joint).enumerate() {
            *correct = i64::from(matches);
            *total = (hypothesis - order as i64).max(0);
        }
    }

    fn finalise(&self, row: &[i64], outputs: &mut [f64]) {
        self.fill(self.effective_order.unwrap_or(false), row, outputs);
    }

    fn finalise_pair(&self, row: &[i64], outputs: &mut [f64]) {
        self.fill(self.effective_order.unwrap_or(true), row, outputs);
    }

    fn sacrebleu(&self) -> Option<&dyn Sacrebleu> {
        // Under a tokenizer that sacrebleu does not have, neither does it have the score.
        self.sacrebleu_tokenizer().map(|_| self as &dyn Sacrebleu)
    }
}

impl Sacrebleu for Bleu {
    fn signature(&self, head: &str, tokenizer: Option<&str>) -> String {
        let case = if self.lowercase { "lc" } else { "mixed" };
        let effective = if self.effective_order == Some(true) { "yes" } else { "no" };
        let tokenizer = tokenizer.or(self.sacrebleu_tokenizer()).unwrap_or(&self.tokenizer);
        let smoothing = match self.smoothing {
            Smoothing::None => "none".to_owned(),
            Smoothing::Floor(value) => format!("floor[{value:.2}]"),
            Smoothing::AddK(value) => format!("add-k[{value:.2}]"),
            Smoothing::Exp => "exp".to_owned(),
        };
        format!("{head}|case:{case}|eff:{effective}|tok:{tokenizer}|smooth:{smoothing}|version:2.6.0")
    }

    fn statistics(&self, row: &[i64], statistics: &mut Vec<f64>) {
        statistics.extend(row.iter().map(|&count| count as f64));
    }

    fn score_of_singles(&self, sums: &[f32]) -> (f64, bool) {
        let single = |at: usize| Promoted::Single(sums[at]);
        let mut counts: Vec<_> = (0..self.order)
            .map(|order| Counts {
                correct: single(2 + order),
                total: single(2 + self.order + order),
                precision: Promoted::from(0.0),
            })
            .collect();
        let penalty = brevity_penalty(sums[0].into(), sums[1].into());
        (penalty * mean_precision(self.smoothing, self.effective_order.unwrap_or(false), &mut counts), false)
    }

    fn score_of_doubles(&self, sums: &[f64]) -> f64 {
        // There the counts are in an array of integers, which cuts what smoothing adds.
        let smoothing = match self.smoothing {
            Smoothing::AddK(value) => Smoothing::AddK(value.trunc()),
            other => other,
        };
        let mut counts: Vec<_> = (0..self.order)
            .map(|order| Counts { correct: sums[2 + order], total: sums[2 + self.order + order], precision: 0.0 })
            .collect();
        let effective_order = self.effective_order.unwrap_or(false);
        brevity_penalty(sums[0], sums[1]) * mean_precision(smoothing, effective_order, &mut counts)
    }
}

//! Options as data: each metric states its options once, and all else is made of that.

use serde_json::Value;
use textgauge_kernels::overlap::MAX_ORDER;
use textgauge_text::Tokenizer;

/// What values an option may have.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// True or False.
    Bool,
    /// A whole number.
    Int {
        /// The least it may be.
        least: i64,
        /// The most it may be.
        most: i64,
    },
    /// A finite number.
    Number {
        /// The least it may be,
        least: f64,
        /// or, if this is set, what it must be above.
        open: bool,
        /// The most it may be.
        most: f64,
    },
    /// One of some names.
    Choice(&'static [&'static str]),
    /// A tokenizer by name, or a function of the caller's own.
    Tokenizer,
    /// A list of numbers from 0 to 1.
    Shares,
    /// A list of texts, which a function of the caller's own makes use of.
    Texts,
    /// Transforms of texts. No metric sees them: they are done before.
    Transforms,
}

/// What every metric takes besides its own options.
pub const TRANSFORMS: OptionSpec = option("transforms", Kind::Transforms, "what is done to texts before all else");

/// A weight that F-scores can be computed with: they take its square, and a little more.
pub(crate) const POSITIVE: Kind = Kind::Number { least: 0.0, open: true, most: 1e100 };

/// An order of n-grams.
pub(crate) const ORDER: Kind = Kind::Int { least: 1, most: MAX_ORDER as i64 };

/// An option of a metric. Its default is in the metric's `defaults`.
#[derive(Clone, Copy, Debug)]
pub struct OptionSpec {
    /// What it is called.
    pub name: &'static str,
    /// What values it may have.
    pub kind: Kind,
    /// Whether it may be None, for the default of a variant.
    pub optional: bool,
    /// What it says, in a line.
    pub meaning: &'static str,
}

/// An option that always has a value.
pub(crate) const fn option(name: &'static str, kind: Kind, meaning: &'static str) -> OptionSpec {
    OptionSpec { name, kind, optional: false, meaning }
}

/// An option that may be None.
pub(crate) const fn optional(name: &'static str, kind: Kind, meaning: &'static str) -> OptionSpec {
    OptionSpec { name, kind, optional: true, meaning }
}

impl OptionSpec {
    /// What may be given, in words.
    pub fn allowed(&self) -> String {
        let allowed = match self.kind {
            Kind::Bool => "True or False".to_owned(),
            Kind::Int { least, most } => format!("a whole number from {least} to {most}"),
            Kind::Number { least, open, most } => {
                let least = if open { format!("above {least}") } else { format!("of at least {least}") };
                let most = if most < f64::MAX { format!(" and at most {most:e}") } else { String::new() };
                format!("a number {least}{most}")
            }
            Kind::Choice(names) => format!("one of {}", names.join(", ")),
            Kind::Tokenizer => {
                let names: Vec<&str> = Tokenizer::public_names().collect();
                format!("one of {}, or a function from a text to its tokens", names.join(", "))
            }
            Kind::Shares => format!("a list of 1 to {MAX_ORDER} numbers from 0 to 1"),
            Kind::Texts => "a list of str".to_owned(),
            Kind::Transforms => "names of transforms, functions from a text to a text, or one of them".to_owned(),
        };
        if self.optional { format!("{allowed}, or None") } else { allowed }
    }

    /// Whether the option may have this value.
    pub fn fits(&self, value: &Value) -> bool {
        match (self.kind, value) {
            (_, Value::Null) => self.optional,
            (Kind::Bool, Value::Bool(_)) => true,
            (Kind::Int { least, most }, Value::Number(number)) => {
                number.as_i64().is_some_and(|number| (least..=most).contains(&number))
            }
            (Kind::Number { least, open, most }, Value::Number(number)) => number
                .as_f64()
                .is_some_and(|number| number <= most && if open { number > least } else { number >= least }),
            (Kind::Choice(names), Value::String(name)) => names.contains(&name.as_str()),
            (Kind::Tokenizer, Value::String(name)) => Tokenizer::NAMED.iter().any(|(known, _)| known == name),
            (Kind::Shares, Value::Array(shares)) => {
                let fits = |share: &Value| share.as_f64().is_some_and(|share| (0.0..=1.0).contains(&share));
                (1..=MAX_ORDER).contains(&shares.len()) && shares.iter().all(fits)
            }
            // A source that a function of the caller's own fills.
            (Kind::Tokenizer | Kind::Texts, Value::Object(_)) => true,
            _ => false,
        }
    }
}

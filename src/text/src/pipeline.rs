//! How text becomes tokens, as a value.

use std::fmt;

/// How a text is cut into tokens.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Tokenizer {
    /// rouge-score 0.1.2's default: runs of ASCII letters and digits after `str.lower()`.
    Rouge,
    /// Python's `str.split()`.
    Whitespace,
    /// Unicode words (UAX #29), those with a letter or digit.
    Words,
    /// Code points, white space left out.
    Characters,
    /// Code points, white space and all.
    AllCharacters,
    /// Words as chrF counts them.
    ChrfWords,
    /// Extended grapheme clusters (UAX #29), white space left out.
    Graphemes,
    /// The caller's own tokens, in the form of [`crate::GivenTokens`].
    Given,
}

/// How a token is reduced to its stem.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Stemmer {
    /// Not at all.
    None,
    /// NLTK's Porter stemmer in its extended mode, on tokens longer than three characters.
    Porter,
}

/// How text becomes tokens. Metrics with equal pipelines share one reading of each text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Pipeline {
    /// How a text is cut.
    pub tokenizer: Tokenizer,
    /// How a token is reduced.
    pub stemmer: Stemmer,
    /// Whether the text goes through `str.lower()` first. Always, for [`Tokenizer::Rouge`]; for
    /// [`Tokenizer::Given`] it says what its owner has done.
    pub lowercase: bool,
    /// Which of the batch's views of the texts is read: 0 is the text itself, others hold
    /// what the caller's own tokenizers made of it.
    pub view: usize,
}

impl Tokenizer {
    /// Every tokenizer that has a name, with it.
    pub const NAMED: [(&'static str, Self); 7] = [
        ("rouge", Self::Rouge),
        ("whitespace", Self::Whitespace),
        ("words", Self::Words),
        ("characters", Self::Characters),
        ("graphemes", Self::Graphemes),
        ("characters+space", Self::AllCharacters),
        ("chrf-words", Self::ChrfWords),
    ];
}

impl Tokenizer {
    /// Whether every token is one code point, and its key [`textgauge_kernels::key::Key::of_code_point`].
    pub fn is_characters(self) -> bool {
        matches!(self, Self::Characters | Self::AllCharacters)
    }
}

impl Stemmer {
    /// Every stemmer, with its name.
    pub const NAMED: [(&'static str, Self); 2] = [("none", Self::None), ("porter", Self::Porter)];
}

/// The Unicode version of UAX #29's rules as compiled in.
const SEGMENTATION_VERSION: (u64, u64, u64) = unicode_segmentation::UNICODE_VERSION;

impl fmt::Display for Pipeline {
    /// The pipeline's part of a signature: `tok:rouge|case:lower|stem:none`, with the versions of the
    /// Unicode tables that it depends on.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Tokenizer::NAMED.iter().find(|(_, tokenizer)| *tokenizer == self.tokenizer);
        write!(f, "tok:{}", name.map_or("given", |(name, _)| name))?;
        if matches!(self.tokenizer, Tokenizer::Words | Tokenizer::Graphemes) {
            let (major, minor, _) = SEGMENTATION_VERSION;
            write!(f, "[{major}.{minor}]")?;
        }
        f.write_str("|case:")?;
        match (self.lowercase, self.tokenizer) {
            (true, Tokenizer::Rouge) => f.write_str("lower")?,
            (true, _) => write!(f, "lower[{}]", crate::pystr::UNICODE_VERSION)?,
            (false, _) => f.write_str("mixed")?,
        }
        let stem = Stemmer::NAMED.iter().find(|(_, stemmer)| *stemmer == self.stemmer);
        write!(f, "|stem:{}", stem.map_or("none", |(name, _)| name))
    }
}

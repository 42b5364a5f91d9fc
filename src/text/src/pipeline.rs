//! How text becomes tokens, as a value.

use std::fmt;

use crate::{pystr_tables, regex_tables};

/// How a text is cut into tokens.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Tokenizer {
    /// rouge-score 0.1.2's default: runs of ASCII letters and digits after `str.lower()`.
    Rouge,
    /// Python's `str.split()`.
    Whitespace,
    /// What stands between Unicode's word boundaries (UAX #29), but for white space, punctuation and what cannot be
    /// seen. Symbols are words.
    Words,
    /// Code points, white space left out.
    Characters,
    /// Extended grapheme clusters (UAX #29), white space left out.
    Graphemes,
    /// sacrebleu 2.6.0's `13a`, the tokenizer of mteval-v13a.
    V13a,
    /// sacrebleu's `intl`, the international tokenizer of mteval-v14.
    Intl,
    /// sacrebleu's `zh`: Chinese characters one by one, the rest nearly as [`Tokenizer::V13a`].
    Zh,
    /// sacrebleu's `tercom`, the tokenizer of TER.
    Tercom {
        /// Entities, possessives and punctuation as [`Tokenizer::V13a`] has them; else words as they are.
        normalized: bool,
        /// Punctuation is dropped.
        no_punct: bool,
        /// Both go for characters and punctuation of East Asia too.
        asian: bool,
    },
    /// Code points, white space among them: chrF's characters if white space counts.
    AllCharacters,
    /// chrF's words: those of `str.split()`, with one ASCII punctuation mark cut off the end, or else the start.
    ChrfWords,
    /// A short answer, as the benchmarks that score it read it.
    Answer(Answer),
    /// jiwer 4.0.0's words: what is left between blanks, and between any two or more characters of white space. Lone
    /// other white space, a tab say, is part of a word.
    JiwerWords,
    /// jiwer 4.0.0's characters: code points, white space among them but for that at either end.
    JiwerCharacters,
    /// The words of the package `rouge` 1.0.1, pltrdy's: those of `str.split()` in each sentence, one word of no letters
    /// where a sentence is nothing but white space. Sentences stand between full stops.
    Pltrdy,
    /// NLTK 3.10.4's `NLTKWordTokenizer`: `word_tokenize` of one sentence.
    Nltk,
    /// NLTK's `TreebankWordTokenizer`.
    Treebank,
    /// The caller's own tokens, in the form of [`crate::GivenTokens`].
    Pretokenized,
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
    /// [`Tokenizer::Pretokenized`] each token of source 0 does, and of other sources it says what their owner has done.
    pub lowercase: bool,
    /// Which of the batch's sources of the texts is read: 0 is the text itself, others hold
    /// what the caller's own tokenizers made of it.
    pub source: usize,
    /// Whether a hypothesis is read with the word boundaries of each reference: [`crate::Reader::follow_compounds`].
    pub compounds: bool,
}

impl Pipeline {
    /// The texts themselves, tokenised and perhaps lower-cased before.
    pub const fn new(tokenizer: Tokenizer, lowercase: bool) -> Self {
        Self { tokenizer, stemmer: Stemmer::None, lowercase, source: 0, compounds: false }
    }
}

impl Tokenizer {
    /// Every tokenizer that has a name, with it.
    pub const NAMED: [(&'static str, Self); 19] = [
        ("rouge", Self::Rouge),
        ("whitespace", Self::Whitespace),
        ("words", Self::Words),
        ("characters", Self::Characters),
        ("graphemes", Self::Graphemes),
        ("13a", Self::V13a),
        ("intl", Self::Intl),
        ("zh", Self::Zh),
        ("tercom", Self::Tercom { normalized: false, no_punct: false, asian: false }),
        ("characters+space", Self::AllCharacters),
        ("chrf-words", Self::ChrfWords),
        ("jiwer-words", Self::JiwerWords),
        ("jiwer-characters", Self::JiwerCharacters),
        ("pltrdy", Self::Pltrdy),
        ("nltk-words", Self::Nltk),
        ("treebank", Self::Treebank),
        ("squad", Self::Answer(Answer::Words { articles: false })),
        // What sacrebleu calls them.
        ("none", Self::Whitespace),
        ("char", Self::Characters),
    ];

    /// The names that people may give; the others stand in signatures alone.
    pub fn public_names() -> impl Iterator<Item = &'static str> {
        let names = Self::NAMED.iter().map(|(name, _)| *name);
        names.filter(|name| !matches!(*name, "characters+space" | "chrf-words" | "squad"))
    }

    /// `tercom` with the options in `flags`, out of `norm`, `nopunct` and `asian` with a `+` before each; `None`
    /// if there is anything else.
    pub fn tercom(flags: &str) -> Option<Self> {
        let (mut normalized, mut no_punct, mut asian) = (false, false, false);
        let mut parts = flags.split('+');
        if parts.next() != Some("") {
            return None;
        }
        for part in parts {
            match part {
                "norm" => normalized = true,
                "nopunct" => no_punct = true,
                "asian" => asian = true,
                _ => return None,
            }
        }
        Some(Self::Tercom { normalized, no_punct, asian })
    }

    /// Whether every token is one code point, and its key [`textgauge_kernels::token_key::Key::of_code_point`].
    pub fn is_characters(self) -> bool {
        match self {
            Self::Characters | Self::AllCharacters | Self::JiwerCharacters => true,
            Self::Answer(answer) => answer.is_characters(),
            _ => false,
        }
    }

    /// Whether it makes tokens of words or the like, so that tokens that are given can stand in for them.
    pub fn makes_words(self) -> bool {
        !self.is_characters() && !matches!(self, Self::ChrfWords | Self::Answer(_))
    }

    /// Whether references are cut once more after the first time, as [`crate::Reader::cut_again`] does.
    pub fn cuts_references_again(self) -> bool {
        matches!(self, Self::Tercom { normalized: true, .. })
    }

    /// Whether a text may have other tokens if it is a reference.
    pub fn reads_references_otherwise(self) -> bool {
        self.cuts_references_again() || matches!(self, Self::Answer(answer) if answer.has_sides())
    }

    /// Whether every token is a part of the text as it is, and stands behind the one before.
    pub fn is_verbatim(self) -> bool {
        match self {
            Self::Rouge
            | Self::Whitespace
            | Self::Words
            | Self::Characters
            | Self::AllCharacters
            | Self::Graphemes
            | Self::ChrfWords
            | Self::JiwerWords
            | Self::JiwerCharacters => true,
            Self::V13a
            | Self::Intl
            | Self::Zh
            | Self::Tercom { .. }
            | Self::Answer(_)
            | Self::Pltrdy
            | Self::Nltk
            | Self::Treebank
            | Self::Pretokenized => false,
        }
    }

    /// What stands between two sentences.
    pub(crate) fn sentence_separator(self) -> u8 {
        if self == Self::Pltrdy { b'.' } else { b'\n' }
    }

    /// Whether a text has the same tokens when it is read sentence by sentence, which are lines to most: not for those of
    /// sacrebleu's that join words broken over lines or look at where a text ends, nor where a line break is a token.
    pub fn ignores_line_breaks(self) -> bool {
        match self {
            Self::V13a
            | Self::Intl
            | Self::Zh
            | Self::AllCharacters
            | Self::JiwerWords
            | Self::JiwerCharacters
            | Self::Nltk
            | Self::Treebank
            | Self::Answer(_) => false,
            Self::Tercom { normalized, .. } => !normalized,
            _ => true,
        }
    }

    /// Its first name in [`Tokenizer::NAMED`], whatever its options.
    fn name(self) -> &'static str {
        let plain = match self {
            Self::Tercom { .. } => Self::Tercom { normalized: false, no_punct: false, asian: false },
            other => other,
        };
        Self::NAMED.iter().find(|(_, tokenizer)| *tokenizer == plain).map_or("given", |(name, _)| name)
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
        match self.tokenizer {
            Tokenizer::Answer(answer) => write!(f, "tok:{answer}")?,
            other => write!(f, "tok:{}", other.name())?,
        }
        match self.tokenizer {
            Tokenizer::Words | Tokenizer::Graphemes => {
                let (major, minor, _) = SEGMENTATION_VERSION;
                // Until 0.1 words had no symbols; the names tell scores apart.
                f.write_str(if self.tokenizer == Tokenizer::Words { "+symbols" } else { "" })?;
                write!(f, "[{major}.{minor}]")?;
            }
            Tokenizer::Intl | Tokenizer::Nltk | Tokenizer::Treebank => {
                write!(f, "[{}]", regex_tables::UNICODE_VERSION)?
            }
            _ => {}
        }
        f.write_str("|case:")?;
        match (self.lowercase, self.tokenizer) {
            (true, Tokenizer::Rouge) => f.write_str("lower")?,
            (true, _) => write!(f, "lower[{}]", pystr_tables::UNICODE_VERSION)?,
            (false, _) => f.write_str("mixed")?,
        }
        let stem = Stemmer::NAMED.iter().find(|(_, stemmer)| *stemmer == self.stemmer);
        write!(f, "|stem:{}", stem.map_or("none", |(name, _)| name))?;
        f.write_str(if self.compounds { "|compounds:free" } else { "" })
    }
}

/// What a text is: a tokenizer may read the one otherwise than the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Side {
    /// A prediction.
    Hypothesis,
    /// A reference, which HELM calls gold.
    Reference,
}

/// A language whose answers MLQA's script knows how to read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Language {
    /// Without its articles.
    English,
    /// Without its articles.
    Spanish,
    /// It has no articles.
    Hindi,
    /// Without what the script takes for articles.
    Vietnamese,
    /// Without its articles.
    German,
    /// Without the article at the beginning of each word.
    Arabic,
    /// Chinese characters one by one.
    Chinese,
}

impl Language {
    /// Every language, with its code.
    pub const NAMED: [(&'static str, Self); 7] = [
        ("en", Self::English),
        ("es", Self::Spanish),
        ("hi", Self::Hindi),
        ("vi", Self::Vietnamese),
        ("de", Self::German),
        ("ar", Self::Arabic),
        ("zh", Self::Chinese),
    ];

    fn code(self) -> &'static str {
        Self::NAMED.iter().find(|(_, language)| *language == self).map_or("", |(code, _)| code)
    }
}

/// What is compared of an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Answer {
    /// The whole text, for evaluate's `exact_match`. It keeps texts in NumPy arrays, which lose NULs at the end.
    Whole {
        /// Without ASCII punctuation.
        no_punct: bool,
        /// Without ASCII digits.
        no_numbers: bool,
    },
    /// The whole text, stripped.
    Stripped,
    /// The characters of the stripped text.
    StrippedCharacters,
    /// The words that are left without ASCII punctuation: SQuAD's, if the text was lower-cased.
    Words {
        /// With the articles `a`, `an` and `the`.
        articles: bool,
    },
    /// The words that are left without punctuation and articles of a language, for MLQA, if the text was lower-cased.
    WordsOf(Language),
    /// The words that are left where blanks take the place of ASCII punctuation and some quotation marks, without articles:
    /// TriviaQA's, if the text was lower-cased.
    TriviaWords,
    /// The characters of SQuAD's words with a blank between them.
    WordCharacters,
    /// The last number, as `-?[\d,]+(?:.\d+)?` finds it, without commas.
    FinalNumber,
    /// What follows the last blank, stripped.
    LastPiece(Side),
    /// The members of the set that a sentence such as `The answer is x and y.` gives.
    Members(Side),
    /// The whole number that the text is for Python's `int`, once without commas.
    Integer(Side),
}

impl Answer {
    /// The same of a text on that side.
    pub(crate) fn of(self, side: Side) -> Self {
        match self {
            Self::LastPiece(_) => Self::LastPiece(side),
            Self::Members(_) => Self::Members(side),
            Self::Integer(_) => Self::Integer(side),
            other => other,
        }
    }

    /// Whether it matters on which side a text is.
    pub(crate) fn has_sides(self) -> bool {
        self.of(Side::Hypothesis) != self.of(Side::Reference)
    }

    /// Whether every token is a code point.
    pub(crate) fn is_characters(self) -> bool {
        matches!(self, Self::StrippedCharacters | Self::WordCharacters)
    }
}

impl fmt::Display for Answer {
    /// What a signature calls it, with the version of Unicode if letters or digits matter.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, unicode) = match self {
            Self::Whole { no_punct, no_numbers } => {
                f.write_str("whole")?;
                f.write_str(if *no_punct { "+nopunct" } else { "" })?;
                (if *no_numbers { "+nonumbers" } else { "" }, false)
            }
            Self::Stripped => ("stripped", false),
            Self::StrippedCharacters => ("stripped-characters", false),
            Self::Words { articles: true } => ("squad+articles", false),
            Self::Words { articles: false } => ("squad", true),
            Self::WordsOf(language) => {
                f.write_str("mlqa-")?;
                (language.code(), true)
            }
            Self::TriviaWords => ("triviaqa", true),
            Self::WordCharacters => ("squad-characters", true),
            Self::FinalNumber => ("final-number", true),
            Self::LastPiece(_) => ("last-piece", false),
            Self::Members(_) => ("set", false),
            Self::Integer(_) => ("integer", true),
        };
        f.write_str(name)?;
        if unicode { write!(f, "[{}]", pystr_tables::UNICODE_VERSION) } else { Ok(()) }
    }
}

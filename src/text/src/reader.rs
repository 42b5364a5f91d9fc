//! Reads texts through a pipeline into token keys.

use memchr::memmem::Finder;
use textgauge_kernels::CancelFlag;
use textgauge_kernels::alnum_runs::{self, Edges, Scan};
use textgauge_kernels::buffers;
use textgauge_kernels::held::HeldBytes;
use textgauge_kernels::token_key::Key;

use crate::answer_reader::Tools;
use crate::long::LongTokenTable;
use crate::pipeline::{Answer, Pipeline, Side, Stemmer, Tokenizer};
use crate::sacrebleu::RuleTokenizer;
use crate::stem::PorterStems;
use crate::tokenize::Given;
use crate::treebank::TreebankTokenizer;
use crate::{answer_reader, compounds, pystr, tokenize};

buffers! {
    /// A text as token keys.
    #[derive(Clone, Debug)]
    pub struct Tokens {
        /// One key a token. Keys of long tokens mean something only to the [`Reader`] that made them.
        pub keys: Vec<Key>,
        /// The number of tokens before each end of a sentence that others follow, if sentences were asked for.
        pub breaks: Vec<u32>,
    }
}

impl Tokens {
    /// Empties both lists.
    pub fn clear(&mut self) {
        self.keys.clear();
        self.breaks.clear();
    }
}

/// Makes tokens of texts; owns every buffer that this takes.
pub struct Reader {
    long: LongTokenTable,
    stems: PorterStems,
    edges: Edges,
    rules: RuleTokenizer,
    treebank: TreebankTokenizer,
    kept: Vec<u8>,
    lowered: Vec<u8>,
    joined: Vec<u8>,
    kelvin: Finder<'static>,
    dotted_i: Finder<'static>,
}

impl HeldBytes for Reader {
    /// What is held for texts; the memory of stems and edges is bounded and not counted.
    fn held_bytes(&self) -> usize {
        let Self { long, rules, treebank, kept, lowered, joined, stems: _, edges: _, kelvin: _, dotted_i: _ } = self;
        let tokenizers = rules.held_bytes() + treebank.held_bytes();
        long.held_bytes() + tokenizers + kept.held_bytes() + lowered.held_bytes() + joined.held_bytes()
    }
}

// The only two characters outside ASCII whose lower case holds an ASCII letter or digit.
const KELVIN_SIGN: &str = "\u{212A}";
const DOTTED_I: &str = "\u{130}";

impl Default for Reader {
    fn default() -> Self {
        Self {
            long: LongTokenTable::default(),
            stems: PorterStems::default(),
            edges: Edges::default(),
            rules: RuleTokenizer::default(),
            treebank: TreebankTokenizer::default(),
            kept: Vec::new(),
            lowered: Vec::new(),
            joined: Vec::new(),
            kelvin: Finder::new(KELVIN_SIGN),
            dotted_i: Finder::new(DOTTED_I),
        }
    }
}

impl Reader {
    /// Forgets the long tokens seen so far: keys made before and after don't compare.
    pub fn forget(&mut self) {
        self.long.clear();
    }

    /// The long tokens seen since [`Reader::forget`].
    pub fn long_tokens(&mut self) -> &mut LongTokenTable {
        &mut self.long
    }

    /// The bytes of the token under `key`, which this reader made.
    pub fn token(&self, key: Key) -> Vec<u8> {
        let mut token = Vec::new();
        self.append_token(key, &mut token);
        token
    }

    /// As [`Reader::token`], appended to `out`.
    pub fn append_token(&self, key: Key, out: &mut Vec<u8>) {
        if let Some(len) = key.inline_len() {
            out.extend_from_slice(&key.bytes()[..len]);
        } else if let Some(number) = key.number() {
            out.extend_from_slice(self.long.token(number));
        } else if let Some(integer) = key.integer() {
            out.extend_from_slice(integer.to_string().as_bytes());
        } else if let Some(code_point) = key.code_point() {
            pystr::push(out, code_point);
        }
    }

    /// Whether a hypothesis and a reference have the same tokens, if that can be told without making any.
    #[inline]
    pub fn same(pipeline: Pipeline, hypothesis: &[u8], reference: &[u8]) -> Option<bool> {
        match pipeline.tokenizer {
            Tokenizer::Answer(Answer::Whole { no_punct, no_numbers }) => {
                let removed = answer_reader::Removed { no_punct, no_numbers };
                answer_reader::same_plain_texts(removed, pipeline.lowercase, hypothesis, reference)
            }
            Tokenizer::Answer(answer) if pipeline.lowercase => answer_reader::same_words(answer, hypothesis, reference),
            _ => None,
        }
    }

    /// How many tokens a text has, if that can be told without making any.
    #[inline]
    pub fn length(pipeline: Pipeline, text: &[u8]) -> Option<u32> {
        if pipeline.tokenizer == Tokenizer::Whitespace { tokenize::count_ascii_words(text) } else { None }
    }

    /// Whether a text has no tokens, if that can be told without making any.
    #[inline]
    pub fn is_blank(pipeline: Pipeline, text: &[u8]) -> Option<bool> {
        match text.first() {
            _ if pipeline.tokenizer != Tokenizer::Whitespace => None,
            None => Some(true),
            Some(first) => first.is_ascii_graphic().then_some(false),
        }
    }

    /// Sets `tokens` to those of `text`; with `sentences`, with where its sentences end.
    pub fn read(&mut self, pipeline: Pipeline, text: &[u8], sentences: bool, tokens: &mut Tokens) {
        self.tokenize(pipeline, text, sentences, tokens);
        self.stem(pipeline, tokens);
    }

    /// The first half of [`Reader::read`]: all but the stemming, which is being made ready. Between the
    /// halves is the time to do something else.
    pub fn tokenize(&mut self, pipeline: Pipeline, text: &[u8], sentences: bool, tokens: &mut Tokens) {
        tokens.clear();
        match pipeline.tokenizer {
            Tokenizer::Rouge => self.read_rouge(text, sentences, tokens),
            Tokenizer::Pretokenized => {
                let Tokens { keys, breaks } = tokens;
                let Self { long, lowered, .. } = self;
                let lower = pipeline.lowercase && pipeline.source == 0;
                let mut key_of_lower = |token: &[u8], long: &mut LongTokenTable| {
                    lowered.clear();
                    pystr::lower(token, lowered);
                    long.key(lowered)
                };
                tokenize::given(text, |given| match given {
                    Given::Key(key) if lower => {
                        keys.push(key_of_lower(&key.bytes()[..key.inline_len().unwrap_or_default()], long));
                    }
                    Given::Key(key) => keys.push(key),
                    Given::Long(token) if lower => keys.push(key_of_lower(token, long)),
                    Given::Long(token) => keys.push(long.key(token)),
                    Given::SentenceEnd if sentences => breaks.push(keys.len() as u32),
                    Given::SentenceEnd => {}
                });
            }
            Tokenizer::Answer(answer)
                if pipeline.lowercase && !sentences && answer_reader::simple_words(answer, text, &mut tokens.keys) => {}
            _ => {
                let mut lowered = std::mem::take(&mut self.lowered);
                let text = if pipeline.lowercase {
                    lowered.clear();
                    pystr::lower(text, &mut lowered);
                    &lowered
                } else {
                    text
                };
                self.read_sentences(pipeline.tokenizer, text, sentences, tokens);
                self.lowered = lowered;
            }
        }
        if pipeline.stemmer == Stemmer::Porter {
            self.stems.make_ready(&tokens.keys);
        }
    }

    /// As [`Reader::tokenize`], of a reference.
    pub fn tokenize_reference(&mut self, pipeline: Pipeline, text: &[u8], sentences: bool, tokens: &mut Tokens) {
        let tokenizer = match pipeline.tokenizer {
            Tokenizer::Answer(answer) => Tokenizer::Answer(answer.of(Side::Reference)),
            other => other,
        };
        self.tokenize(Pipeline { tokenizer, ..pipeline }, text, sentences, tokens);
        self.cut_again(pipeline, tokens);
    }

    /// What is left to do with the tokens of a reference after [`Reader::tokenize`], where a tokenizer
    /// [cuts references again](Tokenizer::cuts_references_again): sacrebleu's TER tokenises references, but not
    /// hypotheses, a second time. Of `dogs',.5 it's.` the first time makes `dogs' , .5 it's .`, the second
    /// `dogs' , . 5 it 's .`.
    pub fn cut_again(&mut self, pipeline: Pipeline, tokens: &mut Tokens) {
        if !pipeline.tokenizer.cuts_references_again() {
            return;
        }
        let mut joined = std::mem::take(&mut self.joined);
        joined.clear();
        for &key in &tokens.keys {
            joined.extend_from_slice(&self.token(key));
            joined.push(b' ');
        }
        // Lower case is so already.
        self.tokenize(Pipeline { lowercase: false, ..pipeline }, &joined, false, tokens);
        self.joined = joined;
    }

    /// Sets `out` to a hypothesis with the word boundaries of its reference, where [`Pipeline::compounds`] asks for
    /// that: some tokens of one text that make one of the other are no edits. Means nothing if `cancel` was set meanwhile.
    pub fn follow_compounds(&self, hypothesis: &Tokens, reference: &Tokens, out: &mut Tokens, cancel: &CancelFlag) {
        out.breaks.clear();
        compounds::follow(&|key| self.token(key), &hypothesis.keys, &reference.keys, &mut out.keys, cancel);
    }

    /// The second half of [`Reader::read`].
    pub fn stem(&mut self, pipeline: Pipeline, tokens: &mut Tokens) {
        if pipeline.stemmer == Stemmer::Porter {
            self.stems.stem_all(&mut tokens.keys, &mut self.long);
        }
    }

    fn read_rouge(&mut self, text: &[u8], sentences: bool, tokens: &mut Tokens) {
        let Self { long, edges, lowered, kelvin, dotted_i, .. } = self;
        let mut cut = |text: &[u8], tokens: &mut Tokens| {
            let breaks = sentences.then_some(&mut tokens.breaks);
            let long = &mut |run: &[u8]| long.key_of_ascii_lower(run);
            alnum_runs::alphanumeric_keys(Scan { text, keys: &mut tokens.keys, breaks, edges, long })
        };
        let ascii = cut(text, tokens);
        if !ascii && (kelvin.find(text).is_some() || dotted_i.find(text).is_some()) {
            lowered.clear();
            pystr::lower(text, lowered);
            tokens.clear();
            cut(lowered, tokens);
        }
    }

    fn read_sentences(&mut self, tokenizer: Tokenizer, text: &[u8], sentences: bool, tokens: &mut Tokens) {
        let Tokens { keys, breaks } = tokens;
        let Self { long, rules, treebank, kept, .. } = self;
        let mut read = |text: &[u8], keys: &mut Vec<Key>| match tokenizer {
            Tokenizer::Characters => tokenize::characters(text, false, keys),
            Tokenizer::AllCharacters => tokenize::characters(text, true, keys),
            Tokenizer::JiwerCharacters => {
                tokenize::characters(pystr::trim_start(pystr::trim_end(text)), true, keys);
            }
            // Then they are the words between white space, which are cut faster.
            Tokenizer::JiwerWords if tokenize::only_blanks(text) => {
                rules.tokenize(Tokenizer::Whitespace, text, long, keys);
            }
            Tokenizer::JiwerWords => tokenize::jiwer_words(text, |token| keys.push(long.key(token))),
            Tokenizer::Words => tokenize::words(text, |token| keys.push(long.key(token))),
            Tokenizer::Graphemes => tokenize::graphemes(text, |token| keys.push(long.key(token))),
            Tokenizer::Answer(answer) => answer_reader::read(answer, text, Tools { kept, rules, long }, keys),
            Tokenizer::ChrfWords => tokenize::chrf_words(text, |token| keys.push(long.key(token))),
            Tokenizer::Pltrdy => {
                let before = keys.len();
                rules.tokenize(Tokenizer::Whitespace, text, long, keys);
                if keys.len() == before && !text.is_empty() {
                    keys.push(long.key(b""));
                }
            }
            Tokenizer::Nltk | Tokenizer::Treebank => {
                treebank.tokenize(tokenizer, text, |token| keys.push(long.key(token)));
            }
            Tokenizer::Whitespace | Tokenizer::V13a | Tokenizer::Intl | Tokenizer::Zh | Tokenizer::Tercom { .. } => {
                rules.tokenize(tokenizer, text, long, keys);
            }
            Tokenizer::Rouge | Tokenizer::Pretokenized => unreachable!("read by their own functions"),
        };
        if !sentences && tokenizer != Tokenizer::Pltrdy {
            return read(text, keys);
        }
        let separator = tokenizer.sentence_separator();
        for (index, sentence) in text.split(|&byte| byte == separator).enumerate() {
            if index > 0 && sentences {
                breaks.push(keys.len() as u32);
            }
            read(sentence, keys);
        }
    }
}

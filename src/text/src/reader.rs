//! Reads texts through a pipeline into token keys.

use memchr::memmem::Finder;
use textgauge_kernels::key::Key;
use textgauge_kernels::runs::{self, Edges, Scan};

use crate::long::LongTokens;
use crate::pipeline::{Pipeline, Stemmer, Tokenizer};
use crate::sacrebleu::Cutter;
use crate::stem::PorterStems;
use crate::{pystr, tokenize};

/// A text as token keys.
#[derive(Default, Clone, Debug)]
pub struct Tokens {
    /// One key a token. Keys of long tokens mean something only to the [`Reader`] that made them.
    pub keys: Vec<Key>,
    /// The number of tokens before each line feed, if sentences were asked for.
    pub breaks: Vec<u32>,
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
    long: LongTokens,
    stems: PorterStems,
    edges: Edges,
    cutter: Cutter,
    lowered: Vec<u8>,
    kelvin: Finder<'static>,
    dotted_i: Finder<'static>,
}

// The only two characters outside ASCII whose lower case holds an ASCII letter or digit.
const KELVIN_SIGN: &str = "\u{212A}";
const DOTTED_I: &str = "\u{130}";

impl Default for Reader {
    fn default() -> Self {
        Self {
            long: LongTokens::default(),
            stems: PorterStems::default(),
            edges: Edges::default(),
            cutter: Cutter::default(),
            lowered: Vec::new(),
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

    /// Memory held for texts, in bytes. (The memory of stems is bounded and not counted.)
    pub fn capacity_bytes(&self) -> usize {
        self.long.capacity_bytes() + self.cutter.capacity_bytes() + self.lowered.capacity()
    }

    /// The long tokens seen since [`Reader::forget`].
    pub fn long_tokens(&mut self) -> &mut LongTokens {
        &mut self.long
    }

    /// The bytes of the token under `key`, which this reader made.
    pub fn token(&self, key: Key) -> Vec<u8> {
        if let Some(len) = key.inline_len() {
            return key.bytes()[..len].to_vec();
        }
        if let Some(number) = key.number() {
            return self.long.token(number).to_vec();
        }
        let mut token = Vec::new();
        key.code_point().into_iter().for_each(|code_point| pystr::push(&mut token, code_point));
        token
    }

    /// Sets `tokens` to those of `text`; with `sentences`, with where its lines end.
    pub fn read(&mut self, pipeline: Pipeline, text: &[u8], sentences: bool, tokens: &mut Tokens) {
        self.cut(pipeline, text, sentences, tokens);
        self.stem(pipeline, tokens);
    }

    /// The first half of [`Reader::read`]: all but the stemming, which is being made ready. Between the
    /// halves is the time to do something else.
    pub fn cut(&mut self, pipeline: Pipeline, text: &[u8], sentences: bool, tokens: &mut Tokens) {
        tokens.clear();
        match pipeline.tokenizer {
            Tokenizer::Rouge => self.read_rouge(text, sentences, tokens),
            Tokenizer::Given => {
                let Tokens { keys, breaks } = tokens;
                tokenize::given(text, |token| match token {
                    Some(token) => keys.push(self.long.key(token)),
                    None if sentences => breaks.push(keys.len() as u32),
                    None => {}
                });
            }
            _ => {
                let mut lowered = std::mem::take(&mut self.lowered);
                let text = if pipeline.lowercase {
                    lowered.clear();
                    pystr::lower(text, &mut lowered);
                    &lowered
                } else {
                    text
                };
                self.read_lines(pipeline.tokenizer, text, sentences, tokens);
                self.lowered = lowered;
            }
        }
        if pipeline.stemmer == Stemmer::Porter {
            self.stems.make_ready(&tokens.keys);
        }
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
            runs::alphanumeric_keys(Scan { text, keys: &mut tokens.keys, breaks, edges, long })
        };
        let ascii = cut(text, tokens);
        if !ascii && (kelvin.find(text).is_some() || dotted_i.find(text).is_some()) {
            lowered.clear();
            pystr::lower(text, lowered);
            tokens.clear();
            cut(lowered, tokens);
        }
    }

    fn read_lines(&mut self, tokenizer: Tokenizer, text: &[u8], sentences: bool, tokens: &mut Tokens) {
        let Tokens { keys, breaks } = tokens;
        let Self { long, cutter, .. } = self;
        let mut line = |line: &[u8], keys: &mut Vec<Key>| {
            match tokenizer {
                Tokenizer::Characters => return keys.extend(tokenize::characters(line).map(Key::of_code_point)),
                Tokenizer::AllCharacters => {
                    return keys.extend(pystr::code_points(line).map(|(_, code_point)| Key::of_code_point(code_point)));
                }
                Tokenizer::JiwerCharacters => {
                    let line = pystr::trim_start(pystr::trim_end(line));
                    return keys.extend(pystr::code_points(line).map(|(_, code_point)| Key::of_code_point(code_point)));
                }
                // Then they are the words between white space, which are cut faster.
                Tokenizer::JiwerWords if tokenize::only_blanks(line) => {
                    return cutter.cut(Tokenizer::Whitespace, line, long, keys);
                }
                _ => {}
            }
            let push = |token: &[u8]| keys.push(long.key(token));
            match tokenizer {
                Tokenizer::Words => tokenize::words(line, push),
                Tokenizer::Graphemes => tokenize::graphemes(line, push),
                Tokenizer::ChrfWords => tokenize::chrf_words(line, push),
                Tokenizer::JiwerWords => tokenize::jiwer_words(line, push),
                Tokenizer::Whitespace
                | Tokenizer::V13a
                | Tokenizer::Intl
                | Tokenizer::Zh
                | Tokenizer::Tercom { .. } => {
                    cutter.cut(tokenizer, line, long, keys);
                }
                Tokenizer::Characters
                | Tokenizer::AllCharacters
                | Tokenizer::JiwerCharacters
                | Tokenizer::Rouge
                | Tokenizer::Given => {
                    unreachable!("read by code of their own")
                }
            }
        };
        if !sentences {
            return line(text, keys);
        }
        for (index, sentence) in text.split(|&byte| byte == b'\n').enumerate() {
            if index > 0 {
                breaks.push(keys.len() as u32);
            }
            line(sentence, keys);
        }
    }
}

//! From text to token keys: transform, tokenise, stem.
//!
//! A text is a byte slice in *generalised UTF-8*: UTF-8 in which a lone surrogate, which Python
//! strings may hold, stands as its three bytes. Every rule here is total over such bytes.
//!
//! [`transforms`] make texts of texts. A [`Pipeline`] says how text becomes tokens; a [`Reader`] does it and owns every
//! buffer.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod answer_reader;
mod compounds;
mod long;
mod pipeline;
pub mod porter;
pub mod pystr;
mod pystr_tables;
mod reader;
mod regex_tables;
mod sacrebleu;
mod stem;
mod tokenize;
mod traced;
pub mod transforms;
mod treebank;

pub use long::LongTokenTable;
pub use pipeline::{Answer, Language, Pipeline, Side, Stemmer, Tokenizer};
pub use reader::{Reader, Tokens};
pub use tokenize::GivenTokens;
pub use traced::Traced;

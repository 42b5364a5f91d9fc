//! The answer that a person would read in a generated text.
//!
//! [`read`] takes the evidence in one order. Reasoning and the tokens of chat templates are not seen. What is boxed or
//! tagged as the answer counts first; then the last statement that commits itself; then what stands alone, or begins
//! the text; then what is named with doubt, or the only thing that is named. Phrases of languages are data: see
//! `languages.rs`.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod candidates;
mod characters;
mod endings;
mod finals;
mod formulas;
mod languages;
mod loose;
mod marked;
mod numbers;
mod numerals;
mod pairs;
mod phrases;
mod plain;
mod read;
mod rows;
mod rule;
mod sequences;
mod statements;
mod values;
mod visible;

pub use read::{Asked, Kind, Reading, read};
pub use rule::Rule;

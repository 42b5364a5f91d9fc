//! Records in files.
//!
//! [`JsonLines`] finds the wanted values in a block of JSON lines, in one pass that makes nothing of the others.
//! [`JsonArrayCutter`] makes such blocks of one big JSON array. [`encode_json_lines`] and [`encode_csv`] write rows as
//! Python's `json` and `csv` would.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod json_array;
mod json_lines;
mod json_string;
mod python_float;
mod python_json;
mod rows;
mod scan;
mod texts;
mod wanted;

pub use json_array::{ArrayError, JsonArrayCutter};
pub use json_lines::{JsonLines, ValueKind, count_json_lines};
pub use python_float::push_float;
pub use rows::{Kept, NotJson, encode_csv, encode_json_lines};
pub use texts::{Lists, Text, Texts};
pub use wanted::{Step, Wanted};

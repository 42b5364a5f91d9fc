//! Values that are texts, or lists of texts: where each text stands. Only texts with escapes are copied.

use std::ops::Range;

use crate::json_string::push_unescaped;
use crate::scan::Scanner;

/// Texts one after the other; if there are lists, those of all lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    /// The bytes of the texts that stand nowhere in the block, in UTF-8.
    pub bytes: Vec<u8>,
    /// Where each text stands; `None` for one that is missing.
    pub places: Vec<Option<Text>>,
    /// The lists, if there are any. Then a row that is a text is a list of it.
    pub lists: Option<Lists>,
}

/// Where a text stands, whose bytes are UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// Whether it is in the block; else it is in `Texts::bytes`.
    pub in_block: bool,
    /// The first byte.
    pub start: u32,
    /// How many bytes it has.
    pub len: u32,
}

/// Lists of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lists {
    /// 0, and how many texts there are up to the end of each list.
    pub offsets: Vec<i64>,
    /// Whether each list is there.
    pub present: Vec<bool>,
}

/// A value of sound JSON.
#[derive(Clone, Copy)]
pub(crate) struct Value<'a> {
    pub(crate) json: &'a [u8],
    /// Where it begins in the block; `None` if it stands elsewhere.
    pub(crate) begin: Option<usize>,
    /// Whether it is a string without escapes: then nothing of it need be looked at.
    pub(crate) plain: bool,
}

impl Texts {
    /// The texts in `values`; `None` if a value is no text and no list of texts, or has a lone surrogate, or stands
    /// beyond the first 4 GiB. `lists` says whether any of them is a list.
    pub(crate) fn read<'a>(values: impl ExactSizeIterator<Item = Option<Value<'a>>>, lists: bool) -> Option<Self> {
        let mut texts = Self { bytes: Vec::new(), places: Vec::with_capacity(values.len()), lists: None };
        if lists {
            texts.lists = Some(texts.read_lists(values)?);
            return Some(texts);
        }
        for value in values {
            match value {
                Some(value) => texts.push(value)?,
                None => texts.places.push(None),
            }
        }
        Some(texts)
    }

    fn read_lists<'a>(&mut self, values: impl ExactSizeIterator<Item = Option<Value<'a>>>) -> Option<Lists> {
        let mut lists = Lists { offsets: Vec::with_capacity(values.len() + 1), present: Vec::new() };
        lists.offsets.push(0);
        for value in values {
            match value {
                Some(list) if list.json[0] == b'[' => self.push_items(list)?,
                Some(string) => self.push(string)?,
                None => {}
            }
            lists.present.push(value.is_some());
            lists.offsets.push(self.places.len() as i64);
        }
        Some(lists)
    }

    fn push_items(&mut self, list: Value<'_>) -> Option<()> {
        let mut texts = Some(());
        let mut scanner = Scanner::new(list.json);
        let walked = scanner.list(0, |scanner, _| {
            let first = scanner.peek();
            let start = scanner.at();
            let mut plain = false;
            match first {
                b'"' => plain = !scanner.string()?,
                // Its depth was checked when the record was read.
                _ => scanner.value(1)?,
            }
            if first == b'n' {
                self.places.push(None);
            } else {
                let json = &list.json[start..scanner.at()];
                let item = Value { json, begin: list.begin.map(|begin| begin + start), plain };
                texts = texts.and_then(|()| self.push(item));
            }
            Ok(())
        });
        walked.ok().and(texts)
    }

    fn push(&mut self, value: Value<'_>) -> Option<()> {
        let place = match value.begin {
            Some(begin) if value.plain => place(true, begin + 1..begin + value.json.len() - 1),
            _ => {
                let string = value.json.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
                let start = self.bytes.len();
                if !push_unescaped(string, &mut self.bytes) {
                    return None;
                }
                place(false, start..self.bytes.len())
            }
        };
        self.places.push(Some(place?));
        Some(())
    }
}

fn place(in_block: bool, bytes: Range<usize>) -> Option<Text> {
    // Ends beyond 4 GiB are as bad as starts.
    u32::try_from(bytes.end).ok()?;
    Some(Text { in_block, start: bytes.start as u32, len: bytes.len() as u32 })
}

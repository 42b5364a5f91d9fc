//! Values that are texts, or lists of texts, laid out as Arrow has them.

use crate::json_string::push_unescaped;
use crate::scan::Scanner;

/// Texts one after the other; if there are lists, those of all lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    /// The bytes of all texts, in UTF-8.
    pub bytes: Vec<u8>,
    /// 0, and where each text ends.
    pub offsets: Vec<i64>,
    /// Whether each text is there.
    pub present: Vec<bool>,
    /// The lists, if there are any. Then a row that is a text is a list of it.
    pub lists: Option<Lists>,
}

/// Lists of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lists {
    /// 0, and how many texts there are up to the end of each list.
    pub offsets: Vec<i64>,
    /// Whether each list is there.
    pub present: Vec<bool>,
}

impl Texts {
    /// The texts in sound JSON; `None` if a value is no text and no list of texts, or has a lone surrogate.
    /// `lists` says whether any of the values is a list.
    pub(crate) fn read<'a>(
        values: impl ExactSizeIterator<Item = Option<&'a [u8]>> + Clone,
        lists: bool,
    ) -> Option<Self> {
        let bytes = Vec::with_capacity(values.clone().flatten().map(<[u8]>::len).sum());
        let mut texts = Self { bytes, offsets: vec![0], present: Vec::new(), lists: None };
        texts.offsets.reserve(values.len());
        texts.present.reserve(values.len());
        if lists {
            texts.lists = Some(texts.read_lists(values)?);
            return Some(texts);
        }
        for value in values {
            match value {
                Some(string) => texts.push(string)?,
                None => texts.push_missing(),
            }
        }
        Some(texts)
    }

    fn read_lists<'a>(&mut self, values: impl Iterator<Item = Option<&'a [u8]>>) -> Option<Lists> {
        let mut lists = Lists { offsets: vec![0], present: Vec::new() };
        for value in values {
            match value {
                Some(list) if list[0] == b'[' => self.push_items(list)?,
                Some(string) => self.push(string)?,
                None => {}
            }
            lists.present.push(value.is_some());
            lists.offsets.push(self.present.len() as i64);
        }
        Some(lists)
    }

    fn push_items(&mut self, list: &[u8]) -> Option<()> {
        let mut texts = Some(());
        let mut scanner = Scanner::new(list);
        let walked = scanner.list(0, |scanner, _| {
            let null = scanner.peek() == b'n';
            let start = scanner.at();
            // Its depth was checked when the record was read.
            scanner.value(1)?;
            if null {
                self.push_missing();
            } else {
                texts = texts.and_then(|()| self.push(&list[start..scanner.at()]));
            }
            Ok(())
        });
        walked.ok().and(texts)
    }

    fn push(&mut self, value: &[u8]) -> Option<()> {
        let string = value.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        let sound = push_unescaped(string, &mut self.bytes);
        self.offsets.push(self.bytes.len() as i64);
        self.present.push(true);
        sound.then_some(())
    }

    fn push_missing(&mut self) {
        self.offsets.push(self.bytes.len() as i64);
        self.present.push(false);
    }
}

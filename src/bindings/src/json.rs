//! Writes JSON.

use serde::Serialize;

/// JSON that is being written. What is added is parted from what stands before it.
///
/// Strings keep lone surrogates, three bytes each, as Python's `json.loads` reads them.
#[derive(Default)]
pub(crate) struct Json(Vec<u8>);

impl Json {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Adds a number, or a list of numbers; null for one that is none.
    pub(crate) fn value(&mut self, value: &(impl Serialize + ?Sized)) {
        self.part();
        // Writing to a vector does not fail, nor do numbers.
        let written = serde_json::to_writer(&mut self.0, value);
        debug_assert!(written.is_ok(), "a value that JSON does not have");
    }

    pub(crate) fn string(&mut self, text: &[u8]) {
        self.part();
        self.0.push(b'"');
        let mut rest = text;
        while let Some(at) = rest.iter().position(|byte| matches!(byte, 0..b' ' | b'"' | b'\\')) {
            self.0.extend_from_slice(&rest[..at]);
            match rest[at] {
                control @ 0..b' ' => self.0.extend_from_slice(format!("\\u{control:04x}").as_bytes()),
                sign => self.0.extend([b'\\', sign]),
            }
            rest = &rest[at + 1..];
        }
        self.0.extend_from_slice(rest);
        self.0.push(b'"');
    }

    pub(crate) fn list(&mut self, add_items: impl FnOnce(&mut Self)) {
        self.part();
        self.0.push(b'[');
        add_items(self);
        self.0.push(b']');
    }

    /// Adds an object; each member is a key with its value.
    pub(crate) fn object(&mut self, add_members: impl FnOnce(&mut Self)) {
        self.part();
        self.0.push(b'{');
        add_members(self);
        self.0.push(b'}');
    }

    pub(crate) fn key(&mut self, name: &str) -> &mut Self {
        self.string(name.as_bytes());
        self.0.push(b':');
        self
    }

    fn part(&mut self) {
        if !matches!(self.0.last(), None | Some(b'[' | b'{' | b':')) {
            self.0.push(b',');
        }
    }
}

//! One big JSON array, cut into its elements, so that they can be read as JSON lines.
//!
//! Only strings, brackets and commas are looked at: whether an element is sound is found out when it is read. What is
//! held is one element, however long the array.

use std::fmt;

/// Cuts an array, given in blocks of any size.
#[derive(Debug, Default)]
pub struct JsonArrayCutter {
    state: State,
    /// How deep inside the element the next byte is.
    depth: usize,
    /// The element that is not whole yet, on one line.
    element: Vec<u8>,
    /// Whether the element is more than white space.
    begun: bool,
    /// Whether an element must follow, as there was a comma.
    comma: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Before,
    Between,
    String,
    Escape,
    After,
}

/// Why this is no array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrayError {
    /// It begins with something else.
    NotAnArray,
    /// There is a comma where an element should be, or none after a comma.
    NoElement,
    /// Something follows the array.
    Garbage,
    /// The array has no end.
    Truncated,
}

impl fmt::Display for ArrayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAnArray => "not a JSON array: it does not begin with `[`",
            Self::NoElement => "not a JSON array: a value is missing at a comma",
            Self::Garbage => "something follows the JSON array",
            Self::Truncated => "the JSON array is cut off, or a bracket is missing",
        })
    }
}

impl std::error::Error for ArrayError {}

impl JsonArrayCutter {
    /// The elements that are whole with this block, a line each.
    ///
    /// # Errors
    /// If this is no array.
    pub fn feed(&mut self, block: &[u8]) -> Result<Vec<u8>, ArrayError> {
        let mut lines = Vec::with_capacity(block.len());
        let mut rest = block;
        while !rest.is_empty() {
            rest = match self.state {
                State::Between => self.between(rest, &mut lines)?,
                State::String => self.string(rest),
                State::Escape => {
                    self.push(rest[0]);
                    self.state = State::String;
                    &rest[1..]
                }
                State::Before | State::After => self.outside(rest)?,
            };
        }
        Ok(lines)
    }

    /// Makes sure that the array has ended.
    ///
    /// # Errors
    /// If it has not.
    pub fn finish(&self) -> Result<(), ArrayError> {
        match self.state {
            State::After => Ok(()),
            State::Before => Err(ArrayError::NotAnArray),
            _ => Err(ArrayError::Truncated),
        }
    }

    /// Reads on outside of the array.
    fn outside<'b>(&mut self, block: &'b [u8]) -> Result<&'b [u8], ArrayError> {
        match (block[0], self.state) {
            (b' ' | b'\t' | b'\n' | b'\r', _) => {}
            (b'[', State::Before) => self.state = State::Between,
            (_, State::Before) => return Err(ArrayError::NotAnArray),
            _ => return Err(ArrayError::Garbage),
        }
        Ok(&block[1..])
    }

    /// Reads on between strings.
    fn between<'b>(&mut self, block: &'b [u8], lines: &mut Vec<u8>) -> Result<&'b [u8], ArrayError> {
        for (at, &byte) in block.iter().enumerate() {
            match byte {
                b',' if self.depth == 0 => {
                    self.end_element(lines)?;
                    self.comma = true;
                    continue;
                }
                b']' if self.depth == 0 => {
                    if self.begun || self.comma {
                        self.end_element(lines)?;
                    }
                    self.state = State::After;
                    return Ok(&block[at + 1..]);
                }
                b'"' => {
                    self.state = State::String;
                    self.begun = true;
                    self.push(byte);
                    return Ok(&block[at + 1..]);
                }
                b'{' | b'[' => self.depth += 1,
                // One too many is found when the element is read.
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                b' ' | b'\t' | b'\n' | b'\r' => {
                    if self.begun {
                        self.push(b' ');
                    }
                    continue;
                }
                _ => {}
            }
            self.begun = true;
            self.push(byte);
        }
        Ok(&[])
    }

    /// Reads on in a string.
    fn string<'b>(&mut self, block: &'b [u8]) -> &'b [u8] {
        let at = memchr::memchr3(b'"', b'\\', b'\n', block).unwrap_or(block.len());
        self.element.extend_from_slice(&block[..at]);
        let Some(&byte) = block.get(at) else { return &[] };
        self.push(byte);
        match byte {
            b'"' => self.state = State::Between,
            b'\\' => self.state = State::Escape,
            _ => {}
        }
        &block[at + 1..]
    }

    /// Adds a byte to the element.
    fn push(&mut self, byte: u8) {
        // A line feed in a string is an error, as any control character is. This one does not end the line.
        self.element.push(if byte == b'\n' { b'\r' } else { byte });
    }

    fn end_element(&mut self, lines: &mut Vec<u8>) -> Result<(), ArrayError> {
        if !self.begun {
            return Err(ArrayError::NoElement);
        }
        self.element.push(b'\n');
        lines.append(&mut self.element);
        self.begun = false;
        Ok(())
    }
}

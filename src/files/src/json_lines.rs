//! JSON lines: where the wanted values of each record stand.
//!
//! One pass over the bytes. What is not wanted is walked over and checked; of what is wanted only the place is noted.

use std::collections::HashMap;
use std::ops::Range;

use crate::json_string::push_unescaped;
use crate::scan::{Fault, Scanner, StringSpan};
use crate::texts::{Texts, Value};
use crate::wanted::{Node, Wanted};

/// The records in a block of JSON lines, and where their wanted values stand.
#[derive(Debug)]
pub struct JsonLines<B> {
    block: B,
    records: Vec<Record>,
    columns: Vec<Column>,
    /// JSON that stands nowhere in the block: lists of the fields of a list's items.
    gathered: Vec<u8>,
    problems: Vec<(usize, String)>,
}

/// Where a value stands: in the block, or, past its end, in what was gathered. Empty if the value is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    start: usize,
    end: usize,
    kind: ValueKind,
    /// Whether it is a string with escapes.
    escaped: bool,
}

const MISSING: Place = Place { start: 0, end: 0, kind: ValueKind::Missing, escaped: false };

impl Place {
    fn is_missing(self) -> bool {
        self.start == self.end
    }

    /// The value; `None` if it is missing.
    fn json<'a>(self, block: &'a [u8], gathered: &'a [u8]) -> Option<&'a [u8]> {
        match self.start.checked_sub(block.len()) {
            _ if self.is_missing() => None,
            None => Some(&block[self.start..self.end]),
            Some(start) => Some(&gathered[start..self.end - block.len()]),
        }
    }
}

/// The values of a column.
#[derive(Clone, Debug, Default)]
struct Column {
    /// Where they stand, one a record.
    places: Vec<Place>,
    /// Of which kinds they are.
    kinds: Kinds,
}

/// Some kinds of values, a bit for each.
#[derive(Clone, Copy, Debug, Default)]
struct Kinds(u8);

impl Kinds {
    fn add(&mut self, kind: ValueKind) {
        self.0 |= 1 << kind as u8;
    }

    fn holds(self, kind: ValueKind) -> bool {
        self.0 & 1 << kind as u8 != 0
    }
}

#[derive(Debug)]
struct Record {
    line: usize,
    span: Range<usize>,
}

impl<B: AsRef<[u8]>> JsonLines<B> {
    /// Finds the wanted values in a block of whole lines. They end with `\n`, the last one with or without.
    ///
    /// A line that is no JSON object is a record too, all of whose values are missing. A blank line is none.
    pub fn decode(block: B, wanted: &Wanted) -> Self {
        let mut decoded = Self {
            block,
            records: Vec::new(),
            columns: vec![Column::default(); wanted.columns.len()],
            gathered: Vec::new(),
            problems: Vec::new(),
        };
        let Self { block, records, columns, problems, .. } = &mut decoded;
        let block = B::as_ref(block);
        let mut walk = Walk {
            block,
            sound: simdutf8::basic::from_utf8(block).is_ok(),
            places: vec![MISSING; wanted.places],
            gathered: Vec::new(),
        };
        for (line, span) in lines(block).enumerate() {
            if is_blank(&block[span.clone()]) {
                continue;
            }
            if let Err(problem) = walk.record(&span, &wanted.root) {
                problems.push((records.len(), problem));
            }
            for (column, &(path, name)) in columns.iter_mut().zip(&wanted.columns) {
                let place = walk.found(path, name);
                column.places.push(place);
                column.kinds.add(place.kind);
            }
            records.push(Record { line, span });
        }
        decoded.gathered = walk.gathered;
        decoded
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// How many columns were wanted.
    pub fn columns(&self) -> usize {
        self.columns.len()
    }

    /// The line that a record stands in, counted from 0 in the block.
    pub fn line(&self, row: usize) -> usize {
        self.records[row].line
    }

    /// The line of a record, without its end.
    pub fn record(&self, row: usize) -> &[u8] {
        &self.block.as_ref()[self.records[row].span.clone()]
    }

    /// The records that cannot be read, each with what is wrong with it.
    pub fn problems(&self) -> &[(usize, String)] {
        &self.problems
    }

    /// The values of a column as they stand there, of some records; `None` for one that is missing or null.
    pub fn raw(&self, column: usize, rows: Range<usize>) -> impl ExactSizeIterator<Item = Option<&[u8]>> {
        let (block, gathered) = (self.block.as_ref(), &self.gathered);
        self.columns[column].places[rows].iter().map(move |place| place.json(block, gathered))
    }

    /// The block.
    pub fn block(&self) -> &B {
        &self.block
    }

    /// The values of a column as texts, or lists of texts; `None` if one is something else.
    pub fn texts(&self, column: usize) -> Option<Texts> {
        let (column, block) = (&self.columns[column], self.block.as_ref());
        let values = column.places.iter().map(|place| {
            let begin = Some(place.start).filter(|&start| start < block.len());
            let plain = place.kind == ValueKind::Text && !place.escaped;
            place.json(block, &self.gathered).map(|json| Value { json, begin, plain })
        });
        Texts::read(values, column.kinds.holds(ValueKind::List))
    }

    /// Of which kinds the values of a column are.
    pub fn kinds(&self, column: usize) -> Vec<ValueKind> {
        ValueKind::ALL.into_iter().filter(|&kind| self.columns[column].kinds.holds(kind)).collect()
    }

    /// The distinct values of a column as they stand there, in order of appearance, and which of them each record has.
    pub fn groups(&self, column: usize) -> (Vec<Option<&[u8]>>, Vec<u32>) {
        let mut numbers = HashMap::with_hasher(foldhash::fast::RandomState::default());
        let mut distinct = Vec::new();
        let codes = self.raw(column, 0..self.len()).map(|value| {
            *numbers.entry(value).or_insert_with(|| {
                distinct.push(value);
                (distinct.len() - 1) as u32
            })
        });
        let codes = codes.collect();
        (distinct, codes)
    }
}

/// A kind of value that JSON has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Missing, or null.
    Missing,
    /// A string.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Truth,
    /// An array.
    List,
    /// An object.
    Object,
}

impl ValueKind {
    const ALL: [Self; 6] = [Self::Missing, Self::Text, Self::Number, Self::Truth, Self::List, Self::Object];

    /// The kind of a sound value that begins with this byte. Null is missing.
    fn of(first: u8) -> Self {
        match first {
            b'n' => Self::Missing,
            b'"' => Self::Text,
            b't' | b'f' => Self::Truth,
            b'[' => Self::List,
            b'{' => Self::Object,
            _ => Self::Number,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Text => "text",
            Self::Number => "number",
            Self::Truth => "truth",
            Self::List => "list",
            Self::Object => "object",
        }
    }
}

/// The spans of the lines in a block, without their ends.
fn lines(block: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let rest = block.last().is_some_and(|&byte| byte != b'\n');
    let ends = memchr::memchr_iter(b'\n', block).chain(rest.then_some(block.len()));
    ends.scan(0, |start, end| Some(std::mem::replace(start, end + 1)..end))
}

/// How many lines there are in a block, and how many of them are records.
pub fn count_json_lines(block: &[u8]) -> (usize, usize) {
    let count = |(all, records), span| (all + 1, records + usize::from(!is_blank(&block[span])));
    lines(block).fold((0, 0), count)
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
}

/// What is known of the record that is walked over.
struct Walk<'a> {
    block: &'a [u8],
    /// Whether it is UTF-8.
    sound: bool,
    /// The places to which the wanted paths lead.
    places: Vec<Place>,
    gathered: Vec<u8>,
}

impl Walk<'_> {
    /// Walks over a record; where there is a problem, all its values are missing.
    fn record(&mut self, span: &Range<usize>, root: &Node) -> Result<(), String> {
        self.places.fill(MISSING);
        let mark = self.gathered.len();
        self.object(span, root).inspect_err(|_| {
            self.places.fill(MISSING);
            self.gathered.truncate(mark);
        })
    }

    fn object(&mut self, span: &Range<usize>, root: &Node) -> Result<(), String> {
        let line = &self.block[span.clone()];
        if !self.sound
            && let Err(error) = std::str::from_utf8(line)
        {
            return Err(format!("not UTF-8 at column {}", column(line, error.valid_up_to())));
        }
        let mut scanner = Scanner::within(self.block, span.clone());
        let first = scanner.peek();
        let walked = if first == b'{' { self.members(&mut scanner, root, 0) } else { scanner.value(0) };
        walked.and_then(|()| scanner.end()).map_err(|fault| message(line, span.start, fault))?;
        let kind = match first {
            b'{' => return Ok(()),
            b'[' => "list",
            b'"' => "string",
            b't' | b'f' => "boolean",
            b'n' => "null",
            _ => "number",
        };
        Err(format!("a JSON {kind}, not an object"))
    }

    /// The place of a column's value: the one under its name, if that is there, else where its path leads.
    fn found(&self, path: usize, name: Option<usize>) -> Place {
        let named = name.map(|name| self.places[name]).filter(|place| !place.is_missing());
        let place = named.unwrap_or(self.places[path]);
        // A null is there, and hides what a path leads to, but it is as good as missing.
        if place.kind == ValueKind::Missing { MISSING } else { place }
    }

    /// Walks over the value to which a path leads.
    fn value(&mut self, scanner: &mut Scanner<'_>, node: &Node, depth: usize) -> Result<(), Fault> {
        let first = scanner.peek();
        let start = scanner.at();
        let mut escaped = false;
        if first == b'"' {
            escaped = scanner.string()?;
        } else {
            let list = first == b'[' && !node.indexes.is_empty();
            if list {
                self.items(scanner, node, depth)?;
            }
            if !list || !node.keys.is_empty() {
                scanner.go_to(start);
                self.members(scanner, node, depth)?;
            }
        }
        for &place in &node.places {
            self.places[place] = Place { start, end: scanner.at(), kind: ValueKind::of(first), escaped };
        }
        Ok(())
    }

    /// Walks over a list for the sake of some of its items.
    fn items(&mut self, scanner: &mut Scanner<'_>, node: &Node, depth: usize) -> Result<(), Fault> {
        let from_end = node.indexes.iter().any(|&(index, _)| index < 0);
        let mut starts = Vec::new();
        scanner.list(depth, |scanner, index| {
            if from_end {
                starts.push(scanner.at());
            }
            match node.item(index as i64) {
                Some(child) => self.value(scanner, child, depth + 1),
                None => scanner.value(depth + 1),
            }
        })?;
        let end = scanner.at();
        for (index, child) in node.indexes.iter().filter(|&&(index, _)| index < 0) {
            if let Some(at) = starts.len().checked_add_signed(*index as isize) {
                scanner.go_to(starts[at]);
                self.value(scanner, child, depth + 1)?;
            }
        }
        scanner.go_to(end);
        Ok(())
    }

    /// Walks over a value for the sake of its members.
    #[inline]
    fn members(&mut self, scanner: &mut Scanner<'_>, node: &Node, depth: usize) -> Result<(), Fault> {
        match scanner.peek() {
            b'{' if !node.keys.is_empty() => scanner.object(depth, |scanner, key| match self.child(node, &key) {
                Some(child) => {
                    // Of members with the same key the last one counts.
                    child.below.iter().for_each(|&place| self.places[place] = MISSING);
                    self.value(scanner, child, depth + 1)
                }
                None => scanner.value(depth + 1),
            }),
            b'[' if !node.keys.is_empty() => self.gather(scanner, node, depth),
            _ => scanner.value(depth),
        }
    }

    /// Where a key leads.
    #[inline]
    fn child<'n>(&self, node: &'n Node, key: &StringSpan) -> Option<&'n Node> {
        let string = &self.block[key.span.clone()];
        if !key.escaped {
            return node.member(string);
        }
        let mut text = Vec::new();
        push_unescaped(string, &mut text);
        node.member(&text)
    }

    /// Walks over a list; each wanted member of its items becomes a list.
    fn gather(&mut self, scanner: &mut Scanner<'_>, node: &Node, depth: usize) -> Result<(), Fault> {
        let wanted: Vec<usize> = node.keys.iter().flat_map(|(_, child)| &child.below).copied().collect();
        let mark = self.gathered.len();
        let mut pieces = vec![Vec::new(); wanted.len()];
        scanner.list(depth, |scanner, _| {
            wanted.iter().for_each(|&place| self.places[place] = MISSING);
            self.members(scanner, node, depth + 1)?;
            for (pieces, &place) in pieces.iter_mut().zip(&wanted) {
                pieces.push(self.places[place]);
            }
            Ok(())
        })?;
        let end = self.gathered.len();
        for (pieces, &place) in pieces.iter().zip(&wanted) {
            let start = self.gathered.len();
            self.push_list(pieces);
            // The lists inside these go away.
            let moved = self.block.len() + mark;
            let (start, end) = (start - end + moved, self.gathered.len() - end + moved);
            self.places[place] = Place { start, end, kind: ValueKind::List, escaped: false };
        }
        self.gathered.drain(mark..end);
        Ok(())
    }

    /// Adds a list of the values at these places to what is gathered.
    fn push_list(&mut self, places: &[Place]) {
        self.gathered.push(b'[');
        for (index, place) in places.iter().enumerate() {
            if index > 0 {
                self.gathered.push(b',');
            }
            match place.start.checked_sub(self.block.len()) {
                _ if place.is_missing() => self.gathered.extend_from_slice(b"null"),
                None => self.gathered.extend_from_slice(&self.block[place.start..place.end]),
                Some(start) => self.gathered.extend_from_within(start..place.end - self.block.len()),
            }
        }
        self.gathered.push(b']');
    }
}

/// The column, counted in characters from 1, of the byte at an index.
fn column(line: &[u8], at: usize) -> usize {
    1 + line[..at].iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

fn message(line: &[u8], start: usize, fault: Fault) -> String {
    format!("{} at column {}", fault.what.message(), column(line, fault.at - start))
}

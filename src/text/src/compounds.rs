//! Compounds: words that one text writes as one and another as several, `icecream` and `ice cream`.
//!
//! A hypothesis is written with the word boundaries of its reference wherever that saves edits, so that the reference
//! keeps its length. Which compounds those are comes from the table of Levenshtein's distance with two steps more: some
//! tokens of one text for one of the other that they make together, for nothing. O(nm) time, O(m) memory; texts that have
//! no such tokens, nearly all, never get there.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use textgauge_kernels::token_key::Key;

/// The most tokens that are written as one.
const MOST_PARTS: usize = 4;

/// Where a compound was found: tokens of the reference, and what stands for them in the hypothesis.
#[derive(Clone, Copy)]
struct Compound {
    reference: (usize, usize),
    hypothesis: (usize, usize),
    /// The compound before it, if there is one.
    before: Option<usize>,
}

/// A cell of the table: edits so far, and the last compound.
type Cell = (u32, Option<usize>);

/// Sets `out` to the hypothesis with the word boundaries of its reference; `bytes_of` gives the bytes of a token. Means
/// nothing if `cancel` was set meanwhile.
pub(crate) fn follow(
    bytes_of: &dyn Fn(Key) -> Vec<u8>,
    hypothesis: &[Key],
    reference: &[Key],
    out: &mut Vec<Key>,
    cancel: &AtomicBool,
) {
    out.clear();
    // For each token of one text, how many tokens of the other from each place on make it.
    let of_reference = joined(bytes_of, reference, hypothesis);
    let of_hypothesis = joined(bytes_of, hypothesis, reference);
    if of_reference.is_empty() && of_hypothesis.is_empty() {
        out.extend_from_slice(hypothesis);
        return;
    }
    let mut at = 0;
    for Compound { reference: (start, end), hypothesis: (from, to), .. } in
        compounds(hypothesis, reference, &of_hypothesis, &of_reference, cancel)
    {
        out.extend_from_slice(&hypothesis[at..from]);
        out.extend_from_slice(&reference[start..end]);
        at = to;
    }
    out.extend_from_slice(&hypothesis[at..]);
}

/// For each place in `tokens` up to which some of them together make one of `others`: how many, and that token.
type Joined = HashMap<usize, Vec<(usize, Key)>>;

fn joined(bytes_of: &dyn Fn(Key) -> Vec<u8>, tokens: &[Key], others: &[Key]) -> Joined {
    let mut known: HashMap<Vec<u8>, Key> = HashMap::new();
    let mut longest = 0;
    for &key in others {
        let token = bytes_of(key);
        longest = longest.max(token.len());
        known.insert(token, key);
    }
    let mut found = Joined::new();
    let mut text = Vec::new();
    for start in 0..tokens.len() {
        text.clear();
        for (parts, &key) in tokens[start..].iter().take(MOST_PARTS).enumerate() {
            text.extend_from_slice(&bytes_of(key));
            if text.len() > longest {
                break;
            }
            if parts > 0
                && let Some(&other) = known.get(&text)
            {
                found.entry(start + parts + 1).or_default().push((parts + 1, other));
            }
        }
    }
    found
}

/// The compounds on a way with the fewest edits, in order.
fn compounds(
    hypothesis: &[Key],
    reference: &[Key],
    of_hypothesis: &Joined,
    of_reference: &Joined,
    cancel: &AtomicBool,
) -> Vec<Compound> {
    let width = hypothesis.len() + 1;
    let mut found: Vec<Compound> = Vec::new();
    // The last rows, so many that a compound of the reference reaches back.
    let mut rows: Vec<Vec<Cell>> = vec![vec![(0, None); width]; MOST_PARTS + 1];
    for row in 0..=reference.len() {
        if cancel.load(Ordering::Relaxed) {
            return Vec::new();
        }
        let mut current = std::mem::take(&mut rows[row % (MOST_PARTS + 1)]);
        let above = |back: usize| &rows[(row + MOST_PARTS + 1 - back) % (MOST_PARTS + 1)];
        let parts_above = if row > 0 { of_reference.get(&row) } else { None };
        for column in 0..width {
            let mut best: Cell = if row == 0 && column == 0 { (0, None) } else { (u32::MAX, None) };
            let mut take = |(edits, last): Cell, cost: u32| {
                if edits + cost < best.0 {
                    best = (edits + cost, last);
                }
            };
            if row > 0 && column > 0 {
                let differs = reference[row - 1] != hypothesis[column - 1];
                take(above(1)[column - 1], u32::from(differs));
            }
            if row > 0 {
                take(above(1)[column], 1);
            }
            if column > 0 {
                take(current[column - 1], 1);
            }
            // One token of the hypothesis for several of the reference.
            for &(parts, whole) in parts_above.into_iter().flatten() {
                if column > 0 && hypothesis[column - 1] == whole {
                    let (edits, before) = above(parts)[column - 1];
                    if edits < best.0 {
                        let (reference, hypothesis) = ((row - parts, row), (column - 1, column));
                        found.push(Compound { reference, hypothesis, before });
                        best = (edits, Some(found.len() - 1));
                    }
                }
            }
            // Several of the hypothesis for one of the reference.
            for &(parts, whole) in of_hypothesis.get(&column).into_iter().flatten() {
                if row > 0 && reference[row - 1] == whole {
                    let (edits, before) = above(1)[column - parts];
                    if edits < best.0 {
                        let (reference, hypothesis) = ((row - 1, row), (column - parts, column));
                        found.push(Compound { reference, hypothesis, before });
                        best = (edits, Some(found.len() - 1));
                    }
                }
            }
            current[column] = best;
        }
        rows[row % (MOST_PARTS + 1)] = current;
    }
    let mut last = rows[reference.len() % (MOST_PARTS + 1)][width - 1].1;
    let mut chosen = Vec::new();
    while let Some(index) = last {
        chosen.push(found[index]);
        last = found[index].before;
    }
    chosen.reverse();
    chosen
}

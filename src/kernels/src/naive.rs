//! The slow twins: what each kernel computes, written the way a textbook says it.
//!
//! Only tests and fuzz targets call these.

use std::collections::HashMap;

/// Clipped n-gram matches of one order: the sum over n-grams of min(count in a, count in b).
pub fn ngram_matches(a: &[u32], b: &[u32], order: usize) -> u32 {
    let mut counts: HashMap<&[u32], u32> = HashMap::new();
    b.windows(order).for_each(|gram| *counts.entry(gram).or_default() += 1);
    let mut matches = 0;
    for gram in a.windows(order) {
        if let Some(count) = counts.get_mut(gram).filter(|count| **count > 0) {
            *count -= 1;
            matches += 1;
        }
    }
    matches
}

/// As [`ngram_matches`] of `a` with several texts at once: the sum over n-grams of min(count in a, highest count in any).
pub fn joint_matches(a: &[u32], texts: &[Vec<u32>], order: usize) -> u32 {
    let mut highest: HashMap<&[u32], u32> = HashMap::new();
    for text in texts {
        let mut counts: HashMap<&[u32], u32> = HashMap::new();
        text.windows(order).for_each(|gram| *counts.entry(gram).or_default() += 1);
        for gram in text.windows(order) {
            let count = highest.entry(gram).or_default();
            *count = (*count).max(counts[gram]);
        }
    }
    let mut matches = 0;
    for gram in a.windows(order) {
        if let Some(count) = highest.get_mut(gram).filter(|count| **count > 0) {
            *count -= 1;
            matches += 1;
        }
    }
    matches
}

/// The information of every n-gram of some order: log2(how often all but its last token occur / how often it does).
pub fn information(texts: &[Vec<u32>], order: usize) -> HashMap<&[u32], f64> {
    let mut counts: HashMap<&[u32], f64> = HashMap::new();
    for text in texts {
        text.windows(order)
            .chain(text.windows(order.max(2) - 1))
            .for_each(|gram| *counts.entry(gram).or_default() += 1.0);
    }
    let tokens: usize = texts.iter().map(Vec::len).sum();
    let ngrams = texts.iter().flat_map(|text| text.windows(order));
    let above = |gram: &[u32]| if order == 1 { tokens as f64 } else { counts[&gram[..order - 1]] };
    // Of order 1 both windows were the same.
    let own = |gram: &[u32]| if order == 1 { counts[gram] / 2.0 } else { counts[gram] };
    ngrams.map(|gram| (gram, (above(gram) / own(gram)).ln() / std::f64::consts::LN_2)).collect()
}

/// The information of the n-grams that `a` and `b` share, added in the order in which `a` has them first.
pub fn shared_information(information: &HashMap<&[u32], f64>, a: &[u32], b: &[u32], order: usize) -> f64 {
    let count = |text: &[u32], gram: &[u32]| text.windows(order).filter(|other| *other == gram).count();
    let mut sum = 0.0;
    for (at, gram) in a.windows(order).enumerate() {
        if a.windows(order).position(|other| other == gram) == Some(at) {
            sum += information.get(gram).unwrap_or(&0.0) * count(a, gram).min(count(b, gram)) as f64;
        }
    }
    sum
}

/// The table of LCS lengths of all prefixes: `table[i][j]` for `reference[..i]`, `hypothesis[..j]`.
fn lcs_table(hypothesis: &[u32], reference: &[u32]) -> Vec<Vec<u32>> {
    let mut table = vec![vec![0; hypothesis.len() + 1]; reference.len() + 1];
    for i in 1..=reference.len() {
        for j in 1..=hypothesis.len() {
            table[i][j] = if reference[i - 1] == hypothesis[j - 1] {
                table[i - 1][j - 1] + 1
            } else {
                table[i - 1][j].max(table[i][j - 1])
            };
        }
    }
    table
}

/// The length of the longest common subsequence.
pub fn lcs_length(hypothesis: &[u32], reference: &[u32]) -> u32 {
    lcs_table(hypothesis, reference)[reference.len()][hypothesis.len()]
}

/// The positions of `reference` in the longest common subsequence that rouge-score 0.1.2 picks.
pub fn lcs_positions(hypothesis: &[u32], reference: &[u32]) -> Vec<usize> {
    let table = lcs_table(hypothesis, reference);
    let (mut i, mut j) = (reference.len(), hypothesis.len());
    let mut positions = Vec::new();
    while i > 0 && j > 0 {
        if reference[i - 1] == hypothesis[j - 1] {
            positions.push(i - 1);
            i -= 1;
            j -= 1;
        } else if table[i][j - 1] > table[i - 1][j] {
            j -= 1;
        } else {
            i -= 1;
        }
    }
    positions.reverse();
    positions
}

/// The hits of ROUGE-Lsum over sentences, as rouge-score 0.1.2 counts them.
pub fn union_hits(hypothesis: &[Vec<u32>], reference: &[Vec<u32>]) -> u32 {
    let count = |sentences: &[Vec<u32>]| {
        let mut counts: HashMap<u32, u32> = HashMap::new();
        sentences.iter().flatten().for_each(|&id| *counts.entry(id).or_default() += 1);
        counts
    };
    let (mut in_hypothesis, mut in_reference) = (count(hypothesis), count(reference));
    let mut hits = 0;
    for sentence in reference {
        let mut union: Vec<usize> = hypothesis.iter().flat_map(|other| lcs_positions(other, sentence)).collect();
        union.sort_unstable();
        union.dedup();
        for position in union {
            let id = sentence[position];
            let (Some(h), Some(r)) = (in_hypothesis.get_mut(&id), in_reference.get_mut(&id)) else { continue };
            if *h > 0 && *r > 0 {
                *h -= 1;
                *r -= 1;
                hits += 1;
            }
        }
    }
    hits
}

/// The length of the longest common contiguous run.
pub fn longest_run(a: &[u32], b: &[u32]) -> u32 {
    let mut longest = 0;
    for i in 0..a.len() {
        for j in 0..b.len() {
            let run = a[i..].iter().zip(&b[j..]).take_while(|(x, y)| x == y).count();
            longest = longest.max(run as u32);
        }
    }
    longest
}

/// The runs of ASCII letters and digits of `text`, lower-cased.
pub fn alphanumeric_runs(text: &[u8]) -> Vec<Vec<u8>> {
    text.split(|byte| !byte.is_ascii_alphanumeric())
        .filter(|run| !run.is_empty())
        .map(<[u8]>::to_ascii_lowercase)
        .collect()
}

//! The slow twins: what each kernel computes, written the way a textbook says it.
//!
//! Only tests and fuzz targets call these.

use std::collections::{HashMap, HashSet};

use crate::byte_class_tokens::{ALONE, DASH, MARK, NUMBER, Rules, WHITE, WIDE};
use crate::edit::Kind;
use crate::random::Stream;
use crate::resample::Table;
use crate::token_sets::TokenSets;

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

/// Which n-grams of two texts are matched with each other: of equal ones the first, as many as both have; with `once` only
/// the first.
pub fn ngram_marks(a: &[u32], b: &[u32], order: usize, once: bool) -> [Vec<bool>; 2] {
    let count = |text: &[u32], ngram: &[u32]| text.windows(order).filter(|other| *other == ngram).count();
    let marks = |text: &[u32]| {
        let mark = |(start, ngram): (usize, &[u32])| {
            let matched = count(a, ngram).min(count(b, ngram)).min(if once { 1 } else { usize::MAX });
            text.windows(order).take(start).filter(|other| *other == ngram).count() < matched
        };
        text.windows(order).enumerate().map(mark).collect()
    };
    [marks(a), marks(b)]
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

/// The distinct words in the LCS of sentences in pairs, as the package `rouge` 1.0.1 takes them.
pub fn lcs_words(hypothesis: &[Vec<u32>], reference: &[Vec<u32>]) -> u32 {
    let mut words = HashSet::new();
    for sentence in reference {
        for other in hypothesis {
            let table = lcs_table(other, sentence);
            let (mut i, mut j) = (sentence.len(), other.len());
            while i > 0 && j > 0 {
                if sentence[i - 1] == other[j - 1] {
                    words.insert(sentence[i - 1]);
                    (i, j) = (i - 1, j - 1);
                } else if table[i - 1][j] > table[i][j - 1] {
                    i -= 1;
                } else {
                    j -= 1;
                }
            }
        }
    }
    words.len() as u32
}

/// The lengths of the LCS of sentences in pairs, together.
pub fn lcs_lengths(hypothesis: &[Vec<u32>], reference: &[Vec<u32>]) -> u64 {
    let of_pairs = reference.iter().flat_map(|sentence| hypothesis.iter().map(|other| lcs_length(other, sentence)));
    of_pairs.map(u64::from).sum()
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

/// Distinct tokens of either text, and of both.
pub fn sets(hypothesis: &[u32], reference: &[u32]) -> TokenSets {
    let [hypothesis, reference] = [hypothesis, reference].map(|text| text.iter().collect::<HashSet<_>>());
    let shared = hypothesis.intersection(&reference).count() as u32;
    TokenSets { hypothesis: hypothesis.len() as u32, reference: reference.len() as u32, shared }
}

/// Distinct n-grams of either text, and of both.
pub fn ngram_sets(hypothesis: &[u32], reference: &[u32], order: usize) -> TokenSets {
    let [hypothesis, reference] = [hypothesis, reference].map(|text| text.windows(order).collect::<HashSet<_>>());
    let shared = hypothesis.intersection(&reference).count() as u32;
    TokenSets { hypothesis: hypothesis.len() as u32, reference: reference.len() as u32, shared }
}

/// The runs of ASCII letters and digits of `text`, lower-cased.
pub fn alphanumeric_runs(text: &[u8]) -> Vec<Vec<u8>> {
    text.split(|byte| !byte.is_ascii_alphanumeric())
        .filter(|run| !run.is_empty())
        .map(<[u8]>::to_ascii_lowercase)
        .collect()
}

/// The sum of rows, each as often as its weight says.
pub fn weighted_sum(table: Table<'_>, weights: &[i128]) -> Vec<i128> {
    let mut sums = vec![0; table.components];
    for (row, weight) in table.values.chunks(table.components).zip(weights) {
        for (sum, &value) in sums.iter_mut().zip(row) {
            *sum += weight * i128::from(value);
        }
    }
    sums
}

/// How many of the first `bits` bits of a stream are ones.
pub fn heads<const LANES: usize>(stream: &mut Stream<LANES>, bits: u64) -> u64 {
    let words = bits.div_ceil(64 * LANES as u64);
    let words: Vec<u64> = (0..words).flat_map(|_| stream.next()).collect();
    (0..bits).map(|bit| words[bit as usize / 64] >> (bit % 64) & 1).sum()
}

/// The tokens of [`crate::byte_class_tokens`]: its rules one after the other, each as a pass over a list of characters
/// in which `None` is a blank put in by an earlier one.
pub fn cut_tokens(text: &[u8], rules: &Rules) -> Vec<Vec<u8>> {
    type Piece<'t> = Option<(&'t [u8], u8)>;
    let is = |piece: Option<&Piece<'_>>, wanted: u8| matches!(piece, Some(Some((_, class))) if class & wanted != 0);

    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let mut rest = text;
    while let Some(&first) = rest.first() {
        let class = rules.bytes.of[usize::from(first)];
        let (class, len) = if class == WIDE { (rules.wide)(rest) } else { (class, 1) };
        let (character, after) = rest.split_at(len);
        if class == ALONE {
            pieces.extend([None, Some((character, class)), None]);
        } else {
            pieces.push(Some((character, class)));
        }
        rest = after;
    }
    if !rules.numbers_around {
        pieces.insert(0, None);
        pieces.push(None);
    }

    // A non-number and a mark: blanks around the mark.
    let mut passed = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        passed.push(pieces[at]);
        if !is(pieces.get(at), NUMBER) && is(pieces.get(at + 1), MARK) {
            passed.extend([None, pieces[at + 1], None]);
            at += 1;
        }
        at += 1;
    }
    // A mark and a non-number: likewise.
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < passed.len() {
        if is(passed.get(at), MARK) && at + 1 < passed.len() && !is(passed.get(at + 1), NUMBER) {
            pieces.extend([None, passed[at], None, passed[at + 1]]);
            at += 1;
        } else {
            pieces.push(passed[at]);
        }
        at += 1;
    }
    // A number, by ASCII, and a dash: blanks around the dash.
    let mut tokens = vec![Vec::new()];
    for (at, piece) in pieces.iter().enumerate() {
        let after_digit = at > 0 && matches!(pieces[at - 1], Some(([_], NUMBER)));
        match piece {
            Some((character, DASH)) if after_digit => tokens.extend([character.to_vec(), Vec::new()]),
            Some((character, class)) if *class != WHITE => tokens.last_mut().expect("never empty").extend(*character),
            _ => tokens.push(Vec::new()),
        }
    }
    tokens.retain(|token| !token.is_empty());
    tokens
}

/// The edits of the translation edit rate as sacreBLEU 2.6.0 counts them.
pub fn ter_edits(hypothesis: &[u32], reference: &[u32]) -> u32 {
    if reference.is_empty() {
        return hypothesis.len() as u32;
    }
    let mut words = hypothesis.to_vec();
    let (mut shifts, mut checked) = (0, 0);
    loop {
        let (distance, path) = beam_distance(&words, reference);
        let best = best_shift(&words, reference, distance, &path, &mut checked);
        // A shift found in the round that reaches the limit is not made.
        match best.filter(|(gain, _)| *gain > 0 && checked < 1000) {
            Some((_, shifted)) => words = shifted,
            None => return shifts + distance as u32,
        }
        shifts += 1;
    }
}

/// The edit distance within the beam, and the cells that its path goes through, from the first to the last.
fn beam_distance(words: &[u32], reference: &[u32]) -> (i64, Vec<(usize, usize)>) {
    const OUTSIDE: (i64, (usize, usize)) = (1 << 40, (0, 0));
    let ratio = if words.is_empty() { 1.0 } else { reference.len() as f64 / words.len() as f64 };
    let beam = if 25.0 < ratio / 2.0 { (ratio / 2.0 + 25.0).ceil() as usize } else { 25 };
    // Each cell: the distance, and the cell that it comes from.
    let mut table = vec![vec![OUTSIDE; reference.len() + 1]; words.len() + 1];
    table[0] = (0..=reference.len()).map(|j| (j as i64, (0, j.saturating_sub(1)))).collect();
    for i in 1..=words.len() {
        let diagonal = (i as f64 * ratio).floor() as usize;
        let end = if i == words.len() { reference.len() + 1 } else { (diagonal + beam).min(reference.len() + 1) };
        for j in diagonal.saturating_sub(beam)..end {
            let mut ways = Vec::new();
            if j > 0 {
                let substitution = i64::from(words[i - 1] != reference[j - 1]);
                ways.push((table[i - 1][j - 1].0 + substitution, (i - 1, j - 1)));
            }
            ways.push((table[i - 1][j].0 + 1, (i - 1, j)));
            if j > 0 {
                ways.push((table[i][j - 1].0 + 1, (i, j - 1)));
            }
            // The first of the least.
            table[i][j] = ways.into_iter().min_by_key(|(distance, _)| *distance).expect("at least one way");
        }
    }
    let mut path = vec![(words.len(), reference.len())];
    while let Some(&(i, j)) = path.last().filter(|cell| **cell != (0, 0)) {
        assert!(table[i][j] != OUTSIDE, "the path stays in the beam");
        path.push(table[i][j].1);
    }
    path.reverse();
    (table[words.len()][reference.len()].0, path)
}

/// Gain, length, start and target, the last two negated: the greatest ranks first.
type Rank = (i64, usize, i64, i64);

/// What the shift that ranks first takes off `distance`, and the words after it. Counts in `checked`.
fn best_shift(
    words: &[u32],
    reference: &[u32],
    distance: i64,
    path: &[(usize, usize)],
    checked: &mut u32,
) -> Option<(i64, Vec<u32>)> {
    // For each word whether it is wrong, and with which word of the hypothesis each of the reference is aligned: with the
    // last one passed, before the first if there is none.
    let (mut wrong, mut wrong_in_reference) = (vec![true; words.len()], vec![true; reference.len()]);
    let mut aligned = vec![-1; reference.len()];
    for step in path.windows(2) {
        let ((i, j), (next_i, next_j)) = (step[0], step[1]);
        if next_j > j {
            aligned[j] = next_i as i64 - 1;
        }
        if next_i > i && next_j > j && words[i] == reference[j] {
            (wrong[i], wrong_in_reference[j]) = (false, false);
        }
    }
    let mut best: Option<(Rank, Vec<u32>)> = None;
    for start in 0..words.len() {
        for position in 0..reference.len() {
            if start.abs_diff(position) > 50 {
                continue;
            }
            for length in 1..=10_usize.min(words.len() - start).min(reference.len() - position) {
                if words[start..start + length] != reference[position..position + length] {
                    break;
                }
                if !wrong[start..start + length].contains(&true)
                    || !wrong_in_reference[position..position + length].contains(&true)
                    || (start as i64..(start + length) as i64).contains(&aligned[position])
                {
                    continue;
                }
                // The phrase goes behind what precedes its match, or behind what one of the match's words is aligned with.
                let before = if position == 0 { -1 } else { aligned[position - 1] };
                let mut targets = vec![before];
                targets.extend(&aligned[position..position + length]);
                targets.dedup();
                for target in targets.into_iter().map(|aligned| (aligned + 1) as usize) {
                    let shifted = shifted(words, start, length, target);
                    let gain = distance - beam_distance(&shifted, reference).0;
                    let rank = (gain, length, -(start as i64), -(target as i64));
                    *checked += 1;
                    if best.as_ref().is_none_or(|(first, _)| rank > *first) {
                        best = Some((rank, shifted));
                    }
                }
            }
            if *checked >= 1000 {
                return None;
            }
        }
    }
    best.map(|((gain, ..), shifted)| (gain, shifted))
}

/// `words` with those at `start..start + length` elsewhere.
fn shifted(words: &[u32], start: usize, length: usize, target: usize) -> Vec<u32> {
    let phrase = &words[start..start + length];
    let mut rest = [&words[..start], &words[start + length..]].concat();
    let at = match target {
        before if before < start => before,
        behind if behind > start + length => behind - length,
        // Within the phrase: so many words further on.
        within => within.min(rest.len()),
    };
    rest.splice(at..at, phrase.iter().copied());
    rest
}

/// The distinct n-grams of `a`, how many of them `b` has, and how often those occur in `a`.
pub fn ngram_types(a: &[u32], b: &[u32], order: usize) -> [u32; 3] {
    let distinct: HashSet<&[u32]> = a.windows(order).collect();
    let others: HashSet<&[u32]> = b.windows(order).collect();
    let occurrences = a.windows(order).filter(|gram| others.contains(gram)).count();
    [distinct.len() as u32, distinct.intersection(&others).count() as u32, occurrences as u32]
}

/// The lengths of the extractive fragments of `a` in `b`, as the Newsroom program finds them.
pub fn fragment_lengths(a: &[u32], b: &[u32]) -> Vec<usize> {
    let mut lengths = Vec::new();
    let mut i = 0;
    while i < a.len() {
        let (mut longest, mut j) = (0, 0);
        while j < b.len() {
            let same = a[i..].iter().zip(&b[j..]).take_while(|(x, y)| x == y).count();
            longest = longest.max(same);
            j += same.max(1);
        }
        if longest > 0 {
            lengths.push(longest);
        }
        i += longest.max(1);
    }
    lengths
}

/// The Levenshtein distances of all prefixes: `table[j][i]` for `hypothesis[..j]`, `reference[..i]`.
fn edit_table(reference: &[u32], hypothesis: &[u32]) -> Vec<Vec<u32>> {
    let mut table = vec![(0..=reference.len() as u32).collect::<Vec<_>>()];
    for (j, word) in hypothesis.iter().enumerate() {
        let above = &table[j];
        let mut row = vec![j as u32 + 1];
        for (i, other) in reference.iter().enumerate() {
            row.push((above[i] + u32::from(word != other)).min(above[i + 1] + 1).min(row[i] + 1));
        }
        table.push(row);
    }
    table
}

/// The Levenshtein distance.
pub fn edit_distance(reference: &[u32], hypothesis: &[u32]) -> u32 {
    edit_table(reference, hypothesis)[hypothesis.len()][reference.len()]
}

/// The script of [`crate::edit::alignment`], a step for each token or pair of tokens.
pub fn edit_steps(reference: &[u32], hypothesis: &[u32]) -> Vec<Kind> {
    edit_steps_within(reference, hypothesis, usize::MAX)
}

fn edit_steps_within(reference: &[u32], hypothesis: &[u32], most: usize) -> Vec<Kind> {
    let start = reference.iter().zip(hypothesis).take_while(|(a, b)| a == b).count();
    let (reference, hypothesis) = (&reference[start..], &hypothesis[start..]);
    let end = reference.iter().rev().zip(hypothesis.iter().rev()).take_while(|(a, b)| a == b).count();
    let [reference, hypothesis] = [reference, hypothesis].map(|text| &text[..text.len() - end]);
    let between = edit_steps_between(reference, hypothesis, most);
    [vec![Kind::Equal; start], between, vec![Kind::Equal; end]].concat()
}

/// As [`edit_steps_within`] for texts that neither start nor end alike.
fn edit_steps_between(reference: &[u32], hypothesis: &[u32], most: usize) -> Vec<Kind> {
    let (n, m) = (reference.len(), hypothesis.len());
    let most = most.min(n.max(m));
    let bits = 2 * n.min(2 * most + 1) * m;
    if bits / 8 >= 1 << 20 && n >= 65 && m >= 10 {
        let middle = m / 2;
        let reversed = |text: &[u32]| text.iter().rev().copied().collect::<Vec<_>>();
        let left = edit_table(reference, &hypothesis[..middle]).pop().unwrap_or_default();
        let right = edit_table(&reversed(reference), &reversed(&hypothesis[middle..])).pop().unwrap_or_default();
        let sum = |&place: &usize| left[place] + right[n - place];
        let place = (0..=n).min_by_key(sum).unwrap_or(0);
        let before = edit_steps_within(&reference[..place], &hypothesis[..middle], left[place] as usize);
        let behind = edit_steps_within(&reference[place..], &hypothesis[middle..], right[n - place] as usize);
        return [before, behind].concat();
    }
    let table = edit_table(reference, hypothesis);
    let (mut i, mut j) = (n, m);
    let mut steps = Vec::new();
    while i > 0 || j > 0 {
        if i > 0 && (j == 0 || table[j][i] > table[j][i - 1]) {
            i -= 1;
            steps.push(Kind::Delete);
        } else if j > 0 && (i == 0 || (j > 1 && table[j - 1][i] < table[j - 1][i - 1])) {
            j -= 1;
            steps.push(Kind::Insert);
        } else {
            (i, j) = (i - 1, j - 1);
            steps.push(if reference[i] == hypothesis[j] { Kind::Equal } else { Kind::Substitute });
        }
    }
    steps.reverse();
    steps
}

/// The next words of the Mersenne Twister after these 624 of state, tempered.
pub fn mersenne_words(state: &[u32], count: usize) -> Vec<u32> {
    let mut words = state.to_vec();
    for next in 0..count {
        let joined = words[next] >> 31 << 31 | words[next + 1] << 1 >> 1;
        let twist = if joined % 2 == 1 { 0x9908_B0DF } else { 0 };
        words.push(words[next + 397] ^ joined >> 1 ^ twist);
    }
    let tempered = words[624..].iter().map(|&(mut word)| {
        word ^= word >> 11;
        word ^= word << 7 & 0x9D2C_5680;
        word ^= word << 15 & 0xEFC6_0000;
        word ^ word >> 18
    });
    tempered.collect()
}

//! What explanations are made of: matched n-grams, paths and scripts, against their slow twins and what was counted.

use proptest::prelude::*;
use textgauge_kernels::edit::{Chunk, Kind};
use textgauge_kernels::lcs_path;
use textgauge_kernels::ngram_marks::{self, Marks};
use textgauge_kernels::ter::{self, Script, Shift};
use textgauge_kernels::union_lcs::{self, Sentences};
use textgauge_kernels::{contiguous, naive};
use textgauge_tests::{Pair, never, pair, tokens};

/// The pairs of a path in order.
fn path(pair: &Pair) -> Vec<[usize; 2]> {
    let mut pairs = Vec::new();
    let mut scratch = lcs_path::Scratch::default();
    lcs_path::path(&pair.reference, &pair.hypothesis, pair.vocabulary, &mut scratch, &never(), |i, j| {
        pairs.push([i, j]);
    });
    pairs.reverse();
    pairs
}

fn check_path(pair: &Pair) {
    let found = path(pair);
    assert_eq!(found.len() as u32, naive::lcs_length(&pair.hypothesis, &pair.reference));
    assert!(found.iter().all(|&[i, j]| pair.reference[i] == pair.hypothesis[j]));
    assert!(found.windows(2).all(|two| two[0][0] < two[1][0] && two[0][1] < two[1][1]));
}

/// What the chunks make of a reference, if substitutions and insertions are taken from the hypothesis.
fn made_of(chunks: &[Chunk], reference: &[u32], hypothesis: &[u32]) -> Vec<u32> {
    let mut made = Vec::new();
    for &Chunk { kind, reference: [i, j], hypothesis: [k, l] } in chunks {
        let (from, to) = (&reference[i as usize..j as usize], &hypothesis[k as usize..l as usize]);
        match kind {
            Kind::Equal => made.extend_from_slice(from),
            Kind::Substitute => {
                assert_eq!(from.len(), to.len());
                made.extend_from_slice(to);
            }
            Kind::Delete => assert!(to.is_empty()),
            Kind::Insert => {
                assert!(from.is_empty());
                made.extend_from_slice(to);
            }
        }
    }
    made
}

fn check_script(hypothesis: &[u32], reference: &[u32]) {
    let mut scratch = ter::Scratch::default();
    let pair = Pair::new(hypothesis, reference);
    let Script { shifts, chunks } = ter::script(&pair.hypothesis, &pair.reference, &mut scratch, &never());
    let mut words = pair.hypothesis.clone();
    for &Shift { from, middle, end } in &shifts {
        words[from..end].rotate_left(middle - from);
    }
    assert_eq!(made_of(&chunks, &pair.reference, &words), words);
    let changed = chunks.iter().filter(|chunk| chunk.kind != Kind::Equal);
    let lengths = changed.map(|chunk| {
        let length = |[start, end]: [u32; 2]| end - start;
        length(chunk.reference).max(length(chunk.hypothesis))
    });
    assert_eq!(shifts.len() as u32 + lengths.sum::<u32>(), naive::ter_edits(hypothesis, reference));
}

proptest! {
    #[test]
    fn marks_are_their_twins(pair in pair(60), orders in 0_usize..7, once: bool) {
        let mut scratch = ngram_marks::Scratch::default();
        let found = ngram_marks::marks(pair.texts(), orders, once, &mut scratch);
        prop_assert_eq!(found.len(), orders);
        for (fewer, Marks { hypothesis, reference }) in found.into_iter().enumerate() {
            let expected = naive::ngram_marks(&pair.hypothesis, &pair.reference, fewer + 1, once);
            prop_assert_eq!([hypothesis, reference], expected, "order {}", fewer + 1);
        }
    }

    #[test]
    fn a_path_is_as_long_as_the_lcs(pair in pair(300)) {
        check_path(&pair);
    }

    #[test]
    fn the_first_longest_run_is_where_it_is_said_to_be(pair in pair(70)) {
        let Pair { hypothesis, reference, .. } = &pair;
        let length = naive::longest_run(hypothesis, reference) as usize;
        let found = contiguous::first_longest_run(hypothesis, reference, &mut contiguous::Scratch::default());
        let starts = || (0..hypothesis.len()).flat_map(|i| (0..reference.len()).map(move |j| (i, j)));
        let is_run = |&(i, j): &(usize, usize)| {
            let (a, b) = (hypothesis.get(i..i + length), reference.get(j..j + length));
            a.is_some() && a == b
        };
        let expected = if length > 0 { starts().find(is_run) } else { None };
        prop_assert_eq!(found.map(|run| (run.hypothesis as usize, run.reference as usize)), expected);
        prop_assert!(found.is_none_or(|run| run.length as usize == length));
    }

    #[test]
    fn positions_of_union_hits_are_as_many_as_the_hits(
        (hypothesis, reference) in tokens(140),
        cuts in prop::collection::vec((0_usize..140, 0_usize..140), 0..5),
    ) {
        let pair = Pair::new(&hypothesis, &reference);
        let breaks = |len: usize, at: fn(&(usize, usize)) -> usize| {
            let mut breaks: Vec<u32> = cuts.iter().map(|cut| at(cut).min(len) as u32).collect();
            breaks.sort_unstable();
            breaks
        };
        let (of_hypothesis, of_reference) =
            (breaks(hypothesis.len(), |cut| cut.0), breaks(reference.len(), |cut| cut.1));
        let left = Sentences { ids: &pair.hypothesis, breaks: &of_hypothesis };
        let right = Sentences { ids: &pair.reference, breaks: &of_reference };
        let mut positions = Vec::new();
        let mut scratch = lcs_path::Scratch::default();
        union_lcs::each_hit_position(left, right, pair.vocabulary, &mut scratch, &never(), |at| positions.push(at));
        let mut scratch = union_lcs::Scratch::default();
        let hits = union_lcs::hits(left, right, pair.vocabulary, &mut scratch, &never());
        prop_assert_eq!(positions.len() as u32, hits);
        prop_assert!(positions.windows(2).all(|two| two[0] < two[1]));
        prop_assert!(positions.iter().all(|&at| pair.reference[at] > 0));
    }

    #[test]
    fn a_script_makes_as_many_edits_as_were_counted((hypothesis, reference) in tokens(40)) {
        check_script(&hypothesis, &reference);
    }

    #[test]
    fn a_script_where_the_beam_is_wide(short in prop::collection::vec(0_u32..4, 0..6), long in prop::collection::vec(0_u32..6, 0..330)) {
        check_script(&short, &long);
        check_script(&long, &short);
    }
}

#[test]
fn a_path_whose_rows_are_computed_again() {
    // Too many rows to keep them all.
    let text =
        |step: u64, below: u64| (0..9000_u64).map(|at| (at * at * step % 977 % below) as u32).collect::<Vec<_>>();
    let pair = Pair::new(&text(3, 40), &text(5, 50));
    let found = path(&pair);
    let mut scratch = textgauge_kernels::lcs::Scratch::default();
    let length =
        textgauge_kernels::lcs::length(&pair.hypothesis, &pair.reference, pair.vocabulary, &mut scratch, &never());
    assert_eq!(found.len() as u32, length);
    assert!(found.windows(2).all(|two| two[0][0] < two[1][0] && two[0][1] < two[1][1]));
}

//! Every kernel against its slow twin.

use std::collections::HashMap;

use proptest::prelude::*;
use textgauge_kernels::alnum_runs::{Edges, Scan, alphanumeric_keys};
use textgauge_kernels::edit::{self, Chunk, Kind};
use textgauge_kernels::fact::FittedTokens;
use textgauge_kernels::held::HeldBytes;
use textgauge_kernels::interner::{CodePointIds, Interner, Mix, TableKey};
use textgauge_kernels::lcs_words;
use textgauge_kernels::level::paths::on_every_path;
use textgauge_kernels::ngram_counts::{Counts, SHARDS, Weights};
use textgauge_kernels::ngram_sets::{self, MAX_SET_ORDER};
use textgauge_kernels::ngram_weights;
use textgauge_kernels::overlap::{Joint, LANE_POSITIONS, LCS_POSITIONS, MATCH_POSITIONS, MAX_ORDER, overlap};
use textgauge_kernels::pair::Texts;
use textgauge_kernels::token_key::{INLINE_BYTES, Key};
use textgauge_kernels::token_sets::TokenSets;
use textgauge_kernels::union_lcs::{self, Sentences};
use textgauge_kernels::{
    CancelFlag, contiguous, distinct_ngrams, fragments, lcs, naive, ngram, shared_tokens, ter, token_sets,
};
use textgauge_tests::{Pair, never, pair, tokens};

// ---- runs

/// What a scan finds: the runs, lower-cased, and the number of runs before each newline.
fn scanned(text: &[u8], sentences: bool) -> (Vec<Vec<u8>>, Vec<u32>) {
    // Keys that were there before must stay and not be counted.
    let before = Key::inline(b"before").expect("short");
    let (mut keys, mut breaks, mut long) = (vec![before; 3], Vec::new(), Vec::new());
    let ascii = alphanumeric_keys(Scan {
        text,
        keys: &mut keys,
        breaks: sentences.then_some(&mut breaks),
        edges: &mut Edges::default(),
        long: &mut |run| {
            assert!(run.len() > INLINE_BYTES, "only long runs are handed out");
            long.push(run.to_ascii_lowercase());
            Key::numbered(long.len() as u32 - 1)
        },
    });
    assert_eq!(ascii, text.is_ascii());
    assert_eq!(keys[..3], [before; 3]);
    let run = |key: &Key| match key.number() {
        Some(number) => long[number as usize].clone(),
        None => key.bytes()[..key.inline_len().expect("a short run")].to_vec(),
    };
    (keys[3..].iter().map(run).collect(), breaks)
}

/// The runs of the text line by line, counted up to each newline.
fn breaks_by_line(text: &[u8]) -> Vec<u32> {
    let mut lines: Vec<usize> =
        text.split(|&byte| byte == b'\n').map(|line| naive::alphanumeric_runs(line).len()).collect();
    lines.pop();
    let counts = lines.iter().scan(0, |sum, &line| {
        *sum += line as u32;
        Some(*sum)
    });
    counts.collect()
}

fn check_runs(text: &[u8]) {
    let expected = (naive::alphanumeric_runs(text), breaks_by_line(text));
    assert_eq!(on_every_path(|| scanned(text, true)), expected, "{text:?}");
    assert_eq!(on_every_path(|| scanned(text, false)), (expected.0, vec![]), "{text:?}");
}

/// Bytes in stretches of one class, so that runs of every length meet every border.
fn text_bytes() -> impl Strategy<Value = Vec<u8>> {
    let length = prop_oneof![
        0_usize..300,
        (1_usize..6, -3_isize..4).prop_map(|(blocks, off)| (64 * blocks).saturating_add_signed(off)),
        (1_usize..3, -20_isize..21).prop_map(|(stretches, off)| (4096 * stretches).saturating_add_signed(off)),
    ];
    let letters = prop::sample::select(b"azAZ09m5".to_vec());
    let others = prop::sample::select(b"@[`{/: _\n\0\r\x7f\x80\xc1\xda\xe1\xfa\xff".to_vec());
    let stretch = prop_oneof![
        4 => prop::collection::vec(letters, 1..20),
        3 => prop::collection::vec(others, 1..4),
        1 => prop::collection::vec(any::<u8>(), 1..70),
        1 => Just(vec![b'x'; 100]),
        1 => Just(vec![b'\n'; 5]),
    ];
    (length, prop::collection::vec(stretch, 1..40))
        .prop_map(|(length, stretches)| stretches.iter().flatten().copied().cycle().take(length).collect())
}

/// Weights and fingerprints of counts.
fn frozen(counts: Counts) -> (Weights, Vec<u64>) {
    let of_token = |key: Key| key.low.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    counts.freeze(of_token, |shards, each| shards.iter_mut().for_each(each))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn runs_of_any_bytes(text in text_bytes()) {
        check_runs(&text);
    }
}

#[test]
fn runs_around_every_border() {
    for length in (0..=200).chain(4032..=4160).chain([8191, 8192, 8193]) {
        for text in [vec![b'Q'; length], vec![b' '; length], vec![b'\n'; length]] {
            check_runs(&text);
        }
        // One gap or one run, of a byte or two, everywhere near the end and near the borders.
        for at in (0..length).filter(|at| at % 64 < 3 || at % 64 > 60 || length - at < 20) {
            let mut gap = vec![b'B'; length];
            gap[at] = b'\n';
            check_runs(&gap);
            let mut run = vec![b'-'; length];
            run[at..(at + 2).min(length)].fill(b'7');
            check_runs(&run);
        }
    }
}

#[test]
fn every_byte_has_the_class_that_the_twin_gives_it() {
    for byte in 0..=u8::MAX {
        for length in [1, 15, 16, 17, 63, 64, 65] {
            let mut text = vec![b' '; 2 * length];
            text[..length].fill(byte);
            check_runs(&text);
        }
    }
}

// ---- overlap, ngram, lcs, contiguous

fn check_overlap(pair: &Pair, orders: usize, scratch: &mut textgauge_kernels::overlap::Scratch) {
    let Pair { hypothesis, reference, .. } = pair;
    for (wants_lcs, wants_joint) in [(false, false), (true, false), (false, true), (true, true)] {
        let found = on_every_path(|| {
            let mut joint = Joint::default();
            joint.begin(hypothesis.len(), orders);
            let found = overlap(pair.texts(), orders, wants_lcs, wants_joint.then_some(&mut joint), scratch, &never());
            if wants_joint {
                assert_eq!(joint.matches(), found.matches, "joint of one");
            }
            found
        });
        for order in 1..=MAX_ORDER {
            let expected = if order <= orders { naive::ngram_matches(hypothesis, reference, order) } else { 0 };
            assert_eq!(found.matches[order - 1], expected, "order {order} of {orders}");
        }
        if wants_lcs {
            assert_eq!(found.lcs, naive::lcs_length(hypothesis, reference));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn overlap_of_short_texts(pair in pair(40), orders in 0..=MAX_ORDER) {
        check_overlap(&pair, orders, &mut Default::default());
    }

    #[test]
    fn ngram_matches_of_any_text(pair in pair(200)) {
        let mut matches = [u32::MAX; MAX_ORDER];
        ngram::matches(pair.texts(), &mut matches, None, &mut Default::default());
        for order in 1..=MAX_ORDER {
            prop_assert_eq!(matches[order - 1], naive::ngram_matches(&pair.hypothesis, &pair.reference, order));
        }
    }

    #[test]
    fn joint_matches_of_several_texts(
        hypothesis in prop::collection::vec(0..6_u32, 0..150),
        references in prop::collection::vec((0..700_usize, any::<u64>(), 1..7_u32), 1..5),
        orders in 1..=MAX_ORDER,
    ) {
        let (mut joint, mut scratch) = (Joint::default(), Default::default());
        joint.begin(hypothesis.len(), orders);
        let pairs: Vec<Pair> =
            references.iter().map(|&(len, seed, below)| Pair::new(&hypothesis, &noise(seed, below, len))).collect();
        for pair in &pairs {
            overlap(pair.texts(), orders, false, Some(&mut joint), &mut scratch, &never());
        }
        let references: Vec<Vec<u32>> = pairs.iter().map(|pair| pair.reference.clone()).collect();
        for order in 1..=orders {
            let expected = naive::joint_matches(&pairs[0].hypothesis, &references, order);
            prop_assert_eq!(joint.matches()[order - 1], expected);
        }
    }

    #[test]
    fn shared_information_of_any_text(
        texts in prop::collection::vec(prop::collection::vec(0..5_u32, 0..40), 0..6),
        hypothesis in prop::collection::vec(0..6_u32, 0..40),
        references in prop::collection::vec(prop::collection::vec(0..6_u32, 0..40), 1..4),
        orders in 1..=MAX_ORDER,
        needed in 0..MAX_ORDER,
        few: bool,
    ) {
        let keys = |text: &[u32]| -> Vec<Key> { text.iter().map(|&token| Key::of_code_point(token)).collect() };
        let mut counts = if few { Counts::of_few(orders) } else { Counts::new(orders) };
        texts.iter().for_each(|text| counts.count(&keys(text)));
        let (weights, _) = frozen(counts);
        let mut scratch = ngram_weights::Scratch::default();
        // What was there before must not show.
        scratch.begin(orders, FittedTokens { weights: &weights, ids: &[0, 0, 0] }, &[1, 1, 2]);
        scratch.shared(&[1, 2]);
        let ids: Vec<u32> = keys(&hypothesis).iter().map(|&key| weights.token(key)).collect();
        // As many orders as were counted, or fewer.
        let needed = 1 + needed % orders;
        let fitted = FittedTokens { weights: &weights, ids: &ids };
        scratch.begin(needed, fitted, &Pair::new(&hypothesis, &[]).hypothesis);
        for reference in &references {
            let shared = scratch.shared(&Pair::new(&hypothesis, reference).reference);
            for order in 1..=needed {
                let of_all = naive::information(&texts, order);
                let expected = naive::shared_information(&of_all, &hypothesis, reference, order);
                prop_assert_eq!(shared[order - 1].to_bits(), expected.to_bits());
            }
            prop_assert!(shared[needed..].iter().all(|&shared| shared == 0.0));
        }
    }

    #[test]
    fn counts_come_back_from_their_parts(
        texts in prop::collection::vec(prop::collection::vec(0..5_u32, 0..20), 0..6), orders in 1..6_usize,
    ) {
        let counted = |texts: &[Vec<u32>], orders: usize| {
            let mut counts = Counts::new(orders);
            for text in texts {
                counts.count(&text.iter().map(|&token| Key::of_code_point(token)).collect::<Vec<_>>());
            }
            counts
        };
        let tokens = |counts: &Counts| counts.tokens().collect::<Vec<_>>();
        let ngrams = |counts: &Counts, shard: usize, order: usize| counts.shards()[shard].ngrams(order).collect::<Vec<_>>();
        let prints = |texts: &[Vec<u32>], orders: usize| frozen(counted(texts, orders)).1;
        let counts = counted(&texts, orders);
        let again = Counts::from_parts(orders, tokens(&counts), |shard, order| Some(ngrams(&counts, shard, order)));
        let again = again.expect("its own parts");
        prop_assert_eq!(tokens(&again), tokens(&counts));
        for shard in 0..SHARDS {
            (2..=orders).for_each(|order| assert_eq!(ngrams(&again, shard, order), ngrams(&counts, shard, order)));
        }
        // In whatever order texts came, and however many orders were counted besides; but one text more is another thing.
        let mut reversed = texts.clone();
        reversed.reverse();
        let own = frozen(again).1;
        prop_assert_eq!(&own, &prints(&texts, orders));
        prop_assert_eq!(&prints(&reversed, orders + 2)[..orders], &own);
        reversed.push(vec![3]);
        prop_assert!(prints(&reversed, orders).iter().zip(&own).all(|(more, print)| more != print));
        if let Some((_, fewer)) = tokens(&counts).split_first() {
            let longer = (0..SHARDS).any(|shard| orders > 1 && !ngrams(&counts, shard, 2).is_empty());
            let other = Counts::from_parts(orders, fewer.to_vec(), |shard, order| Some(ngrams(&counts, shard, order)));
            prop_assert!(other.is_none_or(|other| frozen(other).1 != own));
            let nowhere = Counts::from_parts(orders, [], |shard, order| Some(ngrams(&counts, shard, order)));
            prop_assert_eq!(nowhere.is_none(), longer);
        }
    }

    #[test]
    fn code_points_have_the_ids_of_an_interner(texts in prop::collection::vec("[a-d日本語😀]{0,20}", 2..5)) {
        let mut by_array = CodePointIds::default();
        for pair in texts.windows(2) {
            let mut by_table = Interner::default();
            let keys: Vec<Vec<Key>> =
                pair.iter().map(|text| text.chars().map(|c| Key::of_code_point(c.into())).collect()).collect();
            let (mut expected, mut found) = (Vec::new(), Vec::new());
            by_array.clear();
            by_array.intern_all(&keys[0], &mut found);
            by_table.intern_all(&keys[0], &mut expected);
            prop_assert_eq!(&found, &expected);
            by_array.look_up_all(&keys[1], &mut found);
            by_table.look_up_all(&keys[1], &mut expected);
            prop_assert_eq!(&found, &expected);
            prop_assert_eq!(by_array.len(), by_table.len());
        }
    }

    #[test]
    fn lcs_length_of_any_text(pair in pair(300)) {
        let found = lcs::length(&pair.hypothesis, &pair.reference, pair.vocabulary, &mut Default::default(), &never());
        prop_assert_eq!(found, naive::lcs_length(&pair.hypothesis, &pair.reference));
    }

    #[test]
    fn sets_of_any_texts(texts in prop::collection::vec(tokens(300), 1..4), orders in 0..=MAX_SET_ORDER) {
        let keys = |text: &[u32]| text.iter().map(|&token| Key::of_code_point(token)).collect::<Vec<_>>();
        let (mut scratch, mut ngram_scratch) = (token_sets::Scratch::default(), ngram_sets::Scratch::default());
        let mut shared_scratch = shared_tokens::Scratch::default();
        for (hypothesis, reference) in texts {
            let (mut interner, mut hypothesis_ids, mut ids) = (Interner::default(), Vec::new(), Vec::new());
            interner.intern_all(&keys(&hypothesis), &mut hypothesis_ids);
            let reference_keys = keys(&reference);
            interner.look_up_all(&reference_keys, &mut ids);
            for len in [usize::MAX, 16, 3] {
                let texts = [&hypothesis, &reference].map(|text| &text[..text.len().min(len)]);
                let texts_of_keys = texts.map(keys);
                let of_keys = texts_of_keys.each_ref().map(Vec::as_slice);
                prop_assert_eq!(token_sets::token_sets(of_keys, &mut scratch), naive::sets(texts[0], texts[1]));
                let shared = shared_tokens::shared_tokens(of_keys, &mut shared_scratch);
                prop_assert_eq!(shared, naive::ngram_matches(texts[0], texts[1], 1));
            }
            let texts = Texts { hypothesis: &hypothesis_ids, reference: &ids, vocabulary: interner.len() };
            let found = ngram_sets::ngram_sets(orders, texts, &reference_keys, &mut ngram_scratch);
            for (order, sets) in (1..).zip(found.0) {
                let expected = if order > orders { TokenSets::default() } else { naive::ngram_sets(&hypothesis, &reference, order) };
                prop_assert_eq!(sets, expected);
            }
        }
    }

    #[test]
    fn keys_hold_integers(value in any::<i128>(), shift in 0..128_u32, token in prop::collection::vec(any::<u8>(), 0..16)) {
        const MOST: i128 = (1 << 119) - 1;
        let value = value >> shift;
        let key = Key::of_integer(value);
        prop_assert_eq!(key.integer(), Some(value.clamp(-MOST, MOST)));
        prop_assert_eq!((key.inline_len(), key.number(), key.code_point()), (None, None, None));
        let others = [Key::inline(&token), Some(Key::numbered(7)), Some(Key::of_code_point(7))];
        prop_assert!(others.into_iter().flatten().all(|key| key.integer().is_none()));
    }

    #[test]
    fn longest_run_of_any_text(pair in pair(70)) {
        let found = contiguous::longest_run(&pair.hypothesis, &pair.reference, &mut Default::default());
        prop_assert_eq!(found, naive::longest_run(&pair.hypothesis, &pair.reference));
    }

    #[test]
    fn ngram_types_of_any_text(pair in pair(150)) {
        let found = distinct_ngrams::distinct_ngrams(pair.texts(), &mut Default::default());
        for order in 1..=distinct_ngrams::MAX_DISTINCT_ORDER {
            let [distinct, shared, occurrences] = naive::ngram_types(&pair.hypothesis, &pair.reference, order);
            let at = order - 1;
            prop_assert_eq!((found.distinct[at], found.shared[at], found.occurrences[at]), (distinct, shared, occurrences));
        }
    }

    #[test]
    fn fragments_of_any_text(pair in pair(150)) {
        let found = fragments::fragments(pair.texts(), &mut Default::default(), &never());
        let lengths = naive::fragment_lengths(&pair.hypothesis, &pair.reference);
        prop_assert_eq!(found.count as usize, lengths.len());
        prop_assert_eq!(found.tokens as usize, lengths.iter().sum::<usize>());
        prop_assert_eq!(found.squares as usize, lengths.iter().map(|length| length * length).sum::<usize>());
    }

    #[test]
    fn longest_run_that_was_planted(before in 0_u32..50, shared in 1_usize..3000, after in 0_usize..50) {
        // Outside the planted run the two have no token in common.
        let run = (0..shared as u32).map(|at| 10 + at % 7);
        let hypothesis: Vec<u32> = (0..before).map(|_| 1).chain(run.clone()).chain([2]).collect();
        let reference: Vec<u32> = std::iter::repeat_n(3, after).chain(run).chain([4, 4]).collect();
        let Pair { hypothesis, reference, .. } = Pair::new(&hypothesis, &reference);
        let found = contiguous::longest_run(&hypothesis, &reference, &mut Default::default());
        prop_assert_eq!(found as usize, shared);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn overlap_of_every_width(pair in pair(1100), orders in 0..=MAX_ORDER) {
        check_overlap(&pair, orders, &mut Default::default());
    }

    #[test]
    fn scratch_carries_nothing_over(pairs in prop::collection::vec(pair(150), 2..6), orders in 1..=MAX_ORDER) {
        let (mut many, mut lcs_scratch, mut run_scratch) = Default::default();
        for pair in &pairs {
            check_overlap(pair, orders, &mut many);
            let Pair { hypothesis, reference, vocabulary } = pair;
            let length = lcs::length(hypothesis, reference, *vocabulary, &mut lcs_scratch, &never());
            prop_assert_eq!(length, naive::lcs_length(hypothesis, reference));
            let run = contiguous::longest_run(hypothesis, reference, &mut run_scratch);
            prop_assert_eq!(run, contiguous::longest_run(hypothesis, reference, &mut Default::default()));
        }
    }
}

/// A fixed sequence of numbers below `below` that looks random.
fn noise(seed: u64, below: u32, len: usize) -> Vec<u32> {
    let mut state = seed;
    let next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % u64::from(below)) as u32
    };
    std::iter::repeat_with(next).take(len).collect()
}

#[test]
fn overlap_at_every_width_and_order() {
    let mut scratch = Default::default();
    let borders = [MATCH_POSITIONS, LANE_POSITIONS, LCS_POSITIONS].into_iter().flat_map(|border| [border, border + 1]);
    for length in
        [1, 63, 64, 65, 192, 193, 256, 257, 320, 321, 384, 385, 448, 449, 512, 513, 1500].into_iter().chain(borders)
    {
        for letters in [2, 30] {
            let pair = Pair::new(&noise(7, letters, 150), &noise(8, letters, length));
            (1..=MAX_ORDER).for_each(|orders| check_overlap(&pair, orders, &mut scratch));
        }
    }
}

#[test]
fn overlap_of_a_vocabulary_too_large_for_masks() {
    // 70,000 distinct tokens × 16 words are more than the masks may take; shared are the even tokens.
    let hypothesis: Vec<u32> = (0..70_000).collect();
    let reference: Vec<u32> = (0..1000).map(|token| 2 * token).collect();
    let pair = Pair::new(&hypothesis, &reference);
    let found = overlap(pair.texts(), 2, true, None, &mut Default::default(), &never());
    assert_eq!((found.matches[0], found.matches[1], found.lcs), (1000, 0, 1000));
}

// ---- union

/// Sentences as the kernel takes them: ids one after the other, and where each sentence but the last ends.
fn joined(sentences: &[Vec<u32>]) -> (Vec<u32>, Vec<u32>) {
    let mut ends: Vec<u32> = Vec::new();
    let mut ids = Vec::new();
    for sentence in sentences {
        ids.extend_from_slice(sentence);
        ends.push(ids.len() as u32);
    }
    ends.pop();
    (ids, ends)
}

/// The kernel's hits, and the sentences with the kernel's ids.
fn union_hits(
    hypothesis: &[Vec<u32>],
    reference: &[Vec<u32>],
    scratch: &mut union_lcs::Scratch,
) -> (u32, Vec<Vec<u32>>, Vec<Vec<u32>>) {
    let ((hyp, hyp_breaks), (refs, ref_breaks)) = (joined(hypothesis), joined(reference));
    let Pair { hypothesis, reference, vocabulary } = Pair::new(&hyp, &refs);
    let hyp = Sentences { ids: &hypothesis, breaks: &hyp_breaks };
    let refs = Sentences { ids: &reference, breaks: &ref_breaks };
    let owned = |sentences: Sentences<'_>| sentences.iter().map(<[u32]>::to_vec).collect();
    let hits = on_every_path(|| union_lcs::hits(hyp, refs, vocabulary, scratch, &never()));
    (hits, owned(hyp), owned(refs))
}

/// The same count as [`naive::union_hits`], keeping one bit a cell in place of a number: which way rouge-score
/// goes on a mismatch.
fn union_hits_in_little_memory(hypothesis: &[Vec<u32>], reference: &[Vec<u32>]) -> u32 {
    let mut left: HashMap<u32, u32> = HashMap::new();
    hypothesis.iter().flatten().for_each(|&id| *left.entry(id).or_default() += 1);
    let mut hits = 0;
    for sentence in reference {
        let mut in_union = vec![false; sentence.len()];
        for other in hypothesis {
            let mut goes_left = vec![vec![0_u64; other.len().div_ceil(64)]; sentence.len()];
            let mut above = vec![0_u32; other.len() + 1];
            for (i, token) in sentence.iter().enumerate() {
                let mut row = vec![0; other.len() + 1];
                for (j, candidate) in other.iter().enumerate() {
                    row[j + 1] = if token == candidate { above[j] + 1 } else { above[j + 1].max(row[j]) };
                    goes_left[i][j / 64] |= u64::from(row[j] > above[j + 1]) << (j % 64);
                }
                above = row;
            }
            let (mut i, mut j) = (sentence.len(), other.len());
            while i > 0 && j > 0 {
                if sentence[i - 1] == other[j - 1] {
                    in_union[i - 1] = true;
                    (i, j) = (i - 1, j - 1);
                } else if goes_left[i - 1][(j - 1) / 64] >> ((j - 1) % 64) & 1 == 1 {
                    j -= 1;
                } else {
                    i -= 1;
                }
            }
        }
        for (id, _) in sentence.iter().zip(in_union).filter(|(_, hit)| *hit) {
            if let Some(left) = left.get_mut(id).filter(|left| **left > 0) {
                *left -= 1;
                hits += 1;
            }
        }
    }
    hits
}

fn sentences(longest: usize, most: usize) -> impl Strategy<Value = (Vec<Vec<u32>>, Vec<Vec<u32>>)> {
    prop::collection::vec(tokens(longest), 0..=most).prop_map(|pairs| pairs.into_iter().unzip())
}

fn check_union(hypothesis: &[Vec<u32>], reference: &[Vec<u32>], scratch: &mut union_lcs::Scratch) {
    let (hits, hypothesis, reference) = union_hits(hypothesis, reference, scratch);
    assert_eq!(hits, naive::union_hits(&hypothesis, &reference));
    assert_eq!(hits, union_hits_in_little_memory(&hypothesis, &reference));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn union_in_lanes((hypothesis, reference) in sentences(64, 6)) {
        check_union(&hypothesis, &reference, &mut Default::default());
    }

    #[test]
    fn union_of_unequal_numbers_of_sentences(
        (hypothesis, _) in sentences(12, 5),
        (_, reference) in sentences(12, 11),
    ) {
        check_union(&hypothesis, &reference, &mut Default::default());
    }
}

/// The words and the lengths of the LCS of sentences in pairs, held to the slow twins.
fn check_lcs_words(
    hypothesis: &[Vec<u32>],
    reference: &[Vec<u32>],
    scratch: &mut (lcs_words::WordScratch, lcs_words::LengthScratch),
) {
    let ((hyp, hyp_breaks), (refs, ref_breaks)) = (joined(hypothesis), joined(reference));
    let Pair { hypothesis, reference, vocabulary } = Pair::new(&hyp, &refs);
    let hyp = Sentences { ids: &hypothesis, breaks: &hyp_breaks };
    let refs = Sentences { ids: &reference, breaks: &ref_breaks };
    let owned = |sentences: Sentences<'_>| sentences.iter().map(<[u32]>::to_vec).collect::<Vec<_>>();
    let words = lcs_words::words(hyp, refs, vocabulary, &mut scratch.0, &never());
    assert_eq!(words, naive::lcs_words(&owned(hyp), &owned(refs)));
    let lengths = lcs_words::lengths(hyp, refs, vocabulary, &mut scratch.1, &never());
    assert_eq!(lengths, naive::lcs_lengths(&owned(hyp), &owned(refs)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn words_of_pairs_of_sentences(short in sentences(64, 6), long in sentences(260, 4)) {
        let mut scratch = Default::default();
        for (hypothesis, reference) in [&short, &long, &short] {
            check_lcs_words(hypothesis, reference, &mut scratch);
        }
    }

    #[test]
    fn union_in_rows((hypothesis, reference) in sentences(260, 4)) {
        check_union(&hypothesis, &reference, &mut Default::default());
    }

    #[test]
    fn union_scratch_carries_nothing_over(batches in prop::collection::vec(sentences(70, 4), 2..5)) {
        let mut scratch = Default::default();
        for (hypothesis, reference) in &batches {
            check_union(hypothesis, reference, &mut scratch);
        }
    }
}

#[test]
fn union_with_rows_computed_again_from_checkpoints() {
    // 5,903 × ceil(5,701 / 64) row words are more than are kept at once, and 5,903 is no square; the second
    // sentence of the hypothesis fits, the second of the reference goes by lanes.
    for letters in [3, 400] {
        let hypothesis = [noise(1, letters, 5903), noise(2, letters, 90)];
        let reference = [noise(3, letters, 5701), noise(4, letters, 60)];
        let (hits, hypothesis, reference) = union_hits(&hypothesis, &reference, &mut Default::default());
        assert_eq!(hits, union_hits_in_little_memory(&hypothesis, &reference));
    }
}

// ---- ter

fn check_ter(hypothesis: &[u32], reference: &[u32], scratch: &mut ter::Scratch) -> u32 {
    let Pair { hypothesis, reference, .. } = Pair::new(hypothesis, reference);
    let edits = on_every_path(|| ter::edits(&hypothesis, &reference, scratch, &never()));
    assert_eq!(edits, naive::ter_edits(&hypothesis, &reference), "{hypothesis:?} {reference:?}");
    edits
}

/// A text, and what becomes of it when phrases are moved and words replaced.
fn rearranged(longest: usize) -> impl Strategy<Value = (Vec<u32>, Vec<u32>)> {
    let letters = prop::sample::select(vec![2_u32, 4, 12, 100]);
    let text = letters.prop_flat_map(move |letters| prop::collection::vec(0..letters, 1..=longest));
    let moves = prop::collection::vec((any::<prop::sample::Index>(), 1_usize..13, any::<prop::sample::Index>()), 0..8);
    let words = prop::collection::vec((any::<prop::sample::Index>(), 0_u32..12), 0..6);
    (text, moves, words).prop_map(|(reference, moves, words)| {
        let mut hypothesis = reference.clone();
        for (start, length, target) in moves {
            let start = start.index(hypothesis.len());
            let end = (start + length).min(hypothesis.len());
            let phrase: Vec<u32> = hypothesis.drain(start..end).collect();
            let target = target.index(hypothesis.len() + 1);
            hypothesis.splice(target..target, phrase);
        }
        for (position, word) in words {
            let position = position.index(hypothesis.len());
            hypothesis[position] = word;
        }
        (hypothesis, reference)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn ter_of_sentences((hypothesis, reference) in prop_oneof![tokens(30), rearranged(30)]) {
        check_ter(&hypothesis, &reference, &mut Default::default());
    }

    #[test]
    fn ter_of_unequal_lengths((short, long) in (prop::collection::vec(0_u32..4, 0..6), prop::collection::vec(0_u32..6, 0..330))) {
        // From about 25 times as many words on, the beam jumps; from 50 on, it is wider.
        let mut scratch = Default::default();
        check_ter(&short, &long, &mut scratch);
        check_ter(&long, &short, &mut scratch);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn ter_of_any_text(pairs in prop::collection::vec(prop_oneof![1 => tokens(80), 3 => rearranged(80)], 1..4)) {
        let mut scratch = Default::default();
        for (hypothesis, reference) in &pairs {
            check_ter(hypothesis, reference, &mut scratch);
        }
    }
}

#[test]
fn ter_where_the_beam_cuts() {
    // A text that is late by as many words as the beam reaches, or by a few more or less.
    let text = noise(1, 400, 160);
    for late in 20..30 {
        let new = noise(2, 400, late);
        check_ter(&[&new, &text[..160 - late]].concat(), &text, &mut Default::default());
        check_ter(&text, &[&new, &text[..160 - late]].concat(), &mut Default::default());
        check_ter(&[&new, &text[..]].concat(), &text, &mut Default::default());
    }
}

#[test]
fn ter_of_a_phrase_moved_as_far_as_is_allowed() {
    let text: Vec<u32> = (0..90).collect();
    for length in [9, 10, 11] {
        let counts: Vec<u32> = (48..53)
            .map(|distance| {
                let mut moved = text.clone();
                moved[20..20 + length + distance].rotate_left(length);
                check_ter(&moved, &text, &mut Default::default())
            })
            .collect();
        // One shift up to 50 words on; beyond, the phrase is shifted by other ways, or deleted and inserted.
        assert_eq!(counts[..3], if length <= 10 { [1, 1, 1] } else { [2, 2, 2] });
        assert!(counts[3] > counts[2], "{counts:?}");
    }
}

#[test]
fn ter_ends_when_too_many_shifts_are_listed() {
    // A phrase stands ten words early. Behind it are texts of two letters, in which there is ever more to shift.
    let (phrase, between): (Vec<u32>, Vec<u32>) = ((10..18).collect(), (20..30).collect());
    let more_than_without_phrase = |length| {
        let (tail, other) = (noise(2, 2, length), noise(3, 2, length));
        let early = [&phrase, &between, &tail[..]].concat();
        let in_place = [&between, &phrase, &other[..]].concat();
        let with = check_ter(&early, &in_place, &mut Default::default());
        with - check_ter(&[&between, &tail[..]].concat(), &[&between, &other[..]].concat(), &mut Default::default())
    };
    // The phrase is shifted; or its every word is an edit, because the first round is the last.
    assert_eq!(more_than_without_phrase(12), 1);
    assert!(more_than_without_phrase(60) > 8);
}

#[test]
fn ter_of_texts_whose_masks_are_not_laid_out() {
    // 4000 distinct words × 64 mask words are more than are kept; every 400th word is a word late.
    let reference: Vec<u32> = (0..4000).collect();
    let mut hypothesis = reference.clone();
    (0..4000).step_by(400).for_each(|at| hypothesis.swap(at, at + 1));
    let Pair { hypothesis, reference, .. } = Pair::new(&hypothesis, &reference);
    assert_eq!(ter::edits(&hypothesis, &reference, &mut Default::default(), &never()), 10);
}

#[test]
fn ter_of_long_texts_ends() {
    let long = 30_000;
    let mut scratch = ter::Scratch::default();
    let mut edits = |hypothesis: &[u32], reference: &[u32]| {
        let Pair { hypothesis, reference, .. } = Pair::new(hypothesis, reference);
        let edits = ter::edits(&hypothesis, &reference, &mut scratch, &never());
        assert!(scratch.held_bytes() < 8 << 20, "memory is linear");
        // Whatever a cancelled one returns, it does return.
        ter::edits(&hypothesis, &reference, &mut scratch, &CancelFlag::new(true));
        edits
    };
    let text = noise(3, 5000, long);
    assert_eq!(edits(&text, &text), 0);
    assert_eq!(edits(&vec![1; long], &vec![2; long]), 30_000);
    assert_eq!(edits(&text[..1], &text), 29_999);
    assert_eq!(edits(&text, &text[..1]), 29_999);
    assert!(edits(&noise(4, 2, long), &noise(5, 2, long)) < 30_000);
    assert!(edits(&text[..500], &text) >= 29_500);
}

// ---- edits

/// Checks distance, counts and script against the slow twin, with buffers that were used before.
fn check_edits(pair: &Pair, scratch: &mut edit::Scratch) -> edit::Counts {
    let Pair { hypothesis, reference, .. } = pair;
    let expected = naive::edit_steps(reference, hypothesis);
    let count = |kind| expected.iter().filter(|&&step| step == kind).count() as u32;
    let counts = edit::Counts {
        hits: count(Kind::Equal),
        substitutions: count(Kind::Substitute),
        deletions: count(Kind::Delete),
        insertions: count(Kind::Insert),
    };
    let distance = counts.substitutions + counts.deletions + counts.insertions;
    assert_eq!(distance, naive::edit_distance(reference, hypothesis));
    assert_eq!(on_every_path(|| edit::distance(pair.texts(), scratch, &never())), distance);
    assert_eq!(on_every_path(|| edit::counts(pair.texts(), scratch, &never())), counts);
    let chunks = on_every_path(|| {
        // What the list held before goes.
        let mut chunks = vec![Chunk { kind: Kind::Equal, reference: [0, 9], hypothesis: [0, 9] }];
        assert_eq!(edit::alignment(pair.texts(), &mut chunks, scratch, &never()), counts);
        chunks
    });
    // The chunks follow each other, each as long as can be.
    let mut at = ([0, 0], None);
    for Chunk { kind, reference, hypothesis } in &chunks {
        assert_eq!((at.0, at.1 == Some(*kind)), ([reference[0], hypothesis[0]], false));
        at = ([reference[1], hypothesis[1]], Some(*kind));
    }
    assert_eq!(at.0, [reference.len() as u32, hypothesis.len() as u32]);
    let steps = chunks.iter().flat_map(|chunk| {
        let [reference, hypothesis] = [chunk.reference, chunk.hypothesis].map(|[start, end]| (end - start) as usize);
        let length = match chunk.kind {
            Kind::Delete => reference,
            _ => hypothesis,
        };
        assert!(chunk.kind == Kind::Delete || chunk.kind == Kind::Insert || reference == hypothesis);
        std::iter::repeat_n(chunk.kind, length)
    });
    assert!(steps.eq(expected));
    counts
}

/// A text with some tokens left out, said twice or replaced, out of `letters`.
fn misheard(text: &[u32], letters: u32, one_in: u32, seed: u32) -> Vec<u32> {
    let fates = noise(seed.into(), 3 * one_in, text.len());
    let others = noise(u64::from(seed) + 1, letters, text.len());
    let heard = text.iter().zip(fates).zip(others).flat_map(|((&token, fate), other)| match fate {
        0 => vec![],
        1 => vec![other],
        2 => vec![token, other],
        _ => vec![token],
    });
    heard.collect()
}

proptest! {
    #[test]
    fn edits_are_their_twins(first in pair(700), second in pair(70)) {
        let mut scratch = edit::Scratch::default();
        check_edits(&first, &mut scratch);
        check_edits(&second, &mut scratch);
    }

    #[test]
    fn edits_of_misheard_texts(length in 1_usize..1500, letters in 2_u32..300, one_in in 1_u32..30, seed: u32) {
        let text = noise(seed.into(), letters, length);
        let heard = misheard(&text, letters, one_in, seed ^ 7);
        check_edits(&Pair::new(&heard, &text), &mut Default::default());
        check_edits(&Pair::new(&text, &heard), &mut Default::default());
    }
}

#[test]
fn edits_of_texts_that_are_halved() {
    let mut scratch = edit::Scratch::default();
    for (letters, length, one_in) in [(3, 2300, 4), (3, 2600, 1), (50, 2400, 2)] {
        let text = noise(4, letters, length);
        let heard = misheard(&text, letters, one_in, 5);
        check_edits(&Pair::new(&heard, &text), &mut scratch);
        check_edits(&Pair::new(&text, &heard), &mut scratch);
    }
    // The best place to cut is before the first token of the reference.
    let text = noise(8, 200, 2200);
    let late = [vec![999; 2300], text[..2199].to_vec(), vec![998]].concat();
    check_edits(&Pair::new(&late, &text), &mut scratch);
    check_edits(&Pair::new(&text, &late), &mut scratch);
}

#[test]
fn edits_of_very_long_texts() {
    let (long, mut scratch) = (60_000, edit::Scratch::default());
    let text = noise(6, 20_000, long);
    let heard = misheard(&text, 20_000, 40, 9);
    let pair = Pair::new(&heard, &text);
    let distance = edit::distance(pair.texts(), &mut scratch, &never());
    let counts = edit::counts(pair.texts(), &mut scratch, &never());
    assert_eq!(counts.substitutions + counts.deletions + counts.insertions, distance);
    assert_eq!(counts.hits + counts.substitutions + counts.insertions, heard.len() as u32);
    assert!((1000..2000).contains(&distance));
    assert!(scratch.held_bytes() < 16 << 20, "memory is linear");
    // Whatever a cancelled one returns, it does return.
    let other = Pair::new(&noise(7, 2, long), &noise(8, 2, long));
    for pair in [&pair, &other] {
        edit::distance(pair.texts(), &mut scratch, &CancelFlag::new(true));
        edit::alignment(pair.texts(), &mut Vec::new(), &mut scratch, &CancelFlag::new(true));
    }
}

// ---- keys and tables

#[derive(Clone, Debug)]
enum Step {
    Intern(u64),
    InternAll(Vec<u64>),
    LookUp(Vec<u64>),
    Clear(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    // Keys are close together, far apart, or differ in one bit alone.
    let key = || prop_oneof![0_u64..40, any::<u64>(), (0_u64..64).prop_map(|bit| 1 << bit)];
    let step = prop_oneof![
        30 => key().prop_map(Step::Intern),
        4 => prop::collection::vec(key(), 0..200).prop_map(Step::InternAll),
        8 => prop::collection::vec(key(), 0..50).prop_map(Step::LookUp),
        1 => (0_usize..600).prop_map(Step::Clear),
    ];
    prop::collection::vec(step, 0..120)
}

/// Holds an interner to a map from keys to ids.
fn check_interner<K: TableKey + std::hash::Hash>(steps: &[Step], key_of: impl Fn(u64) -> K) {
    on_every_path(|| check_interner_here(steps, &key_of));
}

fn check_interner_here<K: TableKey + std::hash::Hash>(steps: &[Step], key_of: impl Fn(u64) -> K) {
    let mut interner: Interner<K> = Interner::default();
    let mut model: HashMap<K, u32> = HashMap::new();
    let keys = |numbers: &[u64]| numbers.iter().map(|&number| key_of(number)).collect::<Vec<K>>();
    let learn = |model: &mut HashMap<K, u32>, key: K| {
        let fresh = model.len() as u32 + 1;
        *model.entry(key).or_insert(fresh)
    };
    for step in steps {
        // What the list held before goes.
        let mut ids = vec![7, 8];
        let mut expected = vec![7, 8];
        match step {
            Step::Intern(number) => {
                ids.push(interner.intern(key_of(*number)));
                expected.push(learn(&mut model, key_of(*number)));
            }
            Step::InternAll(numbers) => {
                interner.intern_all(&keys(numbers), &mut ids);
                expected = keys(numbers).into_iter().map(|key| learn(&mut model, key)).collect();
            }
            Step::LookUp(numbers) => {
                interner.look_up_all(&keys(numbers), &mut ids);
                let known = |key: &K| model.get(key).copied().unwrap_or(0);
                expected = keys(numbers).iter().map(known).collect();
                keys(numbers).iter().for_each(|key| assert_eq!(interner.look_up(*key), known(key)));
            }
            Step::Clear(room) => {
                interner.clear(*room);
                model.clear();
            }
        }
        assert_eq!(ids, expected);
        assert_eq!((interner.len(), interner.is_empty()), (model.len(), model.is_empty()));
    }
    model.iter().for_each(|(&key, &id)| assert_eq!(interner.look_up(key), id));
}

/// A token key that the standard library's map takes as well.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Hashed(Key);

impl TableKey for Hashed {
    fn hash(self, mix: Mix) -> u64 {
        self.0.hash(mix)
    }

    fn difference(self, other: Self) -> u64 {
        self.0.difference(other.0)
    }
}

impl std::hash::Hash for Hashed {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.bytes().hash(state);
    }
}

/// A key whose every hash is the same: each look-up probes past all others.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash)]
struct Colliding(u64);

impl TableKey for Colliding {
    fn hash(self, _: Mix) -> u64 {
        u64::MAX
    }

    fn difference(self, other: Self) -> u64 {
        self.0.difference(other.0)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn interner_is_a_map_that_forgets(steps in steps()) {
        check_interner(&steps, |key| key);
        check_interner(&steps, |key| Hashed(Key { low: key, high: key.rotate_left(17) }));
        check_interner(&steps, |key| Hashed(Key::numbered(key as u32)));
        check_interner(&steps, Colliding);
    }

    #[test]
    fn keys_are_equal_when_tokens_are(a in "[ab\0]{0,17}", b in "[ab\0]{0,17}") {
        let (key_a, key_b) = (Key::inline(a.as_bytes()), Key::inline(b.as_bytes()));
        prop_assert_eq!(key_a.is_some(), a.len() <= INLINE_BYTES);
        if let (Some(key_a), Some(key_b)) = (key_a, key_b) {
            prop_assert_eq!(key_a == key_b, a == b);
            prop_assert_eq!(&key_a.bytes()[..key_a.inline_len().expect("inline")], a.as_bytes());
            prop_assert_eq!(key_a.number(), None);
        }
    }

    #[test]
    fn numbered_keys_are_no_tokens(number: u32, token in prop::collection::vec(any::<u8>(), 0..=INLINE_BYTES)) {
        let key = Key::numbered(number);
        prop_assert_eq!((key.number(), key.inline_len()), (Some(number), None));
        prop_assert!(Key::inline(&token) != Some(key));
    }

    #[test]
    fn interner_numbers_by_first_appearance((first, second) in tokens(600)) {
        let key = |token: &u32| Key::inline(&token.to_le_bytes()).expect("short");
        let keys = |tokens: &[u32]| tokens.iter().map(key).collect::<Vec<Key>>();
        let mut interner = Interner::default();
        // Once with too little room, so that it grows; once afresh after a clear.
        for expected in [0, first.len()] {
            interner.clear(expected);
            prop_assert!(interner.is_empty());
            let (mut ids, mut looked_up) = (Vec::new(), Vec::new());
            interner.intern_all(&keys(&first), &mut ids);
            interner.look_up_all(&keys(&second), &mut looked_up);
            let pair = Pair::new(&first, &second);
            prop_assert_eq!(interner.len(), pair.vocabulary);
            prop_assert_eq!((ids, looked_up), (pair.hypothesis, pair.reference));
        }
    }
}

/// Keys whose hashes under `known` begin with the same 48 bits.
fn colliding(known: u64, count: u64) -> Vec<u64> {
    // Newton's iteration for the inverse of an odd number modulo 2^64.
    let inverse =
        (0..6).fold(known, |inverse: u64, _| inverse.wrapping_mul(2_u64.wrapping_sub(known.wrapping_mul(inverse))));
    (0..count).map(|low_bits| low_bits.wrapping_mul(inverse)).collect()
}

#[test]
fn keys_chosen_to_collide_do_so_under_known_multipliers_only() {
    const KNOWN: u64 = 0x243F_6A88_85A3_08D3;
    let keys = colliding(KNOWN, 4_000);
    let collisions = |mix: Mix| {
        let mut interner = Interner::with_mix(mix);
        let mut ids = Vec::new();
        interner.intern_all(&keys, &mut ids);
        assert_eq!(ids, (1..=4_000).collect::<Vec<u32>>());
        interner.collisions()
    };
    assert_eq!(collisions(Mix::new(KNOWN, 1)), 4_000 * 3_999 / 2);
    for mix in [Mix::new(0x1319_8A2E_0370_7345, 1), Mix::new(0xA409_3822_299F_31D0, 1)] {
        assert!(collisions(mix) < 16 * 4_000, "{mix:?}");
    }
    assert_eq!(Mix::of_process(), Mix::of_process());
}

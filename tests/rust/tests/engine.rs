//! The laws of the engine: what is split, reordered, prepared or cancelled changes no bit of a result.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::json;
use textgauge_engine::{
    Aggregate, Batch, CancelFlag, Error, Pair, Plan, Prepared, References, RowOutputs, Run, TokenSource, pairwise,
    score,
};
use textgauge_metrics::registry;
use textgauge_tests::{Rows, as_texts, never, plan, score_bits};

/// Every metric under two pipelines and both ways with several references.
static PLANS: LazyLock<Vec<Plan>> = LazyLock::new(|| {
    let names = |family: &str| -> Vec<&str> {
        registry::entries().filter(|entry| entry.family.contains(family)).map(|entry| entry.name).collect()
    };
    vec![
        plan(&names(""), &[]),
        plan(&names("rouge"), &[("stemmer", json!("porter")), ("multiref", json!("mean")), ("beta", json!(0.7))]),
        plan(&names("rouge"), &[("tokenizer", json!("characters")), ("lowercase", json!(false))]),
    ]
});

fn any_plan() -> impl Strategy<Value = &'static Plan> {
    (0..PLANS.len()).prop_map(|index| &PLANS[index])
}

fn any_line() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        8 => prop::sample::select(vec!["the", "cat", "cats", "sat", "running", "Ran", "mat", ".", "\n", "İ", "K"])
            .prop_map(String::from),
        1 => "[a-c]{14,18}",
        1 => any::<String>(),
    ];
    prop::collection::vec(word, 0..12).prop_map(|words| words.join(" "))
}

/// Rows with one to three references each; `nulls` in twenty texts are missing.
fn rows(nulls: u32) -> impl Strategy<Value = Rows> {
    let text = move || (any_line(), 0..20_u32).prop_map(move |(text, draw)| (draw >= nulls).then_some(text));
    let row = (text(), prop::collection::vec(text(), 1..4));
    prop::collection::vec(row, 0..12).prop_map(|rows| {
        let (predictions, references) = rows.into_iter().unzip();
        Rows { predictions, references }
    })
}

fn aggregate(plan: &Plan, rows: &Rows) -> Aggregate {
    rows.with_batch(None, |batch| score_bits(plan, batch, 1, 1).expect("nobody cancels").1.remove(0))
}

fn merged<'a>(plan: &Plan, parts: impl IntoIterator<Item = &'a Aggregate>) -> Aggregate {
    let mut sum = Aggregate::new(plan);
    parts.into_iter().for_each(|part| sum.merge(part).expect("sums of real rows"));
    sum
}

fn append(prepared: &mut Prepared, plan: &Plan, batch: &Batch<'_>) {
    prepared.append(plan, batch, &mut Run::new(1, &mut || false), &never()).expect("nobody cancels");
}

fn bits(scores: &[f64]) -> Vec<u64> {
    scores.iter().map(|score| score.to_bits()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    #[test]
    fn merging_is_associative_and_commutative(plan in any_plan(), a in rows(1), b in rows(1), c in rows(1)) {
        let [a, b, c] = [a, b, c].map(|rows| aggregate(plan, &rows));
        let left = merged(plan, [&merged(plan, [&a, &b]), &c]);
        let right = merged(plan, [&a, &merged(plan, [&b, &c])]);
        let other_way = merged(plan, [&c, &b, &a]);
        prop_assert_eq!(&left, &right);
        prop_assert_eq!(&left, &other_way);
        let scores = [&left, &other_way].map(|sums| bits(&sums.finalise(plan).expect("sums in range")));
        prop_assert_eq!(&scores[0], &scores[1]);
        prop_assert_eq!(left.rows() + left.nulls(), [&a, &b, &c].map(|part| part.rows() + part.nulls()).iter().sum::<u64>());
    }

    #[test]
    fn any_split_sums_to_the_whole(plan in any_plan(), rows in rows(2), cut in any::<prop::sample::Index>()) {
        let cut = if rows.is_empty() { 0 } else { cut.index(rows.len() + 1) };
        let parts = [rows.select(0..cut), rows.select(cut..rows.len())].map(|part| aggregate(plan, &part));
        prop_assert_eq!(merged(plan, &parts), aggregate(plan, &rows));
        let reversed = rows.select((0..rows.len()).rev());
        prop_assert_eq!(aggregate(plan, &reversed), aggregate(plan, &rows));
    }

    #[test]
    fn a_batch_is_a_loop_of_single_rows(plan in any_plan(), rows in rows(2)) {
        let (columns, _) = rows.with_batch(None, |batch| score_bits(plan, batch, 1, 1)).expect("nobody cancels");
        for row in 0..rows.len() {
            let alone = rows.select([row]);
            let (single, _) = alone.with_batch(None, |batch| score_bits(plan, batch, 1, 1)).expect("nobody cancels");
            let in_batch: Vec<Vec<u64>> = columns.iter().map(|column| vec![column[row]]).collect();
            prop_assert_eq!(single, in_batch);
        }
    }

    #[test]
    fn metrics_together_are_metrics_alone(rows in rows(1), which in 0..registry::entries().count()) {
        let alone = plan(&[registry::entries().nth(which).expect("so many").name], &[]);
        let (together, _) = rows.with_batch(None, |batch| score_bits(&PLANS[0], batch, 1, 1)).expect("nobody cancels");
        let (single, _) = rows.with_batch(None, |batch| score_bits(&alone, batch, 1, 1)).expect("nobody cancels");
        let first = PLANS[0].columns().iter().position(|name| *name == alone.columns()[0]).expect("the same columns");
        prop_assert_eq!(&together[first..first + single.len()], &single[..]);
    }

    #[test]
    fn scores_are_in_range_and_missing_texts_have_none(plan in any_plan(), rows in rows(3)) {
        let (columns, sums) = rows.with_batch(None, |batch| score_bits(plan, batch, 1, 1)).expect("nobody cancels");
        let missing =
            |row: usize| rows.predictions[row].is_none() || rows.references[row].iter().any(Option::is_none);
        for (column, output) in columns.iter().zip(plan.outputs()) {
            for (row, &score) in column.iter().enumerate() {
                let score = f64::from_bits(score);
                prop_assert_eq!(score.is_nan(), missing(row));
                prop_assert!(score.is_nan() || (output.lowest..=output.highest).contains(&score), "{score}");
            }
        }
        prop_assert_eq!(sums[0].nulls() as usize, (0..rows.len()).filter(|&row| missing(row)).count());
        prop_assert_eq!((sums[0].rows() + sums[0].nulls()) as usize, rows.len());
    }

    #[test]
    fn a_pair_by_itself_scores_as_in_a_batch(plan in any_plan(), rows in rows(0)) {
        for row in 0..rows.len() {
            let own = rows.select([row]);
            own.with_batch(None, |batch| {
                let pair = Pair { sources: batch.sources };
                // A pair scored in the midst of another leaves its scores alone.
                let once = pair.score(plan, |scores| {
                    let inner = Pair { sources: &[TokenSource::new(&[Some(b"a")], &[Some(b"b")])] };
                    (inner.score(plan, bits), bits(scores))
                });
                let watched = pair.score_watched(plan, &mut Run::new(1, &mut || false), &never());
                if plan.must_be_fitted() {
                    prop_assert_eq!(once.err(), Some(plan.not_fitted()));
                    prop_assert_eq!(watched.err(), Some(plan.not_fitted()));
                    return Ok(());
                }
                let (columns, _) = score_bits(plan, batch, 1, 1).expect("nobody cancels");
                let expected: Vec<u64> = columns.iter().map(|column| column[0]).collect();
                prop_assert_eq!(&once.expect("nothing is lacking").1, &expected);
                prop_assert_eq!(&bits(&watched.expect("nobody cancels")), &expected);
                Ok(())
            })?;
        }
    }

    #[test]
    fn sums_by_group_are_sums_of_the_groups_rows(
        plan in any_plan(), rows in rows(2), keys in prop::collection::vec(0_u32..3, 12),
    ) {
        let keys = &keys[..rows.len()];
        let (_, sums) = rows.with_batch(Some(keys), |batch| score_bits(plan, batch, 3, 1)).expect("nobody cancels");
        for (group, sum) in (0..3).zip(&sums) {
            let own = rows.select((0..rows.len()).filter(|&row| keys[row] == group));
            prop_assert_eq!(sum, &aggregate(plan, &own));
        }
    }

    #[test]
    fn aggregates_come_back_from_bytes(plan in any_plan(), rows in rows(1), cut in any::<prop::sample::Index>()) {
        let aggregate = aggregate(plan, &rows);
        let bytes = aggregate.to_bytes(plan);
        let (again, read) = Aggregate::from_bytes(&bytes).expect("its own bytes");
        prop_assert_eq!(&read, &aggregate);
        prop_assert_eq!((again.columns(), again.signatures()), (plan.columns(), plan.signatures()));
        prop_assert_eq!(read.to_bytes(&again), bytes.clone());
        let end = cut.index(bytes.len());
        prop_assert!(matches!(Aggregate::from_bytes(&bytes[..end]), Err(Error::BadAggregate(_))), "cut at {end}");
        let longer = [&bytes[..], b"x"].concat();
        prop_assert!(matches!(Aggregate::from_bytes(&longer), Err(Error::BadAggregate(_))));
    }

    #[test]
    fn prepared_references_score_as_the_texts_do(plan in any_plan(), rows in rows(2), cut in any::<prop::sample::Index>()) {
        // Prepared in two goes, which must not show.
        let cut = if rows.is_empty() { 0 } else { cut.index(rows.len() + 1) };
        let mut prepared = Prepared::new(plan);
        for part in [rows.select(0..cut), rows.select(cut..rows.len())] {
            let only_references = Rows { predictions: vec![Some(String::new()); part.len()], references: part.references };
            only_references.with_batch(None, |batch| append(&mut prepared, plan, batch));
        }
        prop_assert_eq!(prepared.rows(), rows.len());
        let direct = rows.with_batch(None, |batch| score_bits(plan, batch, 1, 1)).expect("nobody cancels");
        let predictions = as_texts(&rows.predictions);
        let sources = [TokenSource::new(&predictions, &[])];
        let references = References::Prepared { prepared: &prepared, first: 0 };
        let batch = Batch::new(&sources, references, rows.len(), true);
        prop_assert_eq!(score_bits(plan, &batch, 1, 1).expect("nobody cancels"), direct);
    }

    #[test]
    fn a_matrix_is_a_loop_of_single_pairs(
        plan in any_plan(),
        predictions in prop::collection::vec(prop::option::weighted(0.9, any_line()), 0..5),
        references in prop::collection::vec(prop::option::weighted(0.9, any_line()), 0..5),
    ) {
        let prepared = |texts: &[Option<String>]| {
            let mut prepared = Prepared::new(plan);
            let rows = Rows {
                predictions: vec![Some(String::new()); texts.len()],
                references: texts.iter().map(|text| vec![text.clone()]).collect(),
            };
            rows.with_batch(None, |batch| append(&mut prepared, plan, batch));
            prepared
        };
        let mut matrices = vec![vec![f64::INFINITY; predictions.len() * references.len()]; plan.columns().len()];
        let slices = matrices.iter_mut().map(Vec::as_mut_slice).collect();
        let mut run = Run { threads: 1, watch: &mut || false, beside: None };
        let (rows, columns) = (prepared(&predictions), prepared(&references));
        pairwise(plan, &rows, &columns, slices, &mut run, &never()).expect("nobody cancels");
        for (i, prediction) in predictions.iter().enumerate() {
            for (j, reference) in references.iter().enumerate() {
                let pair = Rows { predictions: vec![prediction.clone()], references: vec![vec![reference.clone()]] };
                let (single, _) = pair.with_batch(None, |batch| score_bits(plan, batch, 1, 1)).expect("nobody cancels");
                let cell: Vec<u64> = matrices.iter().map(|matrix| matrix[i * references.len() + j].to_bits()).collect();
                prop_assert_eq!(single.concat(), cell);
            }
        }
    }
}

/// So many rows that they go to threads: lengths from nothing to thousands of words.
fn many_rows() -> Rows {
    let words = ["the", "cats", "sat", "on\n", "a", "mat", "running", "internationalisation", "K"];
    let text = |seed: usize, len: usize| {
        (0..len).map(|at| words[(seed * 31 + at * at + at / 3) % words.len()]).collect::<Vec<_>>().join(" ")
    };
    let rows = 600;
    Rows {
        predictions: (0..rows).map(|row| (row % 97 != 5).then(|| text(row, row * row % 151))).collect(),
        references: (0..rows)
            .map(|row| (0..1 + row % 3).map(|other| Some(text(row + other, row * 7 % 173 + other))).collect())
            .collect(),
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let rows = many_rows();
    let keys: Vec<u32> = (0..rows.len() as u32).map(|row| row % 5).collect();
    for plan in PLANS.iter() {
        rows.with_batch(Some(&keys), |batch| {
            let expected = score_bits(plan, batch, 5, 1).expect("nobody cancels");
            for threads in [2, 3, 8] {
                assert_eq!(score_bits(plan, batch, 5, threads).expect("nobody cancels"), expected, "{threads} threads");
            }
        });
    }
}

#[test]
fn a_matrix_is_the_same_on_any_number_of_threads() {
    let rows = many_rows();
    let plan = &PLANS[0];
    let mut prepared = Prepared::new(plan);
    let single = Rows {
        predictions: rows.predictions.clone(),
        references: rows.references.iter().map(|texts| vec![texts[0].clone()]).collect(),
    };
    single.select(0..60).with_batch(None, |batch| append(&mut prepared, plan, batch));
    let matrices = |threads: usize| {
        let mut matrices = vec![vec![f64::INFINITY; 60 * 60]; plan.columns().len()];
        let slices = matrices.iter_mut().map(Vec::as_mut_slice).collect();
        let mut run = Run { threads, watch: &mut || false, beside: None };
        pairwise(plan, &prepared, &prepared, slices, &mut run, &never()).expect("nobody cancels");
        matrices.iter().map(|matrix| bits(matrix)).collect::<Vec<_>>()
    };
    assert_eq!(matrices(1), matrices(4));
}

/// The scores of `rows` against references that were prepared before.
fn score_prepared(plan: &Plan, rows: &Rows, prepared: &Prepared) -> (Vec<Vec<u64>>, Vec<Aggregate>) {
    let predictions = as_texts(&rows.predictions);
    let sources = [TokenSource::new(&predictions, &[])];
    let references = References::Prepared { prepared, first: 0 };
    let batch = Batch::new(&sources, references, rows.len(), true);
    score_bits(plan, &batch, 1, 1).expect("nobody cancels")
}

#[test]
fn cancelled_preparing_adds_nothing() {
    let rows = many_rows();
    let references = Rows { predictions: vec![Some(String::new()); rows.len()], references: rows.references.clone() };
    let plan = &PLANS[0];
    let expected = rows.with_batch(None, |batch| score_bits(plan, batch, 1, 1)).expect("nobody cancels");
    let mut prepared = Prepared::new(plan);
    references.select(0..300).with_batch(None, |batch| append(&mut prepared, plan, batch));
    // Far more than is read before the watcher is asked.
    let many = references.select((0..200).flat_map(|_| 0..600));
    let mut calls = 0;
    let mut watch = || {
        calls += 1;
        true
    };
    let mut run = Run::new(2, &mut watch);
    let outcome = many.with_batch(None, |batch| prepared.append(plan, batch, &mut run, &never()));
    assert_eq!(outcome, Err(Error::Cancelled));
    assert_eq!(prepared.rows(), 300);
    assert!(calls > 0);
    references.select(300..600).with_batch(None, |batch| append(&mut prepared, plan, batch));
    assert!(score_prepared(plan, &rows, &prepared) == expected);
}

/// A pair that takes a while: 100,000 words a side, most of them everywhere.
fn long_pair() -> Rows {
    let text = |step: usize| (0..100_000).map(|at| format!("w{}", at * step % 211)).collect::<Vec<_>>().join(" ");
    Rows { predictions: vec![Some(text(7))], references: vec![vec![Some(text(5))]] }
}

#[test]
fn a_watcher_cancels_a_long_run() {
    let plan = plan(&["rougeL", "rougeLsum"], &[]);
    let mut calls = 0;
    let outcome = long_pair().with_batch(None, |batch| {
        let mut watch = || {
            calls += 1;
            true
        };
        let mut run = Run::new(1, &mut watch);
        score(&plan, batch, RowOutputs::default(), &mut [Aggregate::new(&plan)], &mut run, &never())
    });
    assert_eq!(outcome, Err(Error::Cancelled));
    assert!(calls > 0);
}

#[test]
fn a_run_cancelled_beforehand_scores_nothing() {
    let rows = many_rows();
    let plan = &PLANS[0];
    let cancelled = CancelFlag::new(true);
    let mut run = Run { threads: 2, watch: &mut || false, beside: None };
    let outcome = rows.with_batch(None, |batch| {
        score(plan, batch, RowOutputs::default(), &mut [Aggregate::new(plan)], &mut run, &cancelled)
    });
    assert_eq!(outcome, Err(Error::Cancelled));
    // The threads are fit for the next run.
    let all = rows.with_batch(None, |batch| score_bits(plan, batch, 1, 2)).expect("nobody cancels");
    assert_eq!((all.1[0].rows() + all.1[0].nulls()) as usize, rows.len());
}

#[test]
fn a_panic_in_a_worker_reaches_the_caller_and_harms_no_later_run() {
    let rows = many_rows();
    let plan = &PLANS[0];
    // A group number out of range is the caller's mistake, which the engine answers with a panic.
    let keys = vec![7_u32; rows.len()];
    let call = || rows.with_batch(Some(&keys), |batch| score_bits(plan, batch, 1, 2));
    let broken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(call));
    assert!(broken.is_err());
    assert!(rows.with_batch(None, |batch| score_bits(plan, batch, 1, 2)).is_ok());
}

#[test]
fn what_was_made_for_another_plan_is_refused() {
    let (one, other) = (plan(&["rouge1"], &[]), plan(&["rouge1"], &[("stemmer", json!("porter"))]));
    let rows = Rows { predictions: vec![Some("a".into())], references: vec![vec![Some("a".into())]] };
    let mut prepared = Prepared::new(&one);
    rows.with_batch(None, |batch| append(&mut prepared, &one, batch));
    let predictions = [Some(&b"a"[..])];
    let sources = [TokenSource::new(&predictions, &[])];
    let references = References::Prepared { prepared: &prepared, first: 0 };
    let batch = Batch::new(&sources, references, 1, false);
    assert!(score_bits(&one, &batch, 1, 1).is_ok());
    assert!(matches!(score_bits(&other, &batch, 1, 1), Err(Error::SignatureMismatch { .. })));
    let mut run = Run { threads: 1, watch: &mut || false, beside: None };
    let refused = pairwise(&other, &prepared, &prepared, vec![], &mut run, &never());
    assert!(matches!(refused, Err(Error::SignatureMismatch { .. })));

    // A signature that this version does not write.
    let bytes = aggregate(&one, &rows).to_bytes(&one);
    let at = bytes.windows(9).rposition(|window| window == b"stem:none").expect("the signature says it");
    let mut changed = bytes.clone();
    changed[at..at + 9].copy_from_slice(b"stem:no-e");
    assert!(matches!(Aggregate::from_bytes(&changed), Err(Error::BadAggregate(_))));
    let end = changed.len() - 16;
    let checksum = xxhash_rust::xxh3::xxh3_128(&changed[..end]).to_le_bytes();
    changed[end..].copy_from_slice(&checksum);
    assert!(matches!(Aggregate::from_bytes(&changed), Err(Error::SignatureMismatch { .. })));
}

/// How long a call that cancels after 100 ms may go on: cancelling is looked at every few milliseconds of work.
const SOON: std::time::Duration = std::time::Duration::from_secs(2);

#[test]
fn cancelling_ends_every_kernel_soon() {
    // Half a million words of nine, in one line and in lines: each metric would take many seconds.
    let text = |step: usize, line: usize| -> String {
        let word =
            |at: usize| format!("w{}{}", at * at % 997 * step % 9, if at.is_multiple_of(line) { '\n' } else { ' ' });
        (1..500_000).map(word).collect()
    };
    for line in [usize::MAX, 20, 2000] {
        let rows = Rows { predictions: vec![Some(text(7, line))], references: vec![vec![Some(text(5, line))]] };
        for metric in ["rougeL", "rougeLsum"] {
            let plan = plan(&[metric], &[]);
            let started = std::time::Instant::now();
            let mut cancelled = None;
            let outcome = rows.with_batch(None, |batch| {
                let mut watch = || {
                    let now = started.elapsed().as_millis() > 100;
                    if now {
                        cancelled.get_or_insert_with(std::time::Instant::now);
                    }
                    now
                };
                let mut run = Run::new(1, &mut watch);
                score(&plan, batch, RowOutputs::default(), &mut [Aggregate::new(&plan)], &mut run, &never())
            });
            assert_eq!(outcome, Err(Error::Cancelled));
            let took = cancelled.expect("the watcher was asked").elapsed();
            assert!(took < SOON, "{metric} in lines of {line}: {took:?} after it was cancelled");
        }
    }
}

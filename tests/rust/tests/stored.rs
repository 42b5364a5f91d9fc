//! Stored bytes: as they were written they come back, and damaged in any way they are refused.

use textgauge_engine::{Aggregate, Fitted, Plan, RowOutputs, Run, Spec, score};
use textgauge_kernels::random::Stream;
use textgauge_tests::{Rows, fit, never, plan};

const DAMAGES: usize = 100_000;

fn rows() -> Rows {
    let texts = |texts: &[&str]| texts.iter().map(|text| Some((*text).to_owned())).collect::<Vec<_>>();
    Rows {
        predictions: texts(&["the cat sat on the mat", "a dog", "", "it is internationalisation"]),
        references: texts(&[
            "a cat sat on the mat",
            "the dog barks",
            "nothing",
            "it is very cold internationalisation",
        ])
        .into_iter()
        .map(|text| vec![text])
        .collect(),
    }
}

/// The sums of some rows, and their integers, as bytes.
fn scored(plan: &Plan) -> [Vec<u8>; 2] {
    let rows = rows();
    let mut table = vec![0; rows.len() * plan.components()];
    let mut sums = [Aggregate::new(plan)];
    let mut run = Run { threads: 1, watch: &mut || false, beside: None };
    let kept = RowOutputs { columns: Vec::new(), table: Some(&mut table) };
    rows.with_batch(None, |batch| score(plan, batch, kept, &mut sums, &mut run, &never())).expect("nobody cancels");
    [sums[0].to_bytes(plan), plan.table_to_bytes(&table, Some(1))]
}

fn corpus() -> Vec<u8> {
    let nist = Spec { name: "nist".into(), metric: "nist".into(), ..Spec::default() };
    fit(&Plan::new(vec![nist]).expect("the metric exists"), &rows(), 1)[0].to_bytes()
}

/// Numbers at random, the same in each run.
struct Draws(Stream<1>);

impl Draws {
    fn below(&mut self, end: usize) -> usize {
        (self.0.next()[0] % end as u64) as usize
    }
}

/// The bytes with some flipped, cut off at either end, put in, left out, exchanged, said twice, or those of `other`
/// from somewhere on.
fn damaged(bytes: &[u8], other: &[u8], draws: &mut Draws) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    let [at, end] = [(); 2].map(|()| draws.below(bytes.len()));
    match draws.below(8) {
        0 => (0..=draws.below(8)).for_each(|_| changed[draws.below(bytes.len())] ^= 1 << draws.below(8)),
        1 => changed.truncate(at),
        2 => drop(changed.drain(..at)),
        3 => changed.insert(at, draws.below(256) as u8),
        4 => drop(changed.remove(at)),
        5 => changed.swap(at, end),
        6 => drop(changed.splice(at..at, bytes[at.min(end)..at.max(end)].to_vec())),
        _ => drop(changed.splice(at.., other[at.min(other.len())..].to_vec())),
    }
    changed
}

fn check(bytes: &[u8], other: &[u8], accepts: impl Fn(&[u8]) -> bool) {
    assert!(accepts(bytes));
    assert!(!accepts(other));
    let mut draws = Draws(Stream::new(7, 0));
    let mut tried = 0;
    while tried < DAMAGES {
        let changed = damaged(bytes, other, &mut draws);
        if changed != bytes && changed != other {
            tried += 1;
            assert!(!accepts(&changed), "damage number {tried} was not noticed");
        }
    }
}

#[test]
fn damaged_aggregates_are_refused() {
    let [bytes, other] = scored(&plan(&["rouge1", "bleu", "ter"], &[]));
    check(&bytes, &other, |bytes| Aggregate::from_bytes(bytes).is_ok());
}

#[test]
fn damaged_measurements_are_refused() {
    let [other, bytes] = scored(&plan(&["rouge1", "bleu", "ter"], &[]));
    check(&bytes, &other, |bytes| Plan::table_from_bytes(bytes).is_ok());
}

#[test]
fn a_damaged_corpus_is_refused() {
    let [other, _] = scored(&plan(&["rouge1"], &[]));
    check(&corpus(), &other, |bytes| Fitted::from_bytes(bytes).is_ok());
}

#[test]
fn no_other_aggregate_passes_for_a_mixture_of_two() {
    let [bytes, other] = [&["rouge1"][..], &["rouge2"]].map(|names| scored(&plan(names, &[]))[0].clone());
    assert_eq!(bytes.len(), other.len());
    for at in 1..bytes.len() {
        let mixture = [&bytes[..at], &other[at..]].concat();
        if mixture != bytes && mixture != other {
            assert!(Aggregate::from_bytes(&mixture).is_err(), "cut at {at}");
        }
    }
}

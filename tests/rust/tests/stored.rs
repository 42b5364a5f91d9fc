//! Stored bytes: as they were written they come back, and damaged in any way they are refused.

use textgauge_engine::{
    Aggregate, Error, Fitted, Place, Plan, RowOutputs, Run, SampleSums, Spec, randomization_sums, score,
};
use textgauge_kernels::random::Stream;
use textgauge_tests::{Rows, fit, never, plan};
use xxhash_rust::xxh3::xxh3_128;

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

/// The bytes with other numbers of sixteen bytes at their end, and the checksum that belongs to them.
fn forged(bytes: &[u8], numbers: &[i128]) -> Vec<u8> {
    let mut changed = bytes[..bytes.len() - 16 * (numbers.len() + 1)].to_vec();
    changed.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    changed.extend(xxh3_128(&changed).to_le_bytes());
    changed
}

#[test]
fn forged_sums_of_samples_do_not_wrap() {
    let plan = plan(&["exact_match"], &[]);
    let mut run = Run { threads: 1, watch: &mut || false, beside: None };
    let place = Place { first: 0, rows: 3 };
    let sums = randomization_sums(&plan, &[1, 0, 1], place, 1, 7, &mut run, &never()).expect("nobody cancels");
    let of = |whole: i128, chosen: i128| {
        SampleSums::from_bytes(&forged(&sums.to_bytes(&plan), &[whole, chosen])).expect("the checksum is right").1
    };
    let pairs = [
        (of(0, i128::MIN), of(0, i128::MAX)),
        (of(0, i128::MAX), of(0, i128::MIN)),
        (of(i128::MAX, 0), of(0, 1)),
        (of(0, 0), of(i128::MIN, 1)),
    ];
    for (base, system) in pairs {
        assert_eq!(SampleSums::scores_of_trials(&plan, &base, &system), Err(Error::SumTooLarge));
    }
}

#[test]
fn counts_below_0_are_refused() {
    let plan = plan(&["helm_absolute_value_difference"], &[]);
    let bytes = scored(&plan)[0].clone();
    let read = |sums: &[i128]| Aggregate::from_bytes(&forged(&bytes, sums)).map(|(plan, sums)| sums.finalise(&plan));
    // Of no rows at all, which other numbers contradict.
    assert_eq!(read(&[0, 7, 0]), Ok(Ok(vec![7.0])));
    assert!(matches!(read(&[0, -7, 4]), Err(Error::BadAggregate(_))));
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

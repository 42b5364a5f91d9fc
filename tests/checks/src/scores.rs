//! Every metric of any texts: in its range, and the same in parts as in one.

use crate::input;
use crate::stored::{AnyMetric, Scored};

/// Scores are means or quotients of large sums: the last bits may be off.
const NEARLY: f64 = 1e-9;

pub fn check(bytes: &[u8]) {
    let Some((metrics, pairs)) = input::<(Vec<AnyMetric<'_>>, Vec<(&[u8], &[u8])>)>(bytes) else { return };
    let Some(whole) = Scored::new(&metrics, &pairs) else { return };
    let plan = &whole.plan;
    let of_corpus = whole.aggregate.finalise(plan).expect("sums of a few pairs");
    for (((output, column), scores), of_corpus) in
        plan.outputs().zip(plan.columns()).zip(&whole.columns).zip(&of_corpus)
    {
        let range = output.lowest - NEARLY..=output.highest + NEARLY;
        for score in scores.iter().chain([of_corpus]) {
            assert!(score.is_nan() || range.contains(score), "{column} is {score}");
        }
    }
    assert_eq!(whole.table.len(), whole.aggregate.rows() as usize * plan.components());
    if whole.plan.signature().contains("|fitted:") {
        return;
    }
    let mut parts = pairs.iter().take(whole.columns[0].len()).filter_map(|pair| Scored::new(&metrics, &[*pair]));
    let Some(mut sum) = parts.next().map(|part| part.aggregate) else { return };
    parts.for_each(|part| sum.merge(&part.aggregate).expect("sums of a few pairs"));
    assert_eq!(sum, whole.aggregate);
}

//! Damaged aggregates are refused, or come back as they were read, add up, and have scores.

use textgauge_engine::{Aggregate, Plan};

use crate::input;
use crate::stored::{Damage, Input, Scored, Stored, check_scores};

pub fn check(bytes: &[u8]) {
    let Some(given) = input::<Input<'_>>(bytes) else { return };
    let Some(Scored { plan, aggregate, .. }) = given.scored() else { return };
    let sound = Stored::open(&aggregate.to_bytes(&plan), 2);
    assert_eq!(read(&sound, &[]).expect("nothing is damaged").1, aggregate);
    let [Some((plan, mut sum)), Some((other_plan, other))] = given.damages.map(|damages| read(&sound, &damages)) else {
        return;
    };
    if plan.signature() == other_plan.signature() && sum.merge(&other).is_ok() {
        check_scores(&plan, sum.finalise(&plan));
    }
}

/// What is read of damaged bytes, unless they are refused.
fn read(sound: &Stored, damages: &[Damage<'_>]) -> Option<(Plan, Aggregate)> {
    let damaged = sound.damaged(damages);
    let (plan, aggregate) = Aggregate::from_bytes(&damaged.seal()).ok()?;
    let written = aggregate.to_bytes(&plan);
    assert!(Stored::open(&written, 2).rest == damaged.rest, "other numbers are written than were read");
    assert_eq!(Aggregate::from_bytes(&written).expect("its own bytes").1, aggregate);
    check_scores(&plan, aggregate.finalise(&plan));
    Some((plan, aggregate))
}

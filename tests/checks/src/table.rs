//! Damaged tables of measurements are refused, or come back as they were read and have statistics.

use textgauge_engine::{Plan, bootstrap, jackknife, randomization};

use crate::input;
use crate::stored::{Damage, Input, Scored, Stored, check_scores, run};

pub fn check(bytes: &[u8]) {
    let Some(given) = input::<Input<'_>>(bytes) else { return };
    let Some(Scored { plan, table, .. }) = given.scored() else { return };
    let sound = Stored::open(&plan.table_to_bytes(&table, Some(1)), 2);
    assert_eq!(read(&sound, &[]).expect("nothing is damaged").1, table);
    let [Some((plan, base)), Some((other_plan, system))] = given.damages.map(|damages| read(&sound, &damages)) else {
        return;
    };
    check_scores(&plan, plan.scores_of_table(&base));
    let columns = plan.columns().len();
    if let Ok(made) = run(|run, cancel| jackknife(&plan, &base, run, cancel)) {
        assert_eq!(made.len(), columns);
    }
    (0..columns).for_each(|metric| drop(plan.sacrebleu_statistics(metric, &base)));
    if plan.signature() == other_plan.signature() && base.len() == system.len() {
        let both = [base.as_slice(), &system];
        check_scores(&plan, run(|run, cancel| bootstrap(&plan, &both, 3, 7, run, cancel)));
        check_scores(&plan, run(|run, cancel| randomization(&plan, both, 3, 7, run, cancel)));
    }
}

/// What is read of damaged bytes, unless they are refused.
fn read(sound: &Stored, damages: &[Damage<'_>]) -> Option<(Plan, Vec<i64>)> {
    let damaged = sound.damaged(damages);
    let (plan, values, references) = Plan::table_from_bytes(&damaged.seal()).ok()?;
    let written = plan.table_to_bytes(&values, references);
    assert!(Stored::open(&written, 2).rest == damaged.rest, "other numbers are written than were read");
    Some((plan, values))
}

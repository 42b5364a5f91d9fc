//! Damaged sums of samples are refused, or come back as they were read, add up, and have scores.

use textgauge_engine::{Place, Plan, SampleSums, bootstrap_sums, randomization_sums, segment_draws};

use crate::input;
use crate::stored::{Damage, Input, Scored, Stored, check_scores, run};

const SAMPLES: u64 = 3;

pub fn check(bytes: &[u8]) {
    let Some((coins, given)) = input::<(bool, Input<'_>)>(bytes) else { return };
    let Some(Scored { plan, table, .. }) = given.scored() else { return };
    let sums = sampled(&plan, &table, coins);
    let sound = Stored::open(&sums.to_bytes(&plan), 2);
    assert_eq!(read(&sound, &[]).expect("nothing is damaged").1, sums);
    let [Some((plan, mut base)), Some((other_plan, system))] = given.damages.map(|damages| read(&sound, &damages))
    else {
        return;
    };
    // As the bindings have it.
    if plan.signature() == other_plan.signature() && base.samples() == system.samples() {
        check_scores(&plan, SampleSums::scores_of_trials(&plan, &base, &system));
        if base.merge(&system).is_ok() {
            check_scores(&plan, base.scores(&plan));
            check_scores(&plan, SampleSums::scores_of_trials(&plan, &system, &base));
        }
    }
}

fn sampled(plan: &Plan, table: &[i64], coins: bool) -> SampleSums {
    let rows = table.len() / plan.components();
    let place = Place { first: 0, rows };
    let made = run(|run, cancel| {
        if coins {
            return randomization_sums(plan, table, place, SAMPLES, 7, run, cancel);
        }
        let draws = segment_draws(rows, SAMPLES, 7, run, cancel)?;
        bootstrap_sums(plan, table, place, (&draws, SAMPLES), 7, run, cancel)
    });
    made.expect("nobody cancels")
}

/// What is read of damaged bytes, unless they are refused.
fn read(sound: &Stored, damages: &[Damage<'_>]) -> Option<(Plan, SampleSums)> {
    let damaged = sound.damaged(damages);
    let (plan, sums) = SampleSums::from_bytes(&damaged.seal()).ok()?;
    let written = sums.to_bytes(&plan);
    assert!(Stored::open(&written, 2).rest == damaged.rest, "other numbers are written than were read");
    check_scores(&plan, sums.scores(&plan));
    check_scores(&plan, sums.scores_of_samples(&plan));
    Some((plan, sums))
}

//! Damaged weights of n-grams are refused, or are written as they were read and score pairs.

use std::sync::Arc;

use textgauge_engine::{Fitted, Pair, TokenSource};

use crate::input;
use crate::stored::{Input, Scored, Stored, check_scores};

pub fn check(bytes: &[u8]) {
    let Some(given) = input::<Input<'_>>(bytes) else { return };
    let Some(Scored { plan, fitted, .. }) = given.scored() else { return };
    for corpus in fitted {
        let sound = Stored::open(&corpus.to_bytes(), 1);
        for damages in &given.damages {
            let bytes = sound.damaged(damages).seal();
            let Ok(read) = Fitted::from_bytes(&bytes) else { continue };
            assert!(read.to_bytes() == bytes, "other bytes are written than were read");
            let Ok(plan) = plan.fitted_with(&[Arc::new(read)]) else { continue };
            for &(prediction, reference) in given.pairs.iter().take(2) {
                let texts = [Some(prediction), Some(reference)];
                let sources = vec![TokenSource::new(&texts[..1], &texts[1..]); plan.sources()];
                check_scores(&plan, Pair { sources: &sources }.score(&plan, <[f64]>::to_vec));
            }
        }
    }
}

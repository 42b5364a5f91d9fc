//! Learns what n-grams tell from all references, before the first pair is scored.

use std::sync::Arc;

use textgauge_kernels::ngram_weights::Counts;
use textgauge_metrics::Reading;
use textgauge_text::{LongTokenTable, Reader, Tokens};

use crate::batch::Batch;
use crate::information::Information;
use crate::plan::Plan;
use crate::prepared::adopt;

/// Learns what n-grams tell, for every reading of a plan that has to know it.
pub struct Learner {
    readings: Vec<(Reading, Counts, LongTokenTable)>,
    reader: Reader,
    tokens: Tokens,
}

impl Learner {
    /// A learner that has seen no text.
    pub fn new(plan: &Plan) -> Self {
        let learns = |reading: &Reading| {
            let needs = reading.needs.information.filter(|needs| needs.weights.is_none())?;
            Some((*reading, Counts::new(needs.orders), LongTokenTable::default()))
        };
        Self {
            readings: plan.readings.iter().filter_map(learns).collect(),
            reader: Reader::default(),
            tokens: Tokens::default(),
        }
    }

    /// Learns the *references* of `batch`, those that are there.
    pub fn learn(&mut self, batch: &Batch<'_>) {
        let Self { readings, reader, tokens } = self;
        for (reading, counts, long) in readings {
            for text in batch.sources[reading.pipeline.source].references.iter().flatten() {
                reader.forget();
                reader.read(reading.pipeline, text, false, tokens);
                tokens.keys.iter_mut().for_each(|key| *key = adopt(*key, reader.long_tokens(), long));
                counts.learn(&tokens.keys);
            }
        }
    }

    /// What was learnt, for [`Plan::informed`].
    pub fn finish(self) -> Vec<Arc<Information>> {
        let readings = self.readings.into_iter();
        readings
            .map(|(reading, counts, long)| Arc::new(Information::new(reading.pipeline.to_string(), counts, long)))
            .collect()
    }
}

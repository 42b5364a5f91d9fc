//! Reads texts once, to be scored against many times.

use textgauge_text::{Reader, Tokens};

use crate::batch::{Batch, View};
use crate::plan::Plan;
use crate::prepared::{Prepared, Texts, adopt};

impl Prepared {
    /// Adds the rows of `batch`, whose *references* are the texts.
    pub fn append(&mut self, plan: &Plan, batch: &Batch<'_>) {
        let mut reader = Reader::default();
        let mut tokens = Tokens::default();
        let first = self.ends.last().copied().unwrap_or(0);
        for row in 0..batch.rows {
            self.ends.push(first + batch.references_of(row).end);
            self.nulls.push(batch.is_null(row));
        }
        let both = self.readings.iter_mut().zip(&mut self.as_hypotheses);
        for (reading, (as_references, as_hypotheses)) in plan.readings.iter().zip(both) {
            let View { references, .. } = batch.views[reading.pipeline.view];
            for text in references {
                reader.forget();
                let (text, sentences) = (text.unwrap_or_default(), reading.needs.union_lcs);
                if let Some(texts) = as_hypotheses {
                    reader.read(reading.pipeline, text, sentences, &mut tokens);
                    texts.push(&tokens, &mut reader);
                }
                reader.cut_reference(reading.pipeline, text, sentences, &mut tokens);
                reader.stem(reading.pipeline, &mut tokens);
                as_references.push(&tokens, &mut reader);
            }
        }
    }
}

impl Texts {
    /// Adds a text, whose long tokens `reader` knows.
    fn push(&mut self, tokens: &Tokens, reader: &mut Reader) {
        let Self { keys, breaks, ends, long } = self;
        keys.extend(tokens.keys.iter().map(|&key| adopt(key, reader.long_tokens(), long)));
        breaks.extend_from_slice(&tokens.breaks);
        ends.push((keys.len(), breaks.len()));
    }
}

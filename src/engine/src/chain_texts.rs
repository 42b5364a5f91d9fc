//! Texts that transforms have made of others.

use std::sync::atomic::Ordering;

use textgauge_kernels::{CancelFlag, buffers};
use textgauge_text::transforms::{Buffers, Transforms};

use crate::batch::Text;

buffers! {
    /// What one chain made of the texts of some rows.
    pub(crate) struct ChainTexts {
        bytes: Vec<u8>,
        /// Where each text ends in `bytes`: the predictions, then the references.
        ends: Vec<usize>,
        buffers: Buffers,
    }
}

impl ChainTexts {
    /// Takes in the predictions and the references. Those after `cancel` was set are empty.
    pub(crate) fn fill(&mut self, chain: &Transforms, texts: [&[Text<'_>]; 2], cancel: &CancelFlag) {
        self.bytes.clear();
        self.ends.clear();
        for text in texts.into_iter().flatten() {
            if !cancel.load(Ordering::Relaxed) {
                chain.apply(text.unwrap_or_default(), &mut self.buffers, &mut self.bytes);
            }
            self.ends.push(self.bytes.len());
        }
    }

    /// The texts, in place of those that they were made of; none where one is missing.
    pub(crate) fn texts<'t>(&'t self, of: [&[Text<'_>]; 2]) -> [Vec<Text<'t>>; 2] {
        let mut start = 0;
        let mut ends = self.ends.iter();
        of.map(|of| {
            let texts = of.iter().zip(&mut ends).map(|(of, &end)| {
                let text = &self.bytes[start..end];
                start = end;
                of.is_some().then_some(text)
            });
            texts.collect()
        })
    }
}

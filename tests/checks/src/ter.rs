//! The edits of the translation edit rate, against the slow twin.

use textgauge_kernels::level::paths::on_every_path;
use textgauge_kernels::{CancelFlag, naive, ter};

use crate::parts;

pub fn check(bytes: &[u8]) {
    let Some((&letters, rest)) = bytes.split_first() else { return };
    // With few letters there are matches; phrases of the hypothesis are said again, to reach long shifts.
    let [hypothesis, reference, phrases] = parts(rest);
    let letter = |&token: &u8| u32::from(token % letters.max(1));
    let hypothesis: Vec<u32> = hypothesis.iter().map(|token| letter(token) + 1).collect();
    // Tokens that only the reference has are 0.
    let id = |token: &u8| if hypothesis.contains(&(letter(token) + 1)) { letter(token) + 1 } else { 0 };
    let mut reference: Vec<u32> = reference.iter().map(id).collect();
    for &[start, length] in phrases.as_chunks().0 {
        reference.extend(hypothesis.iter().skip(start.into()).take(length.into()));
    }
    // The slow twin is slow.
    if hypothesis.len() * reference.len() > 1 << 10 {
        return;
    }
    let edits = on_every_path(|| ter::edits(&hypothesis, &reference, &mut Default::default(), &CancelFlag::new(false)));
    assert_eq!(edits, naive::ter_edits(&hypothesis, &reference));
}

//! Lists and tables that judge each choice in a row of its own: "Oak: no", "| Fir | ✅ Yes |".

use crate::candidates::{Candidate, NO, YES, bit};
use crate::characters::is_among;
use crate::pairs;

/// What parts a verdict from what is judged.
const BORDERS: [char; 5] = [':', '|', '=', '-', '('];

/// Fewer rows are no list of choices.
const FEWEST: usize = 3;

/// The only choice that has a row which says yes, where others have one that says no; and where the last row ends.
pub(crate) fn only_right(text: &str, candidates: &[Candidate]) -> Option<(Candidate, usize)> {
    if candidates.len() < FEWEST {
        return None;
    }
    let (mut right, mut judged, mut last) = (Vec::new(), 0, 0);
    let mut rest = candidates.iter().peekable();
    let mut start = 0;
    for line in text.split('\n') {
        let end = start + line.len();
        while rest.next_if(|candidate| candidate.start < start).is_some() {}
        let first = rest.peek().filter(|candidate| candidate.end <= end);
        if let Some(first) = first
            && let Some(is_right) = verdict(line)
        {
            if judged & bit(first) != 0 {
                return None;
            }
            (judged, last) = (judged | bit(first), end);
            right.extend(is_right.then_some(**first));
        }
        start = end + 1;
    }
    match right[..] {
        [only] if judged.count_ones() as usize >= FEWEST => Some((only, last)),
        _ => None,
    }
}

/// What the last cell of a row says, if that is yes or no and nothing else.
fn verdict(line: &str) -> Option<bool> {
    let line = line.trim_end_matches(|c: char| " .|)!".contains(c));
    let (_, cell) = line.rsplit_once(BORDERS)?;
    let mut said = cell.split(' ').filter(|word| !word.is_empty()).map(truth);
    let first = said.next()??;
    said.all(|other| other == Some(first)).then_some(first)
}

fn truth(word: &str) -> Option<bool> {
    if is_among(&YES, word) {
        Some(true)
    } else if is_among(&NO, word) {
        Some(false)
    } else {
        pairs::truth(word)
    }
}

#[cfg(test)]
mod tests {
    use super::only_right;
    use crate::candidates::texts;
    use crate::plain::Plain;

    #[test]
    fn judged_rows() {
        for (text, expected) in [
            ("| Oak | ❌ No |\n| Fir | ✅ Yes |\n| Ash | ❌ No |", Some(1)),
            ("- Oak: no\n- Fir, a tree: no.\n- Ash: yes.", Some(2)),
            ("- Oak: yes\n- Fir: no\n- Ash: yes", None),
            ("- Oak: no\n- Fir: yes", None),
            ("- Oak: no\n- Oak: yes\n- Ash: no", None),
            ("Oak: no more\nFir: yes", None),
        ] {
            let plain = Plain::whole(text);
            let found = only_right(&plain.text, &texts(&plain, &["oak", "fir", "ash"], None));
            assert_eq!(found.map(|(found, _)| found.value), expected, "{text}");
        }
    }
}

//! The last sentence of a text, in which its conclusion stands.

use std::ops::Range;

use crate::languages::Role;
use crate::phrases::{Event, Mark};

/// Whether a phrase makes what is near it no conclusion.
pub(crate) fn denies(role: Role) -> bool {
    matches!(
        role,
        Role::If | Role::Otherwise | Role::Hedge | Role::Unreal | Role::Not | Role::Rather | Role::Deny | Role::Exclude
    )
}

/// What makes a whole sentence no conclusion: it may also tell of several choices.
fn is_doubt(role: Role) -> bool {
    denies(role) || matches!(role, Role::Or | Role::Both | Role::Also)
}

/// The last sentence of a text that does not say that the answer is unknown.
pub(crate) struct Ending<'a> {
    pub(crate) stretch: Range<usize>,
    /// Whether it ends as a sentence does.
    pub(crate) is_whole: bool,
    events: &'a [Event],
}

impl<'a> Ending<'a> {
    pub(crate) fn of(text: &str, events: &'a [Event]) -> Option<Self> {
        let refused = events.iter().any(|event| matches!(event.mark, Mark::Phrase(Role::Refuse | Role::Ask)));
        let said = without_courtesy(text, events);
        let said = without_remark(said);
        let end = said.trim_end_matches(['.', '!', ' ', ')', '\n']).len();
        let stops = [". ", "! ", "? ", "; ", "\n"];
        let start = stops.iter().filter_map(|stop| Some(said[..end].rfind(stop)? + stop.len())).max();
        let stretch = start.unwrap_or(0)..end;
        let inside = events.partition_point(|event| event.start < stretch.start);
        let after = events.partition_point(|event| event.start < end);
        (!refused && end > 0).then(|| Self { stretch, is_whole: end < said.len(), events: &events[inside..after] })
    }

    /// The phrases in it.
    pub(crate) fn roles(&self) -> impl Iterator<Item = Role> {
        self.roles_in(self.stretch.clone())
    }

    /// The phrases in a stretch of it.
    pub(crate) fn roles_in(&self, stretch: Range<usize>) -> impl Iterator<Item = Role> {
        let inside = self.events.iter().filter(move |event| stretch.contains(&event.start));
        inside.filter_map(|event| if let Mark::Phrase(role) = event.mark { Some(role) } else { None })
    }

    pub(crate) fn is_doubtful(&self) -> bool {
        self.roles().any(is_doubt)
    }

    pub(crate) fn concludes(&self) -> bool {
        self.roles().any(|role| role == Role::Conclude)
    }

    /// Where it begins to give a reason, or else its end.
    pub(crate) fn reason(&self) -> usize {
        let reason = self.events.iter().find(|event| event.mark == Mark::Phrase(Role::Because));
        reason.map_or(self.stretch.end, |event| event.start)
    }
}

/// A text without a last line that is only polite.
fn without_courtesy<'a>(text: &'a str, events: &[Event]) -> &'a str {
    let line = text.rfind('\n').unwrap_or(0);
    let mut last = events.iter().rev().take_while(|event| event.start >= line);
    if last.any(|event| event.mark == Mark::Phrase(Role::Courtesy)) { &text[..line] } else { text }
}

/// A text without a remark in parentheses after its last sentence.
fn without_remark(text: &str) -> &str {
    let remark = text.ends_with(')').then(|| text.rfind('(')).flatten();
    let before = remark.map(|at| text[..at].trim_end());
    before.filter(|before| before.ends_with(['.', '!'])).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::Ending;
    use crate::phrases::scan;

    #[test]
    fn last_sentences() {
        for (text, expected) in [
            ("One. Two is it.", "Two is it"),
            ("It comes to 12. (With more it would be 13.)", "It comes to 12"),
            ("It is the oak.\nLet me know if you need more.", "It is the oak"),
            ("One\nTwo", "Two"),
        ] {
            let events = scan(text).events;
            let ending = Ending::of(text, &events).expect("an ending");
            assert_eq!(&text[ending.stretch], expected);
        }
    }
}

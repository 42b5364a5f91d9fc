//! Why something is the answer.

/// The rules, strongest first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    /// It is in `\boxed{…}` or between `<answer>` and `</answer>`.
    Marked,
    /// A sentence commits itself to it.
    Statement,
    /// It is all of the text or of a line, or the text begins with it.
    Alone,
    /// It is named with less than certainty, or only mentioned, and nothing else is.
    Mention,
}

impl Rule {
    /// What the rule is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Marked => "marked",
            Self::Statement => "statement",
            Self::Alone => "alone",
            Self::Mention => "mention",
        }
    }
}

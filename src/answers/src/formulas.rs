//! How formulas of LaTeX read: `\frac{\pi}{2}` as `π/2`.

use std::ops::Range;

/// Signs that commands of LaTeX stand for; letters in lower case.
const SIGNS: [(&str, char); 66] = [
    ("alpha", 'α'),
    ("beta", 'β'),
    ("gamma", 'γ'),
    ("Gamma", 'γ'),
    ("delta", 'δ'),
    ("Delta", 'δ'),
    ("epsilon", 'ε'),
    ("varepsilon", 'ε'),
    ("zeta", 'ζ'),
    ("eta", 'η'),
    ("theta", 'θ'),
    ("Theta", 'θ'),
    ("kappa", 'κ'),
    ("lambda", 'λ'),
    ("Lambda", 'λ'),
    ("mu", 'μ'),
    ("nu", 'ν'),
    ("xi", 'ξ'),
    ("pi", 'π'),
    ("Pi", 'π'),
    ("rho", 'ρ'),
    ("sigma", 'σ'),
    ("Sigma", 'σ'),
    ("tau", 'τ'),
    ("phi", 'φ'),
    ("varphi", 'φ'),
    ("Phi", 'φ'),
    ("chi", 'χ'),
    ("psi", 'ψ'),
    ("Psi", 'ψ'),
    ("omega", 'ω'),
    ("Omega", 'ω'),
    ("ohm", 'ω'),
    ("times", '×'),
    ("cdot", '·'),
    ("div", '÷'),
    ("pm", '±'),
    ("mp", '∓'),
    ("le", '≤'),
    ("leq", '≤'),
    ("ge", '≥'),
    ("geq", '≥'),
    ("ne", '≠'),
    ("neq", '≠'),
    ("infty", '∞'),
    ("sqrt", '√'),
    ("circ", '°'),
    ("degree", '°'),
    ("int", '∫'),
    ("sum", '∑'),
    ("partial", '∂'),
    ("nabla", '∇'),
    ("in", '∈'),
    ("cup", '∪'),
    ("cap", '∩'),
    ("subset", '⊂'),
    ("subseteq", '⊆'),
    ("emptyset", '∅'),
    ("forall", '∀'),
    ("exists", '∃'),
    ("neg", '¬'),
    ("land", '∧'),
    ("wedge", '∧'),
    ("lor", '∨'),
    ("vee", '∨'),
    ("prime", '′'),
];
/// Arrows and their like read as equals signs.
const ARROWS: [&str; 8] =
    ["approx", "to", "rightarrow", "Rightarrow", "longrightarrow", "Longrightarrow", "implies", "mapsto"];

/// What the command `name` reads as, if it stands for a sign.
pub(crate) fn sign(name: &str) -> Option<char> {
    if ARROWS.contains(&name) {
        return Some('=');
    }
    SIGNS.iter().find(|(command, _)| *command == name).map(|(_, sign)| *sign)
}

/// Longer parts of fractions are left as they are.
const LONGEST: usize = 64;

/// The numerator and the denominator of a fraction, and where it ends; `None` if `name` is no command for fractions.
pub(crate) fn fraction(source: &str, name: &str, after: usize) -> Option<(Range<usize>, Range<usize>, usize)> {
    if !matches!(name, "frac" | "dfrac" | "tfrac" | "cfrac") {
        return None;
    }
    let (numerator, next) = argument(source, after)?;
    let (denominator, end) = argument(source, next)?;
    Some((numerator, denominator, end))
}

/// The argument of a command from `at` on, and where it ends: what is in braces, or one letter or digit.
fn argument(source: &str, at: usize) -> Option<(Range<usize>, usize)> {
    let bytes = source.as_bytes();
    let at = at + bytes.get(at..)?.iter().take(LONGEST).take_while(|byte| **byte == b' ').count();
    match bytes.get(at)? {
        b'{' => {
            let mut depth = 0_usize;
            for (number, byte) in bytes[at..].iter().enumerate().take(LONGEST) {
                match byte {
                    b'{' => depth += 1,
                    b'}' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    return Some((at + 1..at + number, at + number + 1));
                }
            }
            None
        }
        byte if byte.is_ascii_alphanumeric() => Some((at..at + 1, at + 1)),
        _ => None,
    }
}

/// A formula without the blanks that may stand in it or not, and where each of its bytes stood.
pub(crate) struct Condensed {
    pub(crate) text: String,
    origins: Vec<usize>,
}

/// Characters that need no blank between them where they are of different classes.
#[derive(PartialEq, Eq)]
enum Class {
    Digit,
    Letter,
    Greek,
    Other,
}

fn class(c: char) -> Class {
    match c {
        '0'..='9' => Class::Digit,
        'α'..='ω' => Class::Greek,
        _ if c.is_alphanumeric() => Class::Letter,
        _ => Class::Other,
    }
}

/// Whether a blank between two characters says something.
fn parts(left: char, right: char) -> bool {
    match (class(left), class(right)) {
        (Class::Other | Class::Greek, _) | (_, Class::Other | Class::Greek) | (Class::Digit, Class::Letter) => false,
        (Class::Letter, _) | (Class::Digit, Class::Digit) => true,
    }
}

impl Condensed {
    pub(crate) fn new(text: &str) -> Self {
        let mut made = Self { text: String::with_capacity(text.len()), origins: Vec::with_capacity(text.len()) };
        let mut last = ' ';
        let mut rest = text.char_indices().peekable();
        while let Some((at, c)) = rest.next() {
            let next = rest.peek().map_or(' ', |(_, next)| *next);
            if c == ' ' && !parts(last, next) || c == '^' && next == '°' {
                continue;
            }
            last = c;
            let sign = if matches!(c, '×' | '·' | '⋅') { '*' } else { c };
            made.text.push(sign);
            made.origins.resize(made.text.len(), at);
        }
        made
    }

    /// Where a stretch stood; its last character is `last`.
    pub(crate) fn origin(&self, stretch: Range<usize>, text: &str) -> Range<usize> {
        let last = self.origins[stretch.end - 1];
        self.origins[stretch.start]..last + text[last..].chars().next().map_or(0, char::len_utf8)
    }
}

/// Whether a text is written in signs and numbers, and not in words.
pub(crate) fn is_formula(text: &str) -> bool {
    /// Longer ones are words, and no names of functions or units.
    const NAME: usize = 4;
    let signs = text.chars().any(|c| c.is_ascii_digit() || matches!(class(c), Class::Greek) || "=+^/√∞".contains(c));
    signs && text.split(|c: char| !c.is_alphabetic()).all(|word| word.chars().count() <= NAME)
}

#[cfg(test)]
mod tests {
    use super::{Condensed, is_formula};

    #[test]
    fn blanks_in_formulas() {
        for (text, expected) in [("x + 1", "x+1"), ("2,67 ω", "2,67ω"), ("5 5 km", "5 5km"), ("a b", "a b")] {
            assert_eq!(Condensed::new(text).text, expected);
        }
        let text = "is 2 · π";
        let made = Condensed::new(text);
        let at = made.text.find('2').expect("a digit");
        assert_eq!(&text[made.origin(at..made.text.len(), text)], "2 · π");
    }

    #[test]
    fn formulas() {
        assert!(is_formula("x^2") && is_formula("π/2") && is_formula("2,67 ω") && is_formula("sin 30°"));
        assert!(!is_formula("no") && !is_formula("30 pears"));
    }
}

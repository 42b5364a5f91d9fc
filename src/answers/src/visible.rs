//! The parts of a generated text that a person sees: without reasoning, without the tokens of chat templates.
//!
//! One pass from tag to tag. What opens reasoning hides the text up to what closes it, or to the end. What closes
//! reasoning that nothing opened hides all before. The end of a turn ends the text.

use std::ops::Range;

use memchr::memmem;

/// What a person sees.
#[derive(Default)]
pub(crate) struct Visible {
    /// The parts that are seen, in order.
    pub(crate) parts: Vec<Range<usize>>,
    /// Those between `<answer>` and `</answer>`.
    pub(crate) marked: Vec<Range<usize>>,
    /// Reasoning that breaks off, or whose end the model forgot to mark.
    pub(crate) unfinished: Option<Range<usize>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    /// Reasoning begins.
    Think,
    /// Reasoning ends.
    EndThink,
    /// A marked answer begins.
    Answer,
    /// A marked answer ends.
    EndAnswer,
    /// A turn begins; who speaks comes next.
    Turn,
    /// The head of a turn ends.
    EndHead,
    /// A turn ends.
    EndTurn,
    /// What the user said begins.
    User,
    /// What the user said ends.
    EndUser,
    /// What the model says begins.
    Assistant,
    /// The name of a channel comes next.
    Channel,
    /// What the channel says begins.
    Message,
    /// Means nothing to a reader.
    Nothing,
}

/// Names of tags without their brackets, in lower case.
const NAMED: [(&str, Tag); 54] = [
    ("think", Tag::Think),
    ("/think", Tag::EndThink),
    ("thinking", Tag::Think),
    ("/thinking", Tag::EndThink),
    ("thought", Tag::Think),
    ("/thought", Tag::EndThink),
    ("thoughts", Tag::Think),
    ("/thoughts", Tag::EndThink),
    ("reasoning", Tag::Think),
    ("/reasoning", Tag::EndThink),
    ("reflection", Tag::Think),
    ("/reflection", Tag::EndThink),
    ("scratchpad", Tag::Think),
    ("/scratchpad", Tag::EndThink),
    ("seed:think", Tag::Think),
    ("/seed:think", Tag::EndThink),
    ("|begin_of_thought|", Tag::Think),
    ("|end_of_thought|", Tag::EndThink),
    ("|start_thinking|", Tag::Think),
    ("|end_thinking|", Tag::EndThink),
    ("answer", Tag::Answer),
    ("/answer", Tag::EndAnswer),
    ("final_answer", Tag::Answer),
    ("/final_answer", Tag::EndAnswer),
    ("final answer", Tag::Answer),
    ("/final answer", Tag::EndAnswer),
    ("|begin_of_solution|", Tag::Nothing),
    ("|end_of_solution|", Tag::Nothing),
    ("|im_start|", Tag::Turn),
    ("|im_end|", Tag::EndTurn),
    ("|start_header_id|", Tag::Turn),
    ("|end_header_id|", Tag::EndHead),
    ("start_of_turn", Tag::Turn),
    ("end_of_turn", Tag::EndTurn),
    ("|start|", Tag::Turn),
    ("|end|", Tag::EndTurn),
    ("|return|", Tag::EndTurn),
    ("|eot_id|", Tag::EndTurn),
    ("|eom_id|", Tag::EndTurn),
    ("|end_of_text|", Tag::EndTurn),
    ("|endoftext|", Tag::EndTurn),
    ("|end_of_turn|", Tag::EndTurn),
    ("|end_of_turn_token|", Tag::EndTurn),
    ("/s", Tag::EndTurn),
    ("eos", Tag::EndTurn),
    ("eot", Tag::EndTurn),
    ("s", Tag::Nothing),
    ("bos", Tag::Nothing),
    ("pad", Tag::Nothing),
    ("|user|", Tag::User),
    ("|assistant|", Tag::Assistant),
    ("|channel|", Tag::Channel),
    ("|message|", Tag::Message),
    ("｜end▁of▁sentence｜", Tag::EndTurn),
];

/// Longer names are none of ours.
const LONGEST: usize = 40;

/// Why a part of the text is hidden.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hidden {
    Thinking,
    Head,
    User,
    Channel,
}

/// What of `text` a person sees.
pub(crate) fn visible(text: &str) -> Visible {
    let from = said_in_the_end(text);
    let mut seen = Seen { text, seen: Visible::default(), start: from, hidden: None, answer: None, any: false };
    let mut at = from;
    while let Some((tag, place)) = next_tag(text, at) {
        let Some(next) = seen.meet(tag, place) else { return seen.seen };
        at = next;
    }
    if seen.hidden == Some(Hidden::Thinking) && !seen.any {
        seen.seen.unfinished = Some(seen.start..text.len());
    }
    seen.show(text.len());
    seen.close_answer(text.len());
    seen.seen
}

/// Where the answer starts in what is left of channels when their tokens are dropped: `analysis… assistantfinal…`.
fn said_in_the_end(text: &str) -> usize {
    const FINAL: &str = "assistantfinal";
    if !text.starts_with("analysis") {
        return 0;
    }
    memmem::rfind(text.as_bytes(), FINAL.as_bytes()).map_or(0, |at| at + FINAL.len())
}

struct Seen<'a> {
    text: &'a str,
    seen: Visible,
    /// Where the part that is not yet added starts.
    start: usize,
    hidden: Option<Hidden>,
    /// Where a marked answer starts.
    answer: Option<usize>,
    /// Whether anything is seen but blanks.
    any: bool,
}

impl Seen<'_> {
    /// Goes on after a tag: where to look for the next one; `None` at the end of the text.
    fn meet(&mut self, tag: Tag, place: Range<usize>) -> Option<usize> {
        let Range { start, end } = place;
        match tag {
            Tag::Think => self.hide(start, Hidden::Thinking),
            Tag::EndThink if self.hidden == Some(Hidden::Thinking) => self.reveal(end),
            Tag::EndThink if self.hidden.is_none() => self.forget(end),
            Tag::Turn => return Some(self.begin_turn(start, end)),
            Tag::EndHead if self.hidden == Some(Hidden::Head) => self.reveal(end),
            Tag::EndTurn if self.hidden == Some(Hidden::Channel) => self.reveal(end),
            Tag::EndTurn if self.hidden.is_none() => {
                self.show(start);
                if self.any {
                    self.close_answer(start);
                    return None;
                }
                self.start = end;
            }
            Tag::User => {
                self.show(start);
                if self.any {
                    return None;
                }
                self.hidden = Some(Hidden::User);
            }
            Tag::EndUser if self.hidden == Some(Hidden::User) => self.reveal(end),
            // Without an answer behind it, it is no more than noise at the end.
            Tag::EndUser if self.hidden.is_none() && self.text[end..].trim().is_empty() => {
                self.show(start);
                self.start = end;
            }
            Tag::EndUser if self.hidden.is_none() => self.forget(end),
            Tag::Assistant if self.hidden != Some(Hidden::Thinking) => {
                self.show(start);
                self.reveal(end);
            }
            Tag::Channel => {
                let name = &self.text[end..];
                let name = name.split('<').next().unwrap_or_default().trim();
                if name == "final" {
                    self.forget(end);
                    self.hidden = Some(Hidden::Head);
                } else {
                    self.hide(start, Hidden::Channel);
                }
            }
            Tag::Message if self.hidden == Some(Hidden::Head) => self.reveal(end),
            Tag::Answer if self.hidden.is_none() => {
                self.show(start);
                self.start = end;
                self.answer = Some(end);
            }
            Tag::EndAnswer if self.hidden.is_none() => {
                self.close_answer(start);
                self.show(start);
                self.start = end;
            }
            Tag::Nothing if self.hidden.is_none() => {
                self.show(start);
                self.start = end;
            }
            _ => {}
        }
        Some(end)
    }

    /// After `<|im_start|>` and the like comes the name of a speaker.
    fn begin_turn(&mut self, start: usize, end: usize) -> usize {
        if self.hidden == Some(Hidden::Thinking) {
            return end;
        }
        let name = self.text[end..].bytes().take_while(u8::is_ascii_alphabetic).take(LONGEST).count();
        let after = end + name;
        self.show(start);
        match &self.text[end..after] {
            "user" | "system" | "developer" | "tool" => self.hidden = Some(Hidden::User),
            _ => self.reveal(after),
        }
        // A head has an end of its own.
        if self.hidden.is_none() && self.text[after..].starts_with("<|end_header_id|>") {
            self.hidden = Some(Hidden::Head);
        }
        after
    }

    fn show(&mut self, end: usize) {
        if self.hidden.is_none() && self.start < end {
            self.any |= !self.text[self.start..end].trim_start().is_empty();
            self.seen.parts.push(self.start..end);
        }
        self.start = end;
    }

    fn hide(&mut self, at: usize, why: Hidden) {
        self.show(at);
        self.hidden = Some(why);
    }

    fn reveal(&mut self, at: usize) {
        self.hidden = None;
        self.start = at;
    }

    /// All up to here was reasoning.
    fn forget(&mut self, at: usize) {
        self.seen = Visible::default();
        self.any = false;
        self.answer = None;
        self.reveal(at);
    }

    fn close_answer(&mut self, end: usize) {
        if let Some(start) = self.answer.take()
            && start < end
        {
            self.seen.marked.push(start..end);
        }
    }
}

/// The next tag from `at` on, and where it stands.
fn next_tag(text: &str, mut at: usize) -> Option<(Tag, Range<usize>)> {
    loop {
        at += memchr::memchr3(b'<', b'[', "◁".as_bytes()[0], text.as_bytes().get(at..)?)?;
        match tag_at(text, at) {
            Some((tag, len)) => return Some((tag, at..at + len)),
            None => at += 1,
        }
    }
}

fn tag_at(text: &str, at: usize) -> Option<(Tag, usize)> {
    let bytes = &text.as_bytes()[at..];
    let (open, close) = match bytes[0] {
        b'<' => ("<", ">"),
        b'[' => ("[", "]"),
        _ if bytes.starts_with("◁".as_bytes()) => ("◁", "▷"),
        _ => return None,
    };
    let near = &bytes[open.len()..bytes.len().min(open.len() + LONGEST)];
    let len = memmem::find(near, close.as_bytes())?;
    let name = &near[..len];
    let whole = open.len() + len + close.len();
    if open == "[" {
        let tag = match name {
            b"THINK" => Tag::Think,
            b"/THINK" => Tag::EndThink,
            b"INST" => Tag::User,
            b"/INST" => Tag::EndUser,
            b"ANSWER" | b"Answer" | b"answer" => Tag::Answer,
            b"/ANSWER" | b"/Answer" | b"/answer" => Tag::EndAnswer,
            _ => return None,
        };
        return Some((tag, whole));
    }
    let named = NAMED.iter().find(|(known, _)| known.as_bytes().eq_ignore_ascii_case(name));
    match named {
        Some((_, tag)) => Some((*tag, whole)),
        // Any other token of a template.
        None if len > 2 && name.starts_with(b"|") && name.ends_with(b"|") => Some((Tag::Nothing, whole)),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::visible;

    fn seen(text: &str) -> String {
        visible(text).parts.into_iter().map(|part| text[part].trim()).filter(|part| !part.is_empty()).collect()
    }

    #[test]
    fn what_a_person_sees() {
        for (text, expected) in [
            ("B", "B"),
            ("<think>A</think>B", "B"),
            ("x <think>A", "x"),
            ("A</think>B", "B"),
            ("◁think▷A◁/think▷B", "B"),
            ("[THINK]A[/THINK]B", "B"),
            ("[INST] A [/INST] B</s>", "B"),
            ("B<|im_end|>\n<|im_start|>user\nA", "B"),
            ("<|im_start|>user\nA<|im_end|>\n<|im_start|>assistant\nB<|im_end|>", "B"),
            ("<|start_header_id|>assistant<|end_header_id|>\n\nB<|eot_id|>C", "B"),
            ("<|channel|>analysis<|message|>A<|end|><|start|>assistant<|channel|>final<|message|>B<|return|>", "B"),
            ("<|channel|>analysis<|message|>A", ""),
            ("analysisPerhaps A.assistantfinalB", "B"),
            ("a < b > c", "a < b > c"),
        ] {
            assert_eq!(seen(text), expected, "{text}");
        }
        let text = "A <answer> B </answer>";
        let marked: Vec<&str> = visible(text).marked.into_iter().map(|content| &text[content]).collect();
        assert_eq!(marked, [" B "]);
    }
}

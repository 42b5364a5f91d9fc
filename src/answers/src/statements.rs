//! Which candidate a text commits itself to.
//!
//! Phrases and candidates are met in the order of the text, and each clause is a small state: was an answer announced,
//! negated, only imagined? The last candidate that a clause commits itself to wins. Time is linear.

use crate::candidates::{Candidate, Form, bit};
use crate::characters::{NEAR, after, before, is_empty, is_line, is_line_end, is_line_start, is_word};
use crate::languages::{Role, TIMES};
use crate::phrases::{Event, Mark};
use crate::rule::Rule;

/// What a text commits itself to.
pub(crate) struct Commitment {
    pub(crate) candidate: Candidate,
    pub(crate) rule: Rule,
}

/// How a text of one kind of candidates is read.
#[derive(Clone, Copy)]
pub(crate) struct Manner {
    /// Candidates may be the letters of lists of choices.
    pub(crate) lettered: bool,
    /// How many choices there are, if they have letters.
    pub(crate) choices: usize,
    /// What stands after an equals sign is the result of what stands before.
    pub(crate) calculated: bool,
    /// The last candidate of the last sentence is the answer, if nothing else is.
    pub(crate) last_counts: bool,
    /// Candidates are words, of which sentences say that something is one.
    pub(crate) worded: bool,
}

/// What `text` commits itself to, if it commits itself.
pub(crate) fn commitment(text: &str, events: &[Event], candidates: &[Candidate], manner: Manner) -> Option<Commitment> {
    let listed = if manner.lettered && candidates.len() > 1 { list_items(text, candidates) } else { Vec::new() };
    let mut reader = Statements::new(text, manner, candidates);
    for item in Tape::new(events, candidates) {
        if reader.ended {
            break;
        }
        match item {
            Item::Event(event) => reader.meet_event(event),
            Item::Candidate(number, candidate, next) => {
                reader.meet_candidate(candidate, next, listed.get(number).copied().unwrap_or(false));
            }
        }
    }
    reader.finish()
}

/// Phrases and candidates in order, each with what comes next. Of two in the same place one counts.
struct Tape<'a> {
    events: &'a [Event],
    candidates: &'a [Candidate],
    event: usize,
    candidate: usize,
}

enum Item<'a> {
    Event(&'a Event),
    Candidate(usize, &'a Candidate, Option<&'a Event>),
}

impl<'a> Tape<'a> {
    fn new(events: &'a [Event], candidates: &'a [Candidate]) -> Self {
        Self { events, candidates, event: 0, candidate: 0 }
    }
}

impl<'a> Iterator for Tape<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        loop {
            let event = self.events.get(self.event);
            let candidate = self.candidates.get(self.candidate);
            let (event, candidate) = match (event, candidate) {
                (None, None) => return None,
                (Some(event), None) => (Some(event), None),
                (None, Some(candidate)) => (None, Some(candidate)),
                (Some(event), Some(candidate)) if event.end <= candidate.start => (Some(event), None),
                (Some(event), Some(candidate)) if candidate.end <= event.start => (None, Some(candidate)),
                (Some(event), Some(candidate)) => {
                    if goes_before(candidate, event) {
                        self.event += 1;
                    } else {
                        self.candidate += 1;
                    }
                    continue;
                }
            };
            if let Some(event) = event {
                self.event += 1;
                return Some(Item::Event(event));
            }
            if let Some(candidate) = candidate {
                self.candidate += 1;
                return Some(Item::Candidate(self.candidate - 1, candidate, self.events.get(self.event)));
            }
        }
    }
}

/// Whether a candidate counts where a phrase stands in the same place.
fn goes_before(candidate: &Candidate, event: &Event) -> bool {
    match candidate.form {
        Form::Wrapped => true,
        Form::Text | Form::Bare => event.start >= candidate.start || event.end <= candidate.end,
        Form::Upper => event.end - event.start == 1,
        Form::Lower => false,
    }
}

/// Which of the candidates are marks of the items in a list of choices: `A.`, `B.` and so on, each on a line or three
/// and more in one.
fn list_items(text: &str, candidates: &[Candidate]) -> Vec<bool> {
    let mut listed = vec![false; candidates.len()];
    let mut run: Vec<usize> = Vec::new();
    let mut lines = true;
    let same_style = |run: &[usize], candidate: &Candidate| {
        run.first().is_none_or(|&first| style(text, &candidates[first]) == style(text, candidate))
    };
    let mut close = |run: &mut Vec<usize>, lines: bool| {
        if run.len() >= if lines { 2 } else { 3 } {
            run.iter().for_each(|&number| listed[number] = true);
        }
        run.clear();
    };
    for (number, candidate) in candidates.iter().enumerate() {
        if matches!(candidate.form, Form::Text | Form::Bare) || !is_list_mark(text, candidate) {
            continue;
        }
        let starts_line = is_line_start(text, candidate.start);
        let goes_on = candidate.value == run.len() && same_style(&run, candidate);
        if goes_on && (run.len() <= 1 || !lines || starts_line) {
            // Letters alone on their lines make a list if there are three.
            lines = starts_line && (run.is_empty() || lines) && !is_line_end(text, candidate.end);
            run.push(number);
        } else if candidate.value == 0 {
            close(&mut run, lines);
            lines = starts_line;
            run.push(number);
        } else if starts_line {
            close(&mut run, lines);
        }
    }
    close(&mut run, lines);
    listed
}

/// What stands around the mark of an item.
fn style(text: &str, candidate: &Candidate) -> (bool, char) {
    (text[..candidate.start].ends_with(['(', '[']), after(text, candidate.end).unwrap_or('\n'))
}

/// Whether a letter is written as the mark of an item, with text after it.
fn is_list_mark(text: &str, candidate: &Candidate) -> bool {
    let rest = &text[candidate.end..];
    let mark = rest.starts_with([')', '.', ':', ']', '|', '-'])
        || rest.starts_with(" |")
        || rest.starts_with(" -")
        || rest.starts_with(" :");
    mark != is_line_end(text, candidate.end) && (mark || is_line_start(text, candidate.start))
}

/// What leads to a candidate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Lead {
    Nothing,
    /// An answer is announced, but nothing says that it comes now.
    Announced,
    /// The answer comes now.
    Ready,
    /// Something is pointed at.
    Pointed,
    /// What comes now is ruled out.
    Excluded,
}

/// A candidate that the next words may be about.
#[derive(Clone, Copy)]
struct Trailing {
    candidate: Candidate,
    /// `is` or the like came after it.
    joined: bool,
    negated: bool,
    /// It and those that it is joined to by `and` and `or`.
    linked: u64,
}

/// What a clause says so far.
struct Clause<'a> {
    lead: Lead,
    /// Nothing but phrases that change nothing came after the lead.
    adjacent: bool,
    /// An answer was announced somewhere in the clause.
    announced: bool,
    /// Something was said to be right.
    affirming: bool,
    /// What leads to the candidate negates it.
    negated: bool,
    /// The word before negates what comes next.
    not: bool,
    /// The candidate before was denied.
    denying: bool,
    /// The word before joins two candidates.
    or: bool,
    either: bool,
    /// After "or" an answer is announced again.
    either_way: bool,
    trailing: Option<Trailing>,
    /// The candidate before, and the word after it.
    previous: Option<(Candidate, &'a str)>,
    chosen: Option<(Candidate, Rule)>,
    /// It is left open which of several it is.
    open: bool,
    /// The candidate chosen begins a list, as far as is known.
    listed: bool,
    /// The word before names a choice, and starts there.
    named: bool,
    named_at: usize,
    /// Where a word that says nothing opens the line.
    filler_at: Option<usize>,
    /// After an equals sign comes a result, which replaces what was chosen.
    equals: bool,
    /// There is an equals sign in it.
    calculates: bool,
    /// The word before says of something what it is.
    described: bool,
    /// What the clause says that something is.
    result: Option<Candidate>,
    /// What it says so in words, by the text of a choice.
    described_as: Option<Candidate>,
    /// Where the lead starts, and whether a line has ended since.
    lead_start: usize,
    lead_line: bool,
    mentioned: u64,
    /// What is named by its letter.
    lettered: u64,
    /// What is named as a choice, or by its text.
    named_bits: u64,
    denied: u64,
    /// Of the mentions the last that stands out.
    last: Option<Candidate>,
    /// The first number in bold type.
    bold: Option<Candidate>,
    unreal: bool,
    /// There is a condition.
    conditional: bool,
    /// It is about what holds where a condition before does not.
    otherwise: bool,
    hedged: bool,
    refused: bool,
    /// The user is asked for something.
    asking: bool,
    /// It says what would be, and not what is.
    would: bool,
    /// It says so after a candidate.
    would_again: bool,
    /// Something in it holds beside what was said before.
    also: bool,
    /// Another candidate is named for another case.
    cases: bool,
    /// What is chosen was said to be right.
    affirmed: bool,
    /// What is chosen was announced or said to be right, and no step on the way.
    firm: bool,
    /// It is about what somebody chooses: "I go with", "many pick".
    choosing: bool,
    concluding: bool,
    /// A heading says that what comes now is the conclusion.
    headed: bool,
    /// It is said out of politeness.
    courteous: bool,
    /// Something is said to be wrong.
    wrong: bool,
    /// It is the opposite of what was said before.
    contrary: bool,
}

impl Clause<'_> {
    const NEW: Self = Self {
        lead: Lead::Nothing,
        adjacent: false,
        announced: false,
        affirming: false,
        negated: false,
        not: false,
        denying: false,
        or: false,
        either: false,
        either_way: false,
        trailing: None,
        previous: None,
        chosen: None,
        open: false,
        listed: false,
        named: false,
        named_at: 0,
        filler_at: None,
        equals: false,
        calculates: false,
        described: false,
        result: None,
        described_as: None,
        lead_start: 0,
        lead_line: false,
        mentioned: 0,
        lettered: 0,
        named_bits: 0,
        denied: 0,
        last: None,
        bold: None,
        unreal: false,
        conditional: false,
        otherwise: false,
        hedged: false,
        refused: false,
        asking: false,
        would: false,
        would_again: false,
        also: false,
        cases: false,
        affirmed: false,
        firm: false,
        choosing: false,
        concluding: false,
        headed: false,
        courteous: false,
        wrong: false,
        contrary: false,
    };

    /// Which candidates are named and not denied.
    fn live(&self) -> u64 {
        self.mentioned & !self.denied
    }

    /// Whether an answer was announced and `candidate` comes after that, or something is said to be right.
    fn leads_to(&self, candidate: &Candidate) -> bool {
        self.announced && !self.negated && (self.affirming || self.lead_start <= candidate.start)
    }

    /// Whether it says outright what the answer is.
    fn announces_answer(&self) -> bool {
        self.firm && !self.choosing && !self.would
    }
}

struct Statements<'a> {
    text: &'a str,
    manner: Manner,
    candidates: &'a [Candidate],
    clause: Clause<'a>,
    /// Where what was met last ends.
    end: usize,
    /// What was said before is being taken back.
    retracting: bool,
    best: Option<(Candidate, Rule)>,
    tentative: Option<(Candidate, Rule)>,
    /// The best was announced as the answer.
    secure: bool,
    /// The first line is the answer alone.
    opened: bool,
    /// The text ended up undecided or refused.
    closed: bool,
    /// It was said that the answer is not known.
    refused: bool,
    /// The last sentence that says so, whatever was said before.
    refused_in: Option<usize>,
    /// Where it was said last that one choice is left, and whether as a conclusion.
    left: Option<(usize, bool)>,
    /// What was pointed at last, by the number of the sentence.
    pointed: Option<(usize, Candidate)>,
    /// The choice that the question before asks about.
    asked: Option<Candidate>,
    /// The item of a list in whose line we are, and what is said of it.
    item: Option<Candidate>,
    item_right: bool,
    item_wrong: bool,
    right_items: Vec<Candidate>,
    wrong_items: usize,
    /// A sign says of an item that it is right.
    ticked: bool,
    /// All that is said to be wrong.
    denied: u64,
    /// What was said before holds under a condition.
    conditional: bool,
    /// What a sentence says last that something is, by the number of the sentence.
    result: Option<(usize, Candidate)>,
    /// The choice that the last calculation comes to, unless another is named after it.
    computed: Option<Candidate>,
    /// The last mention, in a sentence that nothing was committed to.
    last_mention: Option<Candidate>,
    /// Whether a word names it as a choice, or its text stands there.
    named_last: bool,
    /// The sentence of that mention, and whether its clause says what would be.
    last_clause: Option<(usize, bool)>,
    /// Whether that clause follows from what was said before.
    concluding: bool,
    /// What a sentence says last in words that something is, by the number of the sentence.
    described: Option<(usize, Candidate)>,
    /// What the first sentence says that something is.
    first: Option<Candidate>,
    /// What the last sentence with a candidate names, by the number of the sentence, and what those before it name.
    recent: (usize, u64, u64),
    earlier: u64,
    /// What of that is named by its letter.
    earlier_letters: u64,
    /// The sentence that the best was found in, if it may be a step on the way.
    step: Option<usize>,
    /// Several letters stand alone on lines: they are headings.
    headings: bool,
    /// What was read last is said out of politeness.
    courteous: bool,
    /// How many sentences there are so far, without such.
    sentences: usize,
    /// What comes now is about something else.
    ended: bool,
    /// The last line of the form `Answer: B`, by the number of its sentence.
    labelled: Option<(usize, Candidate)>,
}

/// Between `not` and what it denies a short word may stand.
const SHORT_WORD: usize = 6;

fn is_letter(candidate: &Candidate) -> bool {
    !matches!(candidate.form, Form::Text | Form::Bare)
}

impl<'a> Statements<'a> {
    fn new(text: &'a str, manner: Manner, candidates: &'a [Candidate]) -> Self {
        // One candidate is no heading of several.
        let several = if candidates.len() > 1 { candidates } else { &[] };
        let mut alone = several.iter().filter(|candidate| is_line(text, candidate.start, candidate.end));
        let first = alone.next();
        let headings = first.is_some_and(|first| alone.any(|other| other.value != first.value));
        Self {
            text,
            manner,
            candidates,
            clause: Clause::NEW,
            end: 0,
            retracting: false,
            best: None,
            tentative: None,
            secure: false,
            opened: false,
            closed: false,
            refused: false,
            refused_in: None,
            left: None,
            pointed: None,
            asked: None,
            item: None,
            item_right: false,
            item_wrong: false,
            right_items: Vec::new(),
            wrong_items: 0,
            ticked: false,
            denied: 0,
            conditional: false,
            result: None,
            computed: None,
            last_mention: None,
            named_last: false,
            last_clause: None,
            concluding: false,
            described: None,
            first: None,
            recent: (0, 0, 0),
            earlier: 0,
            earlier_letters: 0,
            step: None,
            headings,
            courteous: false,
            sentences: 0,
            ended: false,
            labelled: None,
        }
    }

    /// Goes on to what starts at `start`: what stands between breaks what was begun, if it has words.
    fn go_on(&mut self, start: usize, end: usize) {
        if self.end < start && !is_empty(&self.text[self.end..start]) {
            let clause = &mut self.clause;
            clause.adjacent = clause.lead == Lead::Excluded;
            clause.not &= start - self.end <= SHORT_WORD;
            (clause.or, clause.denying) = (false, false);
            clause.named = false;
            clause.filler_at = None;
            (clause.equals, clause.described) = (false, false);
            self.release();
        }
        self.end = self.end.max(end);
    }

    /// Nothing more is said of the candidate before.
    fn release(&mut self) {
        if let Some(trailing) = self.clause.trailing.take()
            && trailing.negated
            && trailing.joined
        {
            self.deny(trailing);
        }
    }

    fn deny(&mut self, trailing: Trailing) {
        let clause = &mut self.clause;
        clause.denied |= trailing.linked;
        clause.listed = false;
        if clause.chosen.is_some_and(|(chosen, _)| bit(&chosen) & trailing.linked != 0) {
            (clause.chosen, clause.open) = (None, false);
        }
    }

    fn affirm(&mut self, trailing: Trailing) {
        // "C is right in the north and A is right in the south."
        let another =
            self.clause.affirmed && self.clause.chosen.is_some_and(|(chosen, _)| bit(&chosen) & trailing.linked == 0);
        if trailing.linked.count_ones() > 1 || another && self.manner.lettered {
            self.clause.open = true;
        }
        self.clause.either = false;
        (self.clause.affirmed, self.clause.firm) = (true, true);
        self.clause.chosen = Some((trailing.candidate, Rule::Statement));
    }

    fn meet_event(&mut self, event: &Event) {
        let gap = &self.text[self.end.min(event.start)..event.start];
        self.go_on(event.start, event.end);
        match event.mark {
            Mark::Phrase(role) if self.is_verdict(role, event) => self.meet_verdict(role, event.start),
            Mark::Phrase(role) => self.meet_phrase(role, gap, event),
            Mark::Colon | Mark::Equals => self.meet_colon(event.mark == Mark::Equals),
            Mark::Stop => {
                self.close_clause(false);
                self.end_sentence();
            }
            Mark::Question => {
                let asked = self.clause.trailing.filter(|trailing| trailing.linked.count_ones() == 1);
                self.close_clause(true);
                self.end_sentence();
                self.asked = asked.map(|trailing| trailing.candidate);
            }
            Mark::Line => self.meet_line(event.end),
        }
    }

    fn meet_colon(&mut self, equals: bool) {
        let clause = &mut self.clause;
        if let Some(trailing) = &mut clause.trailing {
            trailing.joined = true;
        }
        clause.equals = equals;
        clause.calculates |= equals;
        // "Most people would answer: yes."
        clause.unreal &= equals || clause.lead != Lead::Announced;
        // "Final state:" announces none of the rows "Ann → a ball", "Ben → a bat".
        if equals && self.manner.lettered && clause.lead_line && !clause.adjacent {
            (clause.lead, clause.announced, clause.concluding) = (Lead::Nothing, false, false);
        }
        if clause.lead == Lead::Announced || clause.announced && clause.chosen.is_none() && !clause.negated {
            clause.lead = Lead::Ready;
            clause.adjacent = true;
        } else if clause.concluding && clause.chosen.is_none() && clause.lead == Lead::Nothing {
            clause.lead = Lead::Pointed;
            clause.adjacent = true;
        }
    }

    fn meet_line(&mut self, end: usize) {
        let clause = &mut self.clause;
        // "Answer" heads the answer.
        if clause.adjacent && clause.lead == Lead::Announced && is_line_start(self.text, clause.lead_start) {
            clause.lead = Lead::Ready;
        }
        let awaits = clause.adjacent && matches!(clause.lead, Lead::Ready | Lead::Pointed) && clause.chosen.is_none();
        // The head of a table's column announces nothing in its rows.
        let awaits = awaits && !begins_rows(&self.text[end..]);
        clause.lead_line = awaits;
        if !awaits {
            self.close_clause(false);
            self.end_sentence();
        }
        self.end_item();
    }

    fn end_sentence(&mut self) {
        self.sentences += usize::from(!self.courteous);
    }

    fn end_item(&mut self) {
        if let Some(item) = self.item.take() {
            if self.item_right && !self.item_wrong {
                self.right_items.push(item);
            }
            if self.item_wrong {
                self.wrong_items += 1;
                self.denied |= bit(&item);
            }
        }
        (self.item_right, self.item_wrong) = (false, false);
    }

    /// Whether a phrase says yes or no of the choice whose mark stands right before: `A: no`, `B – yes`.
    fn is_verdict(&self, role: Role, event: &Event) -> bool {
        let right_after = |mark: Candidate| {
            mark.end <= event.start && event.start - mark.end <= NEAR && is_empty(&self.text[mark.end..event.start])
        };
        let item = self.item.is_some_and(right_after);
        if self.asked.is_some_and(right_after) {
            return matches!(role, Role::Aye | Role::Yes | Role::No)
                || role == Role::Retract && self.text[..event.end].ends_with([' ', '-']);
        }
        match role {
            // "no, " and "no. " take back what was said, elsewhere.
            Role::Retract => item && self.text[..event.end].ends_with([' ', '-']),
            Role::Aye | Role::No => {
                let set_off = |mark: &Candidate| self.text[mark.end..event.start].contains([':', '-', '(', '=', '|']);
                item || self
                    .clause
                    .trailing
                    .map(|trailing| trailing.candidate)
                    .is_some_and(|mark| right_after(mark) && set_off(&mark))
            }
            _ => false,
        }
    }

    fn meet_verdict(&mut self, role: Role, start: usize) {
        let right = matches!(role, Role::Aye | Role::Yes);
        match self.asked.take() {
            Some(asked) if right => self.commit((asked, Rule::Statement), start),
            Some(asked) => self.denied |= bit(&asked),
            None if right => self.meet_affirmation(None, start),
            None => self.meet_denial(start),
        }
    }

    fn meet_phrase(&mut self, role: Role, gap: &str, event: &Event) {
        let start = event.start;
        let comma = gap.contains(',');
        if role != Role::Filler {
            self.clause.filler_at = None;
        }
        match role {
            Role::Announce => self.meet_announcement(start),
            Role::Copula | Role::Would => {
                let clause = &mut self.clause;
                clause.would |= role == Role::Would;
                clause.would_again |= role == Role::Would && clause.previous.is_some();
                if clause.announced && clause.chosen.is_none() {
                    // "It is not A, it is B."
                    clause.negated &= !(clause.denying && self.manner.lettered);
                    clause.lead = Lead::Ready;
                    clause.adjacent = true;
                }
                if let Some(trailing) = &mut clause.trailing {
                    trailing.joined = true;
                }
                clause.equals |= self.manner.worded;
                clause.described = !self.manner.worded && after(self.text, start).is_some_and(is_word);
            }
            // "Also D." is all of a line.
            Role::Filler if is_line_start(self.text, start) => self.clause.filler_at = Some(start),
            Role::Filler | Role::Aye | Role::Ordinal(_) | Role::Which(_) | Role::WhichLast => {}
            Role::Only => {
                let clause = &mut self.clause;
                if self.manner.lettered && clause.lead == Lead::Nothing && clause.chosen.is_none() {
                    clause.lead = Lead::Pointed;
                    clause.adjacent = true;
                }
            }
            Role::Naming => self.meet_naming(start),
            Role::Next => {
                self.close_clause(false);
                self.ended = self.best.or(self.tentative).is_some() || self.first.is_some();
            }
            Role::Choose => {
                let clause = &mut self.clause;
                if clause.listed || clause.chosen.is_some_and(|(_, rule)| rule == Rule::Alone) {
                    // What the sentence began with was no answer.
                    (clause.chosen, clause.listed) = (None, false);
                }
                clause.negated = clause.not;
                clause.lead = Lead::Ready;
                clause.announced = true;
                clause.adjacent = true;
                clause.choosing = true;
            }
            Role::Point => {
                let clause = &mut self.clause;
                clause.lead = if clause.announced { Lead::Ready } else { Lead::Pointed };
                clause.negated = clause.not;
                clause.adjacent = true;
                if let Some(trailing) = &mut clause.trailing {
                    trailing.joined = true;
                    // "B it is."
                    if !comma && !trailing.negated && ends_clause(self.text, event.end) {
                        let trailing = *trailing;
                        self.affirm(trailing);
                    }
                }
            }
            Role::Affirm => self.meet_affirmation(Some(start), start),
            Role::Yes => self.meet_affirmation(None, start),
            Role::Deny => self.meet_denial(start),
            // "B is wrong: …" denies what stands before.
            Role::Exclude
                if self.text[..event.end].ends_with(':') && (self.clause.trailing.is_some() || self.item.is_some()) =>
            {
                self.meet_denial(start);
            }
            Role::Not => {
                let clause = &mut self.clause;
                // In "B, not A" and "B and not A" it is about what follows.
                let forward = comma || clause.or || clause.trailing.is_none();
                if let Some(trailing) = &mut clause.trailing
                    && !forward
                {
                    trailing.negated = true;
                    trailing.joined = true;
                }
                clause.negated |= clause.adjacent;
                // "No: it is B" denies what was said, and not what comes.
                let said_by_itself =
                    self.text[self.end..].trim_start_matches(' ').starts_with([',', ':', '-', '!', '.']);
                clause.not = forward && !said_by_itself;
                self.item_wrong |= self.item.is_some();
            }
            Role::Exclude if self.excludes_backwards(comma, event) => self.meet_denial(start),
            Role::Exclude => {
                self.clause.lead = Lead::Excluded;
                self.clause.adjacent = true;
                self.clause.announced = false;
            }
            Role::Or => {
                let clause = &mut self.clause;
                clause.either |= clause.adjacent && clause.trailing.is_none();
                clause.or = true;
                clause.not |= clause.denying;
            }
            Role::Hedge => self.clause.hedged |= self.clause.chosen.is_none(),
            // "B if it were warm"
            Role::Unreal => self.clause.unreal |= self.clause.chosen.is_none() || self.clause.conditional,
            Role::If => {
                let clause = &mut self.clause;
                clause.conditional = true;
                clause.unreal |= clause.chosen.is_none() || clause.would;
            }
            Role::OnlyIf => {
                let clause = &mut self.clause;
                clause.conditional = true;
                clause.unreal |= clause.chosen.is_none() || clause.would || clause.affirmed;
            }
            Role::Also => self.clause.also |= self.manner.lettered,
            Role::Otherwise => {
                let clause = &mut self.clause;
                clause.open |= clause.conditional && !clause.unreal && clause.live().count_ones() > 1;
                self.close_clause(false);
                self.clause.otherwise = true;
            }
            Role::Rather => self.meet_replacement(),
            Role::Refuse => self.clause.refused = true,
            Role::Ask => self.clause.asking = true,
            Role::Left => {
                self.clause.adjacent = false;
                self.left = Some((start, self.clause.concluding));
            }
            // "B不对," is about B.
            Role::Retract
                if self.clause.trailing.is_some() && gap.is_empty() && !self.text.as_bytes()[start].is_ascii() =>
            {
                self.meet_denial(start);
            }
            Role::Retract => {
                self.close_clause(false);
                self.retracting = true;
            }
            Role::Courtesy => self.clause.courteous = true,
            Role::Closing => {
                self.close_clause(false);
                (self.clause.headed, self.clause.concluding) = (true, true);
            }
            Role::Both => {
                let clause = &mut self.clause;
                let first = clause.adjacent && clause.trailing.is_none();
                clause.either |= first || self.manner.lettered && clause.live() == 0;
                self.clause.or = true;
            }
            Role::Conclude => {
                if !self.clause.adjacent {
                    self.close_clause(false);
                }
                self.clause.concluding = true;
            }
            Role::Because => {
                // The condition goes on: "If one takes this as the end, it would be C."
                let condition = self.clause.unreal && self.clause.conditional;
                self.close_clause(false);
                (self.clause.unreal, self.clause.conditional) = (condition, condition);
            }
            Role::But => {
                let clause = &self.clause;
                let goes_on = clause.negated && clause.chosen.is_none() && clause.lead != Lead::Nothing;
                self.close_clause(false);
                self.clause.contrary = true;
                if goes_on {
                    self.clause.lead = Lead::Ready;
                    self.clause.announced = true;
                    self.clause.adjacent = true;
                }
            }
            Role::Idiom | Role::No => {
                self.release();
                self.clause.adjacent = false;
            }
        }
    }

    fn meet_announcement(&mut self, start: usize) {
        match self.clause.trailing.take() {
            Some(trailing) if trailing.joined && trailing.negated => self.deny(trailing),
            Some(trailing) if trailing.joined => self.affirm(trailing),
            _ => {
                let clause = &mut self.clause;
                clause.either_way |= clause.or && clause.chosen.is_some();
                clause.negated = clause.not;
                clause.lead = Lead::Announced;
                clause.lead_start = start;
                clause.announced = true;
                clause.adjacent = true;
            }
        }
    }

    /// The word before a letter, or after it, names it as a choice.
    fn meet_naming(&mut self, start: usize) {
        let clause = &mut self.clause;
        if !clause.named {
            clause.named_at = start;
        }
        clause.named = true;
        if let Some(trailing) = clause.trailing {
            clause.last = Some(trailing.candidate);
        }
    }

    /// Whether what is ruled out stands before the word for it: "A and B I reject."
    fn excludes_backwards(&self, comma: bool, event: &Event) -> bool {
        self.clause.trailing.is_some() && !comma && ends_clause(self.text, event.end)
    }

    /// What comes next replaces what stands before: "not A but B", where the words for it stand after A.
    fn meet_replacement(&mut self) {
        let taken_back = self.clause.chosen.is_some();
        if let Some(trailing) = self.clause.trailing.take() {
            self.deny(trailing);
        }
        let clause = &mut self.clause;
        let expected = taken_back || clause.announced || clause.concluding || self.retracting;
        clause.lead = if expected { Lead::Ready } else { Lead::Pointed };
        clause.negated = false;
        clause.adjacent = true;
    }

    /// Whether a sign such as ✓ stands at `at`, and no word.
    fn is_sign(&self, at: usize) -> bool {
        after(self.text, at).is_some_and(|c| !c.is_alphanumeric())
    }

    /// Something is said to be right; from `announces` on that may announce what comes.
    fn meet_affirmation(&mut self, announces: Option<usize>, start: usize) {
        // A sign behind a calculation checks it.
        if self.is_numeric() && self.is_sign(start) {
            return;
        }
        match self.clause.trailing.take() {
            Some(trailing) if trailing.negated => {
                self.deny(trailing);
                self.item_wrong = true;
            }
            Some(trailing) => self.affirm(trailing),
            None if self.item.is_some() => {
                if self.clause.not {
                    self.item_wrong = true;
                } else {
                    self.item_right = true;
                    self.ticked |= self.is_sign(start);
                }
            }
            None => match announces {
                Some(start) => {
                    self.clause.affirming = true;
                    self.meet_announcement(start);
                }
                None => self.clause.adjacent = false,
            },
        }
    }

    fn meet_denial(&mut self, start: usize) {
        self.item_wrong |= !self.clause.not;
        match self.clause.trailing.take() {
            Some(trailing) if trailing.negated => {}
            Some(trailing) => self.deny(trailing),
            None if self.clause.adjacent => {
                self.clause.negated = true;
                if self.clause.lead == Lead::Announced {
                    self.clause.lead = Lead::Ready;
                }
                self.clause.wrong = true;
            }
            None if self.item.is_none() && self.is_sign(start) && is_line_start(self.text, start) => {
                self.clause.lead = Lead::Excluded;
                self.clause.adjacent = true;
            }
            None => self.clause.wrong = true,
        }
    }

    fn meet_candidate(&mut self, candidate: &Candidate, next: Option<&Event>, listed: bool) {
        let comma_list = self.end <= candidate.start && is_empty(&self.text[self.end..candidate.start]);
        self.go_on(candidate.start, candidate.end);
        if listed {
            if self.item.is_some() {
                self.end_item();
            }
            self.item = Some(*candidate);
            self.note_mentions(bit(candidate), bit(candidate));
            // A sign before the letter is about it.
            let clause = &mut self.clause;
            self.item_wrong = clause.lead == Lead::Excluded;
            if clause.adjacent && clause.lead == Lead::Announced {
                let lead_start = clause.lead_start;
                self.item_right = self.is_sign(lead_start);
                self.ticked |= self.item_right;
                self.clause.chosen = None;
                self.clause.announced = false;
            }
            self.close_clause(false);
            return;
        }
        let named = self.clause.named;
        let from = if named { self.clause.named_at } else { candidate.start };
        let from = self.clause.filler_at.map_or(from, |filler| filler.min(from));
        let start = from <= NEAR && is_empty(&self.text[..from]);
        // With the word "option" before it, a letter on a line may be a heading.
        let alone = is_line(self.text, from, candidate.end) && (!named || is_end(self.text, candidate.end));
        let alone = alone || self.item.is_none() && is_last_sentence(self.text, from, candidate.end);
        let counts = self.counts(candidate, next, alone || start);
        let text_of_letter = matches!(candidate.form, Form::Text | Form::Bare)
            && self.manner.lettered
            && comma_list
            && self.clause.trailing.is_some_and(|trailing| !matches!(trailing.candidate.form, Form::Text | Form::Bare));
        if !counts || text_of_letter {
            self.clause.adjacent &= text_of_letter;
            self.meet_text_of_letter(candidate, text_of_letter);
            return;
        }
        let (retracting, numeric) = (self.retracting, self.is_numeric());
        let clause = &mut self.clause;
        let ready = clause.adjacent && matches!(clause.lead, Lead::Ready | Lead::Pointed | Lead::Excluded);
        if clause.not || ready && (clause.negated || clause.lead == Lead::Excluded) {
            clause.denied |= bit(candidate);
            if clause.chosen.is_some_and(|(chosen, _)| chosen.value == candidate.value) {
                clause.chosen = None;
            }
            clause.denying = true;
            (clause.not, clause.or) = (false, false);
            clause.trailing = None;
            return;
        }
        if let Some(trailing) = clause.trailing.filter(|trailing| trailing.negated) {
            // "X is not Y" says of neither that it is the answer.
            let both = comma_list && candidate.form == Form::Text && trailing.candidate.form == Form::Text;
            self.release();
            if both {
                self.clause.mentioned |= bit(candidate);
                self.clause.denied |= bit(candidate);
                return;
            }
        }
        let clause = &mut self.clause;
        clause.denying = false;
        // A phrase after a candidate says something about it.
        let word = if next.is_some_and(|event| event.start <= candidate.end + 1) {
            ""
        } else {
            word_after(self.text, candidate.end)
        };
        let undecided = self.best.is_none() || clause.chosen.is_some();
        clause.cases |= self.manner.lettered && undecided && is_other_case(self.text, clause, candidate, word, ready);
        clause.previous = Some((*candidate, word));
        let before = clause.trailing.filter(|_| comma_list || clause.or);
        let linked = match before {
            // Named again, it stands for itself.
            Some(trailing) if trailing.linked & bit(candidate) == 0 => trailing.linked | bit(candidate),
            _ => bit(candidate),
        };
        let replaces = self.manner.calculated && clause.equals && clause.chosen.is_some();
        if let Some((chosen, rule)) = clause.chosen {
            if clause.either_way && clause.adjacent && chosen.value != candidate.value {
                clause.open = true;
            } else if replaces {
                clause.chosen = Some((*candidate, rule));
            } else if before.is_some_and(|trailing| trailing.linked & bit(&chosen) != 0)
                && chosen.value != candidate.value
            {
                clause.open |= clause.or && !self.manner.worded;
                clause.listed |= !clause.or && !self.manner.calculated;
            }
        } else if ready {
            let rule = if clause.lead == Lead::Ready || retracting || clause.concluding {
                Rule::Statement
            } else {
                Rule::Mention
            };
            clause.chosen = Some((*candidate, rule));
            clause.firm |= clause.lead == Lead::Ready;
            clause.lead = Lead::Nothing;
            clause.announced = false;
        } else if clause.lead == Lead::Announced
            && clause.adjacent
            && (numeric || ends_clause(self.text, candidate.end))
        {
            clause.chosen = Some((*candidate, Rule::Statement));
            clause.firm = true;
        } else if self.manner.worded && answers_shortly(self.text, candidate) {
            clause.chosen = Some((*candidate, Rule::Alone));
        } else if start && begins_answer(self.text, candidate, next) || alone && self.stands_alone(candidate) {
            self.clause.chosen = Some((*candidate, Rule::Alone));
        }
        let clause = &mut self.clause;
        if clause.equals || clause.described && self.manner.lettered && candidate.form == Form::Text {
            clause.result = Some(*candidate);
        }
        // "The speed is 195 / 3 = 65."
        let comes_to = clause.equals && numeric && clause.described_as.is_some();
        if comes_to || clause.described && (candidate.form == Form::Text || numeric) {
            clause.described_as = Some(*candidate);
        }
        clause.described = false;
        clause.equals = false;
        clause.or = false;
        clause.mentioned |= bit(candidate);
        if is_letter(candidate) {
            clause.lettered |= bit(candidate);
        }
        if clause.named || matches!(candidate.form, Form::Wrapped | Form::Text) {
            clause.named_bits |= bit(candidate);
        }
        if self.manner.calculated && candidate.form == Form::Wrapped {
            clause.bold = clause.bold.or(Some(*candidate));
        }
        // "Bです": no blank parts words.
        let joined = after(self.text, candidate.end).is_some_and(|c| !c.is_ascii());
        let wrapped = matches!(candidate.form, Form::Wrapped | Form::Text);
        if clause.named || wrapped || joined || ends_clause(self.text, candidate.end) {
            clause.last = Some(*candidate);
        }
        clause.named = false;
        clause.trailing = Some(Trailing { candidate: *candidate, joined: false, negated: false, linked });
    }

    /// A letter with the text of its choice is the answer where both are all of the last line.
    fn meet_text_of_letter(&mut self, candidate: &Candidate, follows: bool) {
        let letter = self.clause.trailing.map(|trailing| trailing.candidate);
        let letter = letter.filter(|letter| follows && letter.value == candidate.value);
        if let Some(letter) = letter
            && self.clause.chosen.is_none()
            && is_line_start(self.text, letter.start)
            && is_end(self.text, candidate.end)
        {
            self.clause.chosen = Some((letter, Rule::Alone));
        }
    }

    /// Whether a letter on a line of its own is the answer, and not a heading.
    fn stands_alone(&self, candidate: &Candidate) -> bool {
        !self.headings || is_end(self.text, candidate.end)
    }

    /// Whether the words after a capital A go on as no noun does: "A fails …", "the answer is A on …".
    fn is_no_article(&self, at: usize, rest: &str) -> bool {
        let word = &rest[1..];
        let end = word.bytes().position(|byte| !byte.is_ascii_lowercase()).unwrap_or(word.len());
        let word = &word[..end.min(NEAR)];
        let noun = ["ss", "us", "as", "is", "ns", "series", "species"].iter().any(|ending| word.ends_with(ending));
        let verb = word.ends_with('s') && !noun;
        let before = &self.text.as_bytes()[..at];
        // In the middle of a sentence an article is small.
        let inside = before.len() > 1 && before[at - 1] == b' ' && before[at - 2].is_ascii_lowercase();
        verb || inside && end > 0
    }

    /// Whether a letter is one at all, and not an article or a pronoun.
    fn counts(&self, candidate: &Candidate, next: Option<&Event>, alone: bool) -> bool {
        let rest = &self.text[candidate.end..];
        let goes_on = rest.starts_with(' ') && after(rest, 1).is_some_and(is_word);
        match candidate.form {
            Form::Wrapped => true,
            Form::Text => !(self.manner.lettered && is_operand(self.text, candidate)),
            Form::Lower => {
                // "bleibt nur b übrig"
                let closes = next.is_some_and(|event| {
                    event.start == candidate.end + 1 && matches!(event.mark, Mark::Phrase(Role::Filler | Role::Because))
                });
                alone || self.clause.adjacent && self.clause.lead != Lead::Nothing && (!goes_on || closes)
            }
            Form::Bare => alone || self.clause.adjacent && self.clause.lead != Lead::Nothing,
            Form::Upper if !goes_on || self.clause.named => true,
            Form::Upper if self.clause.adjacent && self.clause.lead == Lead::Announced => true,
            Form::Upper
                if self.text.as_bytes()[candidate.start] == b'A' && self.is_no_article(candidate.start, rest) =>
            {
                true
            }
            Form::Upper => {
                let follows = next.filter(|event| event.start == candidate.end + 1).map(|event| event.mark);
                let is_word = matches!(self.text.as_bytes()[candidate.start], b'A' | b'I');
                match follows {
                    Some(Mark::Phrase(
                        Role::Copula
                        | Role::Would
                        | Role::Also
                        | Role::OnlyIf
                        | Role::Point
                        | Role::Or
                        | Role::Because
                        | Role::Not
                        | Role::But
                        | Role::Hedge
                        | Role::Unreal
                        | Role::If
                        | Role::Conclude
                        | Role::Exclude,
                    )) => true,
                    Some(Mark::Phrase(_)) => !is_word,
                    Some(_) => true,
                    None => !is_word,
                }
            }
        }
    }

    /// Takes what a clause says into account, and begins another.
    fn close_clause(&mut self, question: bool) {
        self.release();
        let clause = std::mem::replace(&mut self.clause, Clause::NEW);
        self.courteous = clause.courteous && clause.mentioned == 0;
        if clause.headed && clause.mentioned == 0 {
            (self.clause.headed, self.clause.concluding) = (true, true);
        }
        if self.retracting && clause.wrong && clause.chosen.is_none() {
            (self.best, self.tentative) = (None, None);
        }
        let asks = clause.asking && !self.secure && clause.chosen.is_none();
        if asks || clause.refused && (self.best.is_none() || self.retracting) {
            (self.best, self.tentative) = (None, None);
            (self.closed, self.refused) = (true, true);
        }
        if clause.refused && clause.mentioned == 0 {
            self.refused_in = Some(self.sentences);
        }
        let live = clause.live();
        self.note_mentions(clause.mentioned | clause.denied, clause.lettered);
        if question {
            return;
        }
        if clause.otherwise {
            if self.conditional && live != 0 {
                (self.best, self.tentative) = (None, None);
                self.closed = true;
            }
            return;
        }
        let several = live.count_ones() > 1;
        if several && clause.either && clause.chosen.is_none() {
            self.leave_open();
            return;
        }
        if clause.unreal {
            self.conditional |= clause.conditional && live != 0;
            return;
        }
        if !clause.hedged {
            self.denied |= clause.denied;
        }
        let beside = several && (clause.either || clause.cases || clause.also && clause.chosen.is_some());
        // "The wrong one is A. B and C are true."
        let others_hold = clause.affirmed && several && self.secured_beside(live);
        if others_hold {
            return;
        }
        if clause.open || clause.listed || beside {
            self.leave_open();
            return;
        }
        let only = clause.result.or(clause.bold).or(clause.last.filter(|last| live == bit(last)));
        let said = match (clause.chosen, only) {
            (Some(chosen), _) => Some(chosen),
            (None, Some(only))
                if clause.leads_to(&only)
                    || self.retracting
                    || clause.concluding
                    || self.stands_out(&clause, &only) =>
            {
                Some((only, Rule::Statement))
            }
            _ => None,
        };
        if self.is_beside(&clause, said.map(|(candidate, _)| candidate).or(only)) {
            self.leave_open();
            return;
        }
        if clause.mentioned != 0 {
            self.last_mention = only;
            self.named_last = only.is_some_and(|only| clause.named_bits & bit(&only) != 0);
            self.last_clause = Some((self.sentences, clause.would));
            self.concluding = clause.concluding;
        }
        if let Some(described) = clause.described_as.filter(|_| !clause.hedged) {
            self.described = Some((self.sentences, described));
        }
        let is_said = |only: &Candidate| clause.described_as == Some(*only) || is_said_of_something(self.text, only);
        if self.sentences == 0 && self.first.is_none() && !clause.hedged {
            self.first = only.filter(is_said);
        }
        if clause.result.is_some() {
            self.result = clause.result.map(|result| (self.sentences, result));
        }
        if clause.calculates || clause.mentioned != 0 {
            self.computed = clause.result.filter(|_| clause.calculates && !clause.hedged);
        }
        match said {
            // "It is True if …, and False otherwise."
            Some((_, Rule::Mention)) if self.manner.worded && live.count_ones() > 1 && clause.result.is_none() => {
                self.closed = true;
            }
            Some(said) if clause.hedged || said.1 == Rule::Mention => {
                self.pointed = (!clause.hedged).then_some((self.sentences, said.0));
                self.tentative = if self.closed { None } else { Some((said.0, Rule::Mention)) };
            }
            Some(said) if self.is_aside(&clause, said.0) => {}
            Some(said) => {
                let opens = said.1 == Rule::Alone && self.sentences == 0 && !may_be_label(self.text, &said.0);
                self.secure = clause.announces_answer() || opens;
                self.opened |= opens && is_first_line(self.text, &said.0);
                self.conditional = clause.conditional;
                self.step = (!clause.firm && said.1 == Rule::Statement).then_some(self.sentences);
                self.commit(said, clause.lead_start);
            }
            None if self.manner.worded && !self.closed && clause.result.is_some() => {
                self.tentative = clause.result.map(|result| (result, Rule::Mention));
            }
            None => {}
        }
    }

    fn note_mentions(&mut self, mentioned: u64, lettered: u64) {
        if mentioned != 0 {
            if self.recent.0 != self.sentences {
                self.earlier |= std::mem::take(&mut self.recent.1);
                self.earlier_letters |= std::mem::take(&mut self.recent.2);
            }
            self.recent = (self.sentences, self.recent.1 | mentioned, self.recent.2 | lettered);
        }
    }

    /// The only choice that the last sentence names, after others were discussed. Who goes through all choices in order
    /// and has come to the next of them has not chosen it by that.
    fn returned_to(&self) -> Option<Candidate> {
        if self.item.is_some() {
            return None;
        }
        let (sentence, named, _) = self.recent;
        let last = self.last_mention?;
        // What is denied beside it is no second one.
        let named = named & (!self.denied | bit(&last));
        let is_last = sentence == self.sentences || self.courteous && sentence + 1 == self.sentences;
        if !is_last || named != bit(&last) {
            return None;
        }
        let (_, would) = self.last_clause?;
        let others = self.earlier & !named;
        let in_order = self.earlier == named - 1;
        let settled = !self.closed || begins_paragraph(self.text, last.start) && !self.refused;
        let first_letter = is_letter(&last) && self.earlier_letters & !named == 0;
        // A text of several words at the end is no name that is met by chance.
        let spelled_out = self.text[last.start..last.end].matches(' ').count() > 1 && is_end(self.text, last.end);
        let first = first_letter || spelled_out || others == 0;
        let discussed = first && self.named_last || others.count_ones() > 1 && !in_order;
        let chosen = discussed && self.denied & named == 0 && !would && settled;
        (chosen && ends_sentence(self.text)).then_some(last)
    }

    /// Whether a text ends with a sentence that names several numbers, of which the last is the result.
    fn ends_with_number(&self, last: &Candidate) -> bool {
        let rest = &self.text[last.end..];
        self.is_numeric() && self.concluding && ends_sentence(self.text) && !rest.contains('\n') && !rest.contains(". ")
    }

    fn is_numeric(&self) -> bool {
        self.manner.calculated && !self.manner.worded
    }

    /// What the last sentence says that something is, where no answer was announced before.
    fn result_at_last(&self) -> Option<(Candidate, Rule)> {
        let (_, result) = self.described.filter(|(sentence, _)| *sentence == self.sentences)?;
        let decided = self.secure || !self.is_numeric() || !ends_sentence(self.text);
        (!decided && self.best.is_some()).then_some((result, Rule::Statement))
    }

    /// The text of a choice at the very end, which the last of several sentences says that something is.
    fn described_at_end(&self) -> Option<Candidate> {
        let (_, described) = self.described.filter(|(sentence, _)| *sentence == self.sentences && *sentence > 0)?;
        let ends = self.manner.lettered && is_end(self.text, described.end) && ends_sentence(self.text);
        ends.then_some(described)
    }

    /// No answer of several.
    fn leave_open(&mut self) {
        (self.best, self.tentative) = (None, None);
        self.closed = true;
    }

    /// Whether an answer was chosen that is none of `others`.
    fn secured_beside(&self, others: u64) -> bool {
        self.best.is_some_and(|(best, rule)| rule == Rule::Statement && bit(&best) & others == 0)
    }

    /// Whether a number is set in bold type, and no answer was announced before.
    fn stands_out(&self, clause: &Clause<'_>, candidate: &Candidate) -> bool {
        let decided = self.secure && self.best.is_some();
        !decided && clause.bold.is_some_and(|bold| bold.start == candidate.start)
    }

    /// Whether what a clause names stands beside what was named before, and neither is preferred: "In a city it would be
    /// A; in a village it would be B."
    fn is_beside(&self, clause: &Clause<'_>, named: Option<Candidate>) -> bool {
        let Some(named) = named.filter(|_| self.manner.lettered && !self.retracting && !clause.concluding) else {
            return false;
        };
        let differs = |(other, _): (Candidate, Rule)| other.value != named.value;
        if clause.also && clause.chosen.is_some() && self.best.or(self.tentative).is_some_and(differs) {
            return true;
        }
        if clause.affirmed
            && !clause.contrary
            && self.best.is_some_and(|best| differs(best) && is_parallel(self.text, &best.0, &named))
        {
            return true;
        }
        let right_before = |(sentence, _): (usize, bool)| sentence == self.sentences || sentence + 1 == self.sentences;
        let Some((_, would)) = self.last_clause.filter(|&last| right_before(last)) else {
            return false;
        };
        let is_other = |other: Candidate| {
            other.value != named.value && self.best.is_none_or(|(best, _)| best.value == other.value)
        };
        let other = self.last_mention.is_some_and(is_other);
        let pointed = |said: Option<(Candidate, Rule)>| said.is_some_and(|(_, rule)| rule == Rule::Mention);
        let both_pointed = pointed(clause.chosen) && pointed(self.tentative);
        other && !clause.contrary && (would && (clause.would || clause.chosen.is_none()) || both_pointed)
    }

    /// Whether what a clause chooses is only discussed, after the answer was announced: "Many pick D, because …".
    fn is_aside(&self, clause: &Clause<'_>, chosen: Candidate) -> bool {
        let differs = self.best.is_some_and(|(best, _)| best.value != chosen.value);
        if !differs || self.retracting || clause.concluding {
            return false;
        }
        let alone = clause.chosen.is_some_and(|(_, rule)| rule == Rule::Alone);
        self.opened || self.secure && self.manner.lettered && !alone && !clause.announces_answer()
    }

    fn commit(&mut self, said: (Candidate, Rule), lead_start: usize) {
        self.best = Some(said);
        self.closed = false;
        self.retracting = false;
        // Two lines that contradict each other, with nothing between them.
        let (candidate, _) = said;
        if is_line_start(self.text, lead_start) && is_line_end(self.text, candidate.end) {
            let before = self.labelled.replace((self.sentences, candidate));
            if before.is_some_and(|(sentence, other)| sentence + 1 == self.sentences && other.value != candidate.value)
            {
                self.best = None;
                self.closed = true;
            }
        }
    }

    /// A bit for each choice.
    fn all(&self) -> u64 {
        (1 << self.manner.choices) - 1
    }

    /// The only choice that is not said to be wrong, where it is named last, or else the last of the others.
    fn only_left(&self) -> Option<Candidate> {
        let left = self.all() & !self.denied;
        if self.denied == 0 || left.count_ones() != 1 {
            return None;
        }
        let named = self.candidates.iter().rfind(|candidate| bit(candidate) == left);
        let value = left.trailing_zeros() as usize;
        named.or(self.candidates.last()).map(|candidate| Candidate { value, ..*candidate })
    }

    /// The only choice that is not named at all, where all others are and one is said to be left after that.
    fn unnamed(&self) -> Option<Candidate> {
        let (left, concluded) = self.left?;
        if self.best.is_some_and(|(best, _)| best.start > left || self.secure && !concluded) {
            return None;
        }
        let named = self.candidates.iter().fold(0, |named, candidate| named | bit(candidate));
        let unnamed = self.all() & !named;
        let last = self.candidates.last().filter(|_| unnamed.count_ones() == 1)?;
        Some(Candidate { value: unnamed.trailing_zeros() as usize, ..*last })
    }

    /// What the last sentence points at by its text, where no answer was announced before.
    fn pointed_at_last(&self) -> Option<(Candidate, Rule)> {
        let (_, pointed) = self.pointed.filter(|(sentence, _)| *sentence == self.sentences)?;
        let decided = self.secure || !self.manner.lettered || is_letter(&pointed) || self.best.is_none();
        (!decided && is_end(self.text, pointed.end)).then_some((pointed, Rule::Statement))
    }

    /// Whether a calculation breaks off: with a sign that joins, or inside of parentheses.
    fn calculation_breaks_off(&self) -> bool {
        let line = &self.text[self.text.rfind('\n').map_or(0, |at| at + 1)..];
        let is_open = line.matches('(').count() > line.matches(')').count();
        self.manner.calculated && (line.ends_with(['(', '+', '-', '*', '/', '=']) || is_open)
    }

    /// Whether the last sentence says that the answer is not known, after steps on the way.
    fn ends_undecided(&self) -> bool {
        self.manner.worded && !self.secure && self.refused_in == Some(self.sentences)
    }

    /// Whether a text that works something out breaks off in a sentence after others.
    fn breaks_off(&self) -> bool {
        let goes_on = |c: char| is_word(c) || "(+-*/=".contains(c);
        !self.manner.lettered && self.sentences > 0 && before(self.text, self.text.len()).is_some_and(goes_on)
    }

    fn finish(mut self) -> Option<Commitment> {
        self.close_clause(false);
        let returned = self.returned_to().map(|last| (last, Rule::Mention));
        self.end_item();
        let listed = match self.right_items[..] {
            [only] if self.wrong_items > 0 || self.ticked => Some((only, Rule::Statement)),
            _ => None,
        };
        let weak = || {
            let last = self.last_mention.filter(|_| self.manner.last_counts || self.sentences <= 1);
            let result = self.result.filter(|(sentence, _)| {
                self.manner.lettered && *sentence == self.sentences && self.text.ends_with('.')
            });
            // A sentence that breaks off names a text on the way to something else.
            let breaks_off = |last: &Candidate| {
                self.manner.lettered
                    && last.form == Form::Text
                    && !is_end(self.text, last.end)
                    && before(self.text, self.text.len()).is_some_and(is_word)
            };
            let last = last.filter(|last| !breaks_off(last));
            let left = self.only_left();
            let number = self.candidates.last().copied().filter(|last| self.ends_with_number(last));
            let first = self.first.filter(|_| self.manner.lettered);
            let end = self.described_at_end();
            end.or(first)
                .or(last)
                .or(number)
                .or(left)
                .or(result.map(|(_, result)| result))
                .map(|last| (last, Rule::Mention))
        };
        if let Some(unnamed) = self.unnamed() {
            return Some(Commitment { candidate: unnamed, rule: Rule::Statement });
        }
        if self.calculation_breaks_off() || self.ends_undecided() {
            return None;
        }
        let best = self.result_at_last().or_else(|| self.pointed_at_last()).or(self.best);
        let best = best.filter(|_| !(self.breaks_off() && self.step.is_some_and(|step| step < self.sentences)));
        let found = best.or(listed).or_else(|| {
            let ends = |last: &Candidate| ends_sentence(self.text) || last.end == self.text.len();
            let computed = self.computed.filter(|last| self.manner.lettered && !self.closed && ends(last));
            let computed = computed.map(|computed| (computed, Rule::Mention));
            let named = self.tentative.or(computed).or(returned).or_else(|| if self.closed { None } else { weak() });
            named.filter(|(candidate, _)| !self.breaks_off() || candidate.end == self.text.len())
        });
        found.map(|(candidate, rule)| {
            let rule = if rule != Rule::Alone
                && candidate.form == Form::Text
                && self.manner.lettered
                && is_line(self.text, candidate.start, candidate.end)
            {
                Rule::Alone
            } else {
                rule
            };
            Commitment { candidate, rule }
        })
    }
}

/// Whether a candidate is named for another case than the one before it in the clause: "For cats it would be A, for dogs
/// B", "A for cats and B for dogs".
fn is_other_case(text: &str, clause: &Clause<'_>, candidate: &Candidate, word: &str, ready: bool) -> bool {
    let same = |other: &Candidate| clause.chosen.is_none_or(|(chosen, _)| chosen.value == other.value);
    let Some((other, word_before)) = clause.previous.filter(|(other, _)| other.value != candidate.value && same(other))
    else {
        return false;
    };
    let letter = !matches!(candidate.form, Form::Text | Form::Bare);
    let again = clause.chosen.is_some() && (ready || letter && clause.or && !word.is_empty() && word == word_before);
    let would = clause.would && letter && (clause.would_again || ends_clause(text, candidate.end));
    // One inside the other is no other case.
    let Some(between) = text.get(other.end..candidate.start) else {
        return false;
    };
    is_other_time(text, &other, between)
        || (again || would) && (clause.or || between.contains(',')) && !is_empty(between)
}

/// Whether what follows a candidate in its sentence is about another time: "Before the war it was B, after it D."
fn is_other_time(text: &str, candidate: &Candidate, rest: &str) -> bool {
    let Some((_, next)) = rest.split_once(", ") else {
        return false;
    };
    let sentence = sentence_before(text, candidate.start);
    let begins = |text: &str, word: &str| {
        let first = text.split_once(' ').map(|(first, _)| first);
        first.is_some_and(|first| first.eq_ignore_ascii_case(word))
    };
    TIMES.iter().any(|&[one, other]| {
        begins(sentence, one) && begins(next, other) || begins(sentence, other) && begins(next, one)
    })
}

/// The word after a blank at `at`, if one stands there.
fn word_after(text: &str, at: usize) -> &str {
    let Some(rest) = text[at..].strip_prefix(' ') else {
        return "";
    };
    &rest[..rest.find(|c: char| !is_word(c)).unwrap_or(rest.len())]
}

/// Whether a text ends at `at`, but for a little punctuation.
fn is_end(text: &str, at: usize) -> bool {
    text.len() - at <= NEAR && is_empty(&text[at..])
}

/// Whether a short first line begins with a candidate, and others follow.
fn is_first_line(text: &str, candidate: &Candidate) -> bool {
    const SHORT: usize = 60;
    let mut rest = text.as_bytes()[candidate.end..].iter().take(SHORT);
    is_line_start(text, candidate.start) && rest.any(|&byte| byte == b'\n')
}

/// Whether a number is reckoned with, as in "12 + 1 = 13".
fn is_operand(text: &str, candidate: &Candidate) -> bool {
    let rest = text[candidate.end..].trim_start();
    let number = text[..candidate.end].ends_with(|c: char| c.is_ascii_digit());
    let operator = rest.strip_prefix(['+', '*', '×', '·', '÷', '/']);
    number && operator.is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit() || c == '('))
}

/// Whether an A may be short for "answer", as in "Q: … A: …".
fn may_be_label(text: &str, candidate: &Candidate) -> bool {
    text[candidate.start..].starts_with("A:") && is_line_start(text, candidate.start)
}

/// Whether an A is short for "answer": an answer follows, or the thoughts before one.
pub(crate) fn is_label(text: &str, candidate: &Candidate) -> bool {
    may_be_label(text, candidate) && {
        let rest = text[candidate.end + 1..].trim_start();
        let wrapped = |bytes: &[u8]| matches!(bytes, [b'(', letter, b')', ..] if letter.is_ascii_uppercase());
        let begins = ["Let", "The answer", "The correct", "the answer"];
        begins.iter().any(|words| rest.starts_with(words)) || wrapped(rest.as_bytes())
    }
}

/// Whether `at` is in the first line of a paragraph.
fn begins_paragraph(text: &str, at: usize) -> bool {
    let line = text[..at].rfind('\n').unwrap_or(0);
    text[..line].ends_with('\n')
}

/// Whether the text of a choice stands in its sentence after other words, which it is said of.
fn is_said_of_something(text: &str, candidate: &Candidate) -> bool {
    const SHORT: usize = 2;
    if candidate.form != Form::Text || text.as_bytes()[candidate.start].is_ascii_digit() {
        return false;
    }
    let before = text[..candidate.start].rsplit(['\n', ':', ')', '-', '.', '?']).next().unwrap_or_default();
    let words = before.split(|c| !is_word(c)).filter(|word| word.chars().count() > SHORT).count();
    // Three characters of writing without blanks come to two words.
    let characters = before.chars().filter(|c| c.is_alphanumeric() && !is_word(*c)).count();
    words >= 2 || characters > 3
}

/// Whether two candidates stand in sentences that begin alike, each with a case of its own: "Under the old test, A is
/// right. Under the new test, B is right."
fn is_parallel(text: &str, one: &Candidate, other: &Candidate) -> bool {
    let between = text.get(one.end..other.start).unwrap_or_default();
    let next_to = between.len() <= 2 * NEAR && between.matches(['.', '\n']).count() <= 2;
    let case = case_before(text, one.start);
    next_to && case.is_some() && case == case_before(text, other.start)
}

/// The first word of the sentence before `at`, if a comma stands between them.
fn case_before(text: &str, at: usize) -> Option<&str> {
    let (case, _) = sentence_before(text, at).split_once(", ")?;
    case.split_once(' ').map(|(word, _)| word)
}

/// What stands of a sentence before `at`, as far as it is near: a whole look back at each candidate would take too long.
fn sentence_before(text: &str, at: usize) -> &str {
    let near = &text[text.floor_char_boundary(at.saturating_sub(2 * NEAR))..at];
    let line = &near[near.rfind('\n').map_or(0, |end| end + 1)..];
    &line[line.rfind(". ").map_or(0, |end| end + 2)..]
}

/// Whether a text begins with several rows of a table.
fn begins_rows(text: &str) -> bool {
    const SEVERAL: usize = 3;
    text.starts_with('|') && text.split('\n').take(SEVERAL).filter(|line| line.starts_with('|')).count() == SEVERAL
}

/// Whether a text ends as a sentence does.
fn ends_sentence(text: &str) -> bool {
    text.trim_end().ends_with(['.', '!', '\u{3002}'])
}

/// Whether a stretch is all of the last sentence of a text.
fn is_last_sentence(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].trim_end_matches(['(', '[']);
    is_end(text, end) && [". ", "! ", "? "].iter().any(|stop| before.ends_with(stop))
}

/// Whether a word such as yes is an answer at the start of its sentence: `Yes, it does.`
fn answers_shortly(text: &str, candidate: &Candidate) -> bool {
    let rest = &text[candidate.end..];
    let sentence = text[..candidate.start].trim_end_matches(' ');
    let starts = candidate.start == 0 || sentence.ends_with(['.', '!', '\n', ';']);
    // What a text asks itself on the way is not what was asked.
    let last = sentence.ends_with('?') && rest.len() <= NEAR;
    (starts || last) && (rest.is_empty() || rest.starts_with([',', '.', '!', ':', ';']))
}

/// Whether a clause ends at `at`.
fn ends_clause(text: &str, at: usize) -> bool {
    let rest = text[at..].trim_start_matches([')', ']', ' ']);
    let is_sign = |c: char| c > '\u{2000}' && !c.is_alphanumeric();
    rest.is_empty() || rest.starts_with(['.', '\n', ',', ';', '!', ':', '(', '-', '?']) || rest.starts_with(is_sign)
}

/// Whether a candidate at the start of a text is the answer: an explanation follows, or nothing.
fn begins_answer(text: &str, candidate: &Candidate, next: Option<&Event>) -> bool {
    let rest = &text[candidate.end..];
    let because = next.is_some_and(|event| {
        event.start <= candidate.end + 2 && matches!(event.mark, Mark::Phrase(Role::Because | Role::Conclude))
    });
    // "A) is about …" goes through the choices.
    let described = next.is_some_and(|event| {
        event.start == candidate.end + 2 && matches!(event.mark, Mark::Phrase(Role::Copula | Role::Would))
    });
    if described && rest.starts_with(')') && !text[..candidate.start].ends_with('(') {
        return false;
    }
    because
        || rest.is_empty()
        || rest.starts_with([')', '.', ':', ',', ';', '\n', ']', '!', '('])
        || rest.starts_with(" -")
        || rest.starts_with(" (")
        // "a = F / m" is a formula.
        || rest.starts_with(" =") && candidate.form != Form::Lower
        || ["です", "だ."].iter().any(|word| rest.starts_with(word))
        || candidate.form == Form::Wrapped
}

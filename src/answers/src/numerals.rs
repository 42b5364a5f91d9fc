//! Numbers in words of languages other than English, up to 999.
//!
//! A language says how each number is written; the words of all numbers make a table, in which words of a text are looked
//! up without the blanks and hyphens between them.

use std::collections::{HashMap, HashSet};

use crate::characters::is_word;

/// All the ways to write a number.
pub(crate) type Spelling = fn(usize) -> Vec<String>;

/// The numbers of a language by how they are written.
pub(crate) struct Numerals {
    values: HashMap<String, usize>,
    /// What the first of several words may be.
    first: HashSet<String>,
    /// The most bytes of one.
    longest: usize,
}

const LARGEST: usize = 999;

impl Numerals {
    pub(crate) fn new(spelling: Spelling) -> Self {
        let mut made = Self { values: HashMap::new(), first: HashSet::new(), longest: 0 };
        for number in 0..=LARGEST {
            for text in spelling(number) {
                let first = text.split([' ', '-']).next().unwrap_or_default();
                made.first.insert(first.to_owned());
                let key = text.replace([' ', '-'], "");
                made.longest = made.longest.max(key.len());
                made.values.entry(key).or_insert(number);
            }
        }
        made
    }

    /// The number whose first word starts at `at` of a text in lower case, and where it ends.
    pub(crate) fn find(&self, text: &str, at: usize) -> Option<(usize, usize)> {
        let rest = &text[at..];
        if !self.first.contains(&rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())]) {
            return None;
        }
        let mut key = String::new();
        let (mut next, mut found) = (at, None);
        loop {
            let rest = &text[next..];
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            if end == 0 || key.len() + end > self.longest {
                return found;
            }
            key.push_str(&rest[..end]);
            next += end;
            found = self.values.get(&key).map(|value| (*value, next)).or(found);
            if !text[next..].starts_with([' ', '-']) {
                return found;
            }
            next += 1;
        }
    }

    /// The longest number at `at`, in writing without blanks.
    pub(crate) fn find_in_run(&self, text: &str, at: usize) -> Option<(usize, usize)> {
        let rest = &text[at..];
        let ends = rest.char_indices().map(|(start, c)| start + c.len_utf8()).take_while(|end| *end <= self.longest);
        ends.filter_map(|end| Some((*self.values.get(&rest[..end])?, at + end))).last()
    }
}

/// Each of `firsts` before each of `rests`, joined by `joint`.
fn joined(firsts: &[String], joint: &str, rests: &[String]) -> Vec<String> {
    let with = |first: &String| rests.iter().map(|rest| format!("{first}{joint}{rest}")).collect::<Vec<_>>();
    firsts.iter().flat_map(with).collect()
}

/// The words of a list, which writes several ways with a stroke between them.
fn ways(list: &str, number: usize) -> Vec<String> {
    let words = list.split_whitespace().nth(number).unwrap_or_default();
    words.split('/').map(|word| word.replace('_', " ")).collect()
}

/// Hundreds and what follows them.
fn with_rest(hundreds: Vec<String>, joint: &str, rest: Vec<String>) -> Vec<String> {
    if rest.is_empty() { hundreds } else { joined(&hundreds, joint, &rest) }
}

/// One is an article as well: it counts only where something stands before it.
fn without_one(number: usize, spelling: impl Fn(usize) -> Vec<String>) -> Vec<String> {
    if number == 1 { Vec::new() } else { spelling(number) }
}

fn below(number: usize, limit: usize, spelling: fn(usize) -> Vec<String>) -> Vec<String> {
    match number % limit {
        0 => Vec::new(),
        rest => spelling(rest),
    }
}

pub(crate) fn german(number: usize) -> Vec<String> {
    const UNITS: &str = "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn \
        sechzehn siebzehn achtzehn neunzehn";
    const TENS: &str = "- - zwanzig dreißig/dreissig vierzig fünfzig sechzig siebzig achtzig neunzig";
    let unit = |number| if number == 1 { vec!["ein".to_owned()] } else { ways(UNITS, number) };
    match number {
        0..20 => ways(UNITS, number),
        20..100 if number.is_multiple_of(10) => ways(TENS, number / 10),
        20..100 => joined(&unit(number % 10), "und", &ways(TENS, number / 10)),
        _ => {
            let mut hundreds = joined(&unit(number / 100), "", &["hundert".to_owned()]);
            if number < 200 {
                hundreds.push("hundert".to_owned());
            }
            let rest = below(number, 100, german);
            [with_rest(hundreds.clone(), "", rest.clone()), with_rest(hundreds, "und", rest)].concat()
        }
    }
}

pub(crate) fn spanish(number: usize) -> Vec<String> {
    fn spelling(number: usize) -> Vec<String> {
        const SMALL: &str = "cero uno/un/una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince \
            dieciséis/dieciseis diecisiete dieciocho diecinueve veinte veintiuno/veintiún/veintiuna veintidós/veintidos \
            veintitrés/veintitres veinticuatro veinticinco veintiséis/veintiseis veintisiete veintiocho veintinueve";
        const TENS: &str = "- - - treinta cuarenta cincuenta sesenta setenta ochenta noventa";
        const HUNDREDS: &str = "- ciento doscientos/doscientas trescientos/trescientas cuatrocientos/cuatrocientas \
            quinientos/quinientas seiscientos/seiscientas setecientos/setecientas ochocientos/ochocientas \
            novecientos/novecientas";
        match number {
            0..30 => ways(SMALL, number),
            30..100 => with_rest(ways(TENS, number / 10), " y ", below(number, 10, spelling)),
            100 => vec!["cien".to_owned()],
            _ => with_rest(ways(HUNDREDS, number / 100), " ", below(number, 100, spelling)),
        }
    }
    without_one(number, spelling)
}

pub(crate) fn french(number: usize) -> Vec<String> {
    fn spelling(number: usize) -> Vec<String> {
        const SMALL: &str = "zéro un/une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize \
            dix-sept dix-huit dix-neuf";
        const TENS: &str = "- - vingt trente quarante cinquante soixante septante/soixante-dix \
            huitante/octante/quatre-vingts/quatre-vingt nonante/quatre-vingt-dix";
        match number {
            0..20 => ways(SMALL, number),
            20..100 => {
                let with = |ten: usize, rest: usize| {
                    let joint = if matches!(rest, 1 | 11) && ten != 80 { "-et-" } else { "-" };
                    joined(&ways(TENS, ten / 10), joint, &spelling(rest))
                };
                let (ten, unit) = (number / 10 * 10, number % 10);
                let own = if unit == 0 { ways(TENS, ten / 10) } else { with(ten, unit) };
                // Sixty and eighty go on up to nineteen.
                let goes_on = if matches!(ten, 70 | 90) { with(ten - 10, unit + 10) } else { Vec::new() };
                [own, goes_on].concat()
            }
            _ => {
                let count = if number < 200 { vec![String::new()] } else { ways(SMALL, number / 100) };
                let hundreds = ["cent", "cents"].map(str::to_owned);
                with_rest(joined(&count, " ", &hundreds), " ", below(number, 100, spelling))
                    .into_iter()
                    .map(|text| text.trim_start().to_owned())
                    .collect()
            }
        }
    }
    without_one(number, spelling)
}

pub(crate) fn italian(number: usize) -> Vec<String> {
    fn spelling(number: usize) -> Vec<String> {
        const SMALL: &str = "zero uno/un/una due tre quattro cinque sei sette otto nove dieci undici dodici tredici \
            quattordici quindici sedici diciassette diciotto diciannove";
        const TENS: &str = "- - venti trenta quaranta cinquanta sessanta settanta ottanta novanta";
        match number {
            0..20 => ways(SMALL, number),
            20..100 => {
                let ten = &ways(TENS, number / 10)[0];
                match number % 10 {
                    0 => vec![ten.clone()],
                    // The vowel before another goes.
                    unit @ (1 | 8) => joined(&[ten[..ten.len() - 1].to_owned()], "", &ways(SMALL, unit)),
                    3 => joined(std::slice::from_ref(ten), "", &["tre", "tré"].map(str::to_owned)),
                    unit => joined(std::slice::from_ref(ten), "", &ways(SMALL, unit)),
                }
            }
            _ => {
                let count = if number < 200 { String::new() } else { ways(SMALL, number / 100)[0].clone() };
                let rest = below(number, 100, spelling);
                let short = joined(&[format!("{count}cent")], "", &rest);
                [with_rest(vec![format!("{count}cento")], "", rest), short].concat()
            }
        }
    }
    without_one(number, spelling)
}

pub(crate) fn portuguese(number: usize) -> Vec<String> {
    fn spelling(number: usize) -> Vec<String> {
        const SMALL: &str = "zero um/uma dois/duas três quatro cinco seis sete oito nove dez onze doze treze \
            catorze/quatorze quinze dezesseis/dezasseis dezessete/dezassete dezoito dezenove/dezanove";
        const TENS: &str = "- - vinte trinta quarenta cinquenta sessenta setenta oitenta noventa";
        const HUNDREDS: &str = "- cento duzentos/duzentas trezentos/trezentas quatrocentos/quatrocentas \
            quinhentos/quinhentas seiscentos/seiscentas setecentos/setecentas oitocentos/oitocentas novecentos/novecentas";
        match number {
            0..20 => ways(SMALL, number),
            20..100 => with_rest(ways(TENS, number / 10), " e ", below(number, 10, spelling)),
            100 => vec!["cem".to_owned()],
            _ => with_rest(ways(HUNDREDS, number / 100), " e ", below(number, 100, spelling)),
        }
    }
    without_one(number, spelling)
}

pub(crate) fn russian(number: usize) -> Vec<String> {
    fn spelling(number: usize) -> Vec<String> {
        const SMALL: &str = "ноль/нуль один/одна/одно два/две три четыре пять шесть семь восемь девять десять одиннадцать \
            двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать";
        const TENS: &str = "- - двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто";
        const HUNDREDS: &str = "- сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот";
        match number {
            0..20 => ways(SMALL, number),
            20..100 => with_rest(ways(TENS, number / 10), " ", below(number, 10, spelling)),
            _ => with_rest(ways(HUNDREDS, number / 100), " ", below(number, 100, spelling)),
        }
    }
    without_one(number, spelling)
}

/// Numbers of one syllable are left out: they mean other things as well.
pub(crate) fn korean(number: usize) -> Vec<String> {
    fn chinese(number: usize) -> String {
        const DIGITS: &str = "- 일 이 삼 사 오 육 칠 팔 구";
        let part = |count: usize, name: &str| match count {
            0 => String::new(),
            1 => name.to_owned(),
            _ => ways(DIGITS, count)[0].clone() + name,
        };
        let unit = if number.is_multiple_of(10) { String::new() } else { ways(DIGITS, number % 10)[0].clone() };
        part(number / 100, "백") + &part(number / 10 % 10, "십") + &unit
    }
    const UNITS: &str = "- 하나/한 둘/두 셋/세 넷/네 다섯 여섯 일곱 여덟 아홉";
    const TENS: &str = "- 열 스물 서른 마흔 쉰 예순 일흔 여든 아흔";
    let native = match number {
        1..10 => ways(UNITS, number),
        20 => ["스물", "스무"].map(str::to_owned).to_vec(),
        10..100 if number.is_multiple_of(10) => ways(TENS, number / 10),
        10..100 => joined(&ways(TENS, number / 10), "", &ways(UNITS, number % 10)),
        _ => Vec::new(),
    };
    let all = native.into_iter().chain((number > 0).then(|| chinese(number)));
    all.filter(|text| text.chars().count() > 1).collect()
}

#[cfg(test)]
mod tests {
    use super::{LARGEST, Numerals, Spelling, french, german, italian, korean, portuguese, russian, spanish};

    #[test]
    fn each_number_reads_as_itself() {
        let languages: [Spelling; 6] = [german, spanish, french, italian, portuguese, russian];
        for spelling in languages {
            let numerals = Numerals::new(spelling);
            for number in 2..=LARGEST {
                for text in spelling(number) {
                    assert_eq!(numerals.find(&text, 0), Some((number, text.len())), "{text}");
                }
            }
        }
    }

    #[test]
    fn some_numbers() {
        let languages: [(Spelling, &str, usize); 15] = [
            (german, "einundzwanzig", 21),
            (german, "hundertfünf", 105),
            (german, "dreihundertsechsundfünfzig", 356),
            (spanish, "veintiún", 21),
            (spanish, "treinta y una", 31),
            (spanish, "ciento dos", 102),
            (french, "vingt et un", 21),
            (french, "soixante et onze", 71),
            (french, "quatre-vingt-dix-sept", 97),
            (french, "deux cent trois", 203),
            (italian, "ventotto", 28),
            (italian, "duecentoquarantatré", 243),
            (portuguese, "duzentas e vinte e uma", 221),
            (russian, "сто двадцать три", 123),
            (russian, "двадцать одна", 21),
        ];
        for (spelling, text, number) in languages {
            assert_eq!(Numerals::new(spelling).find(text, 0), Some((number, text.len())), "{text}");
        }
        assert_eq!(Numerals::new(korean).find_in_run("스물네개", 0), Some((24, "스물네".len())));
        assert_eq!(Numerals::new(korean).find_in_run("백이십삼입니다", 0).map(|(number, _)| number), Some(123));
        assert_eq!(Numerals::new(spanish).find("una casa", 0), None);
        assert_eq!(Numerals::new(german).find("ein Haus", 0), None);
    }
}

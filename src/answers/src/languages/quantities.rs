//! Words for quantities and times, of all languages at once: few of them mean another thing in another language.

/// Words and signs behind a number that make it larger, the longer ones first where one begins another.
pub(crate) static SCALES: [(&str, f64); 30] = [
    ("thousand", 1e3),
    ("million", 1e6),
    ("billion", 1e9),
    ("tausend", 1e3),
    ("millionen", 1e6),
    ("mio", 1e6),
    ("milliarden", 1e9),
    ("milliarde", 1e9),
    ("mille", 1e3),
    ("millions", 1e6),
    ("milliard", 1e9),
    ("milliards", 1e9),
    ("mil", 1e3),
    ("millón", 1e6),
    ("millones", 1e6),
    ("milhão", 1e6),
    ("milhões", 1e6),
    ("mila", 1e3),
    ("milione", 1e6),
    ("milioni", 1e6),
    ("тысяча", 1e3),
    ("тысячи", 1e3),
    ("тысяч", 1e3),
    ("миллион", 1e6),
    ("миллиона", 1e6),
    ("миллионов", 1e6),
    ("миллиард", 1e9),
    ("миллиарда", 1e9),
    ("миллиардов", 1e9),
    ("тыс", 1e3),
];

/// The same in writing without blanks, where numbers go on behind them: 1万2千.
pub(crate) static SCALE_SIGNS: [(char, f64); 7] =
    [('千', 1e3), ('万', 1e4), ('萬', 1e4), ('만', 1e4), ('亿', 1e8), ('億', 1e8), ('억', 1e8)];

/// Words for the percent sign.
pub(crate) static PERCENT: [&str; 9] =
    ["%", "percent", "per cent", "prozent", "por ciento", "por cento", "pour cent", "per cento", "パーセント"];

/// Words for equal parts, and how many of them there are in a whole.
pub(crate) static PARTS: [(&str, f64); 39] = [
    ("third", 3.0),
    ("thirds", 3.0),
    ("quarter", 4.0),
    ("quarters", 4.0),
    ("fifth", 5.0),
    ("fifths", 5.0),
    ("sixth", 6.0),
    ("sixths", 6.0),
    ("eighth", 8.0),
    ("eighths", 8.0),
    ("tenth", 10.0),
    ("tenths", 10.0),
    ("drittel", 3.0),
    ("viertel", 4.0),
    ("fünftel", 5.0),
    ("sechstel", 6.0),
    ("achtel", 8.0),
    ("zehntel", 10.0),
    ("tercio", 3.0),
    ("tercios", 3.0),
    ("tercera parte", 3.0),
    ("terceras partes", 3.0),
    ("cuarto", 4.0),
    ("cuartos", 4.0),
    ("cuarta parte", 4.0),
    ("cuartas partes", 4.0),
    ("quinto", 5.0),
    ("quintos", 5.0),
    ("tiers", 3.0),
    ("quart", 4.0),
    ("quarts", 4.0),
    ("cinquième", 5.0),
    ("cinquièmes", 5.0),
    ("sixième", 6.0),
    ("terzo", 3.0),
    ("terzi", 3.0),
    ("quarto", 4.0),
    ("quarti", 4.0),
    ("terço", 3.0),
];

/// Words for one before a part.
pub(crate) static ONE: [&str; 9] = ["one", "a", "ein", "un", "una", "une", "um", "uma", "uno"];

/// Words for one of two parts.
pub(crate) static HALF: [&str; 8] = ["half", "hälfte", "mitad", "moitié", "metà", "metade", "половина", "половину"];

/// What stands between the number of all parts and that of those meant: 三分之一, 三分の一.
pub(crate) static OF_PARTS: [&str; 2] = ["分之", "分の"];

/// The names of the months.
pub(crate) static MONTHS: [&[&str]; 12] = [
    &["january", "jan", "januar", "janvier", "enero", "gennaio", "janeiro", "января"],
    &["february", "feb", "februar", "février", "febrero", "febbraio", "fevereiro", "февраля"],
    &["march", "mar", "märz", "mars", "marzo", "março", "марта"],
    &["april", "apr", "avril", "abril", "aprile", "апреля"],
    &["may", "mai", "mayo", "maggio", "maio", "мая"],
    &["june", "jun", "juni", "juin", "junio", "giugno", "junho", "июня"],
    &["july", "jul", "juli", "juillet", "julio", "luglio", "julho", "июля"],
    &["august", "aug", "août", "agosto", "августа"],
    &["september", "sep", "sept", "septembre", "septiembre", "settembre", "setembro", "сентября"],
    &["october", "oct", "oktober", "octobre", "octubre", "ottobre", "outubro", "октября"],
    &["november", "nov", "novembre", "noviembre", "novembro", "ноября"],
    &["december", "dec", "dezember", "décembre", "diciembre", "dicembre", "dezembro", "декабря"],
];

/// What stands between the day and the month, and between these and the year.
pub(crate) static DATE_GAPS: [&str; 14] =
    [" ", ", ", ". ", " de ", " of ", "th ", "st ", "nd ", "rd ", "th, ", "st, ", "nd, ", "rd, ", "er "];

/// Before an hour: whether it is one of the afternoon.
pub(crate) static HALVES_BEFORE: [(&str, bool); 8] = [
    ("午前", false),
    ("上午", false),
    ("早上", false),
    ("오전", false),
    ("午後", true),
    ("下午", true),
    ("晚上", true),
    ("오후", true),
];

/// Behind an hour, the same.
pub(crate) static HALVES_BEHIND: [(&str, bool); 4] = [("am", false), ("pm", true), ("a.m.", false), ("p.m.", true)];

/// Words for hours, counted up to 24.
pub(crate) static HOURS: [&str; 7] = ["uhr", "heures", "h", "時", "点", "點", "시"];

/// What joins the beginning and the end of a time.
pub(crate) static UNTIL: [&str; 19] = [
    "to", "and", "until", "till", "-", "bis", "und", "à", "et", "a", "y", "às", "e", "до", "から", "到", "至", "부터",
    "〜",
];

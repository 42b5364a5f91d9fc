use super::{Language, Role};

pub(super) const PHRASES: Language = &[
    (Role::Announce, &["antwort", "die antwort", "richtige antwort", "korrekte antwort", "richtige option", "korrekte option", "richtige lösung", "lösung", "endgültige antwort", "finale antwort", "meine antwort", "richtig ist", "korrekt ist", "zutreffend ist", "meine wahl", "richtige wahl", "beste antwort", "beste option", "richtige aussage", "korrekte aussage", "ergebnis", "fazit", "bleibt nur", "antwort lautet"]),
    (Role::Copula, &["ist", "lautet", "wäre", "muss", "sein", "sollte", "ist also", "ist daher", "ist somit", "war", "bleibt", "sind", "heißt"]),
    (Role::Filler, &["die", "der", "das", "eindeutig", "klar", "wohl", "vermutlich", "wahrscheinlich", "auf die frage", "auf diese frage", "nur", "hier", "punkt", "natürlich", "sicher", "etwa", "nun", "genau"]),
    (Role::Naming, &["option", "buchstabe", "möglichkeit", "aussage", "variante", "antwortmöglichkeit"]),
    (Role::Choose, &["ich wähle", "wähle ich", "wir wählen", "wählen wir", "ich entscheide mich für", "entscheide ich mich für", "ich nehme", "nehme ich", "ich tippe auf", "tippe ich auf", "ich würde sagen", "ich würde wählen", "ich wähle also", "ich bleibe bei", "entscheide mich für", "meine wahl fällt auf", "wahl fällt auf", "ich korrigiere auf", "ich ändere meine antwort auf", "handelt es sich um", "entscheidet man sich für", "wenn ich raten müsste", "müsste ich raten"]),
    (Role::Point, &["es ist", "das ist", "es muss", "ich glaube, es ist", "ich denke, es ist", "das wäre", "es sind", "es gibt", "du hast", "sie haben", "insgesamt sind es"]),
    (Role::Affirm, &["richtig", "korrekt", "zutreffend", "trifft zu", "stimmt", "wahr", "passt", "die richtige", "passt am besten", "am besten", "treffend", "am sinnvollsten", "am plausibelsten", "am besten geeignet", "wählen"]),
    (Role::Deny, &["falsch", "inkorrekt", "unzutreffend", "nicht richtig", "nicht korrekt", "trifft nicht zu", "stimmt nicht", "scheidet aus", "scheiden aus", "fällt weg", "fallen weg", "unmöglich", "ausgeschlossen", "entfällt", "entfallen", "passt nicht", "nicht zutreffend", "verlockend", "kommt nicht in frage", "irreführend"]),
    (Role::Not, &["nicht", "kein", "keine", "weder", "noch", "nicht die", "niemals", "außer"]),
    (Role::Exclude, &["ausschließen", "schließe ich aus", "ich schließe", "wir schließen", "schließen wir", "statt", "anstatt", "anstelle von"]),
    (Role::Or, &["oder", "entweder", "und", "zwischen", "sowohl", "als auch", "bzw"]),
    (Role::Hedge, &["vielleicht", "möglicherweise", "könnte", "eventuell", "nicht sicher", "unsicher", "scheint", "geraten"]),
    (Role::Unreal, &["wenn", "falls", "zunächst", "zuerst", "anfangs", "ich dachte", "dachte ich", "man könnte meinen", "man könnte denken", "könnte man", "auf den ersten blick", "manche", "viele", "angenommen", "ob", "betrachten wir", "ursprünglich", "erst", "vermeintlich", "hätte", "würde man", "einige", "mancher", "schauen wir", "prüfen wir", "sofern"]),
    (Role::Refuse, &["weiß ich nicht", "ich weiß nicht", "ich weiß es nicht", "kann ich nicht", "ich kann nicht", "kann nicht bestimmt werden", "nicht bestimmen", "lässt sich nicht", "nicht beantworten", "nicht genug informationen", "nicht genügend informationen", "zu wenig informationen", "keine der genannten", "keine der antworten", "keine der optionen", "keine davon", "tut mir leid", "keine ahnung", "nicht entscheiden", "keine der obigen", "keine antwort", "fehlen informationen", "unmöglich zu sagen", "ich kann diese frage nicht", "leider kann ich"]),
    (Role::Retract, &["moment", "warte", "halt,", "halt ", "korrektur", "nein, ", "doch nicht", "eigentlich", "ich korrigiere", "tatsächlich", "bei genauerem", "ich habe mich geirrt", "mein fehler", "genauer betrachtet", "bei näherer", "entschuldigung", "vielmehr", "quatsch", "verzeihung", "ich meinte", "besser gesagt", "sorry", "stopp"]),
    (Role::Conclude, &["also", "daher", "somit", "folglich", "deshalb", "damit", "demnach", "insgesamt", "zusammenfassend", "schließlich", "letztlich", "deswegen"]),
    (Role::Because, &["weil", "da", "denn", "aufgrund", "wegen", "während", "obwohl", "welche", "gemäß", "laut", "nach", "wobei"]),
    (Role::But, &["aber", "jedoch", "sondern", "allerdings", "dennoch"]),
    (Role::Next, &["frage:", "frage "]),
    (Role::Idiom, &["z. b.", "z.b.", "d. h.", "d.h.", "u. a.", "vitamin", "antwortmöglichkeiten", "antwortoptionen", "die optionen", "andere optionen", "anderen optionen", "anderen antworten", "übrigen antworten", "typ a", "typ b", "plan b", "auf der rechten", "i. d. r.", "nicht nur", "o. ä.", "s. o."]),
];

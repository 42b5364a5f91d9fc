use super::{Language, Role};

pub(super) const PHRASES: Language = &[
    (Role::Announce, &["risposta", "risposta corretta", "risposta esatta", "risposta giusta", "risposta finale", "opzione corretta", "opzione giusta", "alternativa corretta", "la mia risposta", "soluzione", "scelta corretta", "la mia scelta", "conclusione", "corretta è", "risultato"]),
    (Role::Copula, &["è", "sarebbe", "deve essere", "dovrebbe essere", "sarà", "sono"]),
    (Role::Filler, &["la", "il", "lettera", "la lettera", "opzione", "l'opzione", "chiaramente", "probabilmente", "alla domanda", "solo"]),
    (Role::Choose, &["scelgo", "sceglierei", "seleziono", "opto per", "direi", "scegliamo", "si sceglie", "cambio la mia risposta in"]),
    (Role::Point, &["si tratta di", "credo sia", "penso sia", "penso che sia", "credo che sia"]),
    (Role::Affirm, &["corretta", "corretto", "giusta", "esatta", "vera", "quella corretta", "quella giusta"]),
    (Role::Deny, &["errata", "errato", "sbagliata", "sbagliato", "falsa", "falso", "scorretta", "non è corretta", "esclusa", "da escludere", "non è giusta"]),
    (Role::Not, &["non è", "non", "invece di", "anziché", "né"]),
    (Role::Exclude, &["escludo", "escludiamo", "eliminiamo", "elimino", "possiamo escludere", "escludere", "scartiamo"]),
    (Role::Or, &["o", "oppure", "e", "tra", "entrambe"]),
    (Role::Hedge, &["forse", "potrebbe essere", "magari", "non sono sicuro", "non sono sicura", "sembra", "può essere"]),
    (Role::Unreal, &["se", "all'inizio", "inizialmente", "pensavo", "si potrebbe pensare", "alcuni", "molti", "a prima vista", "supponiamo", "consideriamo", "credevo"]),
    (Role::Refuse, &["non lo so", "non so", "non è possibile determinare", "non posso determinare", "non ci sono informazioni sufficienti", "informazioni insufficienti", "nessuna delle precedenti", "nessuna delle opzioni", "mi dispiace", "non posso rispondere", "impossibile stabilire", "impossibile dire", "non posso stabilire", "non è possibile stabilire", "nessuna delle risposte"]),
    (Role::Retract, &["aspetta", "un momento", "correzione", "mi correggo", "in realtà", "anzi", "ripensandoci", "mi sono sbagliato", "mi sono sbagliata", "no, ", "scusa", "volevo dire"]),
    (Role::Conclude, &["quindi", "dunque", "pertanto", "perciò", "in conclusione", "di conseguenza", "infine", "allora"]),
    (Role::Because, &["perché", "poiché", "dato che", "siccome", "mentre", "anche se", "che", "in quanto"]),
    (Role::But, &["ma", "però", "tuttavia", "bensì"]),
    (Role::Idiom, &["vitamina a", "vitamina b", "le opzioni", "altre opzioni", "tipo a", "tipo b", "in risposta"]),
];

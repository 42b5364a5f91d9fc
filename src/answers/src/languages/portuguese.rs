use super::{Language, Role};

pub(super) const PHRASES: Language = &[
    (Role::Announce, &["resposta", "resposta correta", "resposta certa", "resposta final", "alternativa correta", "opção correta", "opção certa", "alternativa certa", "gabarito", "minha resposta", "melhor resposta", "melhor opção", "correta é", "correto é", "minha escolha", "conclusão", "resultado"]),
    (Role::Copula, &["é", "seria", "deve ser", "só pode ser", "será", "são", "é a", "é o", "ser"]),
    (Role::Filler, &["a letra", "letra", "opção", "alternativa", "a opção", "a alternativa", "claramente", "o", "item", "sem dúvida", "provavelmente", "à pergunta", "apenas"]),
    (Role::Choose, &["escolho", "eu escolho", "escolheria", "seleciono", "fico com", "opto por", "marco", "marcaria", "eu diria", "escolhemos", "mudo minha resposta para"]),
    (Role::Point, &["trata-se de", "acho que é", "acredito que é", "acredito que seja"]),
    (Role::Affirm, &["correta", "correto", "certa", "verdadeira", "adequada", "a certa", "a correta"]),
    (Role::Deny, &["incorreta", "incorreto", "errada", "errado", "falsa", "falso", "não é correta", "não está correta", "descartada"]),
    (Role::Not, &["não é", "não", "em vez de", "ao invés de", "nem"]),
    (Role::Exclude, &["descarto", "descartamos", "eliminamos", "elimino", "podemos descartar"]),
    (Role::Or, &["ou", "e", "entre", "ambas"]),
    (Role::Hedge, &["talvez", "pode ser", "poderia ser", "possivelmente", "não tenho certeza", "parece"]),
    (Role::Unreal, &["se", "a princípio", "inicialmente", "pensei", "achei", "poderia pensar", "alguns", "muitos", "à primeira vista", "supondo", "no início"]),
    (Role::Refuse, &["não sei", "não é possível determinar", "não posso determinar", "não consigo determinar", "não há informação suficiente", "não há informações suficientes", "nenhuma das anteriores", "nenhuma das alternativas", "nenhuma das opções", "sinto muito", "desculpe", "não posso responder", "não consigo responder", "informações insuficientes", "impossível saber"]),
    (Role::Retract, &["espere", "espera", "um momento", "correção", "corrigindo", "na verdade", "pensando melhor", "me enganei", "não, ", "aliás", "errei", "quis dizer", "perdão"]),
    (Role::Conclude, &["portanto", "logo", "assim", "por isso", "então", "em conclusão", "concluindo", "dessa forma", "desse modo", "por fim"]),
    (Role::Because, &["porque", "pois", "já que", "uma vez que", "devido a", "enquanto", "embora", "que"]),
    (Role::But, &["mas", "porém", "contudo", "no entanto", "entretanto", "e sim", "mas sim"]),
    (Role::Idiom, &["vitamina a", "vitamina b", "as opções", "as alternativas", "outras alternativas", "tipo a", "tipo b", "em resposta", "se trata"]),
];

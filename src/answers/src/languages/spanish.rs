use super::{Language, Role};

pub(super) const PHRASES: Language = &[
    (Role::Announce, &["respuesta", "respuesta correcta", "respuesta final", "respuesta es", "opción correcta", "opcion correcta", "alternativa correcta", "mi respuesta", "mejor respuesta", "mejor opción", "la solución", "solución", "conclusión", "correcta es", "correcto es", "mi elección", "opción elegida", "resultado", "la adecuada", "más adecuada"]),
    (Role::Copula, &["es", "sería", "seria", "debería ser", "será", "son", "era", "corresponde a", "ser"]),
    (Role::Filler, &["la", "el", "opción", "opcion", "letra", "alternativa", "claramente", "sin duda", "inciso", "literal", "evidentemente", "probablemente", "a la pregunta", "a esta pregunta", "número", "solo", "únicamente", "aproximadamente"]),
    (Role::Choose, &["elijo", "escojo", "elegiría", "elegimos", "escogería", "selecciono", "me quedo con", "opto por", "optaría por", "marco", "marcaría", "debemos elegir", "seleccionar", "elegir", "diría que es", "diría", "cambio mi respuesta a", "yo elegiría", "elige"]),
    (Role::Point, &["se trata de", "tiene que ser", "debe ser", "creo que es", "pienso que es", "considero que es"]),
    (Role::Affirm, &["correcta", "correcto", "verdadera", "cierta", "acertada", "adecuada", "la buena", "la correcta", "la respuesta correcta", "la mejor"]),
    (Role::Deny, &["incorrecta", "incorrecto", "falsa", "falso", "errónea", "erróneo", "equivocada", "descartada", "no es correcta", "no es correcto", "queda descartada", "imposible"]),
    (Role::Not, &["no puede ser", "no", "no es", "no son", "en lugar de", "en vez de", "ni", "no sería", "tampoco", "salvo", "excepto", "no la"]),
    (Role::Exclude, &["descarto", "descartamos", "descartar", "descartando", "eliminamos", "elimino", "eliminar", "eliminando", "se descartan", "se descarta", "podemos descartar"]),
    (Role::Or, &["o", "y", "entre", "ambas", "tanto", "u"]),
    (Role::Hedge, &["quizás", "quizá", "tal vez", "podría ser", "puede ser", "a lo mejor", "posiblemente", "no estoy seguro", "no estoy segura", "parece"]),
    (Role::Unreal, &["si", "al principio", "inicialmente", "pensé", "pensaba", "creí", "creía", "podría pensarse", "uno podría", "se podría pensar", "algunos", "muchos", "a primera vista", "supongamos", "de haber", "consideremos", "analicemos", "veamos", "había pensado", "tentador", "en principio", "suponiendo"]),
    (Role::Refuse, &["no lo sé", "no sé", "no puedo determinar", "no se puede determinar", "no es posible determinar", "no puedo responder", "no hay suficiente información", "no hay información suficiente", "falta información", "ninguna de las anteriores", "ninguna de las opciones", "lo siento", "no puedo saber", "imposible saber", "no puedo elegir", "no puedo decidir", "no tengo suficiente", "no dispongo", "ninguna es correcta", "no puedo ayudar", "no es posible saber", "no cuento con", "no puedo dar", "no puedo contestar"]),
    (Role::Retract, &["espera", "esperen", "un momento", "corrección", "corrijo", "rectifico", "me equivoqué", "perdón", "mejor dicho", "en realidad", "pensándolo bien", "pensándolo mejor", "no, ", "me corrijo", "me retracto", "revisando", "reconsiderando", "quise decir", "digo,"]),
    (Role::Conclude, &["por tanto", "por lo tanto", "así que", "por eso", "por ello", "por consiguiente", "en conclusión", "en resumen", "entonces", "luego", "finalmente", "así", "en definitiva"]),
    (Role::Because, &["porque", "ya que", "pues", "dado que", "puesto que", "debido a", "mientras que", "mientras", "aunque", "que", "según", "como"]),
    (Role::But, &["pero", "sin embargo", "sino", "no obstante"]),
    (Role::Idiom, &["vitamina a", "vitamina b", "vitamina c", "vitamina d", "las opciones", "otras opciones", "las demás opciones", "opciones de respuesta", "tipo a", "tipo b", "hepatitis b", "o sea", "plan b", "en respuesta", "si bien", "no solo", "así como"]),
];

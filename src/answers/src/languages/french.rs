use super::{Language, Role};

pub(super) const PHRASES: Language = &[
    (Role::Announce, &["réponse", "reponse", "bonne réponse", "réponse correcte", "réponse finale", "réponse exacte", "la réponse", "bonne option", "option correcte", "bon choix", "choix correct", "mon choix", "ma réponse", "meilleure réponse", "meilleure option", "solution", "conclusion", "proposition correcte", "bonne proposition", "bonne solution", "affirmation correcte", "résultat", "proposition exacte", "la correcte"]),
    (Role::Copula, &["est", "serait", "doit être", "sera", "est donc", "était", "sont", "être", "correspond à"]),
    (Role::Filler, &["la", "le", "l'option", "option", "lettre", "la lettre", "clairement", "évidemment", "sans doute", "proposition", "le choix", "choix", "probablement", "à la question", "à cette question", "certainement", "seulement", "bien", "bel et bien", "environ", "au total"]),
    (Role::Choose, &["je choisis", "je choisirais", "nous choisissons", "je sélectionne", "j'opte pour", "j'opterais pour", "je retiens", "on retient", "je prends", "on choisit", "je dirais", "je dirais que c'est", "je vote pour", "il faut choisir", "choisir", "il s'agit de", "je change ma réponse pour", "nous retenons", "il faut cocher", "je coche"]),
    (Role::Point, &["c'est", "ce doit être", "je pense que c'est", "je crois que c'est"]),
    (Role::Affirm, &["correct", "correcte", "juste", "exact", "exacte", "vraie", "la bonne", "bonne", "convient", "la meilleure", "valide"]),
    (Role::Deny, &["faux", "fausse", "incorrect", "incorrecte", "inexact", "inexacte", "erroné", "erronée", "n'est pas correct", "n'est pas correcte", "exclu", "exclue", "éliminée", "à éliminer", "à écarter", "impossible", "ne convient pas", "ne peut pas", "à exclure", "pas correcte", "tentante", "tentant"]),
    (Role::Not, &["n'est pas", "pas", "non", "ne serait pas", "plutôt que", "au lieu de", "ni", "ne sont pas", "sauf"]),
    (Role::Exclude, &["j'élimine", "on élimine", "éliminer", "éliminons", "j'exclus", "on exclut", "exclure", "écarter", "j'écarte", "on écarte", "on peut exclure", "on peut éliminer"]),
    (Role::Or, &["ou", "soit", "et", "entre", "ou bien"]),
    (Role::Hedge, &["peut-être", "pourrait être", "possiblement", "je ne suis pas sûr", "je ne suis pas sûre", "semble", "il se peut", "éventuellement"]),
    (Role::Unreal, &["si", "au début", "d'abord", "initialement", "je pensais", "j'ai pensé", "on pourrait penser", "on pourrait croire", "certains", "à première vista", "à première vue", "beaucoup", "supposons", "considérons", "examinons", "j'avais pensé", "j'ai cru", "je croyais", "de prime abord", "voyons", "on serait tenté"]),
    (Role::Refuse, &["je ne sais pas", "je ne peux pas", "impossible de déterminer", "impossible de savoir", "ne peut être déterminé", "ne peut pas être déterminé", "pas assez d'informations", "informations insuffisantes", "aucune des réponses", "aucune des options", "aucune des propositions", "aucune de ces", "désolé", "désolée", "je ne saurais", "impossible de répondre", "aucune réponse", "aucune n'est correcte", "il manque des informations", "je suis incapable"]),
    (Role::Retract, &["attends", "attendez", "un instant", "correction", "je corrige", "en fait", "en réalité", "non, ", "pardon", "je me suis trompé", "je me suis trompée", "plutôt", "après réflexion", "à la réflexion", "je rectifie", "rectification", "je me reprends", "je voulais dire", "réflexion faite", "tout bien réfléchi"]),
    (Role::Conclude, &["donc", "ainsi", "par conséquent", "en conclusion", "c'est pourquoi", "finalement", "alors", "en résumé", "d'où", "au final", "en définitive"]),
    (Role::Because, &["car", "parce que", "puisque", "étant donné", "en raison", "tandis que", "alors que", "bien que", "qui", "comme", "selon", "vu que", "quoique"]),
    (Role::But, &["mais", "cependant", "toutefois", "pourtant", "néanmoins"]),
    (Role::Idiom, &["vitamine a", "vitamine b", "vitamine c", "vitamine d", "les options", "autres options", "autres réponses", "choix de réponse", "il y a", "c'est-à-dire", "type a", "type b", "en réponse", "plan b", "hépatite a", "hépatite b", "hépatite c", "peut-être que", "groupe a", "groupe b"]),
];

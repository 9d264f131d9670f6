"""Words that stand for each other in a pair of words: "my son wont" teaches the model "my uncle wont", "mi hijo no" too.

Part of the learned model, not of the rules: a change here needs a new training.
"""

from __future__ import annotations

_KINDS = {
    "kin": """son sons daughter daughters husband hubby wife bf gf boyfriend girlfriend brother bro sister sis mom mum mother
        dad father uncle aunt auntie cousin nephew niece grandson granddaughter grandma grandpa grandmother grandfather
        roommate roomate neighbor neighbour partner fiance fiancee stepson stepdaughter stepdad stepmom stepbrother
        stepsister buddy homie ex friend friends bestie coworker boss guest patient client customer tenant stranger
        teammate classmate landlord kid kids child teen teenager hijo hija hijos hermano hermana esposo esposa marido
        mujer novio novia mama papa madre padre amigo amiga primo prima tio tia sobrino sobrina compa compadre comadre
        cunado cunada abuelo abuela nieto nieta vecino vecina suegra suegro hijastro hijastra companero companera pareja
        cuate carnal jefa jefe jefita viejo vieja mijo mija""",
    "person": """guy man woman lady dude girl boy person someone somebody chick fella gentleman muchacho muchacha senor senora
        hombre chavo chava chica chico alguien persona tipo fulano joven""",
    "he": "he she they el ella ellos ellas",
    "hes": "hes shes theyre",
    "him": "him her them",
    "his": "his their",
    "himself": "himself herself themself themselves hisself",
    "baby": "baby babies toddler infant newborn bebe bebita bebito nene nena nino nina chiquito chiquita",
    "drug": """heroin dope fent fentanyl fetty fenty blues percs perc percocet percocets oxy oxys oxycontin oxycodone roxy
        roxies vicodin norco hydrocodone morphine dilaudid opana tramadol xanax xans xan xannies bars benzo benzos tranq
        chiva heroina fentanilo tecata manteca polvo h smack pills pill tabs tablets pastilla pastillas pastillitas
        percosets coca coke meth crystal""",
    "cure": """suboxone subs sub strip strips methadone metadona bupe buprenorphine buprenorfina subutex sublocade vivitrol
        naltrexone""",
    "narcan": "narcan naloxone narcann naloxona nalaxone narkan kloxxado zimhi",
    "blue": """blue bluish purple gray grey ashen ashy grayish greyish azul azules morado morada morados moradas gris grises
        palido palida""",
    "part": """lips lip nails nail fingers fingertips fingernails face skin mouth labios labio unas dedos cara piel boca manos
        hands toes feet tongue lengua pies""",
    "used": "used shot smoked snorted injected sniffed inyecto pico metio fumo uso consumio",
    "swallowed": "ate swallowed drank chewed licked sucked gulped comio trago tomo mastico chupo lamio bebio",
    "month": """january february march april june july august september october november december enero febrero marzo abril mayo
        junio julio agosto septiembre octubre noviembre diciembre""",
    "ago": "ago atras",
    "place": """bathroom restroom bedroom garage basement car truck couch sofa bed floor bano cuarto cama piso suelo carro
        sillon cochera""",
}
KIND_OF = {word: f"<{kind}>" for kind, words in _KINDS.items() for word in words.split()}

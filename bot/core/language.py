"""Is a text Spanish? Decided by small everyday words, because a helpline text is too short for statistics."""

from __future__ import annotations

SPANISH = frozenset(
    """el la los las un una unos unas de del al que y en es por con para mi mis tu su sus se lo le les me te nos yo
    ella ellos esta estan estoy este esto esa ese eso como donde cuando cuanto cuantos quien cual porque pero muy mas ya
    si tengo tiene quiero quiere puedo puede necesito necesita hay ser soy eres son fue era hace hacer hijo hija mama
    papa esposo esposa hermano hermana novio novia amigo amiga primo sobrino abuela ayuda ayudar ayudame gracias hola
    buenos buenas dias noches favor droga drogas heroina adiccion sobredosis respira despierta medicina tratamiento
    desintoxicacion familia senales persona hablar alguien numero clinica metadona naloxona usar dejar dejo recaida
    recai embarazada miedo dolor morir vivir matarme mensajes desde hoy ayer manana nada todo todos tambien sin sobre
    uno dos tres cuatro cinco seis primera primero segunda espanol ingles opcion adios sintomas abstinencia malilla
    chiva seguro dinero cuesta gratis cerca ando anda voy va vamos vez otra otro aqui ahi alto baja parar basta no""".split()
)
ENGLISH = frozenset(
    """the a an is are was were i im you he she hes shes it its we they my your his her our their to of and in on for
    with that this what how where when who why do does did can could will would should have has had not dont cant wont
    isnt just need help want get go from at be been am so if or but about out up there here someone anybody people""".split()
)
ONLY_SPANISH = SPANISH - frozenset(
    """no me es son de en a va mama papa persona hay sin mi ser fue era este ese sus mis alto baja una lo le se te""".split()
)


def detect(words: tuple[str, ...], raw: str) -> str:
    """ "es", "en", or "" when the words say nothing either way. `raw` is the text as typed (ñ, ¿ and ¡ are Spanish)."""
    if not words:
        return ""
    spanish = sum(w in SPANISH for w in words) + 2 * any(c in "ñÑ¿¡" for c in raw)
    english = sum(w in ENGLISH for w in words)
    sure = any(w in ONLY_SPANISH for w in words) or any(c in "ñÑ¿¡" for c in raw)
    if spanish > english and (sure or spanish >= 2):
        return "es"
    return "en" if english else ""

"""Is a text Spanish? Decided by small everyday words, because a helpline text is too short for statistics."""

from __future__ import annotations

from .common import COMMON

SPANISH = frozenset(
    """el la los las un una unos unas de del al que y en es por con para mi mis tu su sus se lo le les me te nos yo
    ella ellos esta estan estoy este esto esa ese eso como donde cuando cuanto cuantos quien cual porque pero muy mas ya
    si tengo tiene quiero quiere puedo puede necesito necesita hay ser soy eres son fue era hace hacer hijo hija mama
    papa esposo esposa hermano hermana novio novia amigo amiga primo sobrino abuela ayuda ayudar ayudame gracias hola
    buenos buenas dias noches favor droga drogas heroina adiccion sobredosis respira despierta medicina tratamiento
    desintoxicacion familia senales persona hablar alguien numero clinica metadona naloxona usar dejar dejo recaida
    recai embarazada miedo dolor morir vivir matarme mensajes desde hoy ayer manana nada todo todos tambien sin sobre
    grupo grupos apoyo junta juntas reunion reuniones linea volvi caer limpio limpia anoche ganas casa van quitar bebe
    pueden llamar llaman cambiar idioma pastillas busco buscar lista centro centros clinicas bajo costo agente operadora
    quienes ustedes hora horas atienden doctores venden datos policia feliz prueba oye jeje dejen dejenme escriban vuelve
    siento sola solo conmigo meterme cancelar tomar otros programa programas sirven mujeres hombres anonimo confidencial
    uno dos tres cuatro cinco seis primera primero segunda espanol ingles opcion adios sintomas abstinencia malilla
    chiva seguro dinero cuesta gratis cerca ando anda voy va vamos vez otra otro aqui ahi alto baja parar basta no""".split()
)
# More everyday Spanish, from what people wrote to us in tests: none of these words occurs in the English ones.
MORE_SPANISH = frozenset(
    """abajo abierta abierto abre abrir abuelita abuelo acaba acaban acabar acabe acabo aceptan aceptaron acepte adicta
    adicto adictos adolescente afecta agarro agua aguanta aguanto aguja ahijado ahora ahorita aire alarma algun alivio
    alla alta aluminio amanecer amanezca ambulancia ano anos ansiedad antes antidoping apa apago apenas aprender arriba
    aseguranza asi atras aunque ayudan ayudenme ayudo azul azules bajarle bano barrio bibir blanco boca bolsa borrar
    bote brazo brazos broma buena bueno buprenorfina buscando cabeza cada cae caja cajas calle calor cama cambio camino
    camion cancion cansada cansado canse cara carcel carga cargo carro carta casi caso cayo cel celular cerebro chavo
    cielo cierto cita clase clases cobran cocina comer comezon comida comio compa compadre companera companero compre
    compro confianza consejera consejero consejo consejos consigo contento contesta contestan conteste contesten
    contesto coraje corazon corta cortar corte corto creo cuales cuantas cuarto cubre cuello cuenta cuento cuerpo cuidar
    cuidarme cuido culpa cumple cunada cunado curiosidad curso custodia dando dano dar darle darme debajo debo decidi
    decir dedos deja dejan dejarla dejarlo dejaron deje dejemos demas deme denme dentista depresion desaparecer
    descansar descanse descanso deseo desintoxicarme desmayada desmayo despertar desperte despido despierte despierto
    despues desvanecio deudas dicen diciendo dieron diez diferencia digo dije dijo direccion doble doctora domingo
    domingos dormi dormida dormido dormir dormirme dosis doy drogado duele duelo duerme duermo durmio efecto embarazo
    emergencia empezar empiezo encerrado encerro encima encontrar encontraron encontre encuentro enfermo entera entiendo
    entonces entra entrar entre entro escogi escribi escribiendo escribio escribir escribirme escribo escuela espalda
    espera esperando esperanza espero espray espuma estaba estado estamos estar estaria estarian estas estos estudio
    estuve estuviera estuvo examen existiera existir existo extrano fallecio falta farmacia fecha fenta fentanilo feo
    fiesta fijese folleto folletos foto frasco frente fria frio fuera fueron fuerte fui fumar fumo funciona gato golpe
    gris grita guardo gustaria gusto haber habia hablamos hablan hablando hable hablo hacen hacerlo hacerme haciendo
    haga hago halle hallo haria haya helado hermanito hice hielo hijos hizo hogar hubiera hubieran huele huesos iba ida
    ido iglesia igual inconsciente informacion intente intento interesa internarme interno inyeccion inyecte inyecto
    irme irse jaja jajaja jala jefa jefe jeringa jeringas joven jovenes juego juez jugando junto juntos kiero labios
    lado leche lejos lengua lento levanta levanto libre licencia listo llama llamada llame llamo llega llegar llego
    llegue lleva llevar lleve llevo llora llorando llorar lloro logro luego lugar lunes luz madre maestra mala malas
    malo mandar mandarme mande manden mando manejar manera maquina marcas marido martes mata matan matar mataron matarse
    mato medicinas medio mejor menos mensaje mensual mes meses metio meto mientras mio mira misma mismo mitad modo
    morada morado morados morfina morirme morirse mover moverse muchacha muchacho muchas mucho muera muere muero muerta
    muerte muerto mueve mujer mundo murio nacido nadie naltrexona nariz navidad nervios neta nieta nieto nietos ningun
    ninos nomas nombre nosotros noticias nueva nuevo nunca ocupo oigan oigo ojala ojo ojos olvido opciones opioide
    opioides oxicodona padres padrino paga pagar panteon panza papas papeles parada parado parche parches pare parece
    pareja paren paro parte partido pasa pasada pasado pasan pasar pasara pase pastilla paz pecho pedi pedir pega pego
    peligroso pelo pena pensamientos pensando pense peor perder perdi perdon perro pesado peso pide piden pidio pido
    piel piensa pienso piernas pies pila piso platica platicar poco podemos poder pone poner pongo poniendo poquito
    precio prefiero pregunta preguntan preguntar pregunto preocupa presion prevencion prevenir prima primer problema
    pronto propia proxima pude puerta pues puesta pulso puras puro puse puso queda quede quedo quemado queremos querer
    queria queriendo quiera quieren quise quisiera quiso quita quitan quitarme quitaron quitarse quitenme quito rapido
    raro rato reacciona recaer recayo receta recetaron recibir recuperacion refri regadera regresa regreso
    rehabilitacion renta respiracion respirando respirar respiro responde responder revivieron rico riesgo risa ronca
    ronquido ropa ruido ruidos sabado sabe saben saber sacar sacaron saco salgo sali salida salio salir salirme salud
    sana sangre seguir segun segundo segura semana sentado senti sentido sentir sentirme serio servicio siempre siente
    siesta siga significa sigo sigue sillon sirve sobrevivio sobria sobriedad sobrio somos sube sudando suegra suegro
    suena sueno suicida suicidar suicidarme suicidarse suicidio suscripcion susto tal taller tan tantito tanto tarda
    tarde tarea tele telefono tener tenia terapia tercera termina terminar termine termino textos tia tienen tierra
    tieso tina tirada tirado tiras tiro toca toco toda todas todavia tolerancia toma toque trabajando trabajar trago
    traia traigo tranquila tranquilo trata trato triste troca troque turno tuve ultima ultimo unico usaba usado usan
    usando vacio varias vato vea veces vecina vecino venir veo verdad verguenza viaje vicio vieja viejo viene viernes
    vive viviendo vivo volver volvio vomito vuelta wey yendo""".split()
)
ENGLISH = frozenset(
    """the a an is are was were i im you he she hes shes it its we they my your his her our their to of and in on for
    with that this what how where when who why do does did can could will would should have has had not dont cant wont
    isnt just need help want get go from at be been am so if or but about out up there here someone anybody people""".split()
)
# Words that English, names and places share with Spanish show nothing alone: "my son", "no", "El Paso", "Y", "al anon".
SHARED = frozenset(
    """a no me es son de en va mama papa persona hay sin mi ser fue era este ese sus mis alto baja una un lo le se te al yo y ya
    bebe van solo hora lista programa agente sola casa el la los las del con por si que su tu nos da linea centro otro""".split()
)
STRONG = (SPANISH | MORE_SPANISH) - SHARED
_ENDINGS = ("cion", "ciones", "arme", "erme", "irme", "iendo", "idad", "enme")
_ENDING_FROM = 7  # letters; a shorter one may be English ("scion")
_ENGLISH_SENTENCE = 2  # words; one alone ("help", "the") does not turn a Spanish talk into an English one
_ONLY_SHARED = 3  # different shared words make Spanish where no English one is ("no me va")


def _strong(word: str) -> bool:
    return word in STRONG or (len(word) >= _ENDING_FROM and word.endswith(_ENDINGS))


def detect(words: tuple[str, ...], raw: str) -> str:
    """ "es", "en", or "" when the words show neither. `raw` is the text as typed: an n with a tilde is Spanish, and so are
    marks that open a question. A language that is "" leaves the conversation in the one it has."""
    marked = any(c in "ñÑ¿¡" for c in raw)
    strong = sum(map(_strong, words))
    shared = len(SHARED & set(words))
    english = sum(w in ENGLISH or (w in COMMON and w not in SPANISH) for w in words)
    if (strong or marked) and 2 * (strong + marked) + shared > english:
        return "es"
    if shared >= _ONLY_SHARED and not english:
        return "es"
    return "en" if english >= _ENGLISH_SENTENCE else ""

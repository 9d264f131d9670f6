"""The parts of a request to stop texting, in English and Spanish: what to do, to what, for whom, and what forbids it.

Words are as `bot.core.words.tokens` gives them, after JOINED has made one word of phrases that act as one.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Phrases that act as one word, in the order they are tried.
_JOINED = (
    (r"(?:my|this|our|mi|este|ese|nuestro) (?:cell |mobile )?(?:number|phone|cell|mobile|line|inbox|numero|celular|cel|telefono)",
     "mynumber"),
    (r"opt(?:ed|ing)?(?: me| us| my\w+)? out", "optout"),
    (r"un (?:subscribe|suscribe|sub)", "unsubscribe"),
    (r"(?:leave (?:me|us|mynumber) alone|deje(?:n|s)?(?:me|nos) en paz|dejame en paz|fuck off|go away)", "leavemealone"),
    (r"(?:no|any) longer", "nolonger"),
    (r"(?:no|zero) more|no mas|enough(?: of| with)?", "nomore"),
    (r"take (?:me|us) off(?= please| now| thanks| thank|$)", "takemeoff"),
    (r"(?:ya )?no (?:me |se )?(?=pare|deje|cancel|quite|borr|elimin|saqu|suspend|deteng|termin|desactiv)", "opposite "),
    (r"(?:deje|dejen|dejes|deja|dejar|dejame|dejeme|dejenme|dejarme)(?: ya)? de", "dejende"),
    (r"do not|donot|dont (?:you )?ever|do nt|ya no|please not|no (?=me\b|nos\b|vuelv|sig[au]|quier|quisier|dese|necesit|querem|"
     r"escrib|contacte|texte|moleste|mand|envi|llam)", "dont "),
    (r"check ?ins?\b", "checkins"),
    (r"para de", "pare de"),
    (r"cease and desist(?: from)?", "cease"),
    (r"(?:you|u) (?:should|must|need to|have to|got to|better)", "please you"),
    (r"(?:why )?(?:wont|cant|dont|will|wouldnt|couldnt) you (?:just |please )*(?=stop|quit|remove|take|leave)", "please you "),
    (r"(?:how|where) (?:do|can|could|would|should) (?:i|we)|how to|is there (?:a|any) way (?:i can|to)|"
     r"como (?:le )?(?:hago|puedo|hacemos)(?: para)?", "howto"),
    (r"(?:can|could|will|would) you please", "please"),
    (r"i mean it", "seriously"),
    (r"me (?:dij\w+|dic\w+|pid\w+|escribio|escribe|mando|manda|llamo)", "alguien dijo"),
)  # fmt: skip
_JOINERS = tuple((re.compile(rf"\b(?:{phrase})(?:\b|(?<= ))"), one) for phrase, one in _JOINED)


def joined(words: str) -> list[str]:
    """`words` (tokens with spaces between) with the phrases that act as one word made one."""
    for phrase, one in _JOINERS:
        words = phrase.sub(one, words)
    return words.split()


OPPOSITE = "opposite"  # "no paren", "no dejen de": stands before the verb

# What people say beside a request. It means no more than that the texts are unwanted, and is read as that one word.
UNWANTED = "unwanted"
SETTLED = re.compile(
    r"\b(?:(?:you (?:have|got) the |this is the )?wrong (?:number|person|phone|guy|one)|(?:im |i am )?not interested(?: in this)?|"
    r"no interest|no thank(?:s| you)|who (?:is|are|dis|this)(?: is)?(?: this| you)?|"
    r"(?:i )?(?:did not|didnt|never)(?: even)? (?:sign(?:ed)? up|subscribe[d]?|ask(?:ed)?|agreed?|consent(?:ed)?)"
    r"(?: (?:for|to)(?: any of)? (?:this|these|it|that|anything)(?: texts| messages)?)?|(?:this is )?not for me|i dont know (?:you|who this is)|"
    r"(?:for the )?(?:first|second|third|fourth|fifth|last|hundredth|millionth|2nd|3rd|4th|5th) time(?: (?:asking|telling you))?|"
    r"(?:this isnt|this is not|im not|i am not|esta? no es|no soy) (?!a\b|my\b|the\b|ok\b|sure\b|able\b|going\b|ready\b|good\b|well\b)\w{2,10}(?: phone| number)?(?= \w)|"
    r"(?:im |i am )?(?:so )?(?:sick|tired) of (?:all )?(?:these|the|your|ur) (?:texts|messages|msgs)|its spam|this is spam|"
    r"(?:way |far )?too (?:many|much) (?:texts|messages|msgs)|you text (?:me )?too much|(?:these|the) (?:texts|messages) are annoying|"
    r"i (?:get|am|im) (?:being |getting )?charged (?:for|per) (?:these|each|every|text|message|it)(?: text| message)?|"
    r"(?:this is )?a? ?new (?:number|owner|phone)|numero equivocado|se equivoc(?:aron|o)(?: de numero)?|(?:como )?(?:no|dont) me interesa(?: esto)?|"
    r"(?:no|dont) (?:estoy )?interesad[oa]|no gracias|por ultima vez|(?:yo )?(?:no|dont|nunca) (?:me (?:apunte|inscribi|suscribi)|pedi)"
    r"(?: (?:a|para))?(?: esto)?|i already (?:opted|optout) out)\b"
)

# Verbs that end something.
STOP = _words(
    """stop quit cease end halt discontinue cancel terminate disable deactivate cut canceled cancelled
    dejende paren pare parar basta alto cancelen cancele cancelar cancela suspendan suspenda suspender
    detengan detenga detener terminen termine terminar desactivar desactiven desactive desactiva anular anulen"""
)
TURN = _words("turn shut switch cut")
DONT = _words("dont never nunca jamas nomore nolonger")
NO = _words("no nomore nolonger")
WANT = _words("want need wish wanting quiero deseo quisiera necesito queremos interested")
WISH_FOR = WANT | _words("like make get have hagan haga")

# Verbs of contact. SEND and CALL have other objects too ("don't send me to jail", "stop calling me a junkie").
CONTACT = _words(
    """text texting textin texts message messaging messagin contact contacting spam spamming bother bothering harass
    harassing bugging pestering annoying blasting blowing notify notifying communicate communicating hitting
    escriban escriba escribas escribir escribirnos escribiendo contacten contacte contactes contactar texteen textee textees
    textear texteando molesten moleste molestes molestar molestando chingando jodiendo chingar chinguen
    escribirme contactarme textearme molestarme"""
)
SEND = _words(
    """send sending write writing manden mande mandes mandar mandarme mandarnos mandando mandandome envien envie envies
    enviar enviarme enviando sigan siga"""
)
CALL = _words("call calling llamen llame llamar llamarme")

# What is to end. TEXTS are surely messages; a LIST may be another list, so its words must fill the request.
TEXTS = _words(
    """texts messages msgs messags mesages sms mms spam notifications notification alerts alert subscription subscriptions
    communication communications updates mailings reminders checkins mensaje mensajes mensajitos textos msj msjs mjs
    notificaciones alertas suscripcion suscripciones publicidad recordatorios"""
)
THING = TEXTS | _words("text texto message list lists lista listas txt")
LIST = THING | _words("database system sistema")
STUFF = _words("stuff things thing them these this those shit crap anything nothing nada cosas esto eso junk bs")
ME = _words("me us nos mynumber it here")

REMOVE = _words(
    """remove take get drop delete erase scrub pull strike scratch leave keep withdraw block exclude unenroll unregister
    cancel saquen saque saca quiten quite quita borren borre borra eliminen elimine elimina remuevan remueva remover
    quitar sacar borrar eliminar"""
)
REMOVE_ME = _words(
    """quitenme quiteme quitame saquenme saqueme sacame borrenme borreme borrame eliminenme elimineme eliminarme sacarme
    quitarme borrarme remuevanme remuevame removerme"""
)
REMOVE_IT = _words("quitenlo quitelo quitalo saquenlo saquelo borrenlo borrelo eliminenlo quitenla saquenla")
REMOVED = _words("removed taken deleted dropped unsubscribed excluded erased opted")
LOSE = _words("lose forget trash olviden olvide pierdan")
CLEAR = _words("remove delete erase scrub drop pull strike scratch") | _words(
    "saquen saque saca quiten quite quita borren borre borra eliminen elimine elimina remuevan remueva remover borrar eliminar quitar sacar"
)
NAME = _words("name info number numbers nombre mynumber it cell phone")
OFF = _words("off from out de del of")
UNSUBSCRIBE = _words(
    """unsubscribe unsub unsuscribe unsubscribing unenroll unregister optout desuscribir desuscribirme desuscribanme
    desuscribeme desuscriban desinscribir desinscribirme desinscribanme desafiliarme"""
)
GIVE = _words("dar darme den denme deme dame dennos doy denos")
LEAVE = _words("salir salirme salgo salirnos")
REVOKE = _words("revoke withdraw rescind cancel retiro revoco revocar retirar")
CONSENT = _words("consent permission authorization consentimiento permiso autorizacion")

# Words that only join the parts.
FILL = _words(
    """the this these those that all any anymore more of from to with at on in for your ur such so many stupid annoying
    damn fucking freaking dumb random automated unwanted new further future every daily weekly a an my me us and or it off
    out ever up you here getting get receiving receive being want need more calls texting
    w contacts mailing marketing texting service servicio calls de los las la el estos esos esas sus tus su tu que me nos mas ya a mi con tantos este ese esta esa lo les recibir seguir del
    recibiendo ningun ningunos otro otra vez en por favor todos estar andar vuelvan vuelva vuelvas vuelve sigan cualquier"""
)
COURTESY = _words(
    """please thanks thank you ok hey hi hello yo so and but just now no nope nah sir maam sorry bro dude man look listen
    seriously omg ugh already again kindly everyone guys yall people damn hell the fuck fucking freaking lol hola oiga
    oigan oye ya pero bueno disculpe disculpen perdon gracias por favor porfavor y right today asap immediately forever
    ahora hoy inmediatamente vez una de que anymore bye i said told asked asking telling im ive keep to god bless
    assholes asshole idiots jerks bitches bitch pendejos cabrones ffs wtf yes good great mas o because completely thats
    from you ustedes esto this now on ever more permanently mucho muchas since unwanted"""
)
WISH = _words(
    """howto i id im am ive we can could would will you want need like love prefer wish ask demand request told asked said telling
    to for that just really help me make sure go ahead time must have please may hereby ill choose decide decided already
    the a be is it by times keep trying going ready lets let your ur fully also
    quiero quisiera deseo necesito solicito gustaria me pueden puede podrian podria favor sean tan amables amable les le
    pido que yo de hacer se ya ustedes dije pongan ponganle poner favor como pedi exijo"""
)

# Whose sentence it is. Anybody but us who texts, says or should stop makes it another story.
SOMEBODY = _words(
    """he she him her hers hes shes hed shed his they theyre their boyfriend girlfriend ex husband wife mom moms mother
    dad dads father son daughter brother sister cousin boss coworker roommate dealer dealers plug friend friends guy
    sponsor someone somebody everybody everyone anyone nobody parents parent kid kids children grandma grandpa aunt
    uncle nephew niece partner doctor nurse counselor therapist officer judge ma pops fiance buddy buddies landlord
    collectors family supplier connect pimp stalker ella ellos ellas hijo hija esposo esposa marido novio novia hermano
    hermana mama papa amigo amiga amigos dila dile vendedor conecta jefe primo tia tio padre madre suegra vecino doctora
    alguien exnovio exesposo abuela abuelo gente"""
)
SPEECH = _words(
    """said says say saying told tells tell telling asked asks wants wanted begged begs keeps keep texted texts messaged
    wrote writes calls called goes like would should wish wishes wont wouldnt doesnt cant get make threatened sent sends dijo
    dice dicen dijeron pidio pide quiere escribio escribe manda mando mandan llama llamo sigue siguen deja"""
)
# Words that turn what follows into a question, a condition, a report or its opposite.
HINDERS = _words(
    """dont never cant wont couldnt didnt doesnt wouldnt shouldnt isnt not no if when what whats why how does did do should
    after before until till whether to and i because means mean saying said says told tell since unless cannot ever that them make get let have tell opposite
    nunca si cuando que como despues antes porque hasta significa pasa para se"""
)
LIMITS = _words(
    "when while until till before after unless if during later except once jk kidding joking fast cuando mientras hasta antes despues si excepto salvo"
)
NOT_NOW = _words("now tonight today back yet late early night nights morning mornings weekend ahorita tarde noche hoy ahora")
THREATS = re.compile(
    r"\b(?:i will sue|ill sue|(?:ill|i will|im|im going to|i am|i|we will|well|or) (?:\w+ )?(?:report(?:ing)?|block(?:ing)?|call(?:ing)?|contact(?:ing)?) "
    r"(?:\w+ ){0,2}?(?:you|it|mynumber|fcc|ftc|police|cops|lawyer|attorney)|los (?:voy a )?(?:reportar|reporto|demando|denuncio|bloqueo)|"
    r"(?:voy a )?(?:reportar|denunciar|bloquear)los)\b"
)
CONTACTED = re.compile(
    r"\b(?:if|next time) (?:you|i|this \w+|mynumber) (?:\w+ ){0,3}?(?:text|texts|texting|message|messages|contact|texted|messaging)\b|"
    r"^(?:text me again|stop or\b|stop text)|\b(?:one more|another|next) (?:text|message)\b|"
    r"\bsi (?:me )?(?:vuelven|siguen|vuelve|sigue)(?: a)? (?:\w*escrib\w+|mand\w+|text\w+|molest\w+|envi\w+)"
)
PUT = _words("pongan ponga ponganle pongale ponle poner")
SUBSCRIPTION = _words("subscription subscriptions suscripcion suscripciones inscripcion")
OTHER_CONTACT = re.compile(
    r"^(?:(?:please|but|and|just|you can|can you|pero) )*(?:text|call|keep|email|message|llamenme|mandenme|escribanme|sigan)\b|"
    r"^(?:please )?(?:dont|no|not|never) call\w*\b.*\btext"
)

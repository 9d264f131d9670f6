"""The parts of a request to stop texting, in English and Spanish: what to do, to what, for whom, and what forbids it.

Words are as `bot.core.words.tokens` gives them, after `joined` has made one word of phrases that act as one.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Phrases that act as one word, in the order they are tried.
_JOINED = (
    (r"(?:my|this|our|mi|este|ese|nuestro) (?:cell |mobile |phone )?"
     r"(?:number|phone|cell|mobile|line|inbox|numero|celular|cel|telefono)", "mynumber"),
    (r"opt(?:ed|ing)?(?: me| us| my\w+)? out", "optout"),
    (r"un (?:subscribe|suscribe|sub)", "unsubscribe"),
    (r"leave (?:me|us|mynumber)(?: the \w+)? alone|deje(?:n|s)?(?:me|nos| mynumber) en paz|dejame en paz|fuck off",
     "leavemealone"),
    (r"(?:no|any) longer", "nolonger"),
    (r"(?:no|zero) more|no mas|enough(?: of| with)?", "nomore"),
    (r"take (?:me|us) off(?= please| now| thanks| thank|$)", "takemeoff"),
    (r"(?:ya )?no (?:me |se )?(?=pare|deje|cancel|quite|borr|elimin|saqu|suspend|deteng|termin|desactiv)", "opposite "),
    (r"(?:deje|dejen|dejes|deja|dejar|dejame|dejeme|dejenme|dejarme)(?: ya)? de", "dejende"),
    (r"do not|donot|dont (?:you )?ever|do nt|ya no|please not|no (?=me\b|nos\b|vuelv|sig[au]|quier|quisier|dese|necesit|"
     r"querem|autoriz|esten|escrib|contacte|texte|moleste|mand|envi|llam)", "dont "),
    (r"check ?ins?\b", "checkins"),
    (r"para de", "pare de"),
    (r"cease and desist(?: from)?", "cease"),
    (r"(?:you|u) (?:should|must|need to|have to|got to|better)", "please you"),
    (r"(?:why )?(?:wont|cant|dont|will|wouldnt|couldnt) you (?:just |please )*(?=stop|quit|remove|take)", "please you "),
    (r"(?:how|where) (?:do|can|could|would|should) (?:i|we)|how to|"
     r"is (?:there (?:a|any) way|it possible) (?:i can|to|for you to)|"
     r"who do i (?:talk|speak) to (?:to|about)|"
     r"como (?:le )?(?:hago|puedo|hacemos)(?: para)?", "howto"),
    (r"(?:can|could|will|would) you please", "please"),
    (r"(?:i would|id) appreciate (?:it )?if you stop(?:ped)?", "please stop"),
    (r"(?:can|could) (?:someone|somebody|anyone)", "please"),
    (r"^(?:stop|alto) (?=(?:no|dont|nomore) )", "stop , "),
    (r"i mean it", "seriously"),
    (r"for now", "awhile"),
    (r"me (?:dij\w+|dic\w+|pid\w+|escribio|escribe|mando|manda|llamo)", "alguien dijo"),
)  # fmt: skip
_JOINERS = tuple((re.compile(rf"\b(?:{phrase})(?:\b|(?<= ))"), one) for phrase, one in _JOINED)
_ANY = re.compile(rf"\b(?:{'|'.join(phrase for phrase, _ in _JOINED)})(?:\b|(?<= ))")  # most texts hold none: one look, not forty


def joined(words: str) -> list[str]:
    """`words` (tokens with spaces between) with the phrases that act as one word made one."""
    if _ANY.search(words):
        for phrase, one in _JOINERS:
            words = phrase.sub(one, words)
    return words.split()


OPPOSITE = "opposite"  # "no paren", "no dejen de": stands before the verb

# What people say beside a request, read as one word: that it is not for them (UNWANTED), that it is too much (SPAM), or
# nothing that matters (",").
UNWANTED, SPAM = "unwanted", "spam"
_BESIDE = (
    (UNWANTED,
     r"(?:you (?:have|got) the |this is the )?wrong (?:number|person|phone|guy|one)|(?:im |i am )?not interested(?: in this)?|"
     r"no interest|no thank(?:s| you)|who (?:is|are|dis|this)(?: is)?(?: this| you)?|i dont know (?:you|who this is)|"
     r"(?:this is )?a? ?new (?:number|owner|phone)|i already optout|"
     r"(?:i )?(?:did not|didnt|never)(?: even)? (?:sign(?:ed)? up|subscribed?|ask(?:ed)?|agreed?|consent(?:ed)?)"
     r"(?: (?:for|to)(?: any of)? (?:this|these|it|that|anything)(?: texts| messages)?)?|"
     r"numero equivocado|se equivoc(?:aron|o)(?: de numero)?|(?:como )?(?:no|dont) me interesa(?: esto)?|no gracias|"
     r"(?:no|dont) (?:estoy )?interesad[oa]|(?:yo )?(?:no|dont|nunca) (?:me (?:apunte|inscribi|suscribi)|pedi)"
     r"(?: (?:a|para))?(?: esto)?"),
    (SPAM,
     r"(?:im |i am )?(?:so )?(?:sick|tired) of (?:all )?(?:these|the|your|ur) (?:texts|messages|msgs)|(?:its|this is) spam|"
     r"(?:way |far )?too (?:many|much) (?:texts|messages|msgs)|you text (?:me )?too much|"
     r"(?:these|the) (?:texts|messages) are annoying|"
     r"i (?:get|am|im) (?:being |getting )?charged (?:for|per) (?:these|each|every|text|message|it)(?: text| message)?"),
    (",",
     r"(?:for the )?(?:first|second|third|fourth|fifth|last|hundredth|millionth|2nd|3rd|4th|5th) time(?: asking| telling you)?|"
     r"(?:this is )?not for me|por ultima vez|(?:this isnt|this is not|im not|i am not|esta? no es|no soy) "
     r"(?!(?:a|my|the|ok|sure|able|going|ready|good|well)\b)\w{2,10}(?: phone| number)?(?= \w)"),
)  # fmt: skip
BESIDE = tuple((re.compile(rf"\b(?:{said})\b"), f" , {one} , ") for one, said in _BESIDE)

# Verbs that end something.
STOP = _words(
    """stop quit kill cease end halt discontinue cancel terminate disable deactivate cut canceled cancelled dejende paren
    pare parar basta alto cancelen cancele cancelar cancela suspendan suspenda suspender detengan detenga detener terminen
    termine terminar desactivar desactiven desactive desactiva anular anulen"""
)
TURN = _words("turn shut switch cut")
DONT = _words("dont never nunca jamas nomore nolonger")
NO_MORE = _words("nomore nolonger")
WANT = _words("want need wish wanting quiero deseo quisiera necesito queremos autorizo interested")
WISH_FOR = WANT | _words("like make get have hagan haga")

# Verbs of contact. SEND and CALL have other objects too ("don't send me to jail", "stop calling me a junkie").
TEXTING = _words(
    """text texting textin texts message messaging messagin contact contacting spam spamming notify notifying communicate
    communicating escriban escriba escribas escribir escribirnos escribiendo contacten contacte contactes contactar
    texteen textee textees textear texteando molesten moleste molestes molestar molestando chingando jodiendo fastidiar
    fastidien chingar chinguen escribirme contactarme textearme molestarme"""
)
CONTACT = TEXTING | _words("bother bothering harass harassing bugging pestering annoying blasting blowing hitting")
SEND = _words(
    """send sending manden mande mandes mandar mandarme mandarnos mandando mandandome envien envie envies enviar enviarme
    enviando sigan siga"""
)
CALL = _words("call calling llamen llame llamar llamarme")

# What is to end. TEXTS are surely messages; a LIST may be another list, so its words must fill the request.
TEXTS = _words(
    """texts messages msgs messags mesages sms mms spam notifications notification alerts alert subscription subscriptions
    communication communications updates mailings reminders checkins mensaje mensajes mensajitos textos msj msjs mjs
    notificaciones alertas suscripcion suscripciones publicidad recordatorios"""
)
THING = TEXTS | _words("text texto message list lists lista listas txt")
LIST = THING | _words("texting contacts database system sistema")
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
    """saquen saque saca quiten quite quita borren borre borra eliminen elimine elimina remuevan remueva remover borrar
    eliminar quitar sacar"""
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

PUT = _words("pongan ponga ponganle pongale ponle poner")
SUBSCRIPTION = _words("subscription subscriptions suscripcion suscripciones inscripcion")

# Words that only join the parts.
FILL = _words(
    """the this these those that all any anymore more of from to with at on in for your ur such so many stupid annoying damn
    fucking freaking dumb random automated unwanted new further future every daily weekly auto automatic a an my me us and
    or it off out ever up you be here getting get receiving receive being want need needs calls texting w contacts mailing
    marketing service servicio de los las la el estos esos esas sus tus su tu que nos mas ya mi con tantos este ese esta
    esa lo les recibir seguir del recibiendo esten ningun ningunos otro otra vez en por favor todos estar andar vuelvan
    vuelva vuelvas vuelve sigan cualquier"""
)
COURTESY = _words(
    """please thanks thank you ok hey hi hello yo so and but just now no nope nah sir maam sorry bro dude man look listen
    seriously omg ugh already again kindly everyone guys yall people damn hell the fuck fucking freaking lol hola oiga
    oigan oye ya pero bueno disculpe disculpen perdon gracias por favor porfavor y right today asap immediately forever
    ahora hoy inmediatamente vez una de que anymore bye i said told asked asking telling im ive keep to god bless assholes
    asshole idiots jerks bitches bitch pendejos cabrones ffs wtf yes good great mas o because completely thats from
    ustedes esto this on ever more permanently mucho muchas since unwanted"""
)
WISH = _words(
    """howto i id im am ive we can could would will you want need like love prefer wish ask demand request told asked said
    telling to for that just really help me make sure go ahead time must have please may hereby ill choose decide decided
    already the a be is it by times keep trying going ready lets let your ur fully also quiero quisiera deseo necesito
    solicito gustaria pueden puede podrian podria favor sean tan amables amable les le pido que yo de hacer se ya ustedes
    dije pongan ponganle poner como pedi exijo"""
)

# Whose sentence it is. Anybody but us who texts, says or should stop makes it another story.
SOMEBODY = _words(
    """he she him her hers hes shes hed shed his they theyre their boyfriend girlfriend ex husband wife mom moms mother dad
    dads father son daughter brother sister cousin boss coworker roommate dealer dealers plug friend friends guy sponsor
    someone somebody everybody everyone anyone nobody parents parent kid kids children grandma grandpa aunt uncle nephew
    niece partner doctor nurse counselor therapist officer judge ma pops fiance buddy buddies landlord collectors family
    supplier connect pimp stalker ella ellos ellas hijo hija esposo esposa marido novio novia hermano hermana mama papa
    amigo amiga amigos dila dile vendedor conecta jefe primo tia tio padre madre suegra vecino doctora alguien exnovio
    exesposo abuela abuelo gente"""
)
SPEECH = _words(
    """said says say saying told tells tell telling asked asks wants wanted begged begs keeps keep texted texts messaged
    wrote writes calls called goes like would should wish wishes wont wouldnt cant get make threatened sent sends dijo
    dice dicen dijeron pidio pide quiere escribio escribe manda mando mandan llama llamo sigue siguen deja"""
)
# Words that turn what follows into a question, a condition, a report or its opposite.
HINDERS = _words(
    """dont never cant wont couldnt didnt doesnt wouldnt shouldnt isnt not no if when what whats why how does did do should
    after before until till whether to and i because means mean saying said says told tell since unless cannot ever that
    them make get let have opposite nunca si cuando que como despues antes porque hasta significa pasa para se"""
)
LIMITS = _words(
    """tonight week weeks month days awhile when while until till before after unless if during later except once jk kidding
    joking fast cuando mientras hasta antes despues si excepto salvo"""
)
NOT_NOW = _words(
    """now today much often work back yet late early night nights morning mornings weekend ahorita tarde noche hoy ahora"""
)

# "if you text me again" with "ill report you" is a request, too.
_REPORTED = r"(?:(?:report(?:ing)?|block(?:ing)?) (?:\w+ ){0,2}?(?:you|mynumber)|"
_REPORTED += r"(?:report|call|contact)(?:ing)? (?:\w+ ){0,4}?(?:fcc|ftc|police|cops|lawyer|attorney))"
THREATS = re.compile(
    rf"\b(?:(?:ill|i will) sue|(?:ill|i will|im|im going to|i am|i|we will|or) (?:\w+ )?{_REPORTED}|"
    r"los (?:voy a )?(?:reportar|reporto|demando|denuncio|bloqueo)|(?:voy a )?(?:reportar|denunciar|bloquear)los)\b"
)
CONTACTED = re.compile(
    r"\b(?:if|next time) (?:you|this \w+|mynumber) (?:\w+ ){0,3}?(?:texts?|texting|messages?|messaging|contact|texted)\b|"
    r"^(?:text me again|stop or\b|stop text)|\b(?:one more|another|next) (?:text|message)\b|"
    r"\bsi (?:me )?(?:vuelven|siguen|vuelve|sigue)(?: a)? (?:\w*escrib|mand|text|molest|envi)\w+"
)
# Another contact is wanted: "text my other number", "keep the weekly ones", "dont call, text".
OTHER_CONTACT = re.compile(
    r"^(?:(?:please|but|and|just|you can|can you|pero) )*(?:text|call|keep|email|message|llamenme|mandenme|escribanme|sigan)\b|"
    r"^(?:please )?(?:dont|no|not|never) call\w*\b.*\btext"
)
ENDINGS = _words(
    """be texted contacted service system line servicio else by nunca jamas para stop leavemealone nomore one thing stuff
    shit crap junk things"""
)

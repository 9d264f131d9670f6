"""Everyday words that are never taken for a typo of ours, and that say little about a topic."""

COMMON = frozenset(
    """a able about above across after again against ago ahead all almost alone along already also always am among an and
    another any anymore anyone anything anyway are aren arent around as ask asked asking at away back bad be because been
    before being best better between big both boy boyfriend bring brother but by call called came can cant car care case
    change child children close cold come comes coming could couldnt country couple course crazy cut dad daughter day days
    dead deal did didnt die died different do does doesnt dog doing done dont door down drive each early easy either else
    end enough even ever every everyone everything face fact far fast father feel feeling feels fell felt few fight figure
    fill film final find fine fire first five follow food foot for forever forget form former found four free friend
    friends from full fun funny further game gave get gets getting girl girlfriend give given gives giving go god goes
    going gone good got great grew ground group grow guess guy guys had half hand hands hang happen happened happens happy
    hard has hasnt hate have havent having he head hear heard heart heavy hell hello her here hes hey high him himself his
    hit hold home hope hospital hot hour hours house how however hows huge human hurt husband i id idea if ill im in inside
    instead into is isnt it its ive job just keep keeps kept kid kids kill kind knew know known knows lady large last late
    later laugh lead learn least leave leaves leaving left less let lets letter lie life light like liked line list listen
    little live lived lives living lol long longer look looked looking looks lose lost lot love low lying mad made main
    make makes making mama man many married matter may maybe me mean means meant men mental mention mess met middle might
    mind mine minute minutes miss mom money month months more morning most mother move moved much must my myself name near
    need needed needs never new news next nice night no nobody none normal not note nothing now number of off offer often
    oh ok old on once one only onto open or order other others our out outside over own paid pain paper part party pass
    past pay people perfect phone pick place plan play please point poor post power present pretty price problem problems
    promise proper pull put question quick quiet quite ran rather read ready real really reason relate remember rest right
    road room run running sad safe said same sat save saw say saying says school second see seem seems seen self send sent
    serious seven several share she shes shit short should show shut side since sister sit situation six sleep
    slow small so some somebody someone something sometimes son song soon sorry sort sound space speak spend stand start
    started state stay still stop story straight street strong stuff such summer support sure table take taken takes taking
    talk talked talking tell ten than thank thanks that thats the their them then there these they theyre thing things
    think third this those though thought three through time times tired to today together told tomorrow tonight too took
    top touch town tried trouble true trust truth try trying turn two type under understand until up upon us use used uses
    using usual very visit voice wait waiting wake walk wall want wanted wants warm was wasnt watch water way we week weeks
    weird well went were what whats when where wheres which while white who whole whos why wife will wish with without
    woke woman women wont wonder word work worked working works world worry worse worst worth would wouldnt wow write
    writing wrong yeah year years yes yesterday yet you young your youre yours
    heroic hero heard herein person personal perfect medical doctor doctors treat treated family familiar families
    scare scared scary alive arrive arrested police meeting meetings father fathers mothers brothers
    el la los las un una de del al que y en es por con para mi tu su se lo le me te yo esta este esto como donde cuando
    cuanto quien porque pero muy mas ya si no tengo tiene quiero puedo necesito hay ser soy son fue era hace hacer hoy ayer
    todo nada algo alguien aqui ahi hasta desde sin sobre otro otra vez bien mal hijo hija mama papa esposo hermano amigo
    casa dia dias noche cosa cosas gente vida tiempo trabajo dinero hola gracias favor""".split()
)

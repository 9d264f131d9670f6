"""Texts as people thumb them in several Englishes: short forms, no signs, small letters.

Need and small talk alike get them, so that how somebody types says nothing about what they need.
"""

from __future__ import annotations

import random

_FORMS = """
you: u ya yu | your: ur yr | youre: ur | are: r | and: n & nd | to: 2 | too: 2 | two: 2 | for: 4 fr | be: b | see: c | why: y
okay: k ok kk | the: d da de th | that: dat tht | this: dis ths | them: dem thm | they: dey | then: den | there: der dere thr
with: wif w wid wit | what: wat wot wt | because: cuz coz cos bcoz bc | about: abt bout | before: b4 bfore | please: pls plz
people: ppl | really: rly realy | right: rite ryt | night: nite nyt | tonight: 2nite tonite | today: 2day tdy
tomorrow: tmr tmrw 2moro tomoro | yesterday: ytd yest | just: jus jst | know: kno noe | dont: dun dnt don | going: goin gg
doing: doin | coming: comin | come: cum | some: sum | someone: sum1 | something: smth sumthin | anything: nething | any: ne
one: 1 | want: wan wnt | think: thk tink | thing: thin ting | message: msg | text: txt | number: num no | have: hav hv
havent: havent | has: haz | love: luv | was: wuz | will: wil | would: wud wld | could: cud cld | should: shud shld | like: lyk lik
time: tym | mine: myn | great: gr8 | late: l8 | later: l8r ltr | wait: w8 | hate: h8 | mate: m8 | good: gud gd | much: mch
when: wen whn | where: wer whr | who: hu | how: hw | friend: fren frnd | friends: frens frnds | thanks: thx tks tnx
sorry: sry soz | very: v vry | more: mor | back: bk bak | week: wk | weekend: wkend wknd | year: yr | minutes: mins
minute: min | hour: hr | hours: hrs | problem: prob | probably: prob prolly | maybe: mayb | hope: hop | give: giv | live: liv
gave: gav | never: neva nvr | ever: eva | over: ova | mother: mum ma | mom: mum | house: hse | home: hm hom | school: sch skool
work: wrk | working: wrkin | call: cal | still: stil | said: sed | says: sez | already: alr alrdy | also: oso | not: nt | now: nw
feel: fil | from: frm | got: gt | get: gt | can: cn | cant: cnt cannot | only: onli | happy: hapi | birthday: bday | boy: boi
girl: gal gurl | guys: gys | even: evn | every: evry | everyone: every1 | through: thru | though: tho | enough: enuf
another: anotha | brother: bro | sister: sis | nothing: nuthin nothin | trying: tryin | talking: talkin | having: havin
make: mak | made: mde | take: tk tak | mean: mn | must: mus | picture: pic | phone: fone ph | morning: mornin mrng
evening: eve | awesome: awsm | being: bein | say: sae | day: dae | way: wae | need: nd | help: hlp | which: wch | went: wnt
sleep: slp | send: snd | sent: snt | left: lft
"""
_ENTRIES = (entry.split(": ") for entry in _FORMS.strip().replace("\n", " | ").split(" | "))
FORMS = {word: forms.split() for word, forms in _ENTRIES}
TAILS = """lol haha hehe lor lah leh la ah xx x k ok ya man dude bro babe dear pa wat huh eh already yeah innit
tho n stuff :) ;) !! ... xoxo""".split()
HEADS = "ok so haha hey hi lol ya yeah no wat omg dude babe hmm oh eh k ah well yup nah sorry".split()
SHARES = (0.15, 0.3, 0.5, 0.8)  # of the words that have a short form
CUT = 0.12  # of that share, how many other words lose a letter or their vowels


def phone(text: str, dice: random.Random) -> str:
    """`text` as somebody would thumb it, more or less so."""
    share = dice.choice(SHARES)
    words = [_short(word, share, dice) for word in text.replace("’", "'").split()]
    told = " ".join(_cased(words, dice))
    if dice.random() < 0.6:
        told = "".join(c for c in told if c not in ".,!?;:'\"")
    if dice.random() < 0.15:
        told = f"{dice.choice(HEADS)} {told}"
    return f"{told} {dice.choice(TAILS)}" if dice.random() < 0.2 else told


def _short(word: str, share: float, dice: random.Random) -> str:
    core = word.lower().strip('.,!?;:"()').replace("'", "")
    if core in FORMS and dice.random() < share:
        return dice.choice(FORMS[core])
    if len(core) > 4 and core.endswith("ing") and dice.random() < share:
        return core[:-1]
    if len(core) > 3 and core.isalpha() and dice.random() < share * CUT:
        return _cut(core, dice)
    return word


def _cut(word: str, dice: random.Random) -> str:
    if dice.random() < 0.4:
        return word[0] + "".join(c for c in word[1:] if c not in "aeiou")
    at = len(word) - 1 if dice.random() < 0.5 else len(word) // 2
    return word[:at] + word[at + 1 :]


def _cased(words: list[str], dice: random.Random) -> list[str]:
    sort = dice.random()
    if sort < 0.6:
        return [word.lower() for word in words]
    return [word.upper() for word in words] if sort < 0.7 else words

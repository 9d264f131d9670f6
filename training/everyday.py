"""Ordinary private texts, made from written sentences: meeting, home, love, quarrel, work, money, being ill or tired.

Strangers' small talk holds little of what friends and couples text each other, and that is what a helpline's number gets
by mistake. Each sentence was written for this; names, times and places are filled in.
"""

from __future__ import annotations

import random
import re

SLOTS = {
    "name": "mike jess sarah dave tina carlos kim ana joe liz sam rob nina babe hun bro sis mom dad dear man girl mate",
    "who": "he|she|my mom|my dad|my bro|my sis|john|my boss|the kids|my friend|my roommate|her|auntie|my wife|my bf",
    "time": "5|6|7|7:30|noon|8 ish|10 min|half an hour|tonight|tmr|tomorrow|later|after work|after class|sat|now",
    "place": "home|the mall|work|school|the bus stop|ur place|my place|the gym|town|the station|church|class|the bar",
    "food": "pizza|rice|chicken|coffee|tea|lunch|dinner|breakfast|noodles|tacos|beer|ice cream|soup|burgers",
    "thing": "my keys|the tickets|ur jacket|the car|the bill|the movie|the game|my laptop|the rent|that song",
    "nombre": "ana|luis|mi amor|mami|wey|compa|jose|hermana|tia|carlos|nena|bro",
    "hora": "las 5|las 7|al rato|manana|en la noche|despues del trabajo|el sabado|ahorita|en 10 min|hoy",
    "lugar": "la casa|el trabajo|la tienda|el centro|la escuela|la parada|tu casa|el gym|la iglesia|el mercado",
    "comida": "pizza|tacos|pollo|cafe|pan|la cena|el almuerzo|sopa|cerveza|helado",
}
ENGLISH = """
im on my way be there in {time}
running late sorry {name} see u at {time}
where r u? im at {place} already
im here where are you
i cant make it {time} sorry something came up
cant come tonight im too tired, rain check?
can u pick me up from {place} at {time}
pick up some {food} on ur way home pls
do we need anything from the store
just got home, so tired gonna crash
im home. call me when u can
call me when you get this
call me asap its about {thing}
why arent u answering ur phone
ur phone is always off lol
he is not picking up, can u try him
she didnt answer i left a message
sorry i missed ur call i was in the shower
sorry my phone was on silent
my battery is dying ill call u from home
phone about to die text u later
my phone died sorry im back now
i fell asleep on the couch, just woke up
just woke up lol what time is it
cant sleep, u up?
wake me up at {time} pls
i woke up late and missed the bus
go back to sleep babe
good night sweet dreams love u
gn love u talk tomorrow
good morning sunshine have a good day
miss you so much cant wait to see u
i miss u come home soon
wish you were here with me
i love you more than anything
i want you here right now
you mean the world to me
u r my life and i cant live without u
im so lucky to have u in my life
life is beautiful because of you
happy birthday {name}! hope you have a great day
congrats!! so proud of you
thank you for everything {name}
thanks for last night it was fun
i had a really good time with u tonight
r u free {time}? wanna get {food}
want to go to {place} {time}?
lets meet at {place} at {time}
what time r we meeting
what are you up to tonight
not much just watching tv
im bored what u doing
at work till {time} its so slow today
work is killing me today
my boss is driving me crazy
im starving lets eat
im so full i cant move
im so hungry i could die
ate too much {food} and now i cant move
im in class ill text u later
in a meeting cant talk now
still at the doctors, waiting forever
doc says its just a cold, gave me some meds
im sick today staying home from work
feeling sick, headache and fever. going to bed
my head hurts so bad took some tylenol
my back is killing me from moving boxes
my legs hurt from the gym, i cant walk lol
threw up twice must be something i ate
hope you feel better soon
is ur mom feeling better now
{who} is in the hospital for the surgery, all went well
{who} said hes coming {time}
{who} told me about it last night
{who} wants to know if ur coming
did {who} tell you what happened
what did {who} say
{who} is so annoying lol
tell {who} i said hi
{who} just left, come over
{who} is at {place} waiting for us
i gave {who} {thing} already
do u know where {thing} is
i left {thing} at {place}
i lost {thing} have u seen it
can u send me {thing} pls
did u pay {thing} yet
i need money for {thing} can u lend me 20
i have no money till friday
how much is {thing}
i dont know what to do about {thing}
i dont want to talk about it right now
i dont want to go anymore
im not mad just tired of this
stop calling me
please dont text me anymore
leave me alone im busy
why are you ignoring me
are you mad at me?
im sorry about last night it was my fault
im sorry i didnt mean to hurt you
i feel so bad about what i said
you really hurt me you know
im done with him for real this time
im done waiting, going home
i give up on this homework
i hate this job so much
i hate mondays
this week is never going to end
it will be over soon dont worry
dont worry everything will be fine
let me know when its over
almost done here, 10 more min
finally done with work!!
last day of school tomorrow
this is the last time im lending him {thing}
nobody told me about the party
nobody is home, come over
no one is answering at the office
nothing is working today ugh
my car wont start can u come get me
the car died in the parking lot
stuck in traffic its not moving
the bus is not moving, accident ahead
internet is down again
the door is locked who has the keys
i locked myself out lol
the baby is finally asleep
the baby wont sleep im so tired
kids are asleep come over
kids are driving me nuts today
the dog ate my shoe
the cat is sleeping on my face
its so cold in here my hands r freezing
my lips r so dry it hurts
it is so hot i cant breathe lol
i cannot stop laughing
omg im dead lol
that killed me haha
im gonna kill {name} lol he ate my {food}
mom is gonna kill me if im late
if i fail this test im dead
hahaha u r crazy
lol ok see you {time}
ok no problem
ok ill be there
ok thanks {name}
yeah sure why not
no not yet maybe {time}
i think so not sure tho
i will let you know
idk ask {who}
really? thats crazy
are you serious
whats wrong? talk to me
are you ok? u sounded sad
u ok? havent heard from u in a while
havent heard from {who} all day
did u get home safe
text me when u get home
drive safe love u
take care of urself ok
be careful its raining
see u soon
see you in the morning
see you there, bye
bye for now
goodbye and good luck with the new job
have a safe trip, ill miss u
leaving now, bye
i have to go now talk later
im leaving {place} in {time}
im going to bed, good night
im going to {place} do u need anything
im gonna go for a run then shower
im gonna be home late dont wait up
gonna watch {thing} tonight wanna join
going out tonight to drink with {who}
got so drunk last night i dont remember anything
too much beer last night lol my head
he passed out on the sofa at the party haha funny pic
took a nap now i feel great
took the day off
took {who} to {place}
i took the wrong bus
i took some pics ill send them
u took my charger again
give me a min
give him the phone
he gave me his number
she gave me a ride home
let him sleep hes had a long day
hes asleep call tomorrow
shes not here shes at {place}
he isnt home yet
he is not coming anymore
she is not feeling well so we stay home
he has a fever so no school today
he fell off his bike but hes fine
grandpa fell asleep in his chair again
i found {thing} on the floor
the floor is wet be careful
im in the bathroom one sec
im sitting in the car waiting
im alone at home so bored
im all alone this weekend come visit
so sad about the game last night
that movie made me cry so much
i cried at the wedding lol
god bless you and your family
praying for you and ur family
god is good all the time
sorry for your loss, funeral is on friday
we are at the funeral home, call later
{who} died in the movie i was so sad
did u see who died in the last episode
my plants are dying help lol
the party was dead so we left
this song gives me life
living my best life at the beach
my life is so boring
my life would be easier with a car
life is too short to be angry
i will never forget that day
i will always love you
forever yours xoxo
you deserve better than him
you are better off without him girl
i cant do this job anymore, need a new one
i cant do this homework
i cant take this heat anymore
i cant wait for the weekend
i cant find {thing} anywhere
i cant hear you its loud in here
i cant believe he said that
i cant talk now in {place}
i cant stop thinking about u
i need you to come early tomorrow
i need a ride to {place}
i need a vacation
i need some sleep
help me choose a dress lol
help me move on saturday? ill buy {food}
hurry up we r waiting
hurry the food is getting cold
emergency lol i need chocolate
please answer its important, its about the rent
please come home its late
please let me know if you can make it
who is this?
wrong number sorry
new phone who dis
i changed my number this is {name}
ok send me the address
whats the address
turn left at the light then its the blue house
i like the blue one better
the purple dress looks good on you
got my nails done, gray this time
my eyes hurt from the screen
shake it well before you use it
push the door it sticks
it tips over so put something heavy on it
he snores so loud i cant sleep lol
she breathes so loud on the phone haha
take a deep breath you got this
we are all waiting for u
we had a fight but its ok now
we broke up last week, im fine
she left me for her ex
i think we should end it, its not working between us
i want to end this fight
i want to go home
i want to see you {time}
i want to be with you
i just want to sleep all weekend
i just wanted to hear ur voice
i was going to call u but fell asleep
i was thinking about you
i thought you left already
i told her already she knows
i told him not to come
i sent it to you by mail
i sent you the money
i wrote you a long letter read it
i left you a note on the table
i made {food} come eat
i have an exam {time} wish me luck
i have a plan for the weekend
i have decided to take the job
i got the job!!!
i got a new phone
i finished {thing} finally
i forgot {thing} at home again
i am so happy today
i am so stressed about exams
i am so over this weather
i am ready when you are
i am outside
u coming or not
u there?
u awake?
r u still up
r u at home
did you eat
have u eaten yet
what did you eat
what happened last night
what happened to {who}
why didnt you come
why so quiet today
how was ur day
how is {who} doing
how r u feeling today
how do i get to {place}
when are you coming back
when is the game
where did you park
who is coming tonight
is it ok if i come at {time}
is {who} there with you
is it still raining there
got the test back and i passed
passed my driving test!!
he passed the exam
half price on {food} today
ill call u back in {time}
ill be done by {time}
ill bring {food}
ill pay u back friday
ill wait for you at {place}
ill never eat {food} again lol
ill take the kids {time}
life is like a river it goes on whatever you do
true friends stay in your heart forever
a friend is someone who knows your song and sings it to you
love is not about how many days but how you spend them
when i close my eyes i see you smile
my heart beats only for you
my heart is broken but ill be fine
you took my heart and never gave it back
if tears could talk they would say your name
every night before i sleep i think of you
i wake up thinking about you every morning
may god bless you with a long and happy life
god gave me a gift and it is you
heaven sent you to me
you are my angel
my world is empty when ur away
the day you said yes was the best day of my life
forward this to ten friends and see what happens
send this to everyone you love
joke of the day: a man goes to the doctor and says it hurts when i touch my arm
riddle: a man walks into a room and turns off the light, who is he
did you know the heart beats 100000 times a day
a teacher asked the class who wants to go to heaven and one boy did not raise his hand
a king had three sons and one day he told them a story
good thoughts for the day: never give up on your dreams
people leave but memories stay
the best things in life are free
dont cry because its over smile because it happened
sometimes you have to let go
everything happens for a reason
one day you will understand why i left
nothing lasts forever not even this rain lol
nobody is perfect
never say goodbye say see you later
i will wait for you forever
i will love you till the end
i would do anything for you
i would kill for a burger
he said she said blah blah
what he said is not true
she said its not her problem
he says he loves me but he never calls
she says hi
he told everyone about us
they said no
they dont care about us at this job
he thinks im crazy
she thinks i hate her
my mom thinks im still asleep
he keeps calling me and i dont pick up
he keeps asking for money
she wont talk to me since the party
she wont be back till monday
he wont listen
he wont give the money back
he wont mind if we take the car
they wont let us in without tickets
he didnt even say sorry
she didnt say anything
he never came
now he wants to be friends
now she is not talking to me
now im at {place}
now only i saw ur message
only now i got home
just finished eating
just finished work, heading {place}
just dropped {who} off
just got out of the shower
just got paid
just left {place}, there in 10
just checking in, how was it
just saw ur missed call
just woke up from a nap what did i miss
dropped my phone in the toilet
dropping off {thing} now
heading out now
heading home
on the train now, 20 min
at the bus stop, no bus yet
at the doctors with {who}
at the hospital visiting my aunt, she is doing ok
at a funeral today will call tomorrow
at church with mom
in bed already
in the bath, call u after
out with {who}
out of gas can u help
out of milk
no food in the house
no message from you all day
no reply from them yet
no response from the office
no one told me
no more beer for me
no need to come
no worries
not coming, sorry
not feeling well today
not feeling it tonight, stay in?
not tonight babe im beat
not today maybe {time}
tonight is good for me
tonight or tomorrow?
last night was crazy
last one i promise
last day to pay is friday
last bus is at 11
one more hour
one last thing, bring {thing}
once i get there ill call
then call me later
then how? u coming or not lor
wait lor i still eating
ok lor see u at {time}
ya lor so tired today
dont have lah
why like that
why u never reply me
where u go
where got time
what u doing now
wat time u finish
u reach already?
u wan to eat wat
can or not
haha ok can
so how was it
so sleepy now, gn
so cold today brr
so hot outside i will die lol
die la i forgot my wallet
die already my mom found out haha
gonna die of boredom in this class
this heat is killing me
these shoes are killing me
exams will be the death of me
my phone is dying gotta go
the battery died again
my laptop died and my paper is gone
im dead tired after that shift
half dead from the flu
im so sick of this cough
i feel like crap stayed home
took some medicine and slept all day
took 2 tablets for the fever feel better now
doctor gave me antibiotics
doctor said rest for 3 days
doctor gave me pain meds for my tooth so im loopy lol
morphine after the surgery was wild haha im fine now
the nurse gave him something for the pain and hes sleeping
she had the baby!! 7 lbs both doing great
baby is kicking so much tonight
baby has a fever, dr says its ok
give him some water and let him rest
give her a hug from me
her temperature is down now
his leg is broken but he is ok
he is in surgery now, pray for him
i hurt my knee at soccer
it hurts when i laugh lol
my throat hurts cant talk much
my tooth is killing me
i cant move after leg day
i cant eat anything else
i cant make it to class
i cant make it tonight, next time
i cant come its too far
i cant do friday
i cant sleep with that noise
i cant drive tonight
i cant afford it
i cant live without coffee
i cant remember her name
i cant see u, where r u standing
i cant help it i love chocolate
i cant be bothered
i wont be there
i wont be long
i wont be needing it anymore
i wont forget
i wont tell anyone
i wont do it again i promise
i dont care where we eat
i dont care what they think
i dont feel like going
i dont think hes coming
i dont believe it
i dont need it anymore
i dont have it with me
i dont want anything
i dont want to be late
i dont want to live with roommates again
i dont want to wait
i miss the old days
i miss your face
i hope u had a nice day
i hope he calls
i hope i pass
i hope it doesnt rain
i wish i had more time
i wish it was friday
i wish you were coming
i wish i could but im working
i feel old
i feel like pizza tonight
i feel so bad for her
i feel better now thanks
if i stay here ill be late
if i win i will buy you a house
if you want i can come
if you dont come ill be sad
if u see {who} say hi
is it over yet
is it ok to stay at urs tonight
is she still mad
is he your bf
are you there yet
are we still on for {time}
are you home alone
be there soon
be careful driving
be nice
been waiting for an hour
been thinking about you all day
been so busy
had a dream about you last night
had a fight with {who} again
had too much to drink
hate this place
hate when he does that
love you so so much
love is blind lol
everyone is here but you
everyone is asleep so i have to be quiet
everybody left already
people are so rude
my whole life is in that phone
my life story would be a comedy
my life changed when i met u
story of my life
get a life lol
save my life and bring coffee
you saved my life with those notes
what a life
this is the life
life goes on
thats life
call him now and tell him
call her and ask
come over
come home soon
come back here
come get me
come and see me
come here now
come down im outside
come up im in my room
leave it at the door
leave me a message
leave early tomorrow
let me sleep
let him know
let it go
let me go, ttyl
keep it
keep me posted
keep calm
stay there im coming
stay home today
stay safe xx
take care dear
take ur time
take the pills the doctor gave u and rest
take a pic
turn it off
turn around im behind u
knock on the door
knocking on ur door now
open the door
door is open
face the front
cut my hair short do u like it
cut myself shaving
fell off the chair laughing
fell in love with this song
fell asleep during the movie
walked into the wrong class lol
sitting in the car park eating fries
sitting on the floor cos no chairs
lying in bed watching movies
standing in line
waiting outside
eyes so tired from driving
white or black shoes
blue one or purple one
gray sky again
cold hands warm heart
hot day, going for a swim
long day
quiet night
weird dream
bad day at work
bad news, the game is off
good news!!
sad news about the dog
meds finally kicked in, feeling human again
took a nap after the dentist, mouth is still numb
my meds make me sleepy so no driving for me
forgot to take my allergy pill, sneezing all day
pick up my prescription from the pharmacy pls
the pharmacy was closed, ill get the tablets tomorrow
took 2 panadol and feeling ok
period cramps gone, thank god
the baby was sick all night, finally sleeping
nurse said everything is normal, blood test was fine
mum's operation went fine, shes awake and asking for tea
dad is out of surgery and doing well
gran is in hospital but only for tests
blood pressure is a bit high, have to cut salt
throat is killing me, cant talk
my tooth hurts so bad, appointment is at {time}
ankle is swollen and purple from football
hit my head on the cupboard, lump but im fine
stomach is upset since that {food}
cough wont go away, doctor says two more weeks
did you take your medicine dear
dont forget your tablets after food
how is the patient today haha
woke up with a headache, too much wine
so hungover, never drinking again
we got so wasted last night lol
she was passed out drunk on our sofa haha
he drank way too much at the wedding, uncle carried him home
cant believe i slept 14 hours
slept like a log
woke up at 4 and couldnt get back to sleep
not even awake yet, call me after {time}
wakey wakey sleepyhead
wake up lazy its past noon
tried to wake u but u were dead to the world lol
sleepy head, dreaming of you
fell asleep on the train and missed my stop
kids are finally asleep, wine time
nodding off in this meeting
i was half asleep when u called
no response from the landlord yet
no reply from her, maybe she is busy
she isnt responding to my texts, did i do something
he never replies, so annoying
u never answer, are u angry with me
are u still alive? havent heard from u in ages
u alive after last night?
im alive just busy
barely survived that exam
that exam was the death of me
ill die if we have to do that again
im dying to know what she said
im dead, that video
i nearly died when he walked in
youll be the death of me
if i fail this my mum will murder me
coach is trying to kill us
gonna kill my brother, he ate my {food}
kill me now, three more hours of this meeting
shoot me, its only tuesday
when i die play this song at my funeral haha
we all die someday so eat the cake
my plants are dying again
the fish died, kids are sad
my grandpa passed away on sunday, funeral is friday
sorry for your loss, may he rest in peace
praying for ur family in this time
god bless you and keep you
may god give you peace and happiness
a friend is one who stays when the whole world goes
true love never ends, it only waits
tears are words the heart cant say
if i were a tear i would be born in ur eyes
send this to ten friends or bad luck forever
life is short so smile while u have teeth
every end is a new beginning
dont cry because its over, smile because it happened
without u my heart is an empty house
my heart stops when u smile
u take my breath away
u make me go weak in the knees
im addicted to you
cant get enough of u
need u in my arms now
hurt me once shame on you
you broke my heart and i still miss you
i hate u but i love u
i cant take this fighting, lets talk
i wrote you a long letter then deleted it
sorry for what i said, i was tired
i dont deserve you, ur too good
im nothing without you babe
dont leave me pls
lets just end it here, we want different things
its over between us, goodbye
i need space, dont call
im so done with him
im so done with this class
i give up on this phone
i give up, what is the answer
i cant do this math
i quit my job today!! so happy
last day at this job, bye everyone
moving out on saturday, giving away the couch
who wants my old desk, its free
gave my tickets to {name}
cleaning out my room, want any of these clothes
selling my bike, tell ur friends
left the keys under the mat
left u a note on the fridge
wrote u a note in class lol
my will power is zero near {food}
locked myself out again
locked in the bathroom with no paper help
bathroom is occupied as always
stuck in the elevator lol
stuck in traffic, bridge is closed
jumping on the train now
on the roof watching fireworks
crossing the bridge, there in 5
the river is so high after the rain
gun show at the gym haha
shots tonight? {place}?
took so many shots last night, of the sunset i mean
bring the pot for the soup
the grass needs cutting
smoke break? meet u outside
need a smoke so bad
trying to quit smoking, day 3, so cranky
want to get high school photos from mom
high five we did it
he is so high maintenance
coke or pepsi
any weed killer left in the garage
{who} got a speeding ticket
{who} is being so weird lately
{who} isnt talking to me
{who} fell asleep on me lol
{who} cant get up in the morning, alarm after alarm
{who} is snoring like a train
{who} is in the shower, will call u back
{who} took my charger
{who} took the wrong bus
{who} is not feeling well so we stay home
{who} threw up in the car, gross
{who} has a fever of 101, giving tylenol
{who} looks like a zombie before coffee
{who} is turning 40 on sunday
{who} turned red like a tomato
{who} went blonde omg
{who} has gone to bed already
{who} is gone till monday
{who} hasnt come home from practice yet
{who} doesnt pick up, is he at {place}?
{who} is on the floor laughing
{who} dropped the cake on the floor
{who} broke his arm at soccer, cast is on
{who} got stung by a bee, hand is huge
{who} says dont wait up
police stopped us for a broken light
ambulance went by, hope everyone is ok
there was an accident on the highway, im fine
fire alarm at school, false one
got lost, gps is useless
my hands are frozen, forgot gloves
freezing at the bus stop, lips are chapped
wearing the blue dress with purple shoes
face mask on, i look like a ghost
got my nails done, gray this time
my eyes are so red from the pool
dark circles under my eyes, need sleep
sweating like a pig in this heat
cold feet about the wedding lol
cold shower woke me up
so stiff after yoga
cant feel my legs after that run
cant breathe, too funny
out of breath from the stairs
cant move after all that {food}
going under for my wisdom teeth tomorrow, bit scared
im scared of needles and they want a blood test
flu shot hurt more than i thought
vet says the dog needs pills twice a day
cat is limp, vet says pulled muscle
hamster escaped again
toddler drew on the wall
toddler ate crayons lol
baby put a sock in her mouth haha
baby rolled over today!
kid swallowed a coin, doctor says wait
kids ate all the candy and now wont sleep
wat u doing now
wat time u come back
dun wait for me eat first
i go home liao
ya lah tomorrow also can
aiyo so tired today
can or not
reach already call me
you got class tmr or not
where u all going later
i at bus stop now, reaching soon
am in the market, what to bring
please do the needful and call me
kindly call back when free
how r u dear, hope all is well with family
thanks for ur wishes, god bless
send me ur account number
wire the money by friday pls
call from office number, my phone has no balance
in meeting, text me
shall i bring lunch to office
xam over, going native place tomorrow
net is slow, cant open the file
is ur brother coming to the function
did u hear what happened to {name}
what happened to your face in that photo lol
something happened, ill tell u when i see u
bad news about the job
they let me go today, oh well
dont worry about me im fine
worried about u, text me when u land
are u ok? u sounded sad
u ok hun? heard u had a rough day
feeling low today, need {food} and a hug
im so lonely without u here
crying over this movie
cried myself to sleep over that boy lol
life sucks today, lost my wallet
hate my life, it rained on my new shoes
worst week ever, need a holiday
so over winter
""".strip().splitlines()
SPANISH = """
ya voy para {lugar}
llego en 10 min esperame
donde andas? ya estoy en {lugar}
no puedo ir {hora} perdon
me quede dormido perdon
ya me voy a dormir buenas noches
buenos dias {nombre} que tengas bonito dia
te quiero mucho mi amor
te extrano ven pronto
no puedo vivir sin ti mi amor
eres mi vida
feliz cumpleanos {nombre}
me recoges en {lugar} a {hora}
traes {comida} porfa
ya comiste?
que quieres de cenar
estoy en el trabajo te llamo {hora}
no contesta, marcale tu
porque no contestas el telefono
se me acabo la pila
mi cel se esta muriendo te marco {hora}
se me murio el celular perdon
el carro no prende me ayudas
no hay agua en {lugar}
el bebe ya se durmio
el bebe no se quiere dormir
los ninos no se despiertan para la escuela lol
despiertame a {hora}
no me desperte a tiempo
me desperte tarde
estoy cansado del trabajo
estoy cansada quiero dormir
me muero de hambre
me muero de sueno
me muero por verte
me mata el calor
mi mama me va a matar si llego tarde
jajaja me mataste de risa
muerta de risa con tu foto
me duele la cabeza
me duele la espalda de tanto trabajar
tengo gripa no voy a ir
tome una pastilla para el dolor de cabeza y ya
el doctor dijo que es infeccion, tomo antibiotico
mi hijo tiene calentura no va a la escuela
mi nino se cayo pero esta bien
mi hermano esta en {lugar}
dice mi mama que vengas
dile a {nombre} que me hable
ya llegaste?
avisame cuando llegues
cuidate mucho
dios te bendiga
nos vemos {hora}
adios que te vaya bien
hasta manana
gracias por todo {nombre}
perdoname por lo de anoche
no quiero pelear mas
no quiero ir
ya no quiero hablar de eso
ya no quiero trabajar ahi
ya no aguanto este trabajo
no puedo mas con este calor
ya no puedo con la tarea jaja
dejame en paz
no me escribas mas
terminamos la semana pasada pero estoy bien
quiero terminar con el
quiero irme a {lugar}
quiero dormir todo el dia
quiero verte
quiero acabar la tarea temprano
voy a {lugar} quieres algo
voy tarde perdon
voy a dejar los ninos y regreso
vamos por {comida}
vamos a {lugar} {hora}
a que hora llegas
a que hora es la fiesta
cuanto cuesta
cuanto es
prestame 20 hasta el viernes
ya pague la renta
no tengo dinero hasta el viernes
encontre las llaves en el piso
esta cerrada la puerta quien tiene las llaves
estoy afuera abre
estoy solo en casa aburrido
estoy en el bano ahorita te marco
estoy triste por el partido
lloro con esa pelicula jaja
que frio hace tengo las manos heladas
el vestido azul o el morado
me pinte las unas moradas
ya esta la cena
se quemo la comida
se fue la luz
se me olvido la cartera
se durmio en el sillon el abuelo jaja
ronca muy fuerte no me deja dormir
el perro no quiere comer
respira hondo todo va a salir bien
todo va a estar bien
no te preocupes
ok esta bien
si claro
no todavia
no se preguntale a {nombre}
quien es?
numero equivocado
este es mi numero nuevo soy {nombre}
mandame la direccion
ya te mande el dinero
te deje una nota en la mesa
te escribi una carta
pase el examen!!
me dieron el trabajo
que paso anoche
que haces
como estas
como sigue tu mama
bien y tu
""".strip().splitlines()
OPENINGS = ("", "", "", "", "hey ", "hi {name} ", "yo ", "babe ", "omg ", "ok ", "lol ", "ya ", "so ", "btw ", "sorry ", "oh ")
CLOSINGS = (
    "",
    "",
    "",
    "",
    " lol",
    " xx",
    " haha",
    " :)",
    " ok?",
    " love u",
    " pls",
    " thanks",
    " k",
    " tho",
    "!!",
    " ttyl",
    " u?",
)
ABRIR = ("", "", "", "oye ", "hola {nombre} ", "ay ", "ok ", "amor ", "jaja ", "mira ")
CERRAR = ("", "", "", " jaja", " porfa", " ok?", " besos", " te quiero", " gracias", "!!")
_SLOT = re.compile(r"\{(\w+)\}")


def texts(count: int, dice: random.Random) -> list[str]:
    """`count` different texts, three in four English; half of them two sentences long."""
    made: set[str] = set()
    while len(made) < count:
        english = dice.random() < 0.75
        made.add(_text(ENGLISH, OPENINGS, CLOSINGS, dice) if english else _text(SPANISH, ABRIR, CERRAR, dice))
    return sorted(made)


def _text(sentences: list[str], opening: tuple[str, ...], closing: tuple[str, ...], dice: random.Random) -> str:
    told = [dice.choice(sentences)]
    if dice.random() < 0.5:
        told.append(dice.choice(sentences))
    if dice.random() < 0.15:
        told.append(dice.choice(sentences))
    whole = dice.choice(opening) + dice.choice((". ", " ", ", ", "... ")).join(told) + dice.choice(closing)
    return _SLOT.sub(lambda slot: dice.choice(_choices(SLOTS[slot[1]])), whole)


def _choices(words: str) -> list[str]:
    return words.split("|") if "|" in words else words.split()

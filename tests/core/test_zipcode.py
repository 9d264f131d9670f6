"""Which five digits are a ZIP code, and which kind of place a text asks for."""

from __future__ import annotations

import pytest

from bot.core.zipcode import CANADA, SHORT, ZIP, Said, read, service

MEANT = """
02139
02139-1234
02139!
02139 please
ok 02139
0 2 1 3 9
021391234
zip code 02139 methadone
ZIP CODE IS 02139.
zip: 02139
zip02139
zip o2139
my zip code is 20000
my zip is 02139
estoy en el 33101
vivo en 33101 busco metadona
codigo postal 33101
mi zip es 33101
clinica cerca de 33101
hay clinicas en 33101
im in 43215
im lost 43215 idk
my son needs help 43215
methadone near 02139
02139 methadone
60623 detox medicaid
i live in Cambridge MA 02139
we are in ohio 43215
12 Main St, Boston MA 02139
rehab in 60623 please
any beds in 78501?
is there a clinic near 02139
where can i get suboxone in 37203
can i get methadone in 02139
who takes medicaid in 02139
does anyone take medicaid in 02139
how do i find detox in 02139
whats near 02139
need a detox bed for my brother in 25301 asap
mine is 02139
my area is 02139
my address is 02139
my son is using heroin 02139
my husband does heroin 02139
he will not stop using, 02139
this is joe in boston 02139
"""
NOT_MEANT = """
i owe 10000 dollars
debo 10000 dolares
$20000 for rehab
10,000 dollars
my rent is 15000
i make 45000 a year
20000 a year
lost 20000 gambling
i spent 20000 on dope
bail is 25000
about 20000 in debt
rehab for 30000 a month is crazy
he took 10000 mg
what happens at 12345 mg
50000 people died
i got 12345 problems
room 12345
apt 12345
12345 main st
hwy 12345
case 12345
my case number is 12345
inmate 54321
my member id is 54321
account 54321
order 12345
pin 12345
icd 30400
text 55555
my number is 43215
call me at 617-555-12345
617 555 0123
since 2019
can i take suboxone if i live in 02139
how much does rehab cost in 02139
how long does detox take in 02139
how many people in 43215 use
what does code 12345 mean
is 43215 safe
why do you need my 02139
$12500
12500$
verification code 12345
my balance is 12345
his weight is 12345
its not 02139
i have 12345 in savings
around 12500 in debt
the rehab quoted me 18500
tested 12500 ng
vitamin d 54321 iu
ssn 12345
exit 12345
pobox 12345
i swallowed 12345
is the law in 43215 different
"""


def lines(table: str) -> list[str]:
    return table.strip().splitlines()


@pytest.mark.parametrize("text", lines(MEANT))
def test_a_zip_code_anywhere_in_a_text_is_found(text: str) -> None:
    said = read(text)
    assert said is not None
    assert said.kind == ZIP
    assert len(said.code) == 5


@pytest.mark.parametrize("text", lines(NOT_MEANT))
def test_other_numbers_are_left_alone(text: str) -> None:
    assert read(text) is None


def test_the_code_is_the_five_digits() -> None:
    told = {
        "02139-1234": "02139",
        "zip o2139": "02139",
        "0 2 1 3 9": "02139",
        "021391234": "02139",
        "12345 Oak St Boston MA 02139": "02139",
    }
    assert {text: said.code for text in told if (said := read(text))} == told


@pytest.mark.parametrize("text", ["my zip is 2139", "zip 2139", "zip code 021399", "mi codigo postal es 3310"])
def test_too_few_or_too_many_digits_are_asked_again(text: str) -> None:
    assert read(text) == Said(SHORT)


@pytest.mark.parametrize("text", ["K1A 0B1", "k1a0b1 methadone", "my postal code is M5V-3L9"])
def test_a_canadian_code_is_one(text: str) -> None:
    assert read(text) == Said(CANADA)


def test_only_where_we_have_asked_are_bare_digits_a_mistyped_zip() -> None:
    assert read("2139") is None
    assert read("2139", waiting=True) == Said(SHORT)
    assert read("o2139", waiting=True) == Said(ZIP, "02139")
    assert read("2", waiting=True) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("zip code 02139 methadone", "methadone"),
        ("clinica de metadona 33101", "methadone"),
        ("subs doctor near 02139", "buprenorphine"),
        ("detox that takes medicaid 02139", "detox"),
        ("inpatient 02139", "livein"),
        ("live in rehab 02139", "livein"),
        ("no insurance 02139", "lowcost"),
        ("gratis 33101", "lowcost"),
        ("medi-cal 90210", "medicaid"),
        ("any rehab 02139", "any"),
        ("help me 02139", ""),
    ],
)
def test_the_kind_of_place_is_heard(text: str, kind: str) -> None:
    assert service(text) == kind

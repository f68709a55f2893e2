"""Ordinary words that are names too: in small letters, by themselves, they are taken for words.

Whether `will` is a verb or somebody in a hurry to type cannot be told, and a sentence whose verbs
are pseudonyms tells nothing. So a name of one word, or a part of one, that stands here is replaced
where it begins with a capital, and left where it does not; any other is replaced in both. Too short
a list puts a pseudonym where a word was, which whoever reads it through sees; too long a one leaves
a name, which nobody may see. So a word stands here that is written in small letters in a record
like this one, or so often anywhere that it would be missed, and a rare one does not: nobody's
`spruce` or `sparrow` is worth somebody's name. The words of the procedure are added where it is
used (`pseudonyms.py`).
"""

from __future__ import annotations

from typing import Final

ORDINARY: Final = frozenset(
    # What sentences are made of.
    """
    about above after again against all alone along also although always among and another any
    anybody anyone anything are aren't around asked back because been before began behind being
    below beside best better between both but came can can't come could day days did didn't does
    doesn't doing don't done down due during each early either else end enough even ever every
    everybody everyone everything far few first for found from full further gave get give given gone
    good got great had has hasn't have haven't having her here hers herself him himself his how
    however i'd i'll i'm i've into isn't it's its itself just keep kept knew know known last late
    later least left less let like likely little long made make making many may maybe mean means
    might mine more most much must near nearly need needs never new next nobody none nor not nothing
    now off often old once one ones only onto open other others our ours out over own per perhaps
    put quite rather really right said same saw say says second see seen several shall she should
    show side since small some somebody someone something soon still such sure take taken than that
    that's the their theirs them themselves then there these they thing things think third this
    those though three through time times today told too took toward towards true turn twice two
    under until upon use used usual very want wanted wants was wasn't way ways we'll we're we've
    week weeks well went were weren't what when where whether which while who whole whom whose why
    will with within without won't would wouldn't year years yes yet you you're your yours yourself
    """.split()  # noqa: SIM905 — a paragraph of words is read as one
    # What people are called in a record, and whoever comes to see them.
    + """
    adult aunt baby boy boys brother brothers carer carers child children cousin cousins dad
    daughter doctor family father female friend friends gran grandad grandma guest guy guys husband
    lad ladies lady man manager men mother mum nan nana nanny neighbour neighbours niece nurse
    nurses officer partner people person sister sisters son sons staff twin twins uncle unknown
    wife woman women
    """.split()  # noqa: SIM905
    # First names.
    + """
    amber april art ash august autumn bay bill blue charity chase dawn drew eve faith frank gay
    grant guy happy hope jan joy june kit lot mark max miles patience peg penny port ray red rich
    river rob rock rose sky star sue summer tab tad ward
    """.split()  # noqa: SIM905
    # Family names, and names that other languages have and English has as words.
    + """
    bacon ball ban bank banks bar battle bean begin bench bent berry bin bird birds bitter black
    blank block blood bold bone bones book booth bottle bottom bow bowl box brain branch bread brick
    bridge bridges bright broad broke brook brown brush burn burns bus butt butter button call card
    care carpet carry cart case cash cause chain chair chance charge cheek cheese chin church city
    clean clear clerk close cloth cloud coach coal coat coffee cold college comfort constable cool
    corn corner cottage cotton council counsel country court cover crash cream crisp crook cross cry
    cup curry curtain cut dance dark darling date daughters dear death deep deer delay dish door
    doors doubt down downs dream dress drew drink drive driver drum dry dust east eat edge elder
    english example eye eyes face fair fall fan farm fat fear fee field fields fight fill fine
    finger fire fish flat flood floor flower flowers fly fog foot force forest foster frail free
    freed friend frost fruit fun gain game gap garden gas gate gates gather gift glad glass gold
    grass grave graves gray green grey ground grow guard guide habit hail hair half hall hand hands
    hang hard harm hat hate head heal health heard heart heat heaven heavy held help hide high hint
    hole home horse hospital host hot house household houses hunger hurt inch iron jam jar job jobs
    joint joke jolly judge jump justice keen key keys kid kind kiss kitchen knee knock lake lamp
    land lane large last law lead leader lean leave leg legs lend letter light line list live
    load loan lock locks look looks loss loud love loved lovely low lunch lung mail main male march
    marks match meal meat meet middle mild mile milk mind minister minor miss missing mistake month
    moral morning mouth music nail name narrow nation nature neat neck nice night noise north note
    number nut oil orange order organ ought page pages pain paint pair pan pant paper park parks
    part party pass past paste patch path pay peace peak peel pen pick piece pill pillow pin pink
    pipe place plain plan plant plaster play player pleasant pocket point police pond pool poor post
    pot pound power pray price priest prime print prior proud pull pulse purse push question quick
    quiet rain rank rash raw read reading reason rent rest rice ring rings rise risk road roads roll
    roof room rooms root roots rough round row rule run rush sad safe sale salt save saw school sea
    search seat self sell senior service sew shade sharp shave sheet shift ship shirt shoe shop
    short shot shout sick silver simple sin sink six skill skin sleep slight slow smart
    smoke snow sober sock soft sole song sore sort sound soup sour south spare speak speed spell
    spend sport spot spring square stable stage stair stairs stake stamp stand start state stay
    steady steel step stick stiff stock stone stones stop story straight strain strange street
    strength strict string sugar sun support swallow sweet table tall taste tea teacher tear tell
    ten term thin thorough tidy tie till tin tips tired toast toe tongue tooth top touch town toy
    trace track trade train trainer travel tree trees trick trip trouble truck trust tug type
    upright visit visitor voice wait wake walk walker wall walls warm wash watch water waters weak
    wealth wear weeks weight welcome welfare west wet wheel white wide widow wind window wine winter
    wise wish witness wood word work worker world worry worth wound wrap write wrong young
    """.split()  # noqa: SIM905
)

"""England's tables of who people are and of what happened where: cases as text, tables as text."""

from __future__ import annotations

from tests.projections.conftest import Views
from tests.projections.drawn import adults, draws, enquiries, table
from tests.projections.test_returns import filled


def test_sg1a_by_age_on_the_last_day_or_at_death(views: Views) -> None:
    """SG1a has each adult once in a metric, by the age on 31 March or at death (R146).

    Where that may be of two bands it is not known. Whoever was no adult on any day is named.
    """
    drawn = adults(
        """
        adult | born       | died      | concern    | enquiries
        Ada   | 1940-06-01 |            | 2025-05-01 | s42 2025-05-12, s42 2025-11-03
        Ada   |            |            | 2026-01-05 | other 2026-01-06
        Ben   | 1961-04-01 |            | 2025-04-01 | s42 2025-04-02
        Cai   | 1961-03-31 |            | 2025-04-01 | s42 2025-04-02
        Dee   | 1960-09-01 | 2025-08-31 | 2025-05-01 | s42 2025-05-12
        Eve   | 1960-09-01 | 2025-07    | 2025-05-01 | s42 2025-05-12
        Flo   | 1935-09-01 | 2026-06    | 2025-05-01 | s42 2025-05-12
        Gus   | 1935-09-01 | 2026-03/   | 2025-05-01 | s42 2025-05-12
        Hal   | 1941-09-01 | 2025       | 2025-05-01 | other 2025-05-12
        Ida   | 1990?      |            | 2025-05-01 | s42 2025-05-12
        Jon   | 1960       | 2025-06-01 | 2025-05-01 | s42 2025-05-12
        Kit   | 1960-09-01 | 2025       | 2025-05-01 | s42 2025-05-12
        Lou   | 1935-09-01 | unknown    | 2025-05-01 | s42 2025-05-12
        Mia   | not a date |            | 2025-05-01 | s42 2025-05-12
        Ned   |            |            | 2026-03-31 | s42 2026-04-01
        Oli   | 1929-01-01 |            | 2025-03-31 | s42 2025-04-01
        Pia   | 2008-04-01 |            | 2025-05-01 | s42 2025-05-12
        Que   | 2008-03-31 |            | 2025-05-01 |
        """
    )
    views.tell(*drawn.events)
    draws(
        table(filled(views, "SG1a"), drawn.names),
        """
                  | Concerns              | S42               | Other
        18-64     | 5 Ben Dee Eve Ida Que | 4 Ben Dee Eve Ida | 0
        65-74     | 1 Cai                 | 1 Cai             | 0
        75-84     | 1 Hal                 | 0                 | 1 Hal
        85-94     | 3 Ada Flo Gus         | 3 Ada Flo Gus     | 1 Ada
        95+       | 0                     | 1 Oli             | 0
        Not Known | 5 Jon Kit Lou Mia Ned | 4 Jon Kit Lou Mia | 0
        left out: under 18 on the last day of the period | Pia
        """,
    )


def test_sg1b_by_gender(views: Views) -> None:
    """SG1b has each adult once in a metric; a gender that the code of 2023 lacks is not known."""
    drawn = adults(
        """
        adult | gender    | concern    | enquiries
        Ada   | female    | 2025-05-01 | s42 2025-05-12, s42 2025-11-03, other 2025-12-01
        Bea   | female    | 2025-05-01 |
        Cai   | male      | 2025-05-01 | other 2025-05-12
        Cai   |           | 2025-06-01 | other 2025-06-12
        Dee   | other     | 2025-05-01 | s42 2025-05-12
        Eve   | not_known | 2025-05-01 | s42 2025-05-12
        Flo   |           | 2025-05-01 | s42 2025-05-12
        """
    )
    views.tell(*drawn.events)
    draws(
        table(filled(views, "SG1b"), drawn.names),
        """
                  | Concerns      | S42           | Other
        Male      | 1 Cai         | 0             | 1 Cai
        Female    | 2 Ada Bea     | 1 Ada         | 1 Ada
        Not Known | 3 Dee Eve Flo | 3 Dee Eve Flo | 0
        """,
    )


def test_sg1c_by_ethnic_group(views: Views) -> None:
    """SG1c has each adult once in a metric, in one of seven groups; refused is not undeclared."""
    drawn = adults(
        """
        adult | ethnicity   | concern    | enquiries
        Ada   | white       | 2025-05-01 | s42 2025-05-12, s42 2025-11-03
        Bea   | mixed       | 2025-05-01 |
        Cai   | asian       | 2025-05-01 | other 2025-05-12
        Dee   | black       | 2025-05-01 | s42 2025-05-12
        Dee   |             | 2025-07-01 | s42 2025-07-02
        Eve   | other_group | 2025-05-01 | s42 2025-05-12
        Flo   | refused     | 2025-05-01 | s42 2025-05-12
        Gus   | not_known   | 2025-05-01 | s42 2025-05-12
        Hal   |             | 2025-05-01 | s42 2025-05-12
        """
    )
    views.tell(*drawn.events)
    draws(
        table(filled(views, "SG1c"), drawn.names),
        """
                                                    | Concerns  | S42       | Other
        White                                       | 1 Ada     | 1 Ada     | 0
        Mixed / Multiple                            | 1 Bea     | 0         | 0
        Asian / Asian British                       | 1 Cai     | 0         | 1 Cai
        Black / African / Caribbean / Black British | 1 Dee     | 1 Dee     | 0
        Other Ethnic Group                          | 1 Eve     | 1 Eve     | 0
        Refused                                     | 1 Flo     | 1 Flo     | 0
        Undeclared / Not Known                      | 2 Gus Hal | 2 Gus Hal | 0
        """,
    )


# Seven enquiries: A has one neglect by two providers at two places, and a second abuse; B the same
# place twice; C no source, D no place, E says nothing at all, F is of the other kind, G of another
# year.
TOLD = """
    enquiry | kind  | concluded  | type      | source              | location
    A       | s42   | 2025-09-01 | neglect   | provider_private    | own_home
            |       |            | neglect   | provider_public     | care_home_nursing
            |       |            | physical  | known_relative      | own_home
    B       | s42   | 2026-03-31 | financial | known_relative      | own_home
            |       |            | neglect   | provider_voluntary  | own_home
            |       |            | physical  | unknown_not_related | own_home
    C       | s42   | 2025-04-01 | neglect   | not_recorded        | own_home
    D       | s42   | 2025-09-01 | sexual    | known_police        | not_recorded
            |       |            | sexual    | known_self          | hospital_acute
    E       | s42   | 2025-09-01 |           |                     |
    F       | other | 2025-09-01 | neglect   | provider_private    | own_home
    G       | s42   | 2026-04-01 | neglect   | provider_private    | own_home
    """
TABLES = {
    "SG2a": """
                                 |                               | S42   | Other
    Physical Abuse               | Other - Known to individual   | 1 A   | 0
    Physical Abuse               | Other - Unknown to individual | 1 B   | 0
    Sexual Abuse                 | Other - Known to individual   | 1 D   | 0
    Financial or Material Abuse  | Other - Known to individual   | 1 B   | 0
    Neglect and Acts of Omission | Service Provider              | 2 A B | 1 F
    28 others                    |                               | 0     | 0
    left out: no type or source of risk is recorded that the table has a category for | C E
    """,
    "SG2a_b1": """
                                 |                     | S42     | Other
    Physical Abuse               | Own Home            | 2 A B   | 0
    Sexual Abuse                 | Hospital - Acute    | 1 D     | 0
    Financial or Material Abuse  | Own Home            | 1 B     | 0
    Neglect and Acts of Omission | Own Home            | 3 A B C | 1 F
    Neglect and Acts of Omission | Care Home - Nursing | 1 A     | 0
    94 others                    |                     | 0       | 0
    left out: no type or location of risk is recorded that the table has a category for | D E
    """,
    "SG2b": """
                        |                               | S42   | Other
    Own Home            | Service Provider              | 2 A B | 1 F
    Own Home            | Other - Known to individual   | 2 A B | 0
    Own Home            | Other - Unknown to individual | 1 B   | 0
    Care Home - Nursing | Service Provider              | 1 A   | 0
    Hospital - Acute    | Other - Known to individual   | 1 D   | 0
    22 others           |                               | 0     | 0
    left out: no location or source of risk is recorded that the table has a category for | C D E
    """,
}


def test_sg2_by_type_source_and_location(views: Views) -> None:
    """Each enquiry concluded counts once for each different pair, of the same triples (R148).

    One of which something falls in no cell is named, also where something else of it counts.
    """
    drawn = enquiries(TOLD)
    views.tell(*drawn.events)
    for code, expected in TABLES.items():
        draws(table(filled(views, code), drawn.names, whole=False), expected)

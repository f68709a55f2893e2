"""What each role has to be granted on the database's tables, and what nobody may be.

As `schema/*.sql` grants it. Asked of the catalogues alone, so that a missing right is said in words
before anything fails for want of it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from psycopg import Connection

_OWNER: Final = "holdfast_owner"
_ROOMS: Final = ("record", "keyring", "desk")
_ADDED_TO: Final = ("SELECT", "INSERT")
_KEPT: Final = ("SELECT", "INSERT", "UPDATE", "DELETE")
_TREE: Final = (
    "record.subtree",
    "record.incarnation",
    "record.head",
    "record.signed_head",
    "record.anchor",
)
_TOLD: Final = ("holdfast_writer", "holdfast_projector")
# Role, table, rights on it; a right on columns alone counts as UPDATE of a draft does.
_NEEDED: Final = (
    ("holdfast_writer", "record.authority", ("SELECT",)),
    ("holdfast_writer", "record.cases", _ADDED_TO),
    ("holdfast_writer", "record.readings", _ADDED_TO),
    ("holdfast_writer", "record.document", _ADDED_TO),
    ("holdfast_writer", "keyring.epoch", ("SELECT",)),
    ("holdfast_writer", "keyring.subject_key", _ADDED_TO),
    ("holdfast_writer", "keyring.data_key", _ADDED_TO),
    ("holdfast_writer", "keyring.destroyed", ("SELECT",)),
    ("holdfast_writer", "keyring.gone", ("SELECT",)),
    ("holdfast_writer", "views.tracking", ("SELECT",)),
    ("holdfast_writer", "desk.draft", ("SELECT", "INSERT", "DELETE")),
    ("holdfast_projector", "record.authority", ("SELECT",)),
    ("holdfast_projector", "record.cases", ("SELECT",)),
    ("holdfast_projector", "record.readings", ("SELECT",)),
    ("holdfast_projector", "keyring.epoch", ("SELECT",)),
    ("holdfast_projector", "keyring.subject_key", ("SELECT",)),
    ("holdfast_projector", "keyring.data_key", ("SELECT",)),
    ("holdfast_projector", "keyring.destroyed", ("SELECT",)),
    ("holdfast_projector", "keyring.gone", ("SELECT",)),
    ("holdfast_projector", "views.tracking", _KEPT),
    ("holdfast_keeper", "keyring.epoch", _KEPT),
    ("holdfast_keeper", "keyring.subject_key", _KEPT),
    ("holdfast_keeper", "keyring.data_key", _KEPT),
    ("holdfast_keeper", "keyring.destroyed", _ADDED_TO),
    ("holdfast_integrator", "record.authority", ("SELECT",)),
    ("holdfast_integrator", "record.cases", ("SELECT",)),
    ("holdfast_integrator", "record.readings", ("SELECT",)),
    *(("holdfast_integrator", table, _ADDED_TO) for table in _TREE),
    *((role, table, ("SELECT",)) for role in _TOLD for table in _TREE),
    ("holdfast_keeper", "keyring.gone", _ADDED_TO),
    ("holdfast_integrator", "views.proving", ("SELECT", "INSERT", "UPDATE")),
    ("holdfast_writer", "views.proving", ("SELECT",)),
)
_COLUMNS: Final = {
    ("holdfast_writer", "desk.draft", column): "UPDATE"
    for column in ("keys", "saved_us", "nonce", "sealed")
}


def missing(conn: Connection[Any]) -> list[str]:
    """What the roles lack, as "SELECT on keyring.data_key for holdfast_writer".

    By the catalogues: to name a table in a schema that may not be entered would be an error.
    """
    needed = [(role, table, right) for role, table, rights in _NEEDED for right in rights]
    roles, tables, rights = zip(*needed, strict=True)
    rows = conn.execute(
        "SELECT n.right, n.name, n.role FROM unnest(%s::text[], %s::text[], %s::text[])"
        ' WITH ORDINALITY AS n (role, name, "right", place)'
        " LEFT JOIN (pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace)"
        " ON s.nspname || '.' || c.relname = n.name"
        " WHERE has_table_privilege(n.role, c.oid, n.right) IS NOT TRUE"
        " OR has_schema_privilege(n.role, s.oid, 'USAGE') IS NOT TRUE ORDER BY n.place",
        (list(roles), list(tables), list(rights)),
    ).fetchall()
    lacking = [f"{right} on {table} for {role}" for right, table, role in rows]
    for (role, table, column), right in _COLUMNS.items():
        row = conn.execute(
            "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace"
            " JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE s.nspname || '.' || c.relname = %s AND a.attname = %s"
            " AND has_column_privilege(%s, c.oid, a.attnum, %s))",
            (table, column, role, right),
        ).fetchone()
        if row != (True,):
            lacking.append(f"{right} ({column}) on {table} for {role}")
    return lacking


def too_much(conn: Connection[Any], tables: Collection[str]) -> list[str]:
    """Who could change what was recorded in these tables, as "UPDATE on record.cases".

    By any role the login may put on, its own rights among them; a right on one column is enough.
    """
    rows = conn.execute(
        'SELECT DISTINCT t.name, p."right" FROM unnest(%s::text[]) AS t (name)'
        " CROSS JOIN unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'MAINTAIN'])"
        ' AS p ("right")'
        " JOIN pg_roles r ON pg_has_role(session_user, r.oid, 'MEMBER')"
        ' WHERE has_table_privilege(r.oid, to_regclass(t.name), p."right")'
        " OR (p.\"right\" = 'UPDATE'"
        " AND has_any_column_privilege(r.oid, to_regclass(t.name), 'UPDATE'))"
        " ORDER BY 1, 2",
        (list(tables),),
    ).fetchall()
    return [f"{right} on {table}" for table, right in rows]


def beyond(conn: Connection[Any]) -> list[str]:
    """What is granted on the tables and is none of the above, as "INSERT on record.cases for old".

    To whomever: the login may put on none of these roles, and the rows are changed all the same. To
    read is a right that an account may be given by name, as who makes copies has to be; never all.
    Whose the tables and their schemas are, and what attributes the login and its roles have, too.
    """
    allowed = [(role, table, right) for role, table, rights in _NEEDED for right in rights]
    allowed += [
        (role, f"{table}.{column}", right) for (role, table, column), right in _COLUMNS.items()
    ]
    return [
        words
        for (words,) in conn.execute(
            "WITH held (name, acl, owner, least) AS ("
            " SELECT s.nspname || '.' || c.relname, c.relacl, c.relowner, 'SELECT'"
            "  FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace"
            "  WHERE s.nspname = ANY (%(rooms)s) AND c.relkind IN ('r', 'p')"
            " UNION ALL SELECT s.nspname || '.' || c.relname || '.' || a.attname, a.attacl,"
            "  c.relowner, 'SELECT' FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
            "  JOIN pg_namespace s ON s.oid = c.relnamespace"
            "  WHERE s.nspname = ANY (%(rooms)s) AND a.attacl IS NOT NULL"
            " UNION ALL SELECT 'schema ' || nspname, nspacl, nspowner, 'USAGE' FROM pg_namespace"
            "  WHERE nspname = ANY (%(rooms)s)),"
            " given (words) AS ("
            " SELECT g.privilege_type || ' on ' || name || ' for ' || coalesce(r.rolname, 'PUBLIC')"
            "  FROM held CROSS JOIN aclexplode(acl) g LEFT JOIN pg_roles r ON r.oid = g.grantee"
            "  WHERE g.grantee <> owner AND (g.privilege_type <> least OR g.grantee = 0)"
            "  AND (r.rolname, name, g.privilege_type) NOT IN"
            "   (SELECT * FROM unnest(%(roles)s::text[], %(names)s::text[], %(rights)s::text[]))"
            "   IS NOT FALSE"
            " UNION SELECT name || ', which belongs to ' || r.rolname"
            "  FROM held JOIN pg_roles r ON r.oid = owner"
            "  WHERE r.rolname <> %(owner)s AND name NOT LIKE '%%.%%.%%'"
            " UNION SELECT a.attribute || ' of ' || r.rolname FROM pg_roles r CROSS JOIN LATERAL"
            "  (VALUES ('SUPERUSER', rolsuper), ('BYPASSRLS', rolbypassrls),"
            "   ('REPLICATION', rolreplication), ('CREATEROLE', rolcreaterole))"
            "  AS a (attribute, has)"
            "  WHERE has AND pg_has_role(session_user, r.oid, 'MEMBER'))"
            " SELECT words FROM given ORDER BY 1",
            {
                "rooms": list(_ROOMS),
                "owner": _OWNER,
                "roles": [role for role, _, _ in allowed],
                "names": [name for _, name, _ in allowed],
                "rights": [right for _, _, right in allowed],
            },
        )
    ]

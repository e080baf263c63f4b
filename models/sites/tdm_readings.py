"""What each origin's /.well-known/tdmrep.json said when it was last asked for.

Kept, so that a site is asked for it once a day however often it is visited, and so that an archived
page is read again with what the file says.
"""

from typing import Final

from sqlalchemy import Connection, ForeignKey, String, select

from models.db.statements import upsert
from models.db.types import UTC, CleanText, JsonText, column, table
from models.tdm_rules import TdmFile, TdmFiles, TdmRule

TDM_FILES: Final = table(
    "tdm_files",
    column(
        "site_id",
        ForeignKey("sites.site_id"),
        primary_key=True,
        autoincrement=False,
        comment="site whose run asked for it",
    ),
    column("origin", String(300), primary_key=True, comment="scheme, host and port"),
    column("asked_at", UTC, comment="when it was last asked for"),
    column("fault", CleanText, nullable=True, comment="why it could not be read; null: it could"),
    column("rules", JsonText, comment="JSON list of location, reserved, policy; [] if none"),
    comment="The /.well-known/tdmrep.json of each origin, as last read (W3C TDMRep).",
)


def of_site(conn: Connection, site_id: int) -> TdmFiles:
    """All that is known of a site's origins."""
    rows = conn.execute(select(TDM_FILES).where(TDM_FILES.c.site_id == site_id))
    return TdmFiles(
        {
            row.origin: TdmFile(
                row.asked_at, tuple(TdmRule(*rule) for rule in row.rules), row.fault
            )
            for row in rows
        }
    )


def keep(conn: Connection, site_id: int, origin: str, file: TdmFile) -> None:
    """Takes the place of what was known of the origin."""
    row = {
        "site_id": site_id,
        "origin": origin,
        "asked_at": file.asked_at,
        "fault": file.fault,
        "rules": [list(rule) for rule in file.rules],
    }
    upsert(conn, TDM_FILES, [row], ["asked_at", "fault", "rules"])

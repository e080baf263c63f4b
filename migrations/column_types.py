"""The column types of the first revisions, as each database has them.

History: a later need gets a new name; what stands here never changes.
"""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

_MARIADB: Final = ("mysql", "mariadb")

KEY: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
HASH: Final = sa.LargeBinary(32).with_variant(mysql.BINARY(32), *_MARIADB)
BYTES: Final = sa.LargeBinary().with_variant(mysql.LONGBLOB(), *_MARIADB)
TEXT: Final = sa.Text().with_variant(mysql.LONGTEXT(), *_MARIADB)
TIME: Final = sa.DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), *_MARIADB)

OPTIONS: Final[dict[str, Any]] = {
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_nopad_bin",
    "mariadb_charset": "utf8mb4",
    "mariadb_collate": "utf8mb4_nopad_bin",
    "mysql_engine": "InnoDB",
    "mariadb_engine": "InnoDB",
}

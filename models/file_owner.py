"""A file that takes another's place: it keeps its mode, and its owner where that can be given."""

import os
import stat


def keep_owner(descriptor: int, before: os.stat_result) -> None:
    """Gives an open file the mode of the one before, and as root its owner and group too.

    Under sudo a new file would be root's, and the crawler's own user could write it no more.
    """
    if os.geteuid() == 0:
        os.fchown(descriptor, before.st_uid, before.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(before.st_mode))

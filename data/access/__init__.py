"""Who may come in: accounts, sessions, and the log of what was done.

``tables``     what is kept, in a small database of its own
``passwords``  rules and hashes of passwords
``accounts``   who there is, with role, units and systems
``attempts``   failed sign-ins, and how long a name or an address must wait after too many
``sessions``   who is signed in, until when
``audit``      the log: appended to, chained by keyed hashes, never changed
``log_key``    the key of the chain, and from which entry on it holds
"""

from data.access.log_key import OPTION, key_of
from data.access.tables import PLAN
from data.installation import Installation
from data.small_database import SmallDatabase, open_database


def open_access(installation: Installation) -> SmallDatabase:
    """The database of accounts, sessions and the log; made where there is none yet.

    Raises InstallationError when the installation's key is lost: nothing could be logged.
    """
    opened = open_database(installation, PLAN)
    opened.tell(**{OPTION: key_of(installation, opened)})
    return opened

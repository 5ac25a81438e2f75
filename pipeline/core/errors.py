"""Every error shown to the user: one sentence that names the thing, the number and the next move.

TriageError
├── WorkspaceError        no workspace here, or one that cannot be used
│   └── NewsletterError   newsletter.toml is wrong: the key and the line
├── StoreError            the database cannot be opened, or was made by another version
│   ├── BusyError         another program holds the database
│   └── DamagedError      the database file itself is damaged
├── JournalError          the decisions' journal is damaged
├── InputError            a file or value given by hand cannot be read: the file and the line
├── NotFoundError         an id, section, feed or model that is not there
├── NotEnoughIssuesError  too little history for what was asked
├── ModelError            a kept model is altered, foreign or from another version
└── NightRunningError     another night holds the workspace (exit 3)

Expected trouble (a dead feed, an empty night) is a counted result and never one of these.
"""

import errno

# by which the system refuses to write: the disk is full, or may not be written to
UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)


class TriageError(Exception):
    """Root of all errors that are shown to the user, as one sentence."""

    exit_code = 1


class WorkspaceError(TriageError):
    """There is no workspace here, or it cannot be used."""


class NewsletterError(WorkspaceError):
    """newsletter.toml is wrong; the message names the key and the line."""


class StoreError(TriageError):
    """The database cannot be opened or was made by another version."""


class BusyError(StoreError):
    """Another program holds the database; the message says which, and for how long."""


class DamagedError(StoreError):
    """The database file itself is damaged; `triage check` repairs what can be repaired."""


class JournalError(TriageError):
    """A line of the decisions' journal fails its checksum."""


class InputError(TriageError):
    """A file or value given by hand cannot be read."""


class NotFoundError(TriageError):
    """What was named (an article, section, feed, model) is not there."""


class NotEnoughIssuesError(TriageError):
    """Too few past issues for what was asked; the message says how many are needed."""


class ModelError(TriageError):
    """A kept model is altered, foreign, or from an incompatible version."""


class NightRunningError(TriageError):
    """Another night holds the workspace."""

    exit_code = 3

"""Faults of the embedded server and of the migrations. The docstring is the message and says what to do."""

from __future__ import annotations

from ledger.faults import LedgerFault


class EmbeddedServerFault(LedgerFault):
    """The embedded PostgreSQL cannot run."""


class ServerMissing(EmbeddedServerFault):
    """No PostgreSQL binaries run on this machine: set APPRODO_DATABASE_URL to a PostgreSQL 18 server."""


class DirectoryInUse(EmbeddedServerFault):
    """The data directory is in use: stop the other program, or choose another with APPRODO_DATA_DIR."""


class DirectoryUnusable(EmbeddedServerFault):
    """The data directory cannot be used: mend it, or choose another with APPRODO_DATA_DIR."""


class DirectoryOfAnotherVersion(EmbeddedServerFault):
    """Another major version of PostgreSQL wrote the data directory: dump it there and restore it here."""


class ServerNotStarted(EmbeddedServerFault):
    """PostgreSQL did not come up."""


class ServerNotRunning(EmbeddedServerFault):
    """The embedded PostgreSQL is not running: start it first."""


class ServerNotStopped(EmbeddedServerFault):
    """PostgreSQL is still shutting down; it was not killed, so that nothing is lost."""


class ServerUnfit(LedgerFault):
    """PostgreSQL is not set as a REAL log needs: set what follows, and start again."""


class MigrationFault(LedgerFault):
    """The database's schema cannot be brought to this program."""


class MigrationsBroken(MigrationFault):
    """The migration files are not one numbered sequence: this program is not installed whole."""


class MigrationChanged(MigrationFault):
    """An applied migration is not this program's file: use the program that wrote the database."""


class DatabaseNewer(MigrationFault):
    """The database has migrations that this program does not know: use the newer program."""


class DatabaseOlder(MigrationFault):
    """The database lacks migrations: run `approdo migrate` as its owner first."""


class MigrationFailed(MigrationFault):
    """A migration failed and left nothing behind."""


class DatabaseUnreachable(MigrationFault):
    """The database does not answer or refuses this user: check its address and that it runs."""

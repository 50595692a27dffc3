"""What a server runs with: two profiles of the embedded one, for the supervisor; and what any server must be
set to before a REAL log is kept on it, for `ledger.postgres.fitness`.
"""

from __future__ import annotations

import enum
import sys
from collections.abc import Mapping


class Profile(enum.Enum):
    """DURABLE keeps what it acknowledged through a power cut; SCRATCH is for tests and loses all of it."""

    DURABLE = "durable"
    SCRATCH = "scratch"


INITDB = (
    "--username=postgres",
    "--auth=reject",  # pg_hba.conf and pg_ident.conf are written by us right after
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
)

_EVERY = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "logging_collector": "off",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}

SILENT: Mapping[str, tuple[str, ...]] = {
    # A message of an error, its detail, its statement and its parameters can hold values of people.
    "log_min_messages": ("log", "fatal", "panic"),
    "log_min_error_statement": ("panic",),
    "log_error_verbosity": ("terse",),
    "log_statement": ("none",),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
    "log_transaction_sample_rate": ("0",),
    "log_parameter_max_length": ("0",),
    "log_parameter_max_length_on_error": ("0",),
    "debug_print_parse": ("off",),
    "debug_print_rewritten": ("off",),
    "debug_print_plan": ("off",),
    # Of modules that a server may have loaded; where they are not there, neither are their settings.
    "auto_explain.log_min_duration": ("-1",),
    "auto_explain.log_parameter_max_length": ("0",),
    "pgaudit.log_parameter": ("off",),
}
"""What a server's log must be told, so that it holds no value of anybody; the first of each is the best."""

LASTING: Mapping[str, tuple[str, ...]] = {
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", "remote_apply"),
    "data_checksums": ("on",),
}
"""What keeps acknowledged events through a power cut."""

_PROFILES = {
    Profile.DURABLE: {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "shared_buffers": "128MB",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
    },
    Profile.SCRATCH: {
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "shared_buffers": "32MB",
        "max_wal_size": "1GB",
        "checkpoint_timeout": "1h",
        "autovacuum": "off",
    },
}


def server_settings(profile: Profile, *, lz4: bool, further: Mapping[str, str]) -> dict[str, str]:
    """The settings in force; `further` (a trial's own) come last and win."""
    compression = {"wal_compression": "lz4"} if lz4 and profile is Profile.DURABLE else {}
    # After a crash every file is synced before the start: on Linux by one call, not by one for each file.
    syncing = {"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}
    return {**_EVERY, **_PROFILES[profile], **compression, **syncing, **further}


HBA = """# Written once by approdo: only the user who runs the program, over the socket, as any role.
local all all peer map=owner
local replication all peer map=owner
"""


def ident_map(system_user: str) -> str:
    """`pg_ident.conf`: the one operating-system user may be any role (`all`, PostgreSQL 16)."""
    return f'owner "{system_user}" all\n'

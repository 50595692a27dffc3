-- The ledger's tables and roles: what happened, which command did it, who holds what, and what kind of log this is.
-- The events are the record; every other table here can be checked against them or purged.

-- Roles. The owner migrates; the app appends through functions and reads; the reader only reads. Where a database is managed
-- and its administrator has made the roles beforehand, they are taken as they are.
DO $roles$
DECLARE
  role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['approdo_owner', 'approdo_app', 'approdo_reader'] LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role) THEN
      EXECUTE format('CREATE ROLE %I LOGIN', role);
    END IF;
  END LOOP;
  IF NOT pg_has_role(current_user, 'approdo_owner', 'USAGE') THEN
    EXECUTE format('GRANT approdo_owner TO %I', current_user);
  END IF;
END
$roles$;

CREATE SCHEMA ledger AUTHORIZATION approdo_owner;
SET LOCAL ROLE approdo_owner;

-- The one append-only table. The first five columns are those of the `eventsourcing` library, by name and type.
-- `notification_id` is the position: dense, in commit order, given by `ledger.append` alone, hence no sequence.
-- `recorded_at` never steps back from one position to the next, so an instant is found by halving and needs no index.
CREATE TABLE ledger.stored_events (
  originator_id      uuid        NOT NULL,
  originator_version bigint      NOT NULL,
  topic              text        NOT NULL,
  state              bytea       NOT NULL,
  notification_id    bigint      NOT NULL,
  event_id           uuid        NOT NULL,
  metadata           bytea       NOT NULL,
  recorded_at        timestamptz NOT NULL,
  CONSTRAINT stored_events_pkey PRIMARY KEY (originator_id, originator_version),
  CONSTRAINT stored_events_version CHECK (originator_version >= 0),
  CONSTRAINT stored_events_size CHECK (octet_length(topic) + octet_length(state) + octet_length(metadata) <= 60000)
) WITH (
  -- A row that fits a page stays in it as it is: compressing a ranking of 3 KB costs more than all else an append does with it.
  toast_tuple_target = 8160
);
CREATE UNIQUE INDEX stored_events_notification_id_idx ON ledger.stored_events (notification_id);

-- One row per recorded command, also for a command without events; what a repeated command is answered from. Kept 30 days.
CREATE TABLE ledger.command_log (
  command_id  uuid        NOT NULL,
  digest      bytea       NOT NULL,
  first_id    bigint,
  last_id     bigint,
  head        bigint      NOT NULL,
  recorded_at timestamptz NOT NULL,
  CONSTRAINT command_log_pkey PRIMARY KEY (command_id),
  CONSTRAINT command_log_digest CHECK (octet_length(digest) = 32),
  CONSTRAINT command_log_extent CHECK ((first_id IS NULL) = (last_id IS NULL))
);

-- The second guard: who holds a bed or cot, and the one open placement of a case. Equal to what the log says, and tested so.
CREATE TABLE ledger.active_claim (
  place  uuid NOT NULL,
  holder uuid NOT NULL,
  CONSTRAINT active_claim_pkey PRIMARY KEY (place)
);
CREATE TABLE ledger.active_case (
  case_id   uuid NOT NULL,
  placement uuid NOT NULL,
  CONSTRAINT active_case_pkey PRIMARY KEY (case_id)
);

-- What this log is, written once: for whom, in earnest or as an exercise, on which clock.
CREATE TABLE ledger.log_birth (
  only_row boolean NOT NULL DEFAULT true,
  network  uuid    NOT NULL,
  kind     text    NOT NULL,
  clock    text    NOT NULL,
  CONSTRAINT log_birth_pkey PRIMARY KEY (only_row),
  CONSTRAINT log_birth_once CHECK (only_row),
  CONSTRAINT log_birth_kind CHECK (kind IN ('REAL', 'EXERCISE')),
  CONSTRAINT log_birth_clock CHECK (clock = 'REAL' OR (clock = 'VIRTUAL' AND kind = 'EXERCISE'))
);

-- The virtual instant of an exercise, once it has been set; moved by `ledger.move_clock` alone.
CREATE TABLE ledger.exercise_clock (
  only_row boolean     NOT NULL DEFAULT true,
  instant  timestamptz NOT NULL,
  CONSTRAINT exercise_clock_pkey PRIMARY KEY (only_row),
  CONSTRAINT exercise_clock_once CHECK (only_row)
);

-- A speed bump, also for the owner; the guarantee is the evidence outside the database.
CREATE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what is recorded stays as it is' USING ERRCODE = 'LG004';
END
$$;
CREATE TRIGGER stored_events_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.stored_events
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER log_birth_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.log_birth
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

GRANT USAGE ON SCHEMA ledger TO approdo_app, approdo_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO approdo_app, approdo_reader;

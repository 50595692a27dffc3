-- Who may act: each person or program by the random id that stands on events, for which body, in which role, from when to when.
-- Names are sealed. A row is never changed but to end it; kept as long as the log. The role of the log reads nothing of this, nor
-- this role the log: the two may as well stand in different databases.

DO $roles$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'approdo_identity') THEN
    CREATE ROLE approdo_identity LOGIN;
  END IF;
END
$roles$;

CREATE SCHEMA register AUTHORIZATION approdo_owner;
SET LOCAL ROLE approdo_owner;

REVOKE ALL ON identity.actor FROM approdo_app;
REVOKE ALL ON SCHEMA identity FROM approdo_app;
GRANT USAGE ON SCHEMA identity, register TO approdo_identity;
GRANT SELECT, INSERT ON identity.actor TO approdo_identity;

-- One number, which every change of who may do what moves on: a process that has read it knows whether what it remembers still
-- holds. It moves in the transaction of the change, so nobody sees the one without the other.
CREATE TABLE register.version (
  one     boolean NOT NULL DEFAULT true,
  version bigint  NOT NULL,
  CONSTRAINT version_pkey PRIMARY KEY (one),
  CONSTRAINT version_one CHECK (one)
);
INSERT INTO register.version (version) VALUES (1);

-- A period in which somebody acts for a body in a role. `valid_to` is known beforehand, `ended_at` is said by somebody. A change
-- ends one row and begins another. `entered_by` is null for what was entered on the machine itself.
CREATE TABLE register.engagement (
  engagement uuid        NOT NULL,
  actor      uuid        NOT NULL,
  member     uuid        NOT NULL,
  role       text        NOT NULL,
  houses     uuid[]      NOT NULL,
  program    boolean     NOT NULL,
  valid_from timestamptz NOT NULL,
  valid_to   timestamptz,
  entered_by uuid,
  entered_at timestamptz NOT NULL,
  ended_by   uuid,
  ended_at   timestamptz,
  CONSTRAINT engagement_pkey PRIMARY KEY (engagement),
  CONSTRAINT engagement_period CHECK (valid_to > valid_from),
  CONSTRAINT engagement_not_by_oneself CHECK (entered_by <> actor),
  CONSTRAINT engagement_houses CHECK (cardinality(houses) <= 100)
);
CREATE UNIQUE INDEX engagement_open ON register.engagement (actor) WHERE ended_at IS NULL;

CREATE FUNCTION register.move_on() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  UPDATE register.version SET version = version + 1;
  RETURN NULL;
END
$$;
CREATE TRIGGER engagement_moves_on AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON register.engagement
  FOR EACH STATEMENT EXECUTE FUNCTION register.move_on();

CREATE FUNCTION register.end_once() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF OLD.ended_at IS NOT NULL THEN
    RAISE EXCEPTION 'ended already' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER engagement_ends_once BEFORE UPDATE ON register.engagement
  FOR EACH ROW EXECUTE FUNCTION register.end_once();

-- A person's name, sealed under a key that is not in the database; the latest row counts. Each opening is a row first.
CREATE TABLE register.name (
  actor    uuid        NOT NULL,
  named_at timestamptz NOT NULL,
  sealed   bytea       NOT NULL,
  CONSTRAINT name_pkey PRIMARY KEY (actor, named_at),
  CONSTRAINT name_size CHECK (octet_length(sealed) <= 1000)
);
CREATE TABLE register.name_opening (
  opening      uuid        NOT NULL,
  actor        uuid        NOT NULL,
  opened_by    uuid        NOT NULL,
  reason       text        NOT NULL,
  sealed_order bytea       NOT NULL,
  opened_at    timestamptz NOT NULL,
  CONSTRAINT name_opening_pkey PRIMARY KEY (opening)
);

-- The public key by which a program proves who it is, a JSON Web Key; the latest row counts.
CREATE TABLE register.program_key (
  actor         uuid        NOT NULL,
  registered_at timestamptz NOT NULL,
  public_key    text        NOT NULL,
  CONSTRAINT program_key_pkey PRIMARY KEY (actor, registered_at)
);
-- What a program has signed to prove who it is, until it would be too old anyway: none counts twice.
CREATE TABLE register.assertion (
  assertion  bytea       NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT assertion_pkey PRIMARY KEY (assertion),
  CONSTRAINT assertion_size CHECK (octet_length(assertion) = 32)
);
CREATE INDEX assertion_expires_at_idx ON register.assertion (expires_at);

-- A device that several people share, and the code with which it is enrolled, once. Of secrets, their SHA-256.
CREATE TABLE register.device (
  device      uuid        NOT NULL,
  secret      bytea       NOT NULL,
  member      uuid        NOT NULL,
  houses      uuid[]      NOT NULL,
  enrolled_by uuid        NOT NULL,
  enrolled_at timestamptz NOT NULL,
  revoked_by  uuid,
  revoked_at  timestamptz,
  CONSTRAINT device_pkey PRIMARY KEY (device),
  CONSTRAINT device_secret UNIQUE (secret)
);
CREATE TABLE register.device_code (
  code       bytea       NOT NULL,
  member     uuid        NOT NULL,
  houses     uuid[]      NOT NULL,
  made_by    uuid        NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at    timestamptz,
  CONSTRAINT device_code_pkey PRIMARY KEY (code)
);

-- A personal PIN: its slow hash, and what the device shows to tap on, sealed. Wrong tries are counted by person and device.
CREATE TABLE register.pin (
  actor  uuid        NOT NULL,
  hash   text        NOT NULL,
  shown  bytea       NOT NULL,
  set_at timestamptz NOT NULL,
  CONSTRAINT pin_pkey PRIMARY KEY (actor)
);
CREATE TABLE register.pin_tries (
  actor  uuid    NOT NULL,
  device uuid    NOT NULL,
  wrong  integer NOT NULL,
  CONSTRAINT pin_tries_pkey PRIMARY KEY (actor, device)
);

-- A browser that is signed in, by the SHA-256 of its cookie. `how` is how the person proved who they are.
CREATE TABLE register.session (
  id            bytea       NOT NULL,
  actor         uuid        NOT NULL,
  device        uuid,
  how           text        NOT NULL,
  began_at      timestamptz NOT NULL,
  seen_at       timestamptz NOT NULL,
  locked        boolean     NOT NULL DEFAULT false,
  stepped_up_at timestamptz,
  CONSTRAINT session_pkey PRIMARY KEY (id),
  CONSTRAINT session_id CHECK (octet_length(id) = 32)
);
CREATE INDEX session_began_at_idx ON register.session (began_at);

GRANT SELECT ON register.version TO approdo_identity;
GRANT SELECT, INSERT ON register.engagement, register.name, register.name_opening, register.program_key, register.device,
  register.device_code TO approdo_identity;
GRANT UPDATE (ended_by, ended_at) ON register.engagement TO approdo_identity;
GRANT UPDATE (revoked_by, revoked_at) ON register.device TO approdo_identity;
GRANT UPDATE (used_at) ON register.device_code TO approdo_identity;
GRANT SELECT, INSERT, DELETE ON register.assertion TO approdo_identity;
GRANT SELECT, INSERT, UPDATE, DELETE ON register.pin, register.pin_tries, register.session TO approdo_identity;

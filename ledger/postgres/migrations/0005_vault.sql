-- What is kept apart from the log: values sealed under a key for each case, desk or inquiry, and the keys, wrapped by a master
-- key that is not in the database. The role of the log cannot read a row of it, nor this role the log: the two may as well
-- stand in different databases. Nothing here is ever plain text, not even a kind's value as a column of its own type.

DO $roles$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'approdo_vault') THEN
    CREATE ROLE approdo_vault LOGIN;
  END IF;
END
$roles$;

CREATE SCHEMA vault AUTHORIZATION approdo_owner;
SET LOCAL ROLE approdo_owner;

-- `master` names the master key the key is wrapped under; `wrapped` holds the key and the subject (RFC 5649).
CREATE TABLE vault.subject_key (
  subject uuid  NOT NULL,
  master  bytea NOT NULL,
  wrapped bytea NOT NULL,
  CONSTRAINT subject_key_pkey PRIMARY KEY (subject),
  CONSTRAINT subject_key_size CHECK (octet_length(master) = 8 AND octet_length(wrapped) = 56)
);

CREATE INDEX subject_key_master_idx ON vault.subject_key (master);

-- A value in doubt since `doubted_at` is not known to stand in the log. One command may have brought two values of one kind:
-- its key was used again with another body, and which of the two was recorded only the log knows.
CREATE TABLE vault.sealed_value (
  subject    uuid        NOT NULL,
  commitment bytea       NOT NULL,
  command_id uuid        NOT NULL,
  kind       text        NOT NULL,
  sealed     bytea       NOT NULL,
  doubted_at timestamptz DEFAULT now(),
  CONSTRAINT sealed_value_pkey PRIMARY KEY (subject, commitment),
  CONSTRAINT sealed_value_size CHECK (octet_length(commitment) = 32 AND octet_length(sealed) <= 4300)
);
-- Compressed or not, a sealed value is as long: its length tells nothing more than its seal does.
ALTER TABLE vault.sealed_value ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE INDEX sealed_value_doubted_idx ON vault.sealed_value (doubted_at) WHERE doubted_at IS NOT NULL;

-- Subjects whose key was destroyed: none is drawn for them again.
CREATE TABLE vault.destroyed (
  subject uuid NOT NULL,
  CONSTRAINT destroyed_pkey PRIMARY KEY (subject)
);

-- A deleted row stays readable in the table's file until something else is written over it, and a rewriting that keeps what an
-- old snapshot might still see would keep it too. So the keys of all others are written into a new file and the old one is cut
-- to nothing at commit, whoever else has a transaction open. A crash before the commit leaves all as it was.
CREATE FUNCTION vault.destroy(gone uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $destroy$
DECLARE
  others vault.subject_key[];
BEGIN
  LOCK TABLE vault.subject_key, vault.sealed_value IN ACCESS EXCLUSIVE MODE;
  INSERT INTO vault.destroyed (subject) VALUES (gone) ON CONFLICT DO NOTHING;
  others := ARRAY(SELECT each FROM vault.subject_key AS each WHERE each.subject <> gone);
  TRUNCATE vault.subject_key;
  INSERT INTO vault.subject_key SELECT (each).* FROM unnest(others) AS each;
  DELETE FROM vault.sealed_value WHERE subject = gone;
END
$destroy$;
REVOKE ALL ON FUNCTION vault.destroy(uuid) FROM PUBLIC;

GRANT USAGE ON SCHEMA vault TO approdo_vault;
GRANT SELECT, INSERT ON vault.subject_key TO approdo_vault;
GRANT UPDATE (master, wrapped) ON vault.subject_key TO approdo_vault;
GRANT SELECT, INSERT, DELETE, MAINTAIN ON vault.sealed_value TO approdo_vault;
GRANT UPDATE (doubted_at) ON vault.sealed_value TO approdo_vault;
GRANT SELECT ON vault.destroyed TO approdo_vault;
GRANT EXECUTE ON FUNCTION vault.destroy(uuid) TO approdo_vault;

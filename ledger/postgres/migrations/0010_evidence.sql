-- What is sealed: the tree over the log's events, its signed heads, and who else has seen them. The sealer's role adds and nobody
-- changes; all of it can be derived again from the events, but for the signatures, which also stand outside.
DO $roles$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'approdo_sealer') THEN
    CREATE ROLE approdo_sealer LOGIN;
  END IF;
END
$roles$;

CREATE SCHEMA evidence AUTHORIZATION approdo_owner;
SET LOCAL ROLE approdo_owner;

-- One row per event: the hash of its leaf, then of each node of the tree that is whole with it, level by level. Index 0 is position 1.
CREATE TABLE evidence.leaf (
  index  bigint NOT NULL,
  hashes bytea  NOT NULL,
  CONSTRAINT leaf_pkey PRIMARY KEY (index),
  CONSTRAINT leaf_index CHECK (index >= 0),
  CONSTRAINT leaf_hashes CHECK (octet_length(hashes) BETWEEN 32 AND 2016 AND octet_length(hashes) % 32 = 0)
);

-- One row per head: the note's bytes with the log's own signatures.
CREATE TABLE evidence.checkpoint (
  size      bigint      NOT NULL,
  root      bytea       NOT NULL,
  note      bytea       NOT NULL,
  sealed_at timestamptz NOT NULL,
  CONSTRAINT checkpoint_pkey PRIMARY KEY (size),
  CONSTRAINT checkpoint_size CHECK (size > 0),
  CONSTRAINT checkpoint_root CHECK (octet_length(root) = 32)
);

-- Further signature lines under a head: the witnesses', and the log's own clock's.
CREATE TABLE evidence.cosignature (
  size     bigint      NOT NULL REFERENCES evidence.checkpoint,
  line     text        NOT NULL,
  at       timestamptz NOT NULL,
  CONSTRAINT cosignature_pkey PRIMARY KEY (size, line)
);

-- Time stamps (RFC 3161 responses) over the note of a head.
CREATE TABLE evidence.stamp (
  size     bigint      NOT NULL REFERENCES evidence.checkpoint,
  provider text        NOT NULL,
  at       timestamptz NOT NULL,
  token    bytea       NOT NULL,
  CONSTRAINT stamp_pkey PRIMARY KEY (size, provider, at)
);

-- Which key signs after which size, said under the key before it.
CREATE TABLE evidence.log_key (
  number bigint GENERATED ALWAYS AS IDENTITY,
  vkey   text   NOT NULL,
  since  bigint NOT NULL,
  note   bytea  NOT NULL,
  CONSTRAINT log_key_pkey PRIMARY KEY (vkey)
);

DO $stay$
DECLARE
  kept text;
BEGIN
  FOREACH kept IN ARRAY ARRAY['leaf', 'checkpoint', 'cosignature', 'stamp', 'log_key'] LOOP
    EXECUTE format(
      'CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence.%I FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()',
      kept || '_stays', kept);
  END LOOP;
END
$stay$;

GRANT USAGE ON SCHEMA ledger, evidence TO approdo_sealer;
GRANT SELECT ON ledger.stored_events, ledger.log_birth TO approdo_sealer;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA evidence TO approdo_sealer;
GRANT USAGE ON SCHEMA evidence TO approdo_app, approdo_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA evidence TO approdo_app, approdo_reader;

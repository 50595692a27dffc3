-- How people prove who they are where no provider does it: passkeys, recovery codes, and sign-ins under way.

CREATE SCHEMA sign_in AUTHORIZATION approdo_owner;
SET LOCAL ROLE approdo_owner;

-- With which somebody makes their first passkey, once. Of codes, their SHA-256.
CREATE TABLE sign_in.invitation (
  actor      uuid        NOT NULL,
  code       bytea       NOT NULL,
  made_by    uuid,
  expires_at timestamptz NOT NULL,
  CONSTRAINT invitation_pkey PRIMARY KEY (actor),
  CONSTRAINT invitation_code UNIQUE (code)
);

-- One authenticator of one person: its public key, and the last counter it told.
CREATE TABLE sign_in.passkey (
  credential_id bytea       NOT NULL,
  actor         uuid        NOT NULL,
  attested      bytea       NOT NULL,
  counter       bigint      NOT NULL,
  added_at      timestamptz NOT NULL,
  CONSTRAINT passkey_pkey PRIMARY KEY (credential_id),
  CONSTRAINT passkey_id CHECK (octet_length(credential_id) BETWEEN 1 AND 1023)
);
CREATE INDEX passkey_actor_idx ON sign_in.passkey (actor);

CREATE TABLE sign_in.recovery_code (
  code    bytea       NOT NULL,
  actor   uuid        NOT NULL,
  made_at timestamptz NOT NULL,
  used_at timestamptz,
  CONSTRAINT recovery_code_pkey PRIMARY KEY (code)
);
CREATE INDEX recovery_code_actor_idx ON sign_in.recovery_code (actor);

GRANT USAGE ON SCHEMA sign_in TO approdo_identity;
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in.invitation, sign_in.passkey, sign_in.recovery_code TO approdo_identity;

-- Who acts, apart from what happened: the random id that stands on events for each person or program that has signed in.
-- `subject_key` is an HMAC of the token's issuer and subject under a secret that is not in the database, so this table alone
-- names nobody. A row is never changed: the actor of a subject stays the same for the life of the log.

CREATE SCHEMA identity AUTHORIZATION approdo_owner;
SET LOCAL ROLE approdo_owner;

CREATE TABLE identity.actor (
  subject_key   bytea       NOT NULL,
  actor         uuid        NOT NULL,
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT actor_pkey PRIMARY KEY (subject_key),
  CONSTRAINT actor_once UNIQUE (actor),
  CONSTRAINT actor_subject_key CHECK (octet_length(subject_key) = 32)
);

GRANT USAGE ON SCHEMA identity TO approdo_app;
GRANT SELECT, INSERT ON identity.actor TO approdo_app;

-- What a second person must not owe the first, and how often a PIN was wrong: both are of a person, wherever they are.

SET LOCAL ROLE approdo_owner;

-- Who made the invitation that somebody used. A row is only added: it outlives the invitation and the passkey.
CREATE TABLE sign_in.invited (
  actor   uuid        NOT NULL,
  made_by uuid        NOT NULL,
  used_at timestamptz NOT NULL,
  CONSTRAINT invited_pkey PRIMARY KEY (actor, used_at),
  CONSTRAINT invited_not_by_oneself CHECK (made_by <> actor)
);
GRANT SELECT, INSERT ON sign_in.invited TO approdo_identity;

-- Counted over all devices: another device gives no further tries.
DROP TABLE register.pin_tries;
CREATE TABLE register.pin_tries (
  actor uuid    NOT NULL,
  wrong integer NOT NULL,
  CONSTRAINT pin_tries_pkey PRIMARY KEY (actor)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON register.pin_tries TO approdo_identity;

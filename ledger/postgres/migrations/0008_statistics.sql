-- What was published of the figures, so that no later table gives away what an earlier one hid.

SET LOCAL ROLE approdo_owner;

-- The milestones of each request, from which statistics are counted: a read model, as those before it. It takes the place of the
-- rows of unmet need, whose barriers are among its words. Nothing says who acted.
DROP TABLE views.unmet;
CREATE TABLE views.milestone (
  generation     bigint      NOT NULL,
  position       bigint      NOT NULL,
  milestone      text        NOT NULL,
  word           text        NOT NULL,
  placement_id   uuid        NOT NULL,
  case_id        uuid        NOT NULL,
  at             timestamptz NOT NULL,
  recorded_at    timestamptz NOT NULL,
  urgency        text        NOT NULL,
  level          text        NOT NULL,
  household_size integer     NOT NULL,
  shelter_id     uuid,
  minutes        integer,
  CONSTRAINT milestone_pkey PRIMARY KEY (generation, position, milestone, word)
);
CREATE INDEX milestone_placement_idx ON views.milestone (generation, placement_id);
CREATE INDEX milestone_asked_idx ON views.milestone (generation, at) WHERE milestone = 'ASKED';
GRANT SELECT, INSERT, UPDATE, DELETE ON views.milestone TO approdo_app;
GRANT SELECT ON views.milestone TO approdo_reader;

-- Releases as they were told, word for word. `scope` is the network's id, or the house's whose own figures they are. The program
-- adds a release once and can change none: whoever asks again is given the same bytes.
RESET ROLE;
CREATE SCHEMA published AUTHORIZATION approdo_owner;
SET LOCAL ROLE approdo_owner;
CREATE TABLE published.release (
  scope       uuid        NOT NULL,
  first_month date        NOT NULL,
  last_month  date        NOT NULL,
  before      timestamptz NOT NULL,
  told_at     timestamptz NOT NULL,
  told        boolean     NOT NULL,
  late_told   integer     NOT NULL,
  document    bytea       NOT NULL,
  CONSTRAINT release_pkey PRIMARY KEY (scope, last_month),
  CONSTRAINT release_months CHECK (first_month <= last_month),
  CONSTRAINT release_late CHECK (late_told >= 0)
);

-- Unusual asking and reading, for the lead body to review: a kind, how much, by which actor's id. A row is never changed.
CREATE TABLE published.notice (
  notice_id  uuid        NOT NULL,
  noticed_at timestamptz NOT NULL,
  kind       text        NOT NULL,
  actor      uuid        NOT NULL,
  count      integer     NOT NULL,
  CONSTRAINT notice_pkey PRIMARY KEY (notice_id)
);
CREATE INDEX notice_noticed_idx ON published.notice (noticed_at);

GRANT USAGE ON SCHEMA published TO approdo_app;
GRANT SELECT, INSERT ON published.release, published.notice TO approdo_app;

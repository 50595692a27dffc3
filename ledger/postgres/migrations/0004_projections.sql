-- How things look now: read models made from the log alone. Every row here may be thrown away and made again.
--
-- The rows of one making carry its generation, so that another can be made beside the one that is read. `shape` is the program's
-- version of these rows: programs of two versions each have a live generation of their own, and read no other's.

CREATE SCHEMA views AUTHORIZATION approdo_owner;
SET LOCAL ROLE approdo_owner;

-- One making: how far it has read (every event up to `position` is in its rows), and the event it stopped before, if any. A
-- projector moves `position` on by comparing it with the one it began from, in the statement that writes the rows.
CREATE TABLE views.generation (
  generation    bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
  shape         integer     NOT NULL,
  live          boolean     NOT NULL,
  position      bigint      NOT NULL DEFAULT 0,
  stopped_at    bigint,
  stopped_topic text,
  stopped_why   text,
  begun_at      timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT generation_pkey PRIMARY KEY (generation),
  CONSTRAINT generation_position CHECK (position >= 0),
  CONSTRAINT generation_stopped CHECK ((stopped_at IS NULL) = (stopped_topic IS NULL) AND (stopped_at IS NULL) = (stopped_why IS NULL))
);
CREATE UNIQUE INDEX generation_live_idx ON views.generation (shape) WHERE live;

-- The on-call queue: one row per request that still seeks or holds a place.
CREATE TABLE views.queue (
  generation     bigint      NOT NULL,
  placement_id   uuid        NOT NULL,
  version        bigint      NOT NULL,
  phase          text        NOT NULL,
  urgency        text        NOT NULL,
  level          text        NOT NULL,
  intake_mode    text        NOT NULL,
  household_size integer     NOT NULL,
  asked_at       timestamptz NOT NULL,
  hold           uuid,
  due_kind       text,
  due_at         timestamptz,
  stopped        boolean     NOT NULL,
  needs          text,
  alarms         text[]      NOT NULL,
  bridge         text,
  safe_until     timestamptz,
  CONSTRAINT queue_pkey PRIMARY KEY (generation, placement_id)
);

-- The timeline: one row per event of a placement. `decision`: places were ranked, on what was known then. `corrects`: the version
-- that the event declares wrong.
CREATE TABLE views.timeline (
  generation   bigint      NOT NULL,
  position     bigint      NOT NULL,
  placement_id uuid        NOT NULL,
  version      bigint      NOT NULL,
  topic        text        NOT NULL,
  occurred_at  timestamptz,
  recorded_at  timestamptz NOT NULL,
  gap_seconds  bigint,
  late         boolean     NOT NULL,
  role         text        NOT NULL,
  decision     boolean     NOT NULL,
  corrects     bigint,
  CONSTRAINT timeline_pkey PRIMARY KEY (generation, position)
);
CREATE INDEX timeline_placement_idx ON views.timeline (generation, placement_id);
CREATE INDEX timeline_decision_idx ON views.timeline (generation, recorded_at) WHERE decision;

-- Unmet need: one row per barrier, each time a request is left waiting or ends without a place.
CREATE TABLE views.unmet (
  generation     bigint      NOT NULL,
  position       bigint      NOT NULL,
  barrier        text        NOT NULL,
  placement_id   uuid        NOT NULL,
  recorded_at    timestamptz NOT NULL,
  came_to        text        NOT NULL,
  level          text        NOT NULL,
  household_size integer     NOT NULL,
  units          integer     NOT NULL,
  CONSTRAINT unmet_pkey PRIMARY KEY (generation, position, barrier)
);

-- The bed board: what each unit could take, whether its house admits, what its level is for, how old is too old.
CREATE TABLE views.unit (
  generation  bigint  NOT NULL,
  unit_id     uuid    NOT NULL,
  shelter_id  uuid    NOT NULL,
  level       text    NOT NULL,
  fits        integer NOT NULL,
  with_cot    boolean NOT NULL,
  observed_at timestamptz,
  CONSTRAINT unit_pkey PRIMARY KEY (generation, unit_id)
);
CREATE TABLE views.house (
  generation bigint  NOT NULL,
  shelter_id uuid    NOT NULL,
  admits     boolean NOT NULL,
  from_days  date[]  NOT NULL,
  to_days    date[]  NOT NULL,
  CONSTRAINT house_pkey PRIMARY KEY (generation, shelter_id)
);
CREATE TABLE views.level (
  generation bigint NOT NULL,
  code       text   NOT NULL,
  function   text   NOT NULL,
  CONSTRAINT level_pkey PRIMARY KEY (generation, code)
);
CREATE TABLE views.rules (
  generation  bigint  NOT NULL,
  network_id  uuid    NOT NULL,
  time_zone   text    NOT NULL,
  policy      text    NOT NULL,
  fresh_hours integer NOT NULL,
  stale_hours integer NOT NULL,
  CONSTRAINT rules_pkey PRIMARY KEY (generation, network_id)
);

GRANT USAGE ON SCHEMA views TO approdo_app, approdo_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA views TO approdo_app;
GRANT SELECT ON ALL TABLES IN SCHEMA views TO approdo_reader;

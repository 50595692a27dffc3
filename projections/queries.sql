-- What `projections.views_postgres` asks the database. Each statement begins with its name; parameters are told above it.

-- name: live
-- The generation of a shape ($1) that is read.
SELECT generation, position, stopped_at, stopped_topic, stopped_why FROM views.generation WHERE live AND shape = $1;

-- name: generation
-- One generation ($1).
SELECT generation, position, stopped_at, stopped_topic, stopped_why FROM views.generation WHERE generation = $1;

-- name: begin
-- A generation of a shape ($1), live ($2) or beside the live one. Nothing where a live one is there already.
INSERT INTO views.generation (shape, live) VALUES ($1, $2) ON CONFLICT (shape) WHERE live DO NOTHING
RETURNING generation;

-- name: advance
-- The rows of a batch and the checkpoint, or nothing where the checkpoint of generation $1 is no longer at $2. It goes to $3.
-- $4 to $10 are JSON arrays of rows in the order of the tables below, $11 the placements that leave the queue. $12: whether the
-- generation is the live one; a projector of one that has been retired writes nothing more.
-- The checkpoint is asked first, so a second projector waits here until the first has committed, and then finds it moved.
WITH moved AS (
  UPDATE views.generation SET position = $3, stopped_at = NULL, stopped_topic = NULL, stopped_why = NULL
  WHERE generation = $1 AND position = $2 AND live = $12
  RETURNING generation
), queue AS (
  INSERT INTO views.queue AS t (
    generation, placement_id, version, phase, urgency, level, intake_mode, household_size, asked_at, hold, due_kind, due_at,
    stopped, needs, alarms, bridge, safe_until)
  SELECT moved.generation, r.placement_id, r.version, r.phase, r.urgency, r.level, r.intake_mode, r.household_size, r.asked_at,
    r.hold, r.due_kind, r.due_at, r.stopped, r.needs, r.alarms, r.bridge, r.safe_until
  FROM moved, json_populate_recordset(NULL::views.queue, $4) AS r
  ON CONFLICT (generation, placement_id) DO UPDATE SET
    (version, phase, urgency, level, intake_mode, household_size, asked_at, hold, due_kind, due_at, stopped, needs, alarms, bridge,
    safe_until) = (
    EXCLUDED.version, EXCLUDED.phase, EXCLUDED.urgency, EXCLUDED.level, EXCLUDED.intake_mode, EXCLUDED.household_size,
    EXCLUDED.asked_at, EXCLUDED.hold, EXCLUDED.due_kind, EXCLUDED.due_at, EXCLUDED.stopped, EXCLUDED.needs, EXCLUDED.alarms,
    EXCLUDED.bridge, EXCLUDED.safe_until)
), gone AS (
  DELETE FROM views.queue AS t USING moved WHERE t.generation = moved.generation AND t.placement_id = ANY ($11)
), timeline AS (
  INSERT INTO views.timeline (
    generation, position, placement_id, version, topic, occurred_at, recorded_at, gap_seconds, late, role, decision, corrects)
  SELECT moved.generation, r.position, r.placement_id, r.version, r.topic, r.occurred_at, r.recorded_at, r.gap_seconds, r.late,
    r.role, r.decision, r.corrects
  FROM moved, json_populate_recordset(NULL::views.timeline, $5) AS r
), milestone AS (
  INSERT INTO views.milestone (
    generation, position, milestone, word, placement_id, case_id, at, recorded_at, urgency, level, household_size, shelter_id,
    minutes)
  SELECT moved.generation, r.position, r.milestone, r.word, r.placement_id, r.case_id, r.at, r.recorded_at, r.urgency, r.level,
    r.household_size, r.shelter_id, r.minutes
  FROM moved, json_populate_recordset(NULL::views.milestone, $6) AS r
), unit AS (
  INSERT INTO views.unit AS t (generation, unit_id, shelter_id, level, fits, with_cot, observed_at)
  SELECT moved.generation, r.unit_id, r.shelter_id, r.level, r.fits, r.with_cot, r.observed_at
  FROM moved, json_populate_recordset(NULL::views.unit, $7) AS r
  ON CONFLICT (generation, unit_id) DO UPDATE SET
    (shelter_id, level, fits, with_cot, observed_at) = (
    EXCLUDED.shelter_id, EXCLUDED.level, EXCLUDED.fits, EXCLUDED.with_cot, EXCLUDED.observed_at)
), house AS (
  INSERT INTO views.house AS t (generation, shelter_id, admits, from_days, to_days)
  SELECT moved.generation, r.shelter_id, r.admits, r.from_days, r.to_days
  FROM moved, json_populate_recordset(NULL::views.house, $8) AS r
  ON CONFLICT (generation, shelter_id) DO UPDATE SET
    (admits, from_days, to_days) = (EXCLUDED.admits, EXCLUDED.from_days, EXCLUDED.to_days)
), level AS (
  INSERT INTO views.level AS t (generation, code, function)
  SELECT moved.generation, r.code, r.function FROM moved, json_populate_recordset(NULL::views.level, $9) AS r
  ON CONFLICT (generation, code) DO UPDATE SET function = EXCLUDED.function
), rules AS (
  INSERT INTO views.rules AS t (generation, network_id, time_zone, policy, fresh_hours, stale_hours)
  SELECT moved.generation, r.network_id, r.time_zone, r.policy, r.fresh_hours, r.stale_hours
  FROM moved, json_populate_recordset(NULL::views.rules, $10) AS r
  ON CONFLICT (generation, network_id) DO UPDATE SET
    (time_zone, policy, fresh_hours, stale_hours) = (
    EXCLUDED.time_zone, EXCLUDED.policy, EXCLUDED.fresh_hours, EXCLUDED.stale_hours)
)
SELECT count(*) FROM moved;

-- name: stop
-- Why generation $1 stays at $2: the event's position, topic, and the type of the fault.
UPDATE views.generation SET stopped_at = $3, stopped_topic = $4, stopped_why = $5 WHERE generation = $1 AND position = $2;

-- name: queue
-- The position, and every row beside it; one row of NULLs where the queue is empty.
SELECT g.position AS read_to, t.* FROM views.generation AS g LEFT JOIN views.queue AS t ON t.generation = g.generation
WHERE g.live AND g.shape = $1;

-- name: board
-- The position, and the units of houses that admit on the day of $2, grouped by what they could take and how old the word on
-- them is then.
SELECT g.position AS read_to, t.function, t.fits, t.with_cot, t.age, t.units
FROM views.generation AS g LEFT JOIN LATERAL (
  SELECT l.function, u.fits, u.with_cot,
    CASE WHEN u.observed_at < $2::timestamptz - make_interval(hours => r.stale_hours) THEN 'stale'
         WHEN u.observed_at < $2::timestamptz - make_interval(hours => r.fresh_hours) THEN 'ageing' ELSE 'fresh' END AS age,
    count(*) AS units
  FROM views.unit AS u
  JOIN views.house AS h ON h.generation = u.generation AND h.shelter_id = u.shelter_id AND h.admits
  JOIN views.level AS l ON l.generation = u.generation AND l.code = u.level
  JOIN views.rules AS r ON r.generation = u.generation
  WHERE u.generation = g.generation AND u.fits > 0 AND u.observed_at IS NOT NULL
    AND EXISTS (SELECT FROM unnest(h.from_days, h.to_days) AS agreed (first, last)
                WHERE ($2::timestamptz AT TIME ZONE r.time_zone)::date BETWEEN agreed.first AND coalesce(agreed.last, 'infinity'))
  GROUP BY 1, 2, 3, 4
) AS t ON true
WHERE g.live AND g.shape = $1;

-- name: timeline
-- The position, every event of placement $2, and for each late one (`unknown_to`) the first $3 rankings recorded since it had
-- happened and before it was known, with how many there were (`decided`).
WITH live AS (
  SELECT generation, position FROM views.generation WHERE live AND shape = $1
), own AS (
  SELECT t.* FROM live JOIN views.timeline AS t ON t.generation = live.generation WHERE t.placement_id = $2
)
SELECT live.position AS read_to, NULL::bigint AS unknown_to, NULL::bigint AS decided, own.* FROM live LEFT JOIN own ON true
UNION ALL
SELECT live.position, late.position, meanwhile.* FROM live, own AS late, LATERAL (
  SELECT count(*) OVER () AS decided, t.* FROM views.timeline AS t
  WHERE t.generation = late.generation AND t.decision AND t.recorded_at > late.occurred_at AND t.position < late.position
  ORDER BY t.position LIMIT $3
) AS meanwhile
WHERE late.late;

-- name: milestones
-- Of placements asked for from $2 (null: ever) until before $3: what happened to them and was recorded before $4.
SELECT t.* FROM views.generation AS g JOIN views.milestone AS t ON t.generation = g.generation
WHERE g.live AND g.shape = $1 AND t.recorded_at < $4 AND EXISTS (
  SELECT FROM views.milestone AS asked
  WHERE asked.generation = g.generation AND asked.placement_id = t.placement_id AND asked.milestone = 'ASKED'
    AND ($2::timestamptz IS NULL OR asked.at >= $2) AND asked.at < $3);

-- name: first_asked
-- When the first request was recorded; null while there is none.
SELECT min(t.recorded_at) FROM views.generation AS g JOIN views.milestone AS t ON t.generation = g.generation
WHERE g.live AND g.shape = $1 AND t.milestone = 'ASKED';

-- name: hold
-- Keeps the checkpoint of the live generation of a shape ($1) where it is until the end of the transaction.
SELECT generation, position, stopped_at, stopped_topic, stopped_why FROM views.generation WHERE live AND shape = $1 FOR UPDATE;

-- name: forget
-- A generation ($1) with all its rows; those of its tables are taken first, by `forget_rows`.
DELETE FROM views.generation WHERE generation = $1;

-- name: forget_rows
DELETE FROM views.{table} WHERE generation = $1;

-- name: retire
-- The live generation of a shape ($1) is read no more.
UPDATE views.generation SET live = false WHERE live AND shape = $1;

-- name: take_over
-- Generation $1 is read from now on.
UPDATE views.generation SET live = true WHERE generation = $1;

-- name: abandoned
-- Generations that no program of shape $1 reads: retired ones, what an interrupted rebuild left, and those of earlier shapes. An
-- earlier program that still runs makes its own again.
SELECT generation FROM views.generation WHERE shape < $1 OR (NOT live AND shape = $1);

-- name: differences
-- Rows of generations $1 and $2 that are not the same, by key; at most $3.
SELECT a.row AS live, b.row AS rebuilt, count(*) OVER () AS total
FROM (SELECT {key}, to_jsonb(t) - 'generation' AS row FROM views.{table} AS t WHERE generation = $1) AS a
FULL JOIN (SELECT {key}, to_jsonb(t) - 'generation' AS row FROM views.{table} AS t WHERE generation = $2) AS b USING ({key})
WHERE a.row IS DISTINCT FROM b.row
ORDER BY {key} LIMIT $3;

-- name: rows
SELECT count(*) FROM views.{table} WHERE generation = $1;

-- The append: the one way an event enters the log. A batch of commands in, one answer for each out, one commit for all.
--
-- Commands, events, guards and claims come as parallel arrays; `*_commands` is the ordinal (1..n) of the command in the batch.
-- Each command is judged by itself, in this order:
--   repeated    its id is recorded with the same digest: the old receipt is given again
--   key_reused  its id is recorded with another digest
--   retry       an earlier command of this batch has its id, writes or guards a stream that it writes, writes a stream that it
--               guards, or frees or takes a key that it frees or takes: it is to be judged in another batch
--   conflict    a stream it writes or guards is not at the version it expects, a key it frees is not held by that holder, or a
--               key it takes is held (frees count before takes)
--   recorded    all of it is written
-- A batch therefore holds only commands that do not depend on one another, and its outcome is that of any order of them.
--
-- A stream that is not in the log is at version 0. Its first event is numbered 1 by the ledger's own rule, which is checked
-- above; a first event numbered 0, as the `eventsourcing` library may number, is accepted here as well.
--
-- Why it is right: the advisory lock lets one append run at a time, from its first look to its commit. At READ COMMITTED every
-- statement after the lock sees everything that earlier holders committed; at a higher isolation level it would not, so those
-- are refused. The table lock keeps out any other writer that takes EXCLUSIVE, as the library's does. A position is the last
-- one plus one, given under the lock: positions are dense, in commit order, and a conflict or an abort uses none.

SET LOCAL ROLE approdo_owner;

-- What may be said at once: nothing stands against any command of the batch. False only means that each is to be judged.
CREATE FUNCTION ledger.all_clear(
  command_ids uuid[],
  event_commands int[], streams uuid[], versions bigint[],
  guard_streams uuid[], guard_versions bigint[],
  claim_takes boolean[], claim_keys uuid[]
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM unnest(command_ids) AS id GROUP BY id HAVING count(*) > 1;
  IF FOUND THEN RETURN false; END IF;

  PERFORM FROM (SELECT unnest(command_ids) AS id) AS c JOIN ledger.command_log AS l ON l.command_id = c.id;
  IF FOUND THEN RETURN false; END IF;

  PERFORM FROM (
    SELECT stream, min(expected) AS expected, max(expected) AS other, count(*) AS touches,
           bool_or(writes) AS written, bool_and(whole) AS whole
    FROM (
      SELECT stream, min(version) - 1 AS expected, true AS writes, max(version) - min(version) + 1 = count(*) AS whole
      FROM (SELECT unnest(event_commands) AS n, unnest(streams) AS stream, unnest(versions) AS version) AS event
      GROUP BY n, stream
      UNION ALL
      SELECT unnest(guard_streams), unnest(guard_versions), false, true
    ) AS touched
    GROUP BY stream
  ) AS t
  WHERE NOT t.whole OR t.expected <> t.other OR (t.touches > 1 AND t.written)
     OR t.expected <> coalesce(
          (SELECT e.originator_version FROM ledger.stored_events AS e
           WHERE e.originator_id = t.stream ORDER BY e.originator_version DESC LIMIT 1),
          least(t.expected, 0));
  IF FOUND THEN RETURN false; END IF;

  IF claim_keys = '{}' THEN RETURN true; END IF;
  IF false = ANY (claim_takes) THEN RETURN false; END IF;
  PERFORM FROM unnest(claim_keys) AS key GROUP BY key HAVING count(*) > 1;
  IF FOUND THEN RETURN false; END IF;
  PERFORM FROM (SELECT unnest(claim_keys) AS key) AS k JOIN ledger.active_claim AS a ON a.place = k.key;
  IF FOUND THEN RETURN false; END IF;
  PERFORM FROM (SELECT unnest(claim_keys) AS key) AS k JOIN ledger.active_case AS a ON a.case_id = k.key;
  RETURN NOT FOUND;
END
$$;

-- The verdict on each command, in the order of the batch.
CREATE FUNCTION ledger.judge(
  command_ids uuid[], digests bytea[],
  event_commands int[], streams uuid[], versions bigint[],
  guard_commands int[], guard_streams uuid[], guard_versions bigint[],
  claim_commands int[], claim_kinds text[], claim_takes boolean[], claim_keys uuid[], claim_holders uuid[]
) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
  verdicts text[];
BEGIN
  PERFORM FROM unnest(event_commands, streams, versions) AS e (n, stream, version)
    GROUP BY n, stream HAVING max(version) - min(version) + 1 <> count(*);
  IF FOUND THEN
    RAISE EXCEPTION 'versions of a stream in one command are not consecutive' USING ERRCODE = 'LG001';
  END IF;
  PERFORM FROM unnest(claim_commands, claim_kinds, claim_takes, claim_keys) AS c (n, kind, take, key)
    GROUP BY n, kind, take, key HAVING count(*) > 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a command frees or takes one key twice' USING ERRCODE = 'LG001';
  END IF;

  WITH command AS (
    SELECT * FROM unnest(command_ids, digests) WITH ORDINALITY AS c (id, digest, n)
  ), touched AS (
    SELECT n, stream, min(version) - 1 AS expected, true AS writes
    FROM unnest(event_commands, streams, versions) AS e (n, stream, version) GROUP BY n, stream
    UNION ALL
    SELECT n, stream, version, false FROM unnest(guard_commands, guard_streams, guard_versions) AS g (n, stream, version)
  ), first_of_stream AS (
    SELECT stream, min(n) AS touch, min(n) FILTER (WHERE writes) AS write FROM touched GROUP BY stream
  ), claim AS (
    SELECT * FROM unnest(claim_commands, claim_kinds, claim_takes, claim_keys, claim_holders) AS c (n, kind, take, key, holder)
  ), first_of_key AS (
    SELECT kind, key, min(n) AS n FROM claim GROUP BY kind, key
  ), stands AS (
    SELECT 'PLACE' AS kind, a.place AS key, a.holder FROM ledger.active_claim AS a WHERE a.place = ANY (claim_keys)
    UNION ALL
    SELECT 'CASE', a.case_id, a.placement FROM ledger.active_case AS a WHERE a.case_id = ANY (claim_keys)
  ), waits AS (
    SELECT later.n FROM command AS later JOIN command AS earlier ON earlier.id = later.id AND earlier.n < later.n
    UNION
    SELECT t.n FROM touched AS t JOIN first_of_stream AS f ON f.stream = t.stream
    WHERE t.n > CASE WHEN t.writes THEN f.touch ELSE f.write END
    UNION
    SELECT c.n FROM claim AS c JOIN first_of_key AS f ON f.kind = c.kind AND f.key = c.key WHERE c.n > f.n
  ), beaten AS (
    SELECT t.n FROM touched AS t
    WHERE t.expected <> coalesce(
      (SELECT e.originator_version FROM ledger.stored_events AS e
       WHERE e.originator_id = t.stream ORDER BY e.originator_version DESC LIMIT 1),
      least(t.expected, 0))
    UNION
    SELECT c.n FROM claim AS c
    WHERE NOT c.take
      AND NOT EXISTS (SELECT FROM stands AS s WHERE s.kind = c.kind AND s.key = c.key AND s.holder = c.holder)
    UNION
    SELECT c.n FROM claim AS c
    WHERE c.take
      AND EXISTS (SELECT FROM stands AS s WHERE s.kind = c.kind AND s.key = c.key)
      AND NOT EXISTS (SELECT FROM claim AS f WHERE f.n = c.n AND NOT f.take AND f.kind = c.kind AND f.key = c.key)
  )
  SELECT array_agg(
    CASE
      WHEN l.digest = c.digest THEN 'repeated'
      WHEN l.digest IS NOT NULL THEN 'key_reused'
      WHEN EXISTS (SELECT FROM waits AS w WHERE w.n = c.n) THEN 'retry'
      WHEN EXISTS (SELECT FROM beaten AS b WHERE b.n = c.n) THEN 'conflict'
      ELSE 'recorded'
    END ORDER BY c.n) INTO verdicts
  FROM command AS c LEFT JOIN ledger.command_log AS l ON l.command_id = c.id;
  RETURN verdicts;
END
$$;

-- The answer has one element per command, in the order of the batch; `head` is the log's last position after the batch.
-- The planner settings hold whatever the tables' statistics say: each look is a walk down one index, never over a table.
CREATE FUNCTION ledger.append(
  command_ids uuid[], digests bytea[],
  event_commands int[], streams uuid[], versions bigint[], topics text[], states bytea[], event_ids uuid[], metadatas bytea[],
  guard_commands int[], guard_streams uuid[], guard_versions bigint[],
  claim_commands int[], claim_kinds text[], claim_takes boolean[], claim_keys uuid[], claim_holders uuid[],
  OUT head bigint,
  OUT verdicts text[], OUT firsts bigint[], OUT lasts bigint[], OUT heads bigint[], OUT instants timestamptz[]
) LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  SET plan_cache_mode = force_generic_plan
  SET enable_seqscan = off
  SET enable_bitmapscan = off
  SET enable_hashjoin = off
  SET enable_mergejoin = off
AS $$
DECLARE
  instant timestamptz;
  clear   boolean;
  winners int := cardinality(command_ids);
  logged  int;
  total   int := cardinality(streams);
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'an append runs at READ COMMITTED' USING ERRCODE = 'LG002';
  END IF;
  -- What belongs to no command, or says nothing, would otherwise be passed over: a guard that guards nothing, a claim not taken.
  IF NOT coalesce(
    cardinality(digests) = winners
    AND total = ALL (ARRAY[cardinality(event_commands), cardinality(versions), cardinality(topics), cardinality(states),
                           cardinality(event_ids), cardinality(metadatas)])
    AND cardinality(guard_streams) = ALL (ARRAY[cardinality(guard_commands), cardinality(guard_versions)])
    AND cardinality(claim_keys) = ALL (ARRAY[cardinality(claim_commands), cardinality(claim_kinds), cardinality(claim_takes),
                                             cardinality(claim_holders)])
    AND 1 <= ALL (event_commands || guard_commands || claim_commands)
    AND winners >= ALL (event_commands || guard_commands || claim_commands)
    AND claim_kinds <@ '{PLACE,CASE}'
    AND array_position(guard_streams, NULL) IS NULL AND array_position(guard_versions, NULL) IS NULL
    AND array_position(claim_takes, NULL) IS NULL, false)
  THEN
    RAISE EXCEPTION 'the arrays of a batch do not fit each other' USING ERRCODE = 'LG001';
  END IF;
  PERFORM pg_advisory_xact_lock(4715911022);
  LOCK TABLE ledger.stored_events IN ROW EXCLUSIVE MODE;

  SELECT coalesce(last.notification_id, 0), greatest(coalesce(clock.instant, clock_timestamp()), last.recorded_at)
  INTO append.head, instant
  FROM (SELECT) AS here
  LEFT JOIN LATERAL (SELECT e.notification_id, e.recorded_at FROM ledger.stored_events AS e
                     ORDER BY e.notification_id DESC LIMIT 1) AS last ON true
  LEFT JOIN ledger.exercise_clock AS clock ON clock.only_row;

  clear := ledger.all_clear(command_ids, event_commands, streams, versions, guard_streams, guard_versions, claim_takes, claim_keys);
  IF NOT clear THEN
    verdicts := ledger.judge(command_ids, digests, event_commands, streams, versions, guard_commands, guard_streams,
                             guard_versions, claim_commands, claim_kinds, claim_takes, claim_keys, claim_holders);
    -- From here on the arrays hold the winners alone; ordinals stay those of the batch.
    SELECT coalesce(array_agg(e.n ORDER BY o), '{}'), coalesce(array_agg(e.stream ORDER BY o), '{}'),
           coalesce(array_agg(e.version ORDER BY o), '{}'), coalesce(array_agg(e.topic ORDER BY o), '{}'),
           coalesce(array_agg(e.state ORDER BY o), '{}'), coalesce(array_agg(e.event_id ORDER BY o), '{}'),
           coalesce(array_agg(e.metadata ORDER BY o), '{}')
    INTO event_commands, streams, versions, topics, states, event_ids, metadatas
    FROM unnest(event_commands, streams, versions, topics, states, event_ids, metadatas)
         WITH ORDINALITY AS e (n, stream, version, topic, state, event_id, metadata, o)
    WHERE verdicts[e.n] = 'recorded';
    SELECT coalesce(array_agg(c.n ORDER BY o), '{}'), coalesce(array_agg(c.kind ORDER BY o), '{}'),
           coalesce(array_agg(c.take ORDER BY o), '{}'), coalesce(array_agg(c.key ORDER BY o), '{}'),
           coalesce(array_agg(c.holder ORDER BY o), '{}')
    INTO claim_commands, claim_kinds, claim_takes, claim_keys, claim_holders
    FROM unnest(claim_commands, claim_kinds, claim_takes, claim_keys, claim_holders)
         WITH ORDINALITY AS c (n, kind, take, key, holder, o)
    WHERE verdicts[c.n] = 'recorded';
    total := cardinality(streams);
    winners := cardinality(array_positions(verdicts, 'recorded'));
  END IF;

  IF total > 0 THEN
    INSERT INTO ledger.stored_events
      SELECT unnest(streams), unnest(versions), unnest(topics), unnest(states), generate_series(head + 1, head + total),
             unnest(event_ids), unnest(metadatas), instant;
  END IF;

  -- One row per winner; its head is the last position once it and all winners before it in the batch are recorded.
  INSERT INTO ledger.command_log
    SELECT command_ids[x.n], digests[x.n], min(x.o), max(x.o), max(x.o), instant
    FROM (SELECT unnest(event_commands) AS n, generate_series(append.head + 1, append.head + total) AS o) AS x
    GROUP BY x.n;
  GET DIAGNOSTICS logged = ROW_COUNT;
  IF logged < winners THEN
    INSERT INTO ledger.command_log
      SELECT c.id, c.digest, NULL, NULL,
             append.head + (SELECT count(*) FROM unnest(event_commands) AS e (n) WHERE e.n < c.n), instant
      FROM unnest(command_ids, digests) WITH ORDINALITY AS c (id, digest, n)
      WHERE c.n <> ALL (event_commands) AND (clear OR verdicts[c.n] = 'recorded');
  END IF;

  IF claim_keys <> '{}' THEN
    DELETE FROM ledger.active_claim AS a
      USING (SELECT unnest(claim_keys) AS key, unnest(claim_kinds) AS kind, unnest(claim_takes) AS take) AS c
      WHERE c.kind = 'PLACE' AND NOT c.take AND a.place = c.key;
    DELETE FROM ledger.active_case AS a
      USING (SELECT unnest(claim_keys) AS key, unnest(claim_kinds) AS kind, unnest(claim_takes) AS take) AS c
      WHERE c.kind = 'CASE' AND NOT c.take AND a.case_id = c.key;
    INSERT INTO ledger.active_claim
      SELECT c.key, c.holder
      FROM (SELECT unnest(claim_keys) AS key, unnest(claim_holders) AS holder, unnest(claim_kinds) AS kind,
                   unnest(claim_takes) AS take) AS c
      WHERE c.kind = 'PLACE' AND c.take;
    INSERT INTO ledger.active_case
      SELECT c.key, c.holder
      FROM (SELECT unnest(claim_keys) AS key, unnest(claim_holders) AS holder, unnest(claim_kinds) AS kind,
                   unnest(claim_takes) AS take) AS c
      WHERE c.kind = 'CASE' AND c.take;
  END IF;

  head := head + total;
  verdicts := coalesce(verdicts, array_fill('recorded'::text, ARRAY[cardinality(command_ids)]));
  SELECT array_agg(a.first_id), array_agg(a.last_id), array_agg(a.head), array_agg(a.recorded_at)
  INTO firsts, lasts, heads, instants
  FROM (SELECT l.first_id, l.last_id, l.head, l.recorded_at
        FROM unnest(command_ids, verdicts) WITH ORDINALITY AS c (id, verdict, n)
        LEFT JOIN ledger.command_log AS l ON l.command_id = c.id AND c.verdict IN ('recorded', 'repeated')
        ORDER BY c.n) AS a;
END
$$;

-- What this log is, written once. A second birth, or one after events, is refused.
CREATE FUNCTION ledger.bear(network uuid, kind text, clock text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(4715911022);
  IF EXISTS (SELECT FROM ledger.log_birth) OR EXISTS (SELECT FROM ledger.stored_events) THEN
    RAISE EXCEPTION 'this log is born already' USING ERRCODE = 'LG003';
  END IF;
  INSERT INTO ledger.log_birth (network, kind, clock) VALUES (bear.network, bear.kind, bear.clock);
END
$$;

-- The virtual clock of an exercise goes to an instant, never before what is recorded.
CREATE FUNCTION ledger.move_clock(instant timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(4715911022);
  IF NOT EXISTS (SELECT FROM ledger.log_birth AS b WHERE b.kind = 'EXERCISE' AND b.clock = 'VIRTUAL') THEN
    RAISE EXCEPTION 'only an exercise has a virtual clock' USING ERRCODE = 'LG003';
  END IF;
  IF move_clock.instant < (SELECT e.recorded_at FROM ledger.stored_events AS e ORDER BY e.notification_id DESC LIMIT 1) THEN
    RAISE EXCEPTION 'the clock cannot stand before what is recorded' USING ERRCODE = 'LG005';
  END IF;
  INSERT INTO ledger.exercise_clock (instant) VALUES (move_clock.instant)
    ON CONFLICT (only_row) DO UPDATE SET instant = excluded.instant;
END
$$;

-- The last position recorded at or before an instant, 0 when there is none: found by halving, as instants rise with positions.
CREATE FUNCTION ledger.position_at(instant timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  low  bigint := 0;
  high bigint := coalesce((SELECT max(e.notification_id) FROM ledger.stored_events AS e), 0);
  at   record;
BEGIN
  WHILE low < high LOOP
    SELECT e.notification_id AS position, e.recorded_at INTO at FROM ledger.stored_events AS e
      WHERE e.notification_id <= (low + high + 1) / 2 ORDER BY e.notification_id DESC LIMIT 1;
    IF at.recorded_at <= instant THEN
      low := (low + high + 1) / 2;
    ELSE
      high := coalesce(at.position, 1) - 1;
    END IF;
  END LOOP;
  RETURN low;
END
$$;

-- Commands recorded more than 30 days ago leave the log of commands: their ids are no longer recognised. For the owner.
CREATE FUNCTION ledger.purge_commands() RETURNS bigint LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  purged bigint;
BEGIN
  DELETE FROM ledger.command_log AS l
    WHERE l.recorded_at < coalesce((SELECT c.instant FROM ledger.exercise_clock AS c), clock_timestamp()) - interval '30 days';
  GET DIAGNOSTICS purged = ROW_COUNT;
  RETURN purged;
END
$$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  ledger.append(uuid[], bytea[], int[], uuid[], bigint[], text[], bytea[], uuid[], bytea[], int[], uuid[], bigint[],
                int[], text[], boolean[], uuid[], uuid[]),
  ledger.bear(uuid, text, text), ledger.move_clock(timestamptz) TO approdo_app;
GRANT EXECUTE ON FUNCTION ledger.position_at(timestamptz) TO approdo_app, approdo_reader;

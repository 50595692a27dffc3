-- Who may act: each person or program by the random id that stands on events, for which body, in which role, from when to when.
-- Names are sealed. A row is never changed but to end it; kept as long as the log.

CREATE SCHEMA register AUTHORIZATION approdo_owner;
SET LOCAL ROLE approdo_owner;

-- What is kept apart from the log: values sealed under a key for each case, desk or inquiry, and the keys, wrapped by a master
-- key that is not in the database. The role of the log cannot read a row of it, nor this role the log.

CREATE SCHEMA vault AUTHORIZATION approdo_owner;
SET LOCAL ROLE approdo_owner;

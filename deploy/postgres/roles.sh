#!/bin/sh
# Runs once, when the database server makes its data: the six roles with their passwords, before any migration.
# The first migration finds the roles there and takes them as they are.
set -eu
secrets=${SECRETS:-/run/secrets}
export secrets
psql --set ON_ERROR_STOP=1 --no-psqlrc --quiet --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\set owner_password `cat "$secrets"/owner_password`
\set app_password `cat "$secrets"/app_password`
\set vault_password `cat "$secrets"/vault_password`
\set identity_password `cat "$secrets"/identity_password`
\set sealer_password `cat "$secrets"/sealer_password`
CREATE ROLE approdo_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE approdo_app LOGIN PASSWORD :'app_password';
CREATE ROLE approdo_reader NOLOGIN;
CREATE ROLE approdo_vault LOGIN PASSWORD :'vault_password';
CREATE ROLE approdo_identity LOGIN PASSWORD :'identity_password';
CREATE ROLE approdo_sealer LOGIN PASSWORD :'sealer_password';
ALTER DATABASE approdo OWNER TO approdo_owner;
REVOKE ALL ON DATABASE approdo FROM PUBLIC;
GRANT CONNECT ON DATABASE approdo TO approdo_app, approdo_reader, approdo_vault, approdo_identity, approdo_sealer;
SQL

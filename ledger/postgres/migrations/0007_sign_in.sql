-- How people prove who they are where no provider does it: passkeys, recovery codes, and sign-ins under way.

CREATE SCHEMA sign_in AUTHORIZATION approdo_owner;
SET LOCAL ROLE approdo_owner;

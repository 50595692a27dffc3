-- What somebody has still to look at afterwards: glass broken, rules overridden.

SET LOCAL ROLE approdo_owner;

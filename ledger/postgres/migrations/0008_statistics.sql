-- What was published of the figures, so that no later table gives away what an earlier one hid.

SET LOCAL ROLE approdo_owner;

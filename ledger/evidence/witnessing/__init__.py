"""Witnesses (C2SP tlog-witness): what one does that is asked, and how a log brings its heads to them."""

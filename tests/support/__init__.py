"""What several tests share: servers, databases and machines of their own."""

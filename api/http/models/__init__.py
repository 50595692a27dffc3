"""What may be sent to the doors, and what they answer with. Request models do not travel past the route."""

"""The head of a log as it goes out on paper and by certified mail once a day, and how it is checked later."""

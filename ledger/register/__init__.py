"""Who may act, apart from what happened: people and programs, their periods, and how they are known again."""

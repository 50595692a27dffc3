"""What is kept apart from the log: sealed values, and a key for each subject that can be destroyed."""

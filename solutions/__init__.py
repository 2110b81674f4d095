"""The masters, and the tools that make the student's files from them. For instructors only: not in the release."""

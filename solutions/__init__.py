"""The masters, and the tool that makes the student's files from them. Instructor only: not in the release."""

"""The grader's results: tables of marks, pages of feedback, and files that LMSs import."""

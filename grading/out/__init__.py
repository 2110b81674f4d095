"""The grader's results: tables of marks, feedback pages, and the file that each LMS imports."""

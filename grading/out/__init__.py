"""What leaves the grader: tables of marks, feedback pages, and the file that each LMS takes back."""

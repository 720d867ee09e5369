"""What does the next euro, the next IT hour buy? `plan.plan` answers; the others are its parts."""

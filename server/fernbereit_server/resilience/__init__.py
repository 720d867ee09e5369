"""If people must work from home, how many can, and what stops the rest?"""

"""Which laptops are ready today, since when, and why did that change?"""

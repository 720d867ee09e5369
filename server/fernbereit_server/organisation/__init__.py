"""Who works where, what must go on, and what do people pass through when they work from home?"""

"""How does a report get from the broker to a committed row?"""

"""Which devices does the authority own, and how are they recognised?"""

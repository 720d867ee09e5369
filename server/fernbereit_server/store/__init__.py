"""What is kept, in one schema on SQLite and PostgreSQL?"""

"""The shared language of agent and collector: records, topics, delivery, facts."""

__version__ = "0.1.0"
